import codecs
import datetime
import json
import tracemalloc

import pyarrow
import pytest
from pyarrow import parquet

from annexscan.errors import InputError
from annexscan.listing import Listing
from annexscan.sources import delimited, find_inputs, read


def scan(path, columns=None):
    (source,) = find_inputs([path])
    items = list(read(source, columns))
    return [i for i in items if isinstance(i, Listing)], [i for i in items if isinstance(i, InputError)]


def write(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_headings_in_any_case_and_the_rest_carried_through(tmp_path):
    listings, errors = scan(write(tmp_path, "a.csv", "ID,Title,DESCRIPTION,Seller,Colour\nx9,Bench,oak,Acme,red\n"))
    assert not errors
    assert listings[0].to_dict() == {
        "title": "Bench", "description": "oak", "seller": "Acme", "extra": {"Colour": "red"}
    }  # fmt: skip
    assert (listings[0].id, listings[0].origin.row) == ("x9", 1)


def test_missing_id_becomes_the_row_number(tmp_path):
    listings, _ = scan(write(tmp_path, "a.csv", "title\nBench\nChair\n"))
    assert [listing.id for listing in listings] == ["1", "2"]


def test_text_and_description_are_both_read(tmp_path):
    listings, _ = scan(write(tmp_path, "a.csv", "description,text\noak bench,with straps\n"))
    assert listings[0].description == "oak bench\nwith straps"


def test_columns_maps_a_foreign_heading(tmp_path):
    path = write(tmp_path, "a.csv", "Nr;Bezeichnung;Preis\n7;Fußbank;3,50\n")
    listings, errors = scan(path, {"title": "bezeichnung", "id": "Nr", "price": "Preis"})
    assert not errors
    assert (listings[0].id, listings[0].title, listings[0].price) == ("7", "Fußbank", "3,50")


def test_no_text_column_names_the_headings_and_the_option(tmp_path):
    listings, (error,) = scan(write(tmp_path, "a.csv", "Nr;Bezeichnung\n7;Fußbank\n"))
    assert not listings
    assert "Nr, Bezeichnung" in error.message
    assert "--columns" in error.remedy


def test_a_heading_named_in_columns_but_absent_is_reported(tmp_path):
    listings, (error,) = scan(write(tmp_path, "a.csv", "title,Text2\nBench,straps\n"), {"description": "Text 2"})
    assert listings[0].title == "Bench"
    assert "'Text 2'" in error.message


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found(tmp_path, delimiter):
    rows = [["id", "title", "price"], ["1", "Bench", "5"]]
    path = write(tmp_path, "a.csv", "".join(delimiter.join(row) + "\n" for row in rows))
    listings, errors = scan(path)
    assert not errors
    assert (listings[0].title, listings[0].price) == ("Bench", "5")


def test_one_column_of_text_may_hold_commas(tmp_path):
    listings, errors = scan(write(tmp_path, "a.csv", "text\nbench, oak, 2 m\nchair; red\n"))
    assert not errors
    assert [listing.description for listing in listings] == ["bench, oak, 2 m", "chair; red"]


def test_lines_above_the_heading_and_excels_separator_line_are_passed_over(tmp_path):
    listings, errors = scan(write(tmp_path, "a.csv", "sep=;\nStock list 2026;;\n\nid;title;price\n4;Bench, oak;5\n"))
    assert not errors
    assert (listings[0].id, listings[0].title) == ("4", "Bench, oak")


def test_quoted_newlines_stay_in_their_cell(tmp_path):
    listings, errors = scan(
        write(tmp_path, "a.csv", 'title,description\r\nBench,"oak\r\n""solid"", 2 m"\r\nChair,red\r\n')
    )
    assert not errors
    assert listings[0].description == 'oak\r\n"solid", 2 m'
    assert (listings[1].title, listings[1].origin.row) == ("Chair", 2)


@pytest.mark.parametrize("end", ["", '5,"legit, with comma",x\n'])
def test_a_stray_quotation_mark_does_not_swallow_the_rows_after_it(tmp_path, end):
    path = write(
        tmp_path, "a.csv", f'id,title,description\n1,Bench,oak\n2,"Rack 19 inch,steel\n3,Chair,red\n4,Lamp,b\n{end}'
    )
    listings, errors = scan(path)
    assert [listing.id for listing in listings] == ["1", "2", "3", "4", "5"][: 5 if end else 4]
    assert listings[2].title == "Chair"
    assert [error.where for error in errors] == ["row 2 (line 3)"]


def test_rows_with_other_cells_than_headings_are_read_and_named(tmp_path):
    path = write(tmp_path, "a.csv", "id,title,description\n1,Bench,oak, and iron rings\n2,Chair\n3,Lamp,blue\n")
    listings, errors = scan(path)
    assert [listing.title for listing in listings] == ["Bench", "Chair", "Lamp"]
    assert "and iron rings" in listings[0].description
    assert [error.where for error in errors] == ["row 1 (line 2)", "row 2 (line 3)"]


def test_nul_characters_are_dropped_and_a_huge_cell_is_read(tmp_path):
    path = write(tmp_path, "a.csv", "title,description\nBe\0nch," + "oak " * 200_000 + "\n")
    listings, errors = scan(path)
    assert not errors
    assert listings[0].title == "Bench"
    assert len(listings[0].description) == 799_999


def test_a_line_without_end_is_left_out_and_the_next_is_read(tmp_path):
    listings, errors = scan(write(tmp_path, "a.csv", "title\n" + "x" * (2 * delimited.LIMIT) + "\nChair\n"))
    assert [listing.title for listing in listings] == ["Chair"]
    assert [error.where for error in errors] == ["line 2"]


def test_a_row_without_text_is_named_and_a_blank_one_is_not(tmp_path):
    listings, errors = scan(write(tmp_path, "a.csv", "id,title,price\n1,,5\n,,\n2,Bench,6\n"))
    assert [listing.id for listing in listings] == ["2"]
    assert [error.where for error in errors] == ["row 1 (line 2)"]


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl"])
def test_unicode_encodings_are_read_without_a_note(tmp_path, mark, encoding, suffix):
    text = {
        ".csv": "编号,title,说明\n一,一般家具不锈钢脚镣,Кандалы\n",
        ".tsv": "编号\ttitle\t说明\n一\t一般家具不锈钢脚镣\tКандалы\n",
        ".jsonl": '{"编号": "一", "title": "一般家具不锈钢脚镣", "说明": "Кандалы"}\n',
    }[suffix]
    listings, errors = scan(write(tmp_path, f"a{suffix}", mark + text.encode(encoding)))
    assert not errors
    assert (listings[0].title, listings[0].extra["说明"]) == ("一般家具不锈钢脚镣", "Кандалы")


@pytest.mark.parametrize(
    ("encoding", "word"),
    [("cp1252", "Fußfesseln für große Größen, Stühle"), ("cp1251", "Наручники стальные для ног, цепь")],
)
def test_a_guessed_encoding_is_read_on_and_noted(tmp_path, encoding, word):
    listings, (error,) = scan(write(tmp_path, "a.csv", f"id;title\n1;{word}\n2;{word}\n".encode(encoding)))
    assert [listing.title for listing in listings] == [word, word]
    assert "guess" in error.message


def test_the_first_odd_byte_may_stand_far_into_the_file(tmp_path):
    path = write(
        tmp_path, "a.csv", ("title\n" + "plain bench\n" * 200_000 + "Stühle für große Räume\n").encode("cp1252")
    )
    listings, (error,) = scan(path)
    assert listings[-1].title == "Stühle für große Räume"
    assert error.where.startswith("byte 24000")


def test_a_damaged_byte_in_utf8_names_its_row(tmp_path):
    path = write(tmp_path, "a.csv", "title\nStühle für große Räume\n".encode() + b"B\xffnch\n" + "Öl\n".encode())
    listings, (error,) = scan(path)
    assert [listing.title for listing in listings] == ["Stühle für große Räume", "B�nch", "Öl"]
    assert error.where == "row 2 (line 3)"


def test_a_binary_file_under_a_text_suffix_is_named_as_such(tmp_path):
    listings, (error,) = scan(write(tmp_path, "a.csv", b"PK\x03\x04 whatever"))
    assert not listings
    assert "ZIP or XLSX" in error.message


def test_jsonl_names_each_bad_line_and_goes_on(tmp_path):
    lines = ['{"title": "Bench"}', "{broken", "[1]", "", '{"price": 3}', '{"title": "Chair"}']
    listings, errors = scan(write(tmp_path, "a.jsonl", "\n".join(lines)))
    assert [(listing.id, listing.origin.row) for listing in listings] == [("1", 1), ("6", 6)]
    assert [error.where for error in errors] == ["line 2", "line 3", "line 5"]


def test_jsonl_values_become_text(tmp_path):
    row = {"title": 12.0, "text": ["oak", "steel"], "price": 3.5, "hs_code": 9403, "spec": {"größe": 2}, "seller": None}
    listings, errors = scan(write(tmp_path, "a.jsonl", json.dumps(row, ensure_ascii=False)))
    assert not errors
    listing = listings[0]
    assert (listing.title, listing.description, listing.price) == ("12", "oak\nsteel", "3.5")
    assert (listing.hs_code, listing.seller, listing.extra) == ("9403", None, {"spec": '{"größe": 2}'})


def test_jsonl_with_a_cut_emoji_or_raw_control_character_is_read(tmp_path):
    listings, errors = scan(write(tmp_path, "a.jsonl", '{"title": "Bench \\ud83d"}\n{"title": "a\tb"}\n'))
    assert not errors
    assert [listing.title for listing in listings] == ["Bench �", "a\tb"]
    listings[0].title.encode()


def test_a_json_array_is_one_error_that_says_what_to_do(tmp_path):
    listings, (error,) = scan(write(tmp_path, "a.jsonl", '[{"title": "Bench"},\n{"title": "Chair"}]\n'))
    assert not listings
    assert "jq" in error.remedy


def test_parquet_values_and_row_numbers(tmp_path):
    path = tmp_path / "a.parquet"
    table = pyarrow.table(
        {"title": [f"Bench {i}" for i in range(600)], "price": [2.0] * 600, "date": [datetime.date(2026, 1, 2)] * 600}
    )
    parquet.write_table(table, path, row_group_size=250)
    listings, errors = scan(path)
    assert not errors
    assert [listing.origin.row for listing in listings] == list(range(1, 601))
    assert (listings[599].title, listings[599].price, listings[599].date) == ("Bench 599", "2", "2026-01-02")


def test_a_damaged_row_group_does_not_stop_the_next(tmp_path):
    path = tmp_path / "a.parquet"
    titles = [f"Bench {i} of oak and iron" for i in range(200)]
    parquet.write_table(
        pyarrow.table({"title": titles}), path, row_group_size=100, compression="gzip", use_dictionary=False
    )
    data = bytearray(path.read_bytes())
    offset = parquet.ParquetFile(path).metadata.row_group(0).column(0).data_page_offset
    data[offset + 60 : offset + 120] = b"\xff" * 60
    path.write_bytes(data)
    listings, errors = scan(path)
    assert [listing.title for listing in listings] == titles[100:]
    assert [listing.origin.row for listing in listings] == list(range(101, 201))
    assert errors[0].where.startswith("row group 1")


def test_a_broken_parquet_file_is_an_error(tmp_path):
    listings, (error,) = scan(write(tmp_path, "a.parquet", b"PAR1 not really"))
    assert not listings
    assert "Parquet" in error.message


def test_xlsx_reads_every_sheet_and_names_the_one_it_cannot(tmp_path):
    import xlsxwriter

    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        first, second, third = book.add_worksheet("Stock"), book.add_worksheet("Notes"), book.add_worksheet("Export")
        first.write_row(0, 0, ["Stock list"])
        first.write_row(2, 0, ["Title", "Price", "HS_code"])
        first.write_row(3, 0, ["Bench", 12, "009403"])
        first.write_row(5, 0, ["Chair", 1.5, "9401"])
        second.write_row(0, 0, ["Who", "When"])
        third.write_row(0, 0, ["description"])
        third.write_row(1, 0, ["Lamp"])
    listings, errors = scan(path)
    assert [(listing.id, listing.title or listing.description) for listing in listings] == [
        ("Stock/1", "Bench"), ("Stock/3", "Chair"), ("Export/1", "Lamp")
    ]  # fmt: skip
    assert (listings[0].price, listings[0].hs_code, listings[1].price) == ("12", "009403", "1.5")
    assert [error.where for error in errors] == ["sheet Notes"]


def test_a_broken_workbook_is_an_error(tmp_path):
    listings, (error,) = scan(write(tmp_path, "a.xlsx", b"PK\x03\x04 broken"))
    assert not listings
    assert "XLSX" in error.message


def test_a_large_csv_is_read_in_constant_memory(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("w") as stream:
        stream.write("title,description\n")
        for number in range(60_000):
            stream.write(f"Bench {number},{'oak ' * 30}\n")
    (source,) = find_inputs([path])
    next(read(source))  # imports
    tracemalloc.start()
    count = sum(1 for _ in read(source))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 60_000
    assert peak < 6_000_000 < path.stat().st_size
