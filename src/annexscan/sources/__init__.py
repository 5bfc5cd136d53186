"""Paths in, listings out: finds the inputs, picks each one's reader, and keeps going past what cannot be read."""

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from annexscan.errors import InputError, UsageError
from annexscan.listing import Listing
from annexscan.sources import catalogue, table, webpage

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Input:
    """One file to read.

    Attributes:
        path: Where its bytes are.
        display: Its name in verdicts and messages: as the user wrote it, or ``-`` for standard input.
        sha256: Hex SHA-256 of its bytes.
        suffix: The key into :data:`READERS`.
    """

    path: Path
    display: str
    sha256: str
    suffix: str


Reader = Callable[[Input, Mapping[str, str]], Iterator[Listing | InputError]]
"""Reads one input; the mapping holds ``--columns`` and matters to tables only."""


def _table(rows: table.Rows) -> Reader:
    return lambda source, columns: table.read(rows, source.path, source.display, source.sha256, columns)


def _webpage(source: Input, columns: Mapping[str, str]) -> Iterator[Listing | InputError]:
    return webpage.read(source.path, source.display, source.sha256)


def _catalogue(source: Input, columns: Mapping[str, str]) -> Iterator[Listing | InputError]:
    return catalogue.read(source.path, source.display, source.sha256)


READERS: Mapping[str, Reader] = {
    ".csv": _table(table.csv_rows),
    ".tsv": _table(table.tsv_rows),
    ".jsonl": _table(table.jsonl_rows),
    ".ndjson": _table(table.jsonl_rows),
    ".parquet": _table(table.parquet_rows),
    ".xlsx": _table(table.xlsx_rows),
    ".html": _webpage,
    ".htm": _webpage,
    ".xhtml": _webpage,
    ".pdf": _catalogue,
}


def parse_columns(text: str) -> dict[str, str]:
    """``title=Bezeichnung,text=Warenbeschreibung`` as a mapping of our names to the input's headings.

    Raises:
        UsageError: A part is not ``name=heading``, or the name is none of ours.
    """
    columns: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, equals, heading = (piece.strip() for piece in part.partition("="))
        if not equals or not heading or name not in table.COLUMNS:
            raise UsageError(f"--columns: {part!r} is not name=heading with a name of: {', '.join(table.COLUMNS)}")
        columns[name] = heading
    return columns


def find_inputs(paths: Sequence[str | Path]) -> Iterator[Input | InputError]:
    """Each file below ``paths`` once, in sorted order within a folder; hidden files are passed over.

    Args:
        paths: Files, folders, or ``-`` for standard input (JSONL or CSV, told apart by its first character).

    Raises:
        UsageError: A path does not exist; checked for all of them before the first input comes back.
    """
    for path in paths:
        if str(path) != STANDARD_INPUT and not Path(path).exists():
            raise UsageError(f"no such file or folder: {path}")
    seen: set[Path] = set()
    for path in paths:
        if str(path) == STANDARD_INPUT:
            yield _spooled(None)
        elif Path(path).is_dir():
            yield from _below(Path(path), seen)
        elif Path(path).is_file():
            yield from _one(Path(path), seen)
        else:
            yield _spooled(Path(path))


def read(source: Input, columns: Mapping[str, str] | None = None) -> Iterator[Listing | InputError]:
    """Every listing of one input, and an :class:`InputError` for each page, row or record that cannot be read.

    Bad content never raises: whatever a parser throws becomes an error record, and the run goes on.
    """
    found = False
    try:
        if source.path.stat().st_size == 0:
            yield _error(source, "the file is empty", "remove it, or export it again")
            return
        for item in READERS[source.suffix](source, columns or {}):
            found = True
            yield item
    except InputError as error:
        found = True
        yield error
    except OSError as error:
        found = True
        yield _error(source, error.strerror or "cannot be read", "check that the file exists and may be read")
    except (GeneratorExit, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic in a Rust parser derives from BaseException
        found = True
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        yield _error(source, f"the reader gave up: {reason}", "open and save the file again, or convert it")
    if not found:
        yield _error(source, "no listing was found in it", "check that it holds what its name says")


def _below(folder: Path, seen: set[Path]) -> Iterator[Input | InputError]:
    if folder.resolve() in seen:
        return
    seen.add(folder.resolve())
    try:
        children = sorted(folder.iterdir())
    except OSError as error:
        yield InputError(error.strerror or "cannot be read", path=str(folder), remedy="check who may read the folder")
        return
    if {"run.json", "verdicts.jsonl"} <= {child.name for child in children}:  # a run folder: our own output
        return
    for child in children:
        if child.name.startswith((".", "~$")):  # ~$ is what Office leaves beside an open document
            continue
        if child.is_dir():
            yield from _below(child, seen)
        elif child.is_file() or child.is_symlink():
            yield from _one(child, seen)


def _one(path: Path, seen: set[Path]) -> Iterator[Input | InputError]:
    if path.resolve() in seen:
        return
    seen.add(path.resolve())
    suffix = path.suffix.lower()
    if suffix not in READERS:
        yield InputError(
            f"files of the kind {suffix or 'without a suffix'} are not read",
            path=str(path),
            remedy=f"convert it to one of: {' '.join(READERS)}",
        )
        return
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        yield InputError(error.strerror or "cannot be read", path=str(path), remedy="check that it may be read")
        return
    yield Input(path, str(path), digest, suffix)


def _spooled(pipe: Path | None) -> Input:
    """Standard input or a pipe, copied to disk: its hash must be known before its first row is judged."""
    import atexit

    handle, name = tempfile.mkstemp(prefix="annexscan-")
    copy = Path(name)
    atexit.register(copy.unlink, missing_ok=True)
    with os.fdopen(handle, "wb") as target:
        if pipe is None:
            shutil.copyfileobj(sys.stdin.buffer, target)
        else:
            with pipe.open("rb") as stream:
                shutil.copyfileobj(stream, target)
    with copy.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        head = stream.read(4096).replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    suffix = ".jsonl" if head[:1] in (b"{", b"[") else ".csv"
    return Input(copy, STANDARD_INPUT if pipe is None else str(pipe), digest, suffix)


def _error(source: Input, message: str, remedy: str) -> InputError:
    return InputError(message, path=source.display, remedy=remedy)
