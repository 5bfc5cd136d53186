"""The lexicon and concept files in, one list of entries for the term pass out."""

import csv
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from annexscan.errors import CorpusError, UsageError
from annexscan.text import folded


class Role(StrEnum):
    """What a found entry means, gravest first: where two entries share a wording the first role wins."""

    TRADE = "trade"  # names a good of some kind
    CONTEXT = "context"  # benign surroundings: lowers, never raises
    LEARNED = "learned"  # an n-gram the training rows taught
    CONCEPT = "concept"  # an everyday word with its English gloss


SHORTEST = 2
"""Folded characters that a wording needs: a single one stands inside too many others."""

STRENGTHS = {"strong": 1.0, "weak": 0.4}
"""How much a trade term says by itself; ``weak`` terms have ordinary meanings too."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One wording that the term pass looks for.

    Attributes:
        term: As written in its file; a final ``*`` lets the word go on.
        role: What it means when found.
        language: ISO 639 code of the wording.
        label: Kind (trade, learned), sense (context) or category (concept).
        strength: 0..1, see :data:`STRENGTHS`; 0 for context and concepts.
        gloss: Its English meaning, put in line for the models; empty when it is English already.
    """

    term: str
    role: Role
    language: str
    label: str
    strength: float
    gloss: str

    @property
    def prefix(self) -> bool:
        """Whether the word may go on after the term."""
        return self.term.endswith("*")

    @property
    def key(self) -> str:
        """The folded wording that is searched for."""
        return folded(self.term.rstrip("*")).text.strip()

    def to_dict(self) -> dict[str, Any]:
        """The entry as stored in a bundle."""
        return asdict(self)

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> "Entry":
        """The inverse of :meth:`to_dict`."""
        return cls(**(row | {"role": Role(row["role"])}))


CONCEPT_LANGUAGES = ("zh", "ru", "ar", "es", "fr", "de", "pt", "tr", "it", "pl")
"""Languages with a column of their own in ``data/concepts/concepts-*.csv``."""


@dataclass(frozen=True, slots=True)
class Concept:
    """An everyday idea with its words.

    Attributes:
        english: The English word, also its id.
        category: good, material, use, body_part, place, action, colour, measure …
        words: Language code to wordings, the first the most usual; English is among them.
    """

    english: str
    category: str
    words: dict[str, tuple[str, ...]]


def read_trade_terms(folder: Path, kinds: frozenset[str]) -> list[Entry]:
    """The trade terms of ``folder/trade-*.csv``.

    Raises:
        CorpusError: A row has an empty field, an unknown kind or strength, or stands twice.
    """
    entries: list[Entry] = []
    for path, line, row in _all_rows(
        folder, "trade-*.csv", ("term", "language", "kind", "strength", "gloss", "source")
    ):
        if row["kind"] not in kinds:
            raise CorpusError(f"{path}, line {line}: unknown kind {row['kind']!r}; the taxonomy lists the kinds")
        if row["strength"] not in STRENGTHS:
            raise CorpusError(f"{path}, line {line}: strength must be one of {', '.join(STRENGTHS)}")
        gloss = "" if row["language"] == "en" else row["gloss"]
        strength = STRENGTHS[row["strength"]]
        entries.append(Entry(row["term"], Role.TRADE, row["language"], row["kind"], strength, gloss))
    return entries


def read_user_terms(path: Path, kinds: frozenset[str]) -> list[Entry]:
    """A user's own terms: a CSV with the columns ``term`` and ``kind``.

    Raises:
        UsageError: No such file, not UTF-8, a missing column, an empty field, an unknown kind or a term too short.
    """
    entries = []
    try:
        for line, row in _rows(path, ("term", "kind"), set()):
            if row["kind"] not in kinds:
                raise UsageError(f"{path}, line {line}: unknown kind {row['kind']!r}; `annexscan law` lists the kinds")
            entry = Entry(row["term"], Role.TRADE, "und", row["kind"], STRENGTHS["strong"], "")
            if len(entry.key) < SHORTEST:
                raise UsageError(f"{path}, line {line}: {row['term']!r} is too short to search for; add a character")
            entries.append(entry)
    except CorpusError as error:
        raise UsageError(str(error)) from error
    return entries


