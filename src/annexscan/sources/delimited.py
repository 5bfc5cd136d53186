"""CSV and TSV in, rows out; one stray quotation mark never swallows the rows after it."""

import csv
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from annexscan.errors import InputError
from annexscan.sources import columns as headings_of
from annexscan.sources.columns import Row
from annexscan.sources.encoding import Encoding, of_file

LIMIT = 1 << 23
"""Characters in one line or record; what is longer is not a listing, and reading it would fill the memory."""

_HEAD_LINE = 1 << 16  # characters of a line that are looked at to find the delimiter
_DELIMITERS = ",;\t|"
_NO_DELIMITER = "\x1f"  # ASCII "unit separator": a table of one column has none, and its text may hold commas
_SEPARATOR_LINE = re.compile(r"sep=(.)\s*\Z", re.IGNORECASE)  # what Excel writes for itself
_NOT_TEXT = {b"PK\x03\x04": "a ZIP or XLSX file", b"%PDF-": "a PDF", b"\x1f\x8b": "compressed", b"PAR1": "Parquet"}


def rows(
    path: Path, display: str, columns: Mapping[str, str], delimiters: str = _DELIMITERS
) -> Iterator[Row | InputError]:
    """The rows of a delimited text file, in constant memory.

    Args:
        path: The file.
        display: Its name in messages.
        columns: Our name to the file's heading, where they differ.
        delimiters: The characters that may part its cells.

    Raises:
        InputError: The file has no heading line with a text column, or is no text at all.
    """
    csv.field_size_limit(LIMIT)  # one limit for the whole process; the same at every call
    encoding = of_file(path)
    note = encoding.note(display)
    if note:
        yield note
    with open_text(path, display, encoding) as stream:
        head = [stream.readline(_HEAD_LINE) for _ in range(headings_of.HEADING_WITHIN)]
        stream.seek(0)
        tape = Tape(stream, display)
        chosen = _SEPARATOR_LINE.match(head[0])
        if chosen:
            head = head[1:]
            delimiters = chosen[1]
            next(tape)
        delimiter = _delimiter(head, delimiters, columns)
        yield from _under_heading(tape, delimiter, display, columns)


def open_text(path: Path, display: str, encoding: Encoding) -> TextIO:
    """The file as text with its line ends kept; bytes that do not decode come back as lone surrogates.

    Raises:
        InputError: The file is of a binary kind.
    """
    with path.open("rb") as stream:
        head = stream.read(8)
    for mark, kind in _NOT_TEXT.items():
        if head.startswith(mark):
            raise InputError(
                f"the file is {kind}, not text", path=display, remedy="unpack it, or give it its own suffix"
            )
    errors = "surrogateescape" if encoding.name.startswith("utf-8") else "replace"
    return path.open(encoding=encoding.name, errors=errors, newline="")


class Tape:
    """The physical lines of a stream, of which any can be put back.

    Attributes:
        line: Number of the line read last, from 1.
        taken: The lines read since :meth:`mark`.
    """

    def __init__(self, stream: TextIO, display: str) -> None:
        """Reads ``stream``; ``display`` is its name in messages."""
        self._stream = stream
        self._display = display
        self._back: deque[str] = deque()
        self._length = 0
        self.line = 0
        self.taken: list[str] = []

    def __iter__(self) -> "Tape":
        """Itself."""
        return self

    def __next__(self) -> str:
        """The next line without NUL characters.

        Raises:
            InputError: The line is longer than :data:`LIMIT`; the next call goes on behind it.
            csv.Error: The lines taken since :meth:`mark` are longer than that together.
        """
        if self._length > LIMIT:
            raise csv.Error("record too long")
        line = self._back.popleft() if self._back else self._stream.readline(LIMIT)
        if not line:
            raise StopIteration
        self.line += 1
        if len(line) == LIMIT and line[-1] not in "\r\n":
            while (rest := self._stream.readline(LIMIT)) and rest[-1] not in "\r\n":
                pass
            raise InputError(
                f"the line is longer than {LIMIT} characters and was left out",
                path=self._display,
                where=f"line {self.line}",
                remedy="check that the file is a table with one listing a row",
            )
        line = line.replace("\0", "")
        self.taken.append(line)
        self._length += len(line)
        return line

    def mark(self) -> None:
        """Begins a new record."""
        self.taken = []
        self._length = 0

    def put_back(self, lines: Sequence[str]) -> None:
        """Makes ``lines``, the last ones read, the next ones again."""
        self._back.extendleft(reversed(lines))
        self.line -= len(lines)


