import hashlib
import io
import sys

import pytest

from annexscan.errors import InputError, UsageError
from annexscan.listing import Listing
from annexscan.sources import READERS, Input, find_inputs, parse_columns, read, table


def feed(monkeypatch, data):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_a_missing_path_is_named_before_anything_is_read(tmp_path):
    (tmp_path / "a.csv").write_text("title\nBench\n")
    with pytest.raises(UsageError, match=r"nowhere\.csv"):
        next(find_inputs([tmp_path / "a.csv", tmp_path / "nowhere.csv"]))


def test_a_folder_is_walked_in_sorted_order_without_hidden_files(tmp_path):
    for name in ("b/z.csv", "b/.hidden.csv", ".git/x.csv", "a.jsonl", "c.CSV", "~$c.xlsx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("title\nBench\n")
    found = list(find_inputs([tmp_path]))
    assert [source.display.removeprefix(f"{tmp_path}/") for source in found] == ["a.jsonl", "b/z.csv", "c.CSV"]
    assert {source.sha256 for source in found} == {hashlib.sha256(b"title\nBench\n").hexdigest()}
    assert found[2].suffix == ".csv"


def test_a_file_named_twice_is_read_once(tmp_path):
    (tmp_path / "a.csv").write_text("title\nBench\n")
    assert len(list(find_inputs([tmp_path / "a.csv", tmp_path, tmp_path / "a.csv"]))) == 1


def test_a_link_in_a_circle_ends(tmp_path):
    (tmp_path / "a.csv").write_text("title\nBench\n")
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    assert len(list(find_inputs([tmp_path]))) == 1


def test_an_unknown_suffix_is_one_error_that_names_the_known_ones(tmp_path):
    (tmp_path / "a.docx").write_text("x")
    (error,) = find_inputs([tmp_path])
    assert isinstance(error, InputError)
    assert ".docx" in error.message
    assert all(suffix in error.remedy for suffix in READERS)


@pytest.mark.parametrize(
    "data",
    [
        b'\n{"title": "Bench"}\n',
        b"title\nBench\n",
        '{"title": "Bench"}\n'.encode("utf-16"),
        b"\xef\xbb\xbftitle\nBench",
    ],
)
def test_standard_input_is_told_apart_by_its_first_character(monkeypatch, data):
    feed(monkeypatch, data)
    (source,) = find_inputs(["-"])
    (listing,) = read(source)
    assert isinstance(listing, Listing)
    assert (listing.title, listing.origin.path) == ("Bench", "-")
    assert listing.origin.sha256 == hashlib.sha256(data).hexdigest()


def test_empty_standard_input_is_an_error(monkeypatch):
    feed(monkeypatch, b"")
    (source,) = find_inputs(["-"])
    (error,) = read(source)
    assert isinstance(error, InputError)


def test_a_file_that_vanishes_is_an_error(tmp_path):
    (error,) = read(Input(tmp_path / "gone.csv", "gone.csv", "0", ".csv"))
    assert isinstance(error, InputError)
    assert error.path == "gone.csv"


def test_whatever_a_parser_throws_becomes_an_error_after_what_was_read(tmp_path, monkeypatch):
    class Panic(BaseException):
        pass

    def rows(path, display, columns):
        yield table.Row(1, "row 1", {"title": "Bench"})
        raise Panic("index out of bounds")

    monkeypatch.setitem(READERS, ".csv", lambda source, columns: table.read(rows, source.path, "a", "0", columns))
    (tmp_path / "a.csv").write_text("title\nBench\n")
    (source,) = find_inputs([tmp_path])
    listing, error = read(source)
    assert listing.title == "Bench"
    assert "index out of bounds" in error.message


def test_leaving_early_and_interrupting_are_not_swallowed(tmp_path, monkeypatch):
    def interrupted(source, columns):
        raise KeyboardInterrupt
        yield

    (tmp_path / "a.csv").write_text("title\nBench\nChair\n")
    (source,) = find_inputs([tmp_path])
    reading = read(source)
    next(reading)
    reading.close()
    monkeypatch.setitem(READERS, ".csv", interrupted)
    with pytest.raises(KeyboardInterrupt):
        next(read(source))


def test_columns_are_parsed():
    assert parse_columns("title=Bezeichnung, text = Ware ") == {"title": "Bezeichnung", "text": "Ware"}


@pytest.mark.parametrize("text", ["title", "colour=Farbe", "title="])
def test_columns_that_make_no_sense_are_refused(text):
    with pytest.raises(UsageError, match="--columns"):
        parse_columns(text)
