import base64
import hashlib
import io
import re

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from selectolax.lexbor import LexborHTMLParser

from annexscan.listing import Origin
from annexscan.report import page as report_page
from annexscan.report import render_report
from annexscan.report.belief import belief
from annexscan.report.highlight import pieces
from annexscan.report.items import cards
from annexscan.report.pictures import draw_pages

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</title></style></script><b>",
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(1)",
]


def parsed(*args):
    return LexborHTMLParser(render_report(*args))


def span(text, words, weight=0.5, **more):
    start = text.index(words)
    return {"field": "title", "start": start, "end": start + len(words), "text": words} | {"weight": weight} | more


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_wherever_it_stands(make_verdict, run_record, text):
    verdict = make_verdict(
        f"leg irons {text}", text, evidence=[(text, text, 0.5)], context=[(text, text)], facts=[("n", text, text)],
        warnings=[text], id=text, seller=text, price=text, url=text, language=text, kind=text, entry=text,
        origin=Origin(text, text, record=text),
    )  # fmt: skip
    error = dict.fromkeys(("path", "where", "error", "remedy"), text)
    run = run_record | {"inputs": {text: text}, "certificate": run_record["certificate"] | {"scope": text}}
    plain, attacked = parsed(run_record, [make_verdict()], []), parsed(run, [verdict], [error])
    for tag in ("script", "style", "img", "iframe", "object", "b"):
        assert len(attacked.css(tag)) == len(plain.css(tag)), tag
    names = {name for node in attacked.css("*") for name in node.attributes}
    assert not {name for name in names if name.startswith("on") or name in ("src", "style", "srcdoc")}
    assert text in attacked.body.text()
    assert attacked.css_first("title").text() == "annexscan report"


def test_the_page_loads_nothing_and_runs_only_its_own_script(make_verdict, run_record):
    html = render_report(run_record, [make_verdict(url="https://shop.example/1")], [])
    tree = LexborHTMLParser(html)
    policy = tree.css_first("meta[http-equiv]").attributes["content"]
    script = hashlib.sha256(tree.css_first("script").text().encode()).digest()
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy
    assert f"script-src 'sha256-{base64.b64encode(script).decode()}'" in policy
    assert not tree.css("link, script[src], img, iframe, [style], base")
    loaded = [node.attributes["href"] for node in tree.css("image, use")]
    assert all(href.startswith(("data:", "#")) for href in loaded)
    assert re.findall(r"https?://[^\s\"<]+", html) == ["https://shop.example/1"] * 2  # as text, and as the link


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://shop.example/1", True),
        ("http://shop.example/1", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,<b>", False),
        ("file:///etc/passwd", False),
        ("//shop.example", False),
        ("https://[bad", False),
    ],
)
def test_only_web_addresses_become_links(make_verdict, run_record, url, linked):
    tree = parsed(run_record, [make_verdict(url=url)], [])
    links = tree.css(".place a")
    assert [link.attributes["href"] for link in links] == ([url] if linked else [])
    assert all("noreferrer" in link.attributes["rel"] for link in links)
    assert "".join(url.split()) in "".join(tree.css_first(".place").text().split())


def test_direction_and_control_characters_are_spelt_out(make_verdict, run_record):
    html = render_report(run_record, [make_verdict("leg \u202enori\u202c\x07 irons", seller="\u2067x\u2069")], [])
    tree = LexborHTMLParser(html)
    assert [node.text() for node in tree.css("h3 .control")] == ["U+202E", "U+202C", "U+0007"]
    assert [node.text() for node in tree.css(".place .control")] == ["U+2067", "U+2069"]
    assert tree.css_first(".card h3").attributes["dir"] == "auto"


def test_half_a_surrogate_pair_can_be_written(make_verdict, run_record):
    assert render_report(run_record, [make_verdict("irons \ud83d")], []).encode("utf-8")


@pytest.mark.parametrize(
    "title", ["👩‍👩‍👧🔒 leg irons", "e\u0301e\u0301 leg irons ỹ̈", "منتج leg irons جديد", "𝔵𝔵 leg irons <b>&"]
)
def test_marks_cover_exactly_the_words_counted_in_code_points(make_verdict, run_record, title):
    tree = parsed(run_record, [make_verdict(title, evidence=[("leg irons", "names leg irons", 0.71)])], [])
    (mark,) = tree.css("h3 mark")
    assert mark.text() == "leg irons"
    assert mark.attributes["title"] == "names leg irons (71% of the score)"
    assert tree.css_first(".card h3").text() == title


