"""The bundle: a folder with everything the model learned, checked file by file before it is used."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from annexscan.errors import BundleError

SCHEMA = 1
"""Raised whenever the files or their meaning change; a bundle of another schema is refused."""

MANIFEST = "manifest.json"
FILES = ("card.md", "linear.npz", "settings.json", "stack.json", "terms.jsonl", "tokenizer.json", "transformer.onnx")
"""Every file of a bundle beside its manifest."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the decision needs to know besides the weights.

    Attributes:
        kinds: Kind ids in the order of the models' outputs.
        listed: The kinds the models were fitted to call listed.
        languages: Languages with listed rows in training; only these are flagged without a trade term.
        ordinary_languages: Languages of which only everyday words are known: never flagged without a trade term.
        flag: A score at or above it flags.
        review: A score at or above it asks for review.
        minimum_weight: Share of the score some span must carry, else no flag.
        gate_clears: Whether a listing in which no term is found may be cleared unread.
        gate: How that was measured: ``kept`` of ``rows`` listed rows out of fold.
        certificate: What the thresholds promise and for what, with counts and bounds.
    """

    kinds: tuple[str, ...]
    listed: tuple[str, ...]
    languages: tuple[str, ...]
    ordinary_languages: tuple[str, ...]
    flag: float
    review: float
    minimum_weight: float
    gate_clears: bool
    gate: dict[str, int] = field(default_factory=dict)
    certificate: dict[str, Any] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Settings":
        """The inverse of :meth:`save`."""
        row = json.loads(path.read_text(encoding="utf-8"))
        for name in ("kinds", "listed", "languages", "ordinary_languages"):
            row[name] = tuple(row[name])
        return cls(**row)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A checked bundle folder.

    Attributes:
        path: The folder.
        manifest: ``schema``, ``name``, ``files`` (name to SHA-256), ``recipe``, ``seed``, ``inputs`` (hashes of
            corpus, lexicon, concepts and law pack), ``versions``, ``metrics``.
    """

    path: Path
    manifest: dict[str, Any]

    @property
    def sha256(self) -> str:
        """Hash of the manifest, which names the hash of every other file."""
        return file_sha256(self.path / MANIFEST)

    @property
    def name(self) -> str:
        """Name and short hash, ``default@0123abcd``."""
        return f"{self.manifest['name']}@{self.sha256[:8]}"


def file_sha256(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def open_bundle(path: Path) -> Bundle:
    """Check a bundle folder against its manifest.

    Raises:
        BundleError: A file is missing, altered or unknown, or the schema is another one; the message names it.
    """
    manifest_path = path / MANIFEST
    if not manifest_path.is_file():
        raise BundleError(f"{path}: no {MANIFEST} there; name a bundle folder, or restore models/default from git")
    try:
        manifest = json.loads(manifest_path.read_text(encoding="utf-8"))
        stated = manifest["files"]
        schema = manifest["schema"]
    except (ValueError, KeyError, TypeError) as error:
        raise BundleError(f"{manifest_path}: not a bundle manifest ({error}); restore the folder") from error
    if schema != SCHEMA:
        raise BundleError(
            f"{path}: bundle schema {schema}, this version reads {SCHEMA}; train it again with this version"
        )
    for name in FILES:
        if name not in stated or not (path / name).is_file():
            raise BundleError(f"{path / name}: the bundle lacks this file; restore the folder or train it again")
        if file_sha256(path / name) != stated[name]:
            raise BundleError(f"{path / name}: altered since training (hash differs); restore it, do not use it")
    return Bundle(path, manifest)


def seal(path: Path, manifest: dict[str, Any]) -> Bundle:
    """Write the manifest over the files of a finished bundle folder and check it once.

    Args:
        path: The folder, holding every name in :data:`FILES`.
        manifest: Everything but ``schema`` and ``files``, which are added here.
    """
    stated = {name: file_sha256(path / name) for name in FILES}
    full = {"schema": SCHEMA, "files": stated} | manifest
    (path / MANIFEST).write_text(
        json.dumps(full, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return open_bundle(path)
