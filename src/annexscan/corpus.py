"""The labelled corpus: rows, the voices that wrote them, and the split each voice belongs to."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from annexscan.errors import CorpusError
from annexscan.listing import Listing, Origin
from annexscan.text import Reading


class Split(StrEnum):
    """What the rows of a voice are for. Test is read once per release."""

    TRAIN = "train"
    TUNE = "tune"
    CALIBRATE = "calibrate"
    CERTIFY = "certify"
    TEST = "test"


STYLES = (
    "customs_line", "marketplace_title", "supplier_page", "catalogue_blurb", "spec_table", "tender",
    "second_hand", "euphemism", "multi_item", "ocr_noise", "obfuscated", "prose",
)  # fmt: skip
"""How a row is written; every style holds listed and harmless rows alike."""

ORIGINS = ("authored", "reviewed", "imported", "generated")
NONE = "none"
"""The kind of everything that is no good of the taxonomy."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Who wrote rows: the unit of splitting and of resampling."""

    id: str
    language: str
    split: Split
    brief: str


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled listing.

    Attributes:
        id: Unique in the corpus.
        title, description: The text as its vendor has it.
        language: ISO 639 code.
        kind: What the traded good is.
        lookalike_of: The listed kind a harmless row could be mistaken for, else None.
        mention: The text only names the good.
        style: One of :data:`STYLES`.
        decisive: Exact words that decide the kind; empty for plain ordinary goods.
        voice: Who wrote it.
        origin: One of :data:`ORIGINS`.
        note: Where the label guide left doubt.
    """

    id: str
    title: str
    description: str
    language: str
    kind: str
    lookalike_of: str | None
    mention: bool
    style: str
    decisive: tuple[str, ...]
    voice: str
    origin: str
    note: str

    @property
    def reading(self) -> Reading:
        """The row's text as the cascade reads it."""
        return Reading.of(self.listing)

    @property
    def listing(self) -> Listing:
        """The row as a listing of unknown origin."""
        return Listing(self.id, self.title, self.description, Origin("corpus", ""), language=self.language)


@dataclass(frozen=True)
class Corpus:
    """All rows with their voices."""

    rows: tuple[Row, ...]
    voices: dict[str, Voice]

    def split(self, *splits: Split) -> list[Row]:
        """The rows of these splits, in the corpus's order."""
        return [row for row in self.rows if self.voices[row.voice].split in splits]


def read_corpus(folder: Path, kinds: frozenset[str], listed: frozenset[str]) -> Corpus:
    """Read and check ``voices.jsonl`` and ``rows-*.jsonl``.

    Args:
        folder: The corpus folder.
        kinds: Every kind of the taxonomy.
        listed: The kinds that are listed goods.

    Raises:
        CorpusError: A line is not JSON, a field is missing, or a row contradicts the label guide; names file and line.
    """
    voices = {}
    for path, line, raw in _lines([folder / "voices.jsonl"]):
        try:
            voice = Voice(raw["id"], raw["language"], Split(raw["split"]), raw["brief"])
        except (KeyError, ValueError) as error:
            raise CorpusError(f"{path}, line {line}: not a voice ({error}); see data/datasheet.md") from error
        voices[voice.id] = voice
    rows = []
    seen: set[str] = set()
    for path, line, raw in _lines(sorted(folder.glob("rows-*.jsonl"))):
        try:
            row = Row(**(raw | {"decisive": tuple(raw["decisive"])}))
        except (KeyError, TypeError) as error:
            raise CorpusError(f"{path}, line {line}: not a row ({error}); see data/datasheet.md") from error
        faults = [*_faults(row, voices, kinds, listed), *(["id stands twice"] if row.id in seen else [])]
        if faults:
            raise CorpusError(f"{path}, line {line} ({row.id}): {'; '.join(faults)}")
        seen.add(row.id)
        rows.append(row)
    if not rows:
        raise CorpusError(f"{folder}: no rows-*.jsonl there; restore the corpus from the repository")
    return Corpus(tuple(rows), voices)


def _lines(paths: Iterable[Path]) -> Iterable[tuple[Path, int, dict[str, Any]]]:
    for path in paths:
        if not path.is_file():
            raise CorpusError(f"{path}: no such file; restore it from the repository")
        for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                yield path, line, json.loads(text)
            except ValueError as error:
                raise CorpusError(f"{path}, line {line}: not JSON ({error}); mend or drop the line") from error


def _faults(row: Row, voices: dict[str, Voice], kinds: frozenset[str], listed: frozenset[str]) -> list[str]:
    harmless = row.kind not in listed
    checks = {
        f"unknown kind {row.kind}": row.kind not in kinds,
        f"unknown voice {row.voice}": row.voice not in voices,
        f"unknown style {row.style}": row.style not in STYLES,
        f"unknown origin {row.origin}": row.origin not in ORIGINS,
        "no text": not (row.title.strip() or row.description.strip()),
        "lookalike_of must be a listed kind": row.lookalike_of is not None and row.lookalike_of not in listed,
        "a listed good is no look-alike and no mention": not harmless and (row.mention or bool(row.lookalike_of)),
        "a mention needs lookalike_of": row.mention and not row.lookalike_of,
        "a listed good needs decisive words": not harmless and not row.decisive,
    }
    faults = [fault for fault, is_so in checks.items() if is_so]
    faults += [
        f"decisive words not in the text: {words!r}"
        for words in row.decisive
        if words not in row.title and words not in row.description
    ]
    return faults


def group_of(row: Row, listed: frozenset[str]) -> str:
    """``listed``, ``look-alike`` (mere mentions and unlisted kinds too) or ``ordinary``."""
    if row.kind in listed:
        return "listed"
    return "look-alike" if row.lookalike_of or row.kind != NONE else "ordinary"


def counts(rows: Sequence[Row], listed: frozenset[str]) -> dict[str, Counter[str]]:
    """How many rows by group, kind, language, style and voice."""
    return {
        "group": Counter(group_of(row, listed) for row in rows),
        "kind": Counter(row.kind for row in rows),
        "language": Counter(row.language for row in rows),
        "style": Counter(row.style for row in rows),
        "voice": Counter(row.voice for row in rows),
    }


def near_duplicates(rows: Sequence[Row], voices: dict[str, Voice], threshold: float = 0.6) -> list[tuple[str, str]]:
    """Pairs of row ids in different splits whose texts share most of their 4-character shingles.

    Args:
        rows: The rows to compare.
        voices: Their voices.
        threshold: Jaccard similarity from which MinHash counts a pair; short listings that only share a good's
            name stay well below it.
    """
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=128)
    pairs: list[tuple[str, str]] = []
    split_of = {row.id: voices[row.voice].split for row in rows}
    for row in rows:
        text = "".join(row.reading.folded.text.split())
        digest = MinHash(num_perm=128, seed=1)
        digest.update_batch([text[i : i + 4].encode() for i in range(max(1, len(text) - 3))])
        pairs += [(found, row.id) for found in index.query(digest) if split_of[found] != split_of[row.id]]
        index.insert(row.id, digest)
    return pairs
