"""CSV, TSV, JSONL, Parquet and XLSX in, one listing a row out."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from annexscan.errors import InputError
from annexscan.listing import Listing
from annexscan.sources import delimited
from annexscan.sources.columns import (
    COLUMNS,
    HEADING_WITHIN,
    Row,
    has_text,
    heading_at,
    is_damaged,
    names_of,
    no_text,
    to_listing,
    unfound,
    unique,
)
from annexscan.sources.encoding import of_file

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

__all__ = ["COLUMNS", "Rows", "csv_rows", "jsonl_rows", "parquet_rows", "read", "tsv_rows", "xlsx_rows"]

Rows = Callable[[Path, str, Mapping[str, str]], Iterator[Row | InputError]]
"""Reads the rows of one format: path, name in messages, ``--columns``."""

_BATCH = 256  # rows of Parquet held at once


def read(
    rows: Rows, path: Path, display: str, sha256: str, columns: Mapping[str, str]
) -> Iterator[Listing | InputError]:
    """The listings of one table.

    Args:
        rows: The reader of its format.
        path: The file.
        display: Its name in origins and messages.
        sha256: Its hash, for the origins.
        columns: Our name to the table's heading, where they differ.
    """
    headings: tuple[str, ...] = ()
    names: dict[str, str] = {}
    for row in rows(path, display, columns):
        if isinstance(row, InputError):
            yield row
            continue
        if tuple(row.cells) != headings:
            headings = tuple(row.cells)
            names = names_of(headings, columns)
        if not has_text(names) and row.whole is None:
            yield no_text(display, headings, row.where)
        else:
            yield to_listing(row, names, display, sha256)


def csv_rows(path: Path, display: str, columns: Mapping[str, str]) -> Iterator[Row | InputError]:
    """The rows of a CSV file, whatever parts its cells."""
    return delimited.rows(path, display, columns)


def tsv_rows(path: Path, display: str, columns: Mapping[str, str]) -> Iterator[Row | InputError]:
    """The rows of a TSV file."""
    return delimited.rows(path, display, columns, delimiters="\t")


def jsonl_rows(path: Path, display: str, columns: Mapping[str, str]) -> Iterator[Row | InputError]:
    """The objects of a JSONL file; ``number`` is the line.

    Raises:
        InputError: The file holds one JSON array instead of an object a line.
    """
    encoding = of_file(path)
    note = encoding.note(display)
    if note:
        yield note
    with delimited.open_text(path, display, encoding) as stream:
        tape = delimited.Tape(stream, display)
        while True:
            tape.mark()
            try:
                line = next(tape, None)
            except InputError as error:
                yield error
                continue
            if line is None:
                return
            if tape.line == 1 and line.lstrip().startswith("["):
                raise InputError(
                    "the file holds one JSON array, not one object a line",
                    path=display,
                    where="line 1",
                    remedy="turn it into lines, for example with  jq -c '.[]'",
                )
            if line.strip():
                yield from _json_row(line, tape.line, display)


def _json_row(line: str, number: int, display: str) -> Iterator[Row | InputError]:
    where = f"line {number}"
    try:
        # Not orjson: a lone surrogate, common where a scraper cut an emoji, must not cost the line.
        value = json.loads(line, strict=False)
    except (ValueError, RecursionError) as error:
        yield InputError(f"not valid JSON: {error}", path=display, where=where, remedy="correct the line")
        return
    if not isinstance(value, dict):
        yield InputError(
            f"the line holds a {type(value).__name__}, not an object",
            path=display,
            where=where,
            remedy='write it as an object, for example {"title": "..."}',
        )
        return
    if is_damaged(line):
        yield InputError(
            "some of its bytes are not valid UTF-8",
            path=display,
            where=where,
            remedy="it was read as it is; save the file as UTF-8",
        )
    keys = unique(value)
    yield Row(number, where, {key: as_text(cell) for key, cell in zip(keys, value.values(), strict=True)})


def parquet_rows(path: Path, display: str, columns: Mapping[str, str]) -> Iterator[Row | InputError]:
    """The rows of a Parquet file, one row group after the other; a damaged group does not stop the next.

    Raises:
        InputError: The file is no Parquet file, or has no text column.
    """
    import pyarrow
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise InputError(
            f"not a readable Parquet file: {error}", path=display, remedy="write or download it again"
        ) from error
    with file:
        headings = unique(file.schema_arrow.names)
        if not has_text(names_of(headings, columns)):
            raise no_text(display, headings)
        yield from unfound(display, headings, columns)
        before = 0
        for group in range(file.num_row_groups):
            number = before
            try:
                for batch in file.iter_batches(_BATCH, row_groups=[group]):
                    for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                        number += 1
                        cells = dict(zip(headings, map(as_text, values), strict=True))
                        yield Row(number, f"row {number}", cells)
            except (pyarrow.ArrowException, OSError, ValueError) as error:
                yield InputError(
                    f"cannot be decoded: {error}",
                    path=display,
                    where=f"row group {group + 1}, from row {number + 1}",
                    remedy="write or download the file again",
                )
            before += file.metadata.row_group(group).num_rows


def xlsx_rows(path: Path, display: str, columns: Mapping[str, str]) -> Iterator[Row | InputError]:
    """The rows of every sheet of a workbook; blank rows are passed over but counted.

    Raises:
        InputError: The workbook is encrypted or damaged.
    """
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
    except python_calamine.PasswordError as error:
        raise InputError("the workbook is encrypted", path=display, remedy="save it without a password") from error
    except (python_calamine.CalamineError, OSError) as error:
        raise InputError(
            f"not a readable XLSX file: {error}", path=display, remedy="open and save it as .xlsx, or as CSV"
        ) from error
    with book:
        for name in book.sheet_names:
            try:
                yield from _sheet_rows(book, name, display, columns)
            except InputError as error:
                yield error
            except (python_calamine.CalamineError, OSError) as error:
                yield InputError(
                    f"cannot be read: {error}", path=display, where=f"sheet {name}", remedy="save the sheet as CSV"
                )


def _sheet_rows(
    book: "CalamineWorkbook", name: str, display: str, columns: Mapping[str, str]
) -> Iterator[Row | InputError]:
    several = len(book.sheet_names) > 1
    where = f"sheet {name}" if several else ""
    lines = (list(map(as_text, line)) for line in book.get_sheet_by_name(name).iter_rows())
    head: list[list[str]] = []
    for line in lines:
        head.append(line)
        if heading_at([line], columns) is not None or len(head) > 10 * HEADING_WITHIN:
            break
    filled = [line for line in head if any(line)][:HEADING_WITHIN]
    if not filled:
        return
    at = heading_at(filled, columns)
    if at is None:
        raise no_text(display, max(filled, key=lambda line: sum(map(bool, line))), where)
    headings = unique(filled[at])
    yield from unfound(display, headings, columns, where)
    for number, line in enumerate(lines, start=1):
        if any(cell.strip() for cell in line):
            place = f"{where}, row {number}" if several else f"row {number}"
            yield Row(number, place, dict(zip(headings, line, strict=False)), sheet=name if several else None)


def as_text(value: object) -> str:
    """A cell as text: lists of plain values by line, whole floats without a fraction, anything deeper as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, list) and not any(isinstance(item, (dict, list)) for item in value):
        return "\n".join(filter(None, map(as_text, value)))
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
