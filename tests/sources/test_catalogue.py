from collections import Counter

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from annexscan.errors import InputError
from annexscan.listing import Listing
from annexscan.sources import find_inputs, read

WIDTH, HEIGHT = 595, 842


def draw(path, *pages, **options):
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), **options)
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return path


def text(canvas, x, y, *lines, bold=False, size=10):
    canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
    for number, line in enumerate(lines):
        canvas.drawString(x, y - number * size * 1.2, line)


def entry(canvas, x, y, title, *lines):
    text(canvas, x, y, title, bold=True, size=12)
    text(canvas, x, y - 14, *lines)


def picture(canvas):
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(ImageReader(Image.new("RGB", (20, 20), "red")), 50, 50, 400, 600)


def scan(path):
    (source,) = find_inputs([path])
    items = list(read(source))
    return [i for i in items if isinstance(i, Listing)], [i for i in items if isinstance(i, InputError)]


def characters(listings):
    return Counter("".join("".join(f"{x.title}{x.description}".split()) for x in listings))


def test_a_heading_leads_the_text_below_it(tmp_path):
    def page(canvas):
        entry(canvas, 50, 780, "Oak bench", "Solid oak, two metres.", "Four iron rings in the seat.")
        entry(canvas, 50, 700, "Steel chair", "Stackable.")

    listings, errors = scan(draw(tmp_path / "a.pdf", page))
    assert not errors
    assert [(x.title, x.description) for x in listings] == [
        ("Oak bench", "Solid oak, two metres.\nFour iron rings in the seat."),
        ("Steel chair", "Stackable."),
    ]
    assert [(x.id, x.origin.page) for x in listings] == [("a.pdf#page/1/1", 1), ("a.pdf#page/1/2", 1)]


def test_text_without_headings_is_parted_at_its_gaps(tmp_path):
    def page(canvas):
        text(canvas, 50, 780, "Oak bench of two metres", "with four iron rings")
        text(canvas, 50, 730, "Steel chair, stackable")

    listings, _ = scan(draw(tmp_path / "a.pdf", page))
    assert [x.description for x in listings] == [
        "Oak bench of two metres\nwith four iron rings",
        "Steel chair, stackable",
    ]


@pytest.mark.parametrize("by_row", [False, True])
def test_columns_are_kept_apart_whatever_the_order_of_the_file(tmp_path, by_row):
    left = [f"left column line {n} runs on quite long" for n in range(12)]
    right = [f"right column line {n} runs on as well" for n in range(12)]

    def page(canvas):
        if by_row:
            for n in range(12):
                text(canvas, 50, 780 - 12 * n, left[n])
                text(canvas, 320, 780 - 12 * n, right[n])
        else:
            text(canvas, 320, 780, *right)
            text(canvas, 50, 780, *left)

    listings, _ = scan(draw(tmp_path / "a.pdf", page))
    assert sorted(x.description for x in listings) == ["\n".join(left), "\n".join(right)]


def test_a_grid_of_goods_keeps_each_cell_together(tmp_path):
    names = [["Oak bench", "Steel chair", "Brass lamp"], ["Wall rack", "Iron stove", "Copper pan"]]

    def page(canvas):
        text(canvas, 50, 810, "Catalogue of fine furniture and household goods 2026", bold=True, size=16)
        for r, row in enumerate(names):
            for c, name in enumerate(row):
                entry(
                    canvas,
                    50 + 180 * c,
                    740 - 200 * r,
                    name,
                    f"Ref. {r}{c}70",
                    f"for {name.lower()} use",
                    f"EUR {r}{c},50",
                )

    listings, _ = scan(draw(tmp_path / "a.pdf", page))
    goods = {x.title: x.description for x in listings}
    assert len(goods) == len(listings) == 7
    for r, row in enumerate(names):
        for c, name in enumerate(row):
            assert goods[name] == f"Ref. {r}{c}70\nfor {name.lower()} use\nEUR {r}{c},50"


