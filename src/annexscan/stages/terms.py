"""Stage 1: one Aho-Corasick pass finds trade terms, benign surroundings, learned n-grams and foreign everyday words."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import ahocorasick_rs

from annexscan.language import UNKNOWN
from annexscan.lexicon import SHORTEST, Entry, Role
from annexscan.text import Reading, has_word_boundaries, nfkc

_ROLE_ORDER = list(Role)
_ARABIC_PREFIX = re.compile(r"(?<!\w)(?:و|ف)?(?:ال|بال|كال|لل|ب|ل|ك)?\Z")
_COMPACT_MIN = 8  # a joined wording shorter than this stands inside too many other words


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found at a raw slice of a reading."""

    start: int
    end: int
    entry: Entry


class TermIndex:
    """Finds every entry of the lexicon in one pass.

    Args:
        entries: What to look for. A wording of several words is also found written as one word, and an English
            one with a plural *s*.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        patterns: dict[str, Entry] = {}
        for entry in entries:
            for key in _wordings(entry):
                known = patterns.get(key)
                if known is None or _rank(entry) < _rank(known):
                    patterns[key] = entry
        self._keys = list(patterns)
        self._found = [patterns[key] for key in self._keys]
        self._automaton = ahocorasick_rs.AhoCorasick(self._keys, matchkind=ahocorasick_rs.MatchKind.Standard)

    def find(self, reading: Reading) -> list[Hit]:
        """The hits in a reading, leftmost and longest first, none within another.

        A longer harmless phrase hides a shorter trade term: *finger cuff blood pressure* hides *finger cuff*.
        """
        text = reading.folded.text
        spans = [
            (start, _word_end(text, end, self._found[index]), index)
            for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True)
            if _bounded(text, start, end, self._found[index])
        ]
        spans.sort(key=lambda span: (span[0], -span[1]))
        hits: list[Hit] = []
        last = 0
        for start, end, index in spans:
            if start >= last:
                hits.append(Hit(*reading.folded.to_raw(start, end), self._found[index]))
                last = end
        return hits

    def save(self, path: Path) -> None:
        """Write the entries as JSON lines, in their order."""
        lines = (json.dumps(entry.to_dict(), ensure_ascii=False, sort_keys=True) for entry in self.entries)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "TermIndex":
        """The inverse of :meth:`save`."""
        lines = path.read_text(encoding="utf-8").splitlines()
        return cls([Entry.from_dict(json.loads(line)) for line in lines])


def _wordings(entry: Entry) -> Iterator[str]:
    key = entry.key
    if len(key) < SHORTEST:
        return
    yield key
    joined = key.replace(" ", "")
    compact = joined != key and len(joined) >= _COMPACT_MIN
    if compact:
        yield joined
    if entry.language == "en" and not entry.prefix and key[-1].isalpha() and key[-1] != "s":
        yield f"{key}s"
        if compact:
            yield f"{joined}s"


def _rank(entry: Entry) -> tuple[int, float]:
    return _ROLE_ORDER.index(entry.role), -entry.strength


def _bounded(text: str, start: int, end: int, entry: Entry) -> bool:
    """Whether ``text[start:end]`` stands as words of its own, where its script sets words apart."""
    first, last = text[start], text[end - 1]
    if start and has_word_boundaries(first) and text[start - 1].isalnum():
        arabic = "\u0600" <= first <= "\u06ff"
        if not (arabic and _ARABIC_PREFIX.search(text, max(0, start - 5), start)):
            return False
    if entry.prefix or "\uac00" <= last <= "\ud7a3":  # Korean particles are written on to the word
        return True
    return not (end < len(text) and has_word_boundaries(last) and text[end].isalnum())


def _word_end(text: str, end: int, entry: Entry) -> int:
    """Where the hit ends: after a prefix entry the word is read to its end."""
    if entry.prefix and has_word_boundaries(text[end - 1]):
        while end < len(text) and text[end].isalnum():
            end += 1
    return end


def glossed(reading: Reading, hits: Sequence[Hit], language: str) -> str:
    """The NFKC text with the English meaning of foreign and disguised words put in line.

    A word in another script gives way to its gloss; a Latin one keeps its place and the gloss follows in brackets.
    Everyday Latin-script words are glossed only when the listing is not in English and the word is of the
    listing's language or that is unknown.
    """
    parts: list[str] = []
    at = 0
    for hit in hits:
        gloss = _gloss(reading, hit, language)
        if not gloss:
            continue
        raw = nfkc(reading.raw[hit.start : hit.end]).text
        parts.append(nfkc(reading.raw[at : hit.start]).text)
        parts.append(f"{raw} ({gloss})" if raw.isascii() or has_latin(raw) else f" {gloss} ")
        at = hit.end
    parts.append(nfkc(reading.raw[at:]).text)
    return "".join(parts)


def has_latin(text: str) -> bool:
    """Whether the text starts in Latin script."""
    return text[:1] < "\u0250"


def _gloss(reading: Reading, hit: Hit, language: str) -> str:
    entry = hit.entry
    if entry.language == "en":  # spelled out again where the writer disguised it
        plain = reading.raw[hit.start : hit.end].lower()
        return "" if entry.role is Role.LEARNED or entry.key in plain.replace("-", " ") else entry.term.rstrip("*")
    if entry.role is Role.CONCEPT and has_latin(entry.term) and language not in (UNKNOWN, entry.language):
        return ""
    return entry.gloss