def read_context_terms(folder: Path) -> list[Entry]:
    """The context terms of ``folder/context-*.csv``.

    Raises:
        CorpusError: A row has an empty field or stands twice.
    """
    return [
        Entry(
            row["term"],
            Role.CONTEXT,
            row["language"],
            row["sense"],
            0.0,
            "" if row["language"] == "en" else row["gloss"],
        )
        for _, _, row in _all_rows(folder, "context-*.csv", ("term", "language", "sense", "gloss", "source"))
    ]


def read_concepts(folder: Path) -> list[Concept]:
    """The concept table: ``concepts-*.csv`` (one column a language) and ``nouns-*.csv`` (one row a word).

    Raises:
        CorpusError: An empty field, or a concept that stands twice.
    """
    table: dict[str, tuple[str, dict[str, list[str]]]] = {}
    for path, line, row in _all_rows(folder, "concepts-*.csv", ("concept", "category", *CONCEPT_LANGUAGES)):
        if row["concept"] in table:
            raise CorpusError(f"{path}, line {line}: concept {row['concept']!r} stands twice; merge the two rows")
        words = {"en": [row["concept"]]} | {code: row[code].split("|") for code in CONCEPT_LANGUAGES}
        table[row["concept"]] = (row["category"], words)
    for _, _, row in _all_rows(folder, "nouns-*.csv", ("language", "word", "concept", "category")):
        _, words = table.setdefault(row["concept"], (row["category"], {"en": [row["concept"]]}))
        words.setdefault(row["language"], []).append(row["word"])
    return [
        Concept(
            english, category, {code: tuple(w.strip() for w in found if w.strip()) for code, found in words.items()}
        )
        for english, (category, words) in table.items()
    ]


def concept_entries(concepts: list[Concept]) -> list[Entry]:
    """One entry for each foreign word of the concept table; its gloss is the English word.

    A Latin-script word that is itself an English concept (German *Gift*, Spanish *red*) is left out: in a mixed
    listing it would be glossed wrongly.
    """
    english = {concept.english.casefold() for concept in concepts}
    return [
        Entry(word, Role.CONCEPT, code, concept.category, 0.0, concept.english)
        for concept in concepts
        for code, words in concept.words.items()
        if code != "en"
        for word in words
        if word.casefold() not in english
    ]


def _all_rows(folder: Path, pattern: str, required: tuple[str, ...]) -> Iterator[tuple[Path, int, dict[str, str]]]:
    paths = sorted(folder.glob(pattern))
    if not paths:
        raise CorpusError(f"{folder / pattern}: no such file; restore it from the repository")
    seen: set[tuple[str, ...]] = set()
    for path in paths:
        for line, row in _rows(path, required, seen):
            yield path, line, row


def _rows(path: Path, required: tuple[str, ...], seen: set[tuple[str, ...]]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: cannot be read as UTF-8 ({error}); name another file, or save it anew") from error
    reader = csv.DictReader(text.splitlines(keepends=True))
    missing = set(required) - set(reader.fieldnames or ())
    if missing:
        raise CorpusError(f"{path}: no column {', '.join(sorted(missing))}; add it to the heading line")
    for line, row in enumerate(reader, start=2):
        empty = [name for name in required if not (row[name] or "").strip()]
        if empty:
            raise CorpusError(f"{path}, line {line}: {', '.join(empty)} is empty; fill it or drop the row")
        key = tuple(row[name] for name in required[:3])
        if key in seen:
            raise CorpusError(f"{path}, line {line}: {key} stands twice; drop one of the rows")
        seen.add(key)
        yield line, row