def test_overlapping_spans_keep_the_text_whole_and_name_every_reason():
    text = "museum leg irons replica"
    found = pieces(
        text,
        [span(text, "leg irons", 0.9, why="a"), span(text, "irons replica", 0.1, why="b")],
        [span(text, "museum leg", sense="museum")],
    )
    assert "".join(piece.text for piece in found) == text
    assert [(piece.text, piece.shade, piece.context) for piece in found] == [
        ("museum ", 0, True), ("leg", 5, True), (" ", 5, False), ("irons", 5, False), (" replica", 1, False),
    ]  # fmt: skip
    assert found[3].why == "a (90% of the score); b (10% of the score)"


@pytest.mark.parametrize("wrong", [(0, 3, "iro"), (5, 99, "x"), (2, 2, ""), (9, 4, "ns")])
def test_a_span_that_does_not_fit_is_not_marked(wrong):
    start, end, words = wrong
    bad = {"field": "title", "start": start, "end": end, "text": words, "weight": 0.5, "why": "a"}
    assert [(piece.text, piece.shade) for piece in pieces("leg irons", [bad], [])] == [("leg irons", 0)]


def test_a_long_stretch_is_cut_in_the_middle_but_evidence_is_not():
    text = "a" * 2000 + "leg irons" + "b" * 100
    found = pieces(text, [span(text, "leg irons", why="a")], [])
    assert [(len(piece.text), piece.cut) for piece in found] == [(200, 1600), (200, 0), (9, 0), (100, 0)]


def test_near_identical_listings_share_a_card_with_all_their_places(make_verdict, run_record):
    alike = [
        make_verdict(f"STEEL leg-irons  Model {n}{n}", "x" * n, score=0.9 + n / 100, seller=f"S{n}", id=str(n))
        for n in (1, 2, 3)
    ]
    other = [
        make_verdict("Steel leg irons model", kind="thumb_cuffs"),
        make_verdict("Steel leg irons", decision="review"),
    ]
    found = cards(alike + other)
    assert [len(card.places) for card in found] == [1, 3, 1]
    assert [place.seller for place in found[1].places] == ["S3", "S2", "S1"]
    assert found[1].verdict["score"] == 0.93
    tree = parsed(run_record, alike, [])
    assert tree.css_first(".times").text() == "×3"
    assert [node.attributes["data-seller"] for node in tree.css(".place")] == ["S3", "S2", "S1"]


def test_a_title_that_says_little_does_not_join_different_goods(make_verdict):
    assert len(cards([make_verdict("Lot 4", "leg irons"), make_verdict("Lot 5", "prison leg cuffs")])) == 2
    assert len(cards([make_verdict("Lot 4", "leg irons"), make_verdict("lot 55", "Leg Irons.")])) == 1


def test_flags_come_first_then_the_higher_score(make_verdict):
    rows = [("a", "review", 0.9), ("b", "flag", 0.8), ("c", "flag", 0.95)]
    made = [make_verdict(f"{name} leg irons for prisons", decision=d, score=s, id=name) for name, d, s in rows]
    assert [card.verdict["id"] for card in cards(made)] == ["c", "b", "a"]


def test_the_law_is_told_with_how_sure_it_is(make_verdict, run_record):
    known = parsed(run_record, [make_verdict(entry="2.1", basis="read")], []).css_first(".law").text()
    unknown = parsed(run_record, [make_verdict()], []).css_first(".law").text()
    assert "entry 2.1, read in the legal text" in known and "8301 50 00" in known
    assert "entry number not known; from secondary sources" in unknown


def test_errors_are_listed_with_what_to_do(make_verdict, run_record):
    errors = [{"path": "a.pdf", "where": "page 3", "error": "no text", "remedy": "run OCR"}]
    tree = parsed(run_record | {"errors": 1}, [], errors)
    section = tree.css_first("[aria-labelledby=errors]")
    assert [cell.text() for cell in section.css("td")] == ["a.pdf", "page 3", "no text", "run OCR"]
    assert not parsed(run_record, [], []).css("[aria-labelledby=errors]")


def test_cards_above_the_limit_are_counted_not_lost(make_verdict, run_record, monkeypatch):
    monkeypatch.setattr(report_page, "CARDS_SHOWN", 2)
    made = [make_verdict(f"leg irons of maker {name}", score=0.9, id=name) for name in "abc"]
    tree = parsed(run_record, made, [])
    assert len(tree.css("#items > li")) == 2
    assert "1 more with lower scores are left out" in tree.css_first(".status").text()


def test_belief_falls_with_rarity_and_never_beats_its_evidence(run_record):
    bounds = belief(run_record["certificate"])
    lows = [bounds.real_of_100(share)[0] for share in (0.1, 0.01, 0.001, 0.0001)]
    assert lows == [81, 28, 3, 0]
    assert bounds.real_of_100(0.1)[1] == 100
    assert bounds.false_high == pytest.approx(0.0187, abs=1e-4)  # 3 of 412, exact bound: scipy.stats.beta.ppf


