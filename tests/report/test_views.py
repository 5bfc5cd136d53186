import csv
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from annexscan.errors import UsageError
from annexscan.listing import Origin
from annexscan.report import VIEWS, views

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1"]


def read_csv(path):
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_a_row_has_every_column_in_order_and_joins_what_is_many(make_verdict, tmp_path):
    verdict = make_verdict(
        "Leg irons, leg cuffs",
        "museum piece, 38 cm",
        evidence=[("Leg irons", "w", 0.7), ("leg cuffs", "w", 0.7)],
        context=[("museum", "museum")],
        facts=[("chain_length_mm", 380, "38 cm")],
        warnings=["one", "two"],
        price="12",
        currency="USD",
    )
    VIEWS["csv"]([verdict], tmp_path / "out.csv")
    (row,) = read_csv(tmp_path / "out.csv")
    assert tuple(row) == views.COLUMNS
    assert row["evidence"] == "Leg irons | leg cuffs"
    assert row["context"] == "museum"
    assert row["facts"] == "chain_length_mm=380"
    assert row["warnings"] == "one | two"
    assert row["price"] == "12 USD"
    assert (row["regime"], row["entry"], row["page"], row["row"]) == ("eu-2019-125", "", "", "1")


def test_csv_starts_with_the_mark_excel_needs(make_verdict, tmp_path):
    VIEWS["csv"]([make_verdict("脚镣")], tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfid,")
    assert read_csv(tmp_path / "out.csv")[0]["title"] == "脚镣"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_csv_cell_never_starts_a_formula(make_verdict, tmp_path, text):
    VIEWS["csv"]([make_verdict(text, text, id=text, seller=text)], tmp_path / "out.csv")
    (row,) = read_csv(tmp_path / "out.csv")
    assert {row[name] for name in ("id", "title", "description", "seller")} == {f"'{text}"}


def test_an_xlsx_cell_is_text_never_a_formula_or_a_link(make_verdict, tmp_path):
    rows = [make_verdict(text, "https://a.example", url="https://a.example") for text in HOSTILE]
    VIEWS["xlsx"](rows, tmp_path / "out.xlsx")
    with zipfile.ZipFile(tmp_path / "out.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet and b"hyperlink" not in sheet
    table = CalamineWorkbook.from_path(tmp_path / "out.xlsx").get_sheet_by_index(0).to_python()
    titles = [row[views.COLUMNS.index("title")] for row in table[1:]]
    assert titles[:4] == HOSTILE[:4] and titles[-1] == HOSTILE[-1]
    assert table[1][views.COLUMNS.index("score")] == 0.97


def test_a_cell_longer_than_xlsx_holds_is_cut_visibly(make_verdict, tmp_path):
    VIEWS["xlsx"]([make_verdict(description="x" * 40_000)], tmp_path / "out.xlsx")
    table = CalamineWorkbook.from_path(tmp_path / "out.xlsx").get_sheet_by_index(0).to_python()
    cell = table[1][views.COLUMNS.index("description")]
    assert len(cell) == 32_767 and cell.endswith("x…")


def test_more_rows_than_xlsx_holds_are_refused(make_verdict, tmp_path, monkeypatch):
    monkeypatch.setattr(views, "_XLSX_ROWS", 3)
    VIEWS["xlsx"]([make_verdict()] * 2, tmp_path / "out.xlsx")
    with pytest.raises(UsageError, match="write csv or parquet"):
        VIEWS["xlsx"]([make_verdict()] * 3, tmp_path / "out.xlsx")


def test_parquet_has_the_same_types_with_rows_and_without(make_verdict, tmp_path):
    import pyarrow.parquet as pq

    page = Origin("a.pdf", "cd" * 32, page=7)
    VIEWS["parquet"]([make_verdict(origin=page), make_verdict("=1+1")], tmp_path / "some.parquet")
    VIEWS["parquet"]([], tmp_path / "none.parquet")
    some = pq.read_table(tmp_path / "some.parquet")
    assert some.schema.equals(pq.read_table(tmp_path / "none.parquet").schema)
    assert some.column("page").to_pylist() == [7, None]
    assert some.column("title").to_pylist()[1] == "=1+1"


@pytest.mark.parametrize("form", sorted(VIEWS))
def test_half_a_surrogate_pair_does_not_stop_the_writing(make_verdict, tmp_path, form):
    VIEWS[form]([make_verdict("leg irons \ud83d")], tmp_path / f"out.{form}")
    assert (tmp_path / f"out.{form}").stat().st_size > 0
