"""Every reader in the table faces the same checks; a new suffix fails here until it has a sample."""

import hashlib
import json

import pytest

from annexscan.errors import InputError
from annexscan.listing import Listing
from annexscan.sources import READERS, find_inputs, read

TITLES = ["Oak bench of two metres", "Steel chair, stackable"]


def write_csv(path, delimiter=","):
    rows = [["title", "description"], [f'"{TITLES[0]}"', "a"], ["", ""], ["", ""], [f'"{TITLES[1]}"', "b"]]
    rows[2:4] = [["one", "two", "three"]]
    path.write_text("".join(delimiter.join(row) + "\n" for row in rows))


def write_jsonl(path):
    path.write_text("\n".join([json.dumps({"title": TITLES[0]}), "{bad", json.dumps({"title": TITLES[1]})]))


def write_parquet(path):
    import pyarrow
    from pyarrow import parquet

    parquet.write_table(pyarrow.table({"title": [TITLES[0], None, TITLES[1]], "price": [1, 2, 3]}), path)


def write_xlsx(path):
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([["title", "price"], [TITLES[0], 1], ["", 2], [TITLES[1], 3]]):
            sheet.write_row(number, 0, row)


def write_html(path):
    blocks = [json.dumps({"@type": "Product", "name": title}) for title in TITLES]
    blocks.insert(1, "{bad")
    path.write_text("".join(f'<script type="application/ld+json">{block}</script>' for block in blocks))


def write_pdf(path):
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path))
    canvas.drawString(50, 700, TITLES[0])
    canvas.showPage()
    canvas.drawImage(ImageReader(Image.new("RGB", (9, 9))), 50, 50)
    canvas.showPage()
    canvas.drawString(50, 700, TITLES[1])
    canvas.save()


SAMPLES = {
    ".csv": (write_csv, "row 2 (line 3)"),
    ".tsv": (lambda path: write_csv(path, "\t"), "row 2 (line 3)"),
    ".jsonl": (write_jsonl, "line 2"),
    ".ndjson": (write_jsonl, "line 2"),
    ".parquet": (write_parquet, "row 2"),
    ".xlsx": (write_xlsx, "row 2"),
    ".html": (write_html, "JSON-LD block 2"),
    ".htm": (write_html, "JSON-LD block 2"),
    ".xhtml": (write_html, "JSON-LD block 2"),
    ".pdf": (write_pdf, "page 2"),
}


def scan(path):
    (source,) = find_inputs([path])
    return list(read(source))


@pytest.fixture(params=READERS)
def suffix(request):
    return request.param


def test_what_is_bad_is_named_and_what_follows_is_read(tmp_path, suffix):
    path = tmp_path / f"goods{suffix}"
    SAMPLES[suffix][0](path)
    items = scan(path)
    errors = [item for item in items if isinstance(item, InputError)]
    texts = [item.title or item.description for item in items if isinstance(item, Listing)]
    assert [error.where for error in errors] == [SAMPLES[suffix][1]]
    assert (texts[0], texts[-1]) == (TITLES[0], TITLES[1])
    assert all(error.path == str(path) and error.message and error.remedy for error in errors)


def test_every_listing_says_where_it_stands(tmp_path, suffix):
    path = tmp_path / f"goods{suffix}"
    SAMPLES[suffix][0](path)
    listings = [item for item in scan(path) if isinstance(item, Listing)]
    assert len({listing.id for listing in listings}) == len(listings)
    for listing in listings:
        origin = listing.origin
        assert (origin.path, origin.sha256) == (str(path), hashlib.sha256(path.read_bytes()).hexdigest())
        assert origin.row or origin.record or (origin.page and origin.boxes)
        json.dumps({**listing.to_dict(), **origin.to_dict()}, ensure_ascii=False).encode()


def test_reading_twice_gives_the_same(tmp_path, suffix):
    path = tmp_path / f"goods{suffix}"
    SAMPLES[suffix][0](path)
    once, twice = ([item for item in scan(path) if isinstance(item, Listing)] for _ in range(2))
    assert once == twice


@pytest.mark.parametrize("damage", ["empty", "noise", "cut", "flipped"])
def test_a_damaged_file_never_raises_and_is_never_silent(tmp_path, suffix, damage):
    path = tmp_path / f"goods{suffix}"
    SAMPLES[suffix][0](path)
    data = path.read_bytes()
    noise = hashlib.shake_256(b"seed").digest(3000)
    path.write_bytes(
        {
            "empty": b"",
            "noise": noise,
            "cut": data[: len(data) // 2],
            "flipped": bytes(byte ^ (0x55 if n % 17 == 0 else 0) for n, byte in enumerate(data)),
        }[damage]
    )
    items = scan(path)
    assert items
    if damage == "empty":
        assert ["empty" in item.message for item in items] == [True]