def test_the_rows_of_a_price_table_stay_whole(tmp_path):
    def page(canvas):
        for n, (name, price) in enumerate([("Oak bench", "49.50"), ("Steel chair", "12.00"), ("Lamp", "5.00")]):
            y = 780 - 14 * n
            text(canvas, 50, y, f"A{n}17")
            text(canvas, 130, y, name)
            text(canvas, 420, y, price)

    listings, _ = scan(draw(tmp_path / "a.pdf", page))
    assert "\n".join(x.description for x in listings) == (
        "A017\tOak bench\t49.50\nA117\tSteel chair\t12.00\nA217\tLamp\t5.00"
    )


def test_each_row_of_a_table_set_wide_is_an_item_with_its_wrapped_cells(tmp_path):
    rows = [
        ("A1", "Oak bench of two metres", "solid oak, waxed", "49.50"),
        ("A2", "Steel chair", "tube steel", "12.00"),
    ]
    rows += [("A3", "Copper pan", "hammered copper", "30.00"), ("A4", "Brass lamp", "brass, paraffin", "8.00")]

    def page(canvas):
        text(canvas, 50, 810, "Price list of household goods and furniture for the year", bold=True, size=14)
        for n, row in enumerate(rows):
            for x, cell in zip((50, 100, 300, 480), row, strict=True):
                text(canvas, x, 760 - 26 * n, cell)
        text(canvas, 100, 749, "with iron rings")
        text(canvas, 50, 600, "All prices without tax.")

    listings, _ = scan(draw(tmp_path / "a.pdf", page))
    assert listings[0].title.startswith("Price list")
    assert [x.description for x in listings[1:]] == [
        "A1\tOak bench of two metres\tsolid oak, waxed\t49.50\nwith iron rings",
        *["\t".join(row) for row in rows[1:]],
        "All prices without tax.",
    ]


def test_a_small_line_right_above_a_heading_belongs_to_it(tmp_path):
    def page(canvas):
        for y, seller, name in [(780, "Stand B1, Acme", "Oak bench"), (690, "Stand C7, Brown", "Steel chair")]:
            text(canvas, 50, y, seller, size=8)
            entry(canvas, 50, y - 12, name, "Solid and heavy.", "Ships in a week.")

    listings, _ = scan(draw(tmp_path / "a.pdf", page))
    assert [(x.title, x.description) for x in listings] == [
        ("Oak bench", "Stand B1, Acme\nSolid and heavy.\nShips in a week."),
        ("Steel chair", "Stand C7, Brown\nSolid and heavy.\nShips in a week."),
    ]


def test_a_lone_price_goes_to_the_nearest_item(tmp_path):
    def page(canvas):
        entry(canvas, 50, 780, "Oak bench", "Solid oak.")
        text(canvas, 50, 690, "49.50")
        entry(canvas, 50, 400, "Steel chair", "Stackable.")

    listings, _ = scan(draw(tmp_path / "a.pdf", page))
    assert [x.description for x in listings] == ["Solid oak.\n49.50", "Stackable."]
    assert len(listings[0].origin.boxes) == 2


def inside(box, around):
    return around[0] <= box[0] and around[1] <= box[1] and box[2] <= around[2] and box[3] <= around[3]


def test_boxes_stand_around_the_words_in_points_from_the_lower_left(tmp_path):
    (listing,), _ = scan(draw(tmp_path / "a.pdf", lambda c: text(c, 100, 700, "Oak bench of two metres")))
    (box,) = listing.origin.boxes
    assert inside((101, 701, 200, 706), box)
    assert inside(box, (98, 694, 215, 714))


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_boxes_of_a_rotated_page_belong_to_the_unrotated_one(tmp_path, turn):
    def page(canvas):
        canvas.setPageRotation(turn)
        entry(canvas, 100, 700, "Oak bench", "Solid oak.")

    (listing,), _ = scan(draw(tmp_path / "a.pdf", page))
    assert (listing.title, listing.description) == ("Oak bench", "Solid oak.")
    (box,) = listing.origin.boxes
    assert inside((101, 687, 150, 708), box)
    assert inside(box, (98, 680, 165, 716))


def test_boxes_count_from_the_corner_of_a_page_that_is_cut(tmp_path):
    def page(canvas):
        canvas.setCropBox((40, 60, WIDTH, HEIGHT))
        text(canvas, 100, 700, "Oak bench")

    (listing,), _ = scan(draw(tmp_path / "a.pdf", page))
    (box,) = listing.origin.boxes
    assert inside((61, 641, 95, 646), box)
    assert inside(box, (58, 634, 112, 654))


