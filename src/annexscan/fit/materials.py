"""All that training reads, checked and hashed."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from annexscan.corpus import Corpus, Split, read_corpus
from annexscan.law import LawPack
from annexscan.lexicon import Concept, Entry, concept_entries, read_concepts, read_context_terms, read_trade_terms

Progress = Callable[[str, float, dict[str, float]], None]
"""Called with the step's name, the share done 0..1, and metrics."""


@dataclass(frozen=True)
class Materials:
    """All that training reads, already checked.

    Attributes:
        corpus: Rows and voices.
        entries: Trade, context and concept entries.
        concepts: The concept table.
        kinds: Kind ids in the taxonomy's order.
        listed: Kinds that the EU regime lists today; the models learn to tell these from the rest.
        law: The law pack.
        hashes: SHA-256 of what training reads: the rows of every split but test, the files of the lexicon and of the
            concepts, and the law pack.
    """

    corpus: Corpus
    entries: tuple[Entry, ...]
    concepts: tuple[Concept, ...]
    kinds: tuple[str, ...]
    listed: frozenset[str]
    law: LawPack
    hashes: dict[str, str]


def read_materials(data: Path, law: LawPack, regime: str, as_of: date) -> Materials:
    """Read ``corpus/``, ``lexicon/`` and ``concepts/`` below ``data``.

    Args:
        data: The data folder.
        law: Gives the kinds, and by ``regime`` and ``as_of`` which of them are listed.
        regime: Regime id.
        as_of: The date whose law counts.

    Raises:
        CorpusError: A file breaks its rules.
        LawError: No such regime, or none in force on that date.
    """
    listed = law.regime(regime, as_of).listed
    kinds = tuple(kind.id for kind in law.kinds)
    known = frozenset(kinds)
    concepts = read_concepts(data / "concepts")
    entries = [
        *read_trade_terms(data / "lexicon", known),
        *read_context_terms(data / "lexicon"),
        *concept_entries(concepts),
    ]
    corpus = read_corpus(data / "corpus", known, listed)
    hashes = {"corpus": _rows_sha256(corpus), "law": law.sha256}
    hashes |= {folder: _folder_sha256(data / folder) for folder in ("lexicon", "concepts")}
    return Materials(corpus, tuple(entries), tuple(concepts), kinds, listed, law, hashes)


def _rows_sha256(corpus: Corpus) -> str:
    """Of all rows but test's, which no step of training sees: they may grow without making a bundle stale."""
    digest = hashlib.sha256()
    for row in corpus.split(*(split for split in Split if split is not Split.TEST)):
        split = corpus.voices[row.voice].split
        digest.update(json.dumps([split, asdict(row)], ensure_ascii=False).encode() + b"\n")
    return digest.hexdigest()


def _folder_sha256(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*")):
        if path.suffix in {".csv", ".jsonl", ".toml"}:
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