def test_belief_prefers_ordinary_goods_and_bounds_both_ends(run_record):
    counted = {"ordinary_flag_upper_per_100k": 20.0, "ordinary_rows": 100_000, "ordinary_flagged": 12}
    bounds = belief(run_record["certificate"] | counted)
    low, high = bounds.real_of_100(0.0001)
    assert bounds.ordinary and bounds.harmless == 100_000
    assert (low, high) == (27, 55)  # by scipy.stats.beta.ppf: 0.2709 and 0.5496


@pytest.mark.parametrize("certificate", [{}, {"flag": {"found": 0, "rows": 0, "recall_lower_95": 0.0}}])
def test_without_evidence_nothing_is_stated(run_record, certificate):
    tree = parsed(run_record | {"certificate": certificate}, [], [])
    assert "This cannot be stated" in tree.css_first(".belief").text()
    assert not tree.css("#prevalence")


@pytest.fixture
def drawn_pdf(tmp_path):
    """A PDF with one black box a page, on pages that are turned, cut to size, or neither."""
    path = tmp_path / "catalogue.pdf"
    box = (60, 100, 260, 160)
    canvas = Canvas(str(path), pagesize=(400, 600), invariant=1)
    for rotation in (0, 90, 180, 270):
        for crop in (None, (30, 50, 380, 580)):
            canvas.setPageSize((400, 600) if rotation % 180 == 0 else (600, 400))  # reportlab swaps turned pages
            canvas.setPageRotation(rotation)
            canvas.setCropBox(crop)
            left, bottom = crop[:2] if crop else (0, 0)
            canvas.rect(box[0] + left, box[1] + bottom, box[2] - box[0], box[3] - box[1], stroke=0, fill=1)
            canvas.showPage()
    canvas.save()
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return lambda number: Origin(str(path), sha256, page=number, boxes=(box,))


@pytest.mark.parametrize("number", range(1, 9))
def test_boxes_lie_on_what_they_name_however_the_page_is_turned_or_cut(drawn_pdf, number):
    (picture,) = draw_pages([drawn_pdf(number).to_dict()]).drawn.values()
    image = Image.open(io.BytesIO(base64.b64decode(picture.uri.partition(",")[2]))).convert("L")
    assert image.size == (picture.width, picture.height)
    dark = image.point(lambda value: 255 if value < 128 else 0).getbbox()
    ((x, y, width, height),) = picture.boxes.values()
    assert dark == pytest.approx((x, y, x + width, y + height), abs=2)
    assert {width, height} == {260, 78}  # 200 x 60 points at 1.3 pixels


def test_a_page_is_embedded_once_and_shown_on_each_of_its_cards(make_verdict, run_record, drawn_pdf):
    made = [make_verdict(f"leg irons of maker {name}", id=name, origin=drawn_pdf(1)) for name in "ab"]
    html = render_report(run_record, made, [])
    tree = LexborHTMLParser(html)
    assert html.count("data:image/jpeg") == 1
    assert [node.attributes["href"] for node in tree.css(".card use")] == ["#picture-1", "#picture-1"]
    assert [node.attributes["href"] for node in tree.css("#page-1 a")] == ["#item-1", "#item-2"]


def test_pages_above_the_limit_are_counted(drawn_pdf):
    pictures = draw_pages([drawn_pdf(number).to_dict() for number in (3, 1, 3, 2)], limit=2)
    assert [page for _, page in pictures.drawn] == [3, 1]
    assert [page for _, page in pictures.left_out] == [2]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda path: path.unlink(), "the file can no longer be opened"),
        (lambda path: path.write_bytes(b"%PDF-1.4 other"), "the file has changed since it was scanned"),
    ],
)
def test_a_pdf_that_is_gone_or_changed_is_said_so(make_verdict, run_record, drawn_pdf, tmp_path, change, reason):
    origin = drawn_pdf(1)
    change(tmp_path / "catalogue.pdf")
    tree = parsed(run_record, [make_verdict(origin=origin)], [])
    assert f"No picture of the page: {reason}." in tree.css_first("#item-1").text()
    assert not tree.css("image")


def test_a_damaged_file_or_a_missing_page_costs_only_its_picture(tmp_path, drawn_pdf):
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"no pdf")
    origins = [Origin(str(broken), hashlib.sha256(b"no pdf").hexdigest(), page=1), drawn_pdf(99), drawn_pdf(1)]
    pictures = draw_pages(origin.to_dict() for origin in origins)
    assert [page for _, page in pictures.drawn] == [1]
    assert sorted(pictures.missing.values()) == ["the file can no longer be opened", "the page can no longer be drawn"]
