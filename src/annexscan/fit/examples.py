"""Corpus rows and generated ordinary goods in, examples for the models out."""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from annexscan.corpus import NONE, Corpus, Row, Split
from annexscan.fit.recipe import Recipe
from annexscan.language import detect
from annexscan.lexicon import Concept, Entry, Role
from annexscan.listing import Listing, Origin
from annexscan.ordinary import OrdinaryGood, Stream, languages, noisy, ordinary_goods
from annexscan.stages.models import linear_text
from annexscan.stages.terms import Hit, TermIndex, glossed
from annexscan.text import Reading


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled text on its way into the models.

    Attributes:
        reading: The judged text.
        language: As the cascade would detect it.
        kind: Kind id.
        traded: Whether the good is traded rather than only named.
        decisive: Words that decide, for choosing a long text's windows.
        voice: Its voice, ``ordinary/<language>`` for generated goods.
    """

    reading: Reading
    language: str
    kind: str
    traded: bool
    decisive: tuple[str, ...]
    voice: str

    @property
    def listing(self) -> Listing:
        """The text as a listing of unknown language."""
        fields = {name: self.reading.raw[start:end] for name, start, end in self.reading.fields}
        return Listing(self.voice, fields.get("title", ""), fields.get("description", ""), Origin("", ""))


def example_of(row: Row) -> Example:
    """The example of an authored row."""
    reading = row.reading
    return Example(reading, detect(reading.raw), row.kind, not row.mention, row.decisive, row.voice)


def ordinary_example(good: OrdinaryGood) -> Example:
    """The example of a generated good."""
    reading = Reading.of(Listing("", good.title, good.description, Origin("", "")))
    return Example(reading, detect(reading.raw), NONE, True, (), f"ordinary/{good.language}")


ORDINARY_TO_LISTED = 4
"""Generated ordinary goods a listed train row, in each language at least: with fewer, foreign words look suspicious."""


def training_examples(
    corpus: Corpus, concepts: Sequence[Concept], listed_kinds: frozenset[str], recipe: Recipe
) -> list[Example]:
    """Train voices, noisy copies of them, and generated ordinary goods, in a seeded order."""
    rng = random.Random(recipe.seed)
    rows = corpus.split(Split.TRAIN)
    if recipe.data.rows:
        rows = rng.sample(rows, min(recipe.data.rows, len(rows)))
    examples = [example_of(row) for row in rows]
    for row in rows:
        for _ in range(recipe.data.noise_copies):
            examples.append(_noisy_copy(row, rng))
    listed = Counter(row.language for row in rows if row.kind in listed_kinds)
    for language in languages(concepts):
        count = recipe.data.ordinary_english if language == "en" else recipe.data.ordinary
        count = max(count, ORDINARY_TO_LISTED * listed[language])
        goods = ordinary_goods(concepts, language, Stream.TRAIN, count, recipe.seed)
        examples += [ordinary_example(good) for good in goods]
    rng.shuffle(examples)
    return examples


def stream_of(stream: Stream, concepts: Sequence[Concept], recipe: Recipe) -> list[Example]:
    """Ordinary goods that training never named: for choosing thresholds (tune) or for saying what they do (measure)."""
    return [
        ordinary_example(good)
        for language in languages(concepts)
        for good in ordinary_goods(concepts, language, stream, recipe.data.tune_ordinary, recipe.seed)
    ]


def _noisy_copy(row: Row, rng: random.Random) -> Example:
    title, description = noisy(row.title, rng), noisy(row.description, rng, rate=0.5)
    if rng.random() < 0.15:
        title, description = "", f"{title} {description}".strip()
    reading = Reading.of(Listing(row.id, title, description, Origin("", "")))
    return Example(reading, detect(reading.raw), row.kind, not row.mention, row.decisive, row.voice)


@dataclass(frozen=True, slots=True)
class Texts:
    """What each model reads of a list of examples, in their order."""

    hits: list[list[Hit]]
    linear: list[str]
    glossed: list[str]


def texts_of(examples: Sequence[Example], index: TermIndex) -> Texts:
    """The texts the models read once the term pass has been made."""
    hits = [index.find(example.reading) for example in examples]
    pairs = list(zip(examples, hits, strict=True))
    return Texts(
        hits,
        [linear_text(example.reading, found) for example, found in pairs],
        [glossed(example.reading, found, example.language) for example, found in pairs],
    )


_MIN_COUNT, _MIN_VOICES, _MIN_PRECISION = 4, 3, 0.97


def learned_terms(examples: Sequence[Example], listed: frozenset[str], known: Sequence[Entry]) -> list[Entry]:
    """Word 2-3-grams that training rows of listed kinds use and harmless ones hardly do.

    An n-gram of letters is kept when at least 4 listed texts of at least 3 voices hold it, at least 97 % of the texts
    that hold it are listed, and it neither starts nor ends with a stop word. Its strength is that share, halved: what
    was learned says less than what a person vouched for.
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

    texts = [example.reading.folded.text for example in examples]
    vectoriser = CountVectorizer(
        ngram_range=(2, 3), binary=True, min_df=_MIN_COUNT, token_pattern=r"(?u)\b[^\W\d_]{2,}\b"
    )
    try:
        held = vectoriser.fit_transform(texts).tocsc()
    except ValueError:  # scikit-learn's way to say that no n-gram recurs often enough, as in a toy run
        return []
    names = vectoriser.get_feature_names_out()
    taken = {entry.key for entry in known}
    entries: list[Entry] = []
    for column, name in enumerate(names):
        rows = held.indices[held.indptr[column] : held.indptr[column + 1]]
        inside = [examples[i] for i in rows if examples[i].kind in listed]
        ends = {name.split()[0], name.split()[-1]}
        voices = len({example.voice for example in inside})
        rare = len(inside) < _MIN_COUNT or voices < _MIN_VOICES or len(inside) < _MIN_PRECISION * len(rows)
        if rare or name in taken or ends & ENGLISH_STOP_WORDS:
            continue
        kind, share = Counter(e.kind for e in inside).most_common(1)[0]
        if share * 2 >= len(inside):  # says which kind, not only "something listed"
            language = Counter(e.language for e in inside).most_common(1)[0][0]
            entries.append(Entry(str(name), Role.LEARNED, language, kind, round(0.5 * len(inside) / len(rows), 3), ""))
    return entries


def gate_out_of_fold(
    examples: Sequence[Example], known: Sequence[Entry], listed: frozenset[str], folds: int = 5
) -> dict[str, int]:
    """How many listed examples the term pass keeps when its learned terms come from other voices.

    Returns:
        ``kept`` and ``rows``.
    """
    by_fold: dict[int, list[Example]] = defaultdict(list)
    order = {voice: i % folds for i, voice in enumerate(sorted({example.voice for example in examples}))}
    for example in examples:
        by_fold[order[example.voice]].append(example)
    kept = rows = 0
    for fold, held_out in by_fold.items():
        others = [example for other, part in by_fold.items() if other != fold for example in part]
        index = TermIndex([*known, *learned_terms(others, listed, known)])
        positives = [example for example in held_out if example.kind in listed]
        rows += len(positives)
        kept += sum(bool(index.find(example.reading)) for example in positives)
    return {"kept": kept, "rows": rows}