def _delimiter(head: Sequence[str], delimiters: str, columns: Mapping[str, str]) -> str:
    """The delimiter under which the heading line has most headings we know, then most cells."""
    ranks: dict[str, tuple[int, int]] = {}
    for delimiter in (_NO_DELIMITER, *delimiters):
        parsed = list(csv.reader(head, delimiter=delimiter))
        at = headings_of.heading_at(parsed, columns)
        line = parsed[at] if at is not None else parsed[0] if parsed else []
        ranks[delimiter] = (len(headings_of.names_of(line, columns)), len(line))
    return max(ranks, key=ranks.__getitem__)


def _record(tape: Tape, delimiter: str) -> tuple[list[str], str | None] | InputError | None:
    """The next record and what is odd about it; None at the end.

    A stray quotation mark makes the parser run on until the next one, which then stands in a wrong place. Only the
    first line is kept in that case, and the lines it swallowed are read again.
    """
    tape.mark()
    try:
        cells = next(csv.reader(tape, delimiter=delimiter, strict=True), None)
        return None if cells is None else (cells, None)
    except InputError as error:
        tape.put_back(tape.taken)
        return error
    except csv.Error:
        first, *swallowed = tape.taken
    tape.put_back(swallowed)
    if not swallowed:
        return next(csv.reader([first], delimiter=delimiter)), None
    cells = next(csv.reader([first], delimiter=delimiter, quoting=csv.QUOTE_NONE))
    return cells, "a quotation mark is opened and not closed"


def _under_heading(tape: Tape, delimiter: str, display: str, columns: Mapping[str, str]) -> Iterator[Row | InputError]:
    headings: list[str] = []
    before: list[list[str]] = []
    number = 0
    line = tape.line + 1
    while (record := _record(tape, delimiter)) is not None:
        line, began = tape.line + 1, line
        if isinstance(record, InputError):
            yield record
            continue
        cells, problem = record
        if not any(cell.strip() for cell in cells):
            continue
        if headings:
            number += 1
            where = f"row {number} (line {began})"
            yield from _row(Row(number, where, {}), cells, headings, problem, delimiter, display)
        elif headings_of.has_text(headings_of.names_of(cells, columns)):
            headings = headings_of.unique(cells)
            yield from headings_of.unfound(display, headings, columns)
        else:
            before.append(cells)
            if len(before) >= headings_of.HEADING_WITHIN:
                break
    if not headings:
        raise headings_of.no_text(display, max(before, key=lambda cells: sum(map(bool, cells)), default=[]))


def _row(
    row: Row, cells: list[str], headings: list[str], problem: str | None, delimiter: str, display: str
) -> Iterator[Row | InputError]:
    reasons = [problem] if problem else []
    if any(map(headings_of.is_damaged, cells)):
        reasons.append("some of its bytes are not valid in the file's encoding")
    whole = None
    if len(cells) != len(headings):
        reasons.append(f"it has {len(cells)} cells under {len(headings)} headings")
    if len(cells) > len(headings):
        whole = delimiter.join(cells)
        reasons.append("all its cells are read as one text")
    if reasons:
        yield InputError("; ".join(reasons), path=display, where=row.where, remedy="it was read as it is; correct it")
    yield replace(row, cells=dict(zip(headings, cells, strict=False)), whole=whole)
