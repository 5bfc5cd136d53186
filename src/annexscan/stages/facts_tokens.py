"""A text in, the wordings and quantities of stage 4 out: the spaCy rule pipeline."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from typing import Any, NamedTuple

from annexscan.stages.facts_words import CUES, MATERIALS, RANGE, UNITS
from annexscan.text import folded

IN_MM = {"mm": 1.0, "cm": 10.0, "inch": 25.4, "m": 1000.0}
"""Units of length."""

DIGIT, LINE, WORD, MARK = "#", "\n", "_", "."
"""Spelling of a number, a line break, and a word or mark that stands in no wording."""

_PART = r"\d{1,2}[/\u2044](?:2|3|4|8|16|32)(?!\d)"  # of an inch; 18/20 is a list of sizes
_NUMBER = rf"\d+[ -]{_PART}|\d+\u2044[1-9]\d*|{_PART}|\d+(?:[.,\u066b\u066c]\d+)*"
_LARGEST = 1e9  # a measure beyond it is a number of another sort; keeps hundreds of digits from becoming infinite
_UNSPACED = r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7a3]"
_TOKEN = re.compile(
    rf"(?P<number>{_NUMBER})|{_UNSPACED}|(?:(?!{_UNSPACED})[^\W\d_][\u0300-\u036f\u064b-\u0652]*)+|\n|\S"
)


class Found(NamedTuple):
    """A wording found, in tokens."""

    start: int
    end: int
    name: str


class Quantity(NamedTuple):
    """Numbers with one unit, in tokens; lengths are in mm."""

    start: int
    end: int
    unit: str
    values: tuple[float, ...]


class _Tokenizer:
    """Words, numbers, line breaks and marks, each spelt as the wording it matches.

    What no wording has becomes one of two placeholders, so that the vocabulary stays closed: a run over millions of
    listings does not grow it, and threads may share it.
    """

    def __init__(self, vocab: Any, wordings: Iterable[str]) -> None:
        self._vocab = vocab
        self._exact = {key for text in wordings for key in _split(text)}
        self._prefixes = {key[:-1]: key for key in self._exact if key.endswith("*")}
        self._lengths = sorted({len(prefix) for prefix in self._prefixes}, reverse=True)

    def __call__(self, text: str) -> Any:
        from spacy.tokens import Doc

        matches = list(_TOKEN.finditer(text))
        doc = Doc(self._vocab, words=[self._spelling(match) for match in matches] or [MARK])
        doc.user_data["places"] = [match.span() for match in matches] or [(0, 0)]
        return doc

    def _spelling(self, match: re.Match[str]) -> str:
        if match["number"]:
            return DIGIT
        word = _fold(match.group())
        if word in self._exact:
            return word
        for length in self._lengths:
            if length <= len(word) and word[:length] in self._prefixes:
                return self._prefixes[word[:length]]
        return WORD if word[:1].isalpha() else MARK

    def spellings(self, wording: str) -> list[Any]:
        """The docs that match a wording: a word with ``*`` is met by every known word that begins like it."""
        from spacy.tokens import Doc

        choices = (
            [known for known in self._exact if known.startswith(key[:-1])] if key.endswith("*") else [key]
            for key in _split(wording)
        )
        return [Doc(self._vocab, words=list(words)) for words in product(*choices)]


def _fold(word: str) -> str:
    """The word as wordings are compared: folded, without the Arabic article."""
    if word == LINE:
        return word
    plain = folded(word).text.strip() or word
    return plain[2:] if plain.startswith("ال") and len(plain) > 4 else plain


def _split(wording: str) -> list[str]:
    """The words of a wording as the tokenizer spells them."""
    keys: list[str] = []
    for match in _TOKEN.finditer(wording):
        if match.group() == "*":
            keys[-1] += "*"
        else:
            keys.append(_fold(match.group()))
    return keys


def _wordings(texts: str) -> list[str]:
    return [text.strip() for text in texts.split("|")]


@cache
def _pipeline() -> tuple[Any, Any]:
    """The spaCy pipeline (its tokenizer is all it needs) and the matcher over its docs."""
    import spacy
    from spacy.matcher import PhraseMatcher

    groups = {f"cue {name}": _wordings(texts) for name, texts in CUES.items()}
    groups |= {f"unit {name}": _wordings(texts) for name, texts in UNITS.items()}
    groups |= {f"material {name}": _wordings(texts) for name, texts in MATERIALS.items()}
    groups["range"] = _wordings(RANGE)
    nlp = spacy.blank("xx")
    nlp.tokenizer = _Tokenizer(nlp.vocab, (text for texts in groups.values() for text in texts))
    matcher = PhraseMatcher(nlp.vocab)
    for label, texts in groups.items():
        matcher.add(label, [doc for text in texts for doc in nlp.tokenizer.spellings(text)])
    return nlp, matcher


@dataclass(frozen=True)
class Tokens:
    """A tokenised text with all that the pipeline found in it."""

    text: str
    words: Sequence[str]
    places: Sequence[tuple[int, int]]
    found: dict[str, list[Found]]

    @classmethod
    def of(cls, text: str) -> "Tokens":
        """Run the pipeline on a text."""
        nlp, matcher = _pipeline()
        doc = nlp(text)
        found: dict[str, list[Found]] = defaultdict(list)
        for span in sorted(matcher(doc, as_spans=True), key=lambda span: (span.start, -span.end)):
            family, _, name = span.label_.partition(" ")
            group = found[f"cue {name}" if family == "cue" else family]
            if not group or span.start >= group[-1].end:  # the longest of several at one place
                group.append(Found(span.start, span.end, name))
        return cls(text, [token.text for token in doc], doc.user_data["places"], found)

    def cue(self, name: str) -> list[Found]:
        """The places of a cue, none within another."""
        return self.found.get(f"cue {name}", [])

    def near(self, name: str, start: int, end: int) -> bool:
        """Whether a cue lies wholly between two tokens."""
        return any(start <= cue.start and cue.end <= end for cue in self.cue(name))

    def between(self, start: int, end: int) -> str:
        """The text of the tokens from ``start`` up to ``end``."""
        return self.text[self.places[start][0] : self.places[end - 1][1]] if start < end else ""

    @cached_property
    def quantities(self) -> list[Quantity]:
        """Numbers followed by a unit; a range or a list of sizes before one unit is one quantity."""
        units = {unit.start: unit for unit in self.found.get("unit", [])}
        joints = {joint.end: joint.start for joint in self.found.get("range", [])}
        out: list[Quantity] = []
        for i, word in enumerate(self.words):
            unit = units.get(i + 1) or (units.get(i + 2) if self.words[i + 1 : i + 2] == ["-"] else None)
            if word != DIGIT or unit is None:
                continue
            numbers = [i]
            while (joint := joints.get(numbers[0])) and self.words[joint - 1] == DIGIT:
                numbers.insert(0, joint - 1)
            values = tuple(number(self.between(n, n + 1), unit.name) * IN_MM.get(unit.name, 1.0) for n in numbers)
            out.append(Quantity(numbers[0], unit.end, unit.name, values))
        return out


def number(text: str, unit: str) -> float:
    """A number as written in any of the languages.

    One separator before exactly three digits sets thousands apart, except before units that are told in decimals.
    """
    text = text.replace("\u066b", ".").replace("\u066c", ",")
    if part := re.fullmatch(r"(?:(\d+)[ -])?(\d+)/(\d+)", text) or re.fullmatch(r"(\d*?)[ -]?(\d)\u2044(\d+)", text):
        whole, above, below = part.groups()  # NFKC writes 6½ as 61⁄2
        return float(whole or 0) + float(above) / float(below)
    *head, last = re.split("[.,]", text)
    repeated = len(head) > 1 and len(set(re.findall("[.,]", text))) == 1
    single = len(head) == 1 and len(last) == 3 and head[0] not in ("0", "00") and unit not in ("percent", "inch", "m")
    whole = not head or repeated or single
    value = float("".join([*head, last]) if whole else "".join(head) + "." + last)
    return min(value, _LARGEST)