@pytest.mark.parametrize("angle", [90, 180, 270, 30])
def test_turned_text_is_read_in_its_own_direction(tmp_path, angle):
    def page(canvas):
        text(canvas, 50, 780, "Steel chair")
        canvas.translate(300, 400)
        canvas.rotate(angle)
        text(canvas, 0, 0, "Oak bench with", "four iron rings")

    listings, _ = scan(draw(tmp_path / "a.pdf", page))
    assert {x.description for x in listings} == {"Steel chair", "Oak bench with\nfour iron rings"}


def test_no_character_is_lost_or_read_twice(tmp_path):
    lines = []

    def page(canvas):
        for n in range(60):
            x, y, size = 40 + (n * 137) % 480, 40 + (n * 211) % 760, 6 + n % 9
            line = f"w{n} word-{n * 7}"
            lines.append(line)
            text(canvas, x, y, line, bold=n % 3 == 0, size=size)

    listings, _ = scan(draw(tmp_path / "a.pdf", page))
    assert characters(listings) == Counter("".join("".join(lines).split()))


def test_what_was_typed_into_a_form_is_read(tmp_path):
    def page(canvas):
        text(canvas, 50, 780, "Goods declared")
        canvas.acroForm.textfield(name="goods", value="iron rings for walls", x=50, y=700, width=300, height=30)

    listings, _ = scan(draw(tmp_path / "a.pdf", page))
    assert "iron rings for walls" in [x.description for x in listings]


def test_a_hyphen_at_the_end_of_a_line_is_kept(tmp_path):
    (listing,), _ = scan(draw(tmp_path / "a.pdf", lambda c: text(c, 50, 780, "A bench with re-", "straint rings")))
    assert listing.description == "A bench with re-\nstraint rings"


def test_a_page_without_text_is_named_and_the_others_are_read(tmp_path):
    path = draw(
        tmp_path / "a.pdf",
        lambda c: text(c, 50, 780, "Oak bench"),
        picture,
        lambda c: c.line(10, 10, 300, 300),
        lambda c: None,
        lambda c: text(c, 50, 780, "Steel chair"),
    )
    listings, errors = scan(path)
    assert [(x.description, x.origin.page) for x in listings] == [("Oak bench", 1), ("Steel chair", 5)]
    assert [error.where for error in errors] == ["page 2", "page 3"]
    assert "picture" in errors[0].message
    assert "OCR" in errors[0].remedy


def test_the_printed_page_number_is_the_label(tmp_path):
    canvas = Canvas(str(tmp_path / "a.pdf"))
    for number in range(2):
        canvas.addPageLabel(number, style="ROMAN_LOWER", start=3 + number)
        text(canvas, 50, 780, "Oak bench")
        canvas.showPage()
    canvas.save()
    listings, _ = scan(tmp_path / "a.pdf")
    assert [(x.origin.page, x.origin.page_label) for x in listings] == [(1, "iii"), (2, "iv")]


def test_an_encrypted_file_says_so(tmp_path):
    lock = StandardEncryption("secret", canPrint=0)
    listings, (error,) = scan(draw(tmp_path / "a.pdf", lambda c: text(c, 50, 780, "Oak bench"), encrypt=lock))
    assert not listings
    assert "encrypted" in error.message
    assert "password" in error.remedy


@pytest.mark.parametrize("data", [b"%PDF-1.4 broken", b"\0" * 500, b"<html>not found</html>"])
def test_a_broken_file_is_an_error(tmp_path, data):
    (tmp_path / "a.pdf").write_bytes(data)
    listings, (error,) = scan(tmp_path / "a.pdf")
    assert not listings
    assert "not a readable PDF" in error.message


def test_a_file_cut_off_in_the_middle_never_raises(tmp_path):
    whole = draw(tmp_path / "a.pdf", *[lambda c: text(c, 50, 780, "Oak bench")] * 3).read_bytes()
    for part in range(1, 10):
        (tmp_path / "cut.pdf").write_bytes(whole[: len(whole) * part // 10])
        listings, errors = scan(tmp_path / "cut.pdf")
        assert listings or errors
