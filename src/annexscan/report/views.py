"""Full verdict dicts in, one flat table out: CSV, XLSX or Parquet."""

import csv
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from annexscan.errors import UsageError

Row = Mapping[str, Any]
"""A full verdict as :meth:`annexscan.verdict.Verdict.to_dict` writes it."""

COLUMNS = (
    "id", "decision", "status", "kind", "score", "entry", "basis", "regime", "as_of", "title", "description",
    "seller", "price", "url", "language", "path", "page", "row", "record", "evidence", "context", "facts", "warnings",
)  # fmt: skip
"""The columns of every flat view, in order."""

_NUMBERS = {"score": "float64", "page": "int64", "row": "int64"}
_BETWEEN = " | "
# What a spreadsheet takes for the start of a formula; the full-width forms count in East Asian locales (OWASP).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_XLSX_ROWS = 1_048_576  # limits of the file format
_XLSX_CELL = 32_767
_WIDE = {"title": 40, "description": 60, "evidence": 40, "path": 30, "url": 30}


def flat(verdict: Row) -> dict[str, Any]:
    """One verdict as :data:`COLUMNS`; what is not known is None, several values are joined by ``" | "``."""
    listing, law, origin = verdict["listing"], verdict["law"], verdict["origin"]
    price = " ".join(str(part) for part in (listing.get("price"), listing.get("currency")) if part)
    values = {
        **{name: verdict[name] for name in ("id", "decision", "status", "kind", "score", "language")},
        **{name: law[name] for name in ("entry", "basis", "regime", "as_of")},
        **{name: listing.get(name) for name in ("title", "description", "seller", "url")},
        **{name: origin[name] for name in ("path", "page", "row", "record")},
        "price": price or None,
        "evidence": _BETWEEN.join(item["text"] for item in verdict["evidence"]),
        "context": _BETWEEN.join(item["text"] for item in verdict["context"]),
        "facts": _BETWEEN.join(f"{item['name']}={item['value']}" for item in verdict["facts"]),
        "warnings": _BETWEEN.join(verdict["warnings"]),
    }
    return {name: _writable(values[name]) for name in COLUMNS}


def _writable(value: Any) -> Any:
    """Half a surrogate pair, which no file can hold, becomes a question mark."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def write_csv(rows: Iterable[Row], path: Path) -> None:
    """CSV in UTF-8 with a byte order mark, which Excel needs; no cell can run as a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow([_inert(value) for value in flat(row).values()])


def _inert(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def write_xlsx(rows: Iterable[Row], path: Path) -> None:
    """One sheet with a fixed heading; text is stored as text, so that no cell is a formula or a link.

    Raises:
        UsageError: There are more rows than the format holds.
    """
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("verdicts")
        bold = book.add_format({"bold": True})
        at = 0
        for column, name in enumerate(COLUMNS):
            sheet.write_string(0, column, name, bold)
            sheet.set_column(column, column, _WIDE.get(name, 14))
        for at, row in enumerate(rows, start=1):
            if at >= _XLSX_ROWS:
                raise UsageError(f"XLSX holds at most {_XLSX_ROWS - 1:,} rows; write csv or parquet instead")
            for column, value in enumerate(flat(row).values()):
                if isinstance(value, str):
                    sheet.write_string(at, column, _short(value))
                elif value is not None:
                    sheet.write_number(at, column, value)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, at, len(COLUMNS) - 1)


def _short(text: str) -> str:
    return text if len(text) <= _XLSX_CELL else text[: _XLSX_CELL - 1] + "…"


def write_parquet(rows: Iterable[Row], path: Path) -> None:
    """Parquet with the same column types whatever the rows: text, a float score, whole page and row numbers."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, _NUMBERS.get(name, "string")) for name in COLUMNS])
    pq.write_table(pa.Table.from_pylist([flat(row) for row in rows], schema=schema), path)


VIEWS: Mapping[str, Callable[[Iterable[Row], Path], None]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "parquet": write_parquet,
}
"""Name of a form to what writes it."""
