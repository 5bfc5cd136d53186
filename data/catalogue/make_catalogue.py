"""Lay out catalogue.toml as catalogue.pdf: ten A4 pages, the same bytes every time.

python data/catalogue/make_catalogue.py [OUT.pdf]
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Frame, Paragraph, Spacer, Table, TableStyle

HERE = Path(__file__).parent
WIDTH, HEIGHT = A4
MARGIN = 16 * mm
INK, SOFT, BAND = colors.HexColor("#1d2a38"), colors.HexColor("#6c7a89"), colors.HexColor("#dfe7ee")

NAME = ParagraphStyle("name", fontName="Helvetica-Bold", fontSize=12, leading=15, textColor=INK)
BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=10, leading=13)
SMALL = ParagraphStyle("small", fontName="Helvetica", fontSize=7.5, leading=10, textColor=SOFT)
PRICE = ParagraphStyle("price", fontName="Helvetica-Oblique", fontSize=9.2, leading=13)
BIG = ParagraphStyle("big", parent=BODY, fontSize=11, leading=15)
CELL = ParagraphStyle("cell", fontName="Helvetica", fontSize=8.6, leading=11)
HEAD = ParagraphStyle("head", fontName="Helvetica-Bold", fontSize=8, leading=10, textColor=colors.white)


def main() -> None:
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "samples" / "catalogue.pdf"
    book = tomllib.loads((HERE / "catalogue.toml").read_text(encoding="utf-8"))
    pdf = Canvas(str(out), pagesize=A4, invariant=1)
    pdf.setTitle("Safeguard & Supply Expo (fictional sample)")
    pdf.addPageLabel(0, style="ROMAN_LOWER", start=1)  # cover and advertisement: i, ii
    pdf.addPageLabel(2, style="ARABIC", start=1)  # the numbers printed in the feet
    draw_cover(pdf, book["cover"])
    draw_advertisement(pdf, book["advertisement"])
    for page in book["blurbs"]:
        draw_blurbs(pdf, page)
    for page in book["grids"]:
        draw_grid(pdf, page)
    draw_spec_table(pdf, book["spec_table"])
    draw_price_list(pdf, book["price_list"])
    draw_features(pdf, book["features"])
    draw_index(pdf, book["index"])
    pdf.save()


def text(words: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(words), style)


def place(pdf: Canvas, story: list[Any], left: float, base: float, width: float, height: float) -> None:
    """Set the story into a box; what does not fit is an error, never lost silently."""
    Frame(left, base, width, height, 0, 0, 0, 0).addFromList(story, pdf)
    if story:
        raise ValueError(f"{len(story)} pieces do not fit their box, the first: {story[0].getPlainText()}")


def number_and_price(item: dict[str, str]) -> Paragraph:
    return text(f"No. {item['no']} · {item['price']}", PRICE)


def heading(pdf: Canvas, words: str, width: float = WIDTH, height: float = HEIGHT) -> None:
    pdf.setFillColor(INK)
    pdf.rect(0, height - 20 * mm, width, 20 * mm, stroke=0, fill=1)
    pdf.setFillColor(colors.white)
    pdf.setFont("Helvetica-Bold", 13)
    pdf.drawString(MARGIN, height - 13 * mm, words)


def foot(pdf: Canvas, printed: str, width: float = WIDTH) -> None:
    pdf.setFillColor(SOFT)
    pdf.setFont("Helvetica", 8)
    pdf.drawString(MARGIN, 9 * mm, "Safeguard & Supply Expo · fictional sample")
    pdf.drawRightString(width - MARGIN, 9 * mm, printed)


def draw_cover(pdf: Canvas, cover: dict[str, Any]) -> None:
    pdf.setFillColor(INK)
    pdf.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
    pdf.setFillColor(colors.HexColor("#35506b"))
    for step in range(7):
        pdf.circle(WIDTH - step * 24 * mm, 70 * mm + step * 9 * mm, (26 - 2 * step) * mm, stroke=0, fill=1)
    pdf.setFillColor(colors.white)
    pdf.setFont("Helvetica-Bold", 30)
    pdf.drawString(MARGIN, HEIGHT - 70 * mm, cover["fair"])
    pdf.setFont("Helvetica", 15)
    pdf.drawString(MARGIN, HEIGHT - 84 * mm, cover["subtitle"])
    pdf.setFont("Helvetica", 11)
    for number, line in enumerate(cover["lines"]):
        pdf.drawString(MARGIN, HEIGHT - (98 + 7 * number) * mm, line)
    pdf.setFont("Helvetica", 8)
    pdf.drawString(MARGIN, 14 * mm, cover["foot"])
    pdf.showPage()


def draw_advertisement(pdf: Canvas, page: dict[str, Any]) -> None:
    pdf.setFillColor(colors.HexColor("#fff3c4"))
    pdf.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
    pdf.setFillColor(INK)
    pdf.setFont("Helvetica", 8)
    pdf.drawRightString(WIDTH - MARGIN, HEIGHT - 12 * mm, "ADVERTISEMENT")
    pdf.setFont("Helvetica-Bold", 28)
    pdf.drawCentredString(WIDTH / 2, HEIGHT - 45 * mm, page["headline"])
    pdf.setFont("Helvetica-Oblique", 13)
    pdf.drawCentredString(WIDTH / 2, HEIGHT - 57 * mm, page["slogan"])
    for number, item in enumerate(page["items"]):
        left, base = MARGIN + number * 92 * mm, 95 * mm
        pdf.setFillColor(colors.white)
        pdf.roundRect(left, base, 86 * mm, 115 * mm, 4 * mm, stroke=0, fill=1)
        picture(pdf, item["shape"], left + 18 * mm, base + 60 * mm, 50 * mm)
        story = [text(item["name"], NAME), Spacer(1, 4), text(item["text"], BODY), Spacer(1, 4), number_and_price(item)]
        place(pdf, story, left + 5 * mm, base + 3 * mm, 76 * mm, 50 * mm)
    story = [text(page["closing"], BIG), Spacer(1, 8), text(page["stand"], NAME)]
    place(pdf, story, MARGIN, 45 * mm, WIDTH - 2 * MARGIN, 35 * mm)
    pdf.showPage()


def draw_blurbs(pdf: Canvas, page: dict[str, Any]) -> None:
    heading(pdf, page["heading"])
    column = (WIDTH - 2 * MARGIN - 8 * mm) / 2
    half = (len(page["items"]) + 1) // 2
    for left, items in ((MARGIN, page["items"][:half]), (MARGIN + column + 8 * mm, page["items"][half:])):
        story: list[Any] = []
        for item in items:
            story += [text(item["stand"], SMALL), text(item["name"], NAME), text(item["text"], BODY)]
            story += [number_and_price(item), Spacer(1, 26)]
        place(pdf, story, left, 18 * mm, column, HEIGHT - 44 * mm)
    pdf.setStrokeColor(BAND)
    pdf.line(WIDTH / 2, 20 * mm, WIDTH / 2, HEIGHT - 28 * mm)
    foot(pdf, page["printed"])
    pdf.showPage()


def draw_grid(pdf: Canvas, page: dict[str, Any]) -> None:
    heading(pdf, page["heading"])
    card_width, card_height, gap = 56 * mm, 78 * mm, 5 * mm
    for number, item in enumerate(page["items"]):
        row, column = divmod(number, 3)
        left = MARGIN + column * (card_width + gap)
        base = HEIGHT - 26 * mm - (row + 1) * card_height - row * gap
        pdf.setStrokeColor(SOFT)
        pdf.roundRect(left, base, card_width, card_height, 2 * mm, stroke=1, fill=0)
        picture(pdf, item["shape"], left + 13 * mm, base + 43 * mm, 30 * mm)
        story = [text(item["name"], NAME), text(item["text"], BODY), number_and_price(item), text(item["stand"], SMALL)]
        place(pdf, story, left + 3 * mm, base + 1 * mm, card_width - 6 * mm, 41 * mm)
    foot(pdf, page["printed"])
    pdf.showPage()


def draw_spec_table(pdf: Canvas, page: dict[str, Any]) -> None:
    heading(pdf, page["heading"])
    table = ruled_table(page["columns"], page["rows"], [17, 51, 36, 29, 16, 12, 17])
    story = [text(page["note"], SMALL), Spacer(1, 8), table, Spacer(1, 10), text(page["makers"], SMALL)]
    place(pdf, story, MARGIN, 18 * mm, WIDTH - 2 * MARGIN, HEIGHT - 44 * mm)
    foot(pdf, page["printed"])
    pdf.showPage()


def draw_price_list(pdf: Canvas, page: dict[str, Any]) -> None:
    """A portrait sheet with /Rotate 90: viewers turn it, extraction sees upright paper."""
    pdf.setPageSize((HEIGHT, WIDTH))  # reportlab wants the size as seen and swaps it for the media box
    pdf.setPageRotation(90)
    pdf.translate(WIDTH, 0)
    pdf.rotate(90)
    heading(pdf, page["heading"], width=HEIGHT, height=WIDTH)
    table = ruled_table(page["columns"], page["rows"], [24, 58, 133, 18, 32])
    story = [text(page["stand"], NAME), Spacer(1, 8), table]
    place(pdf, story, MARGIN, 18 * mm, HEIGHT - 2 * MARGIN, WIDTH - 44 * mm)
    foot(pdf, page["printed"], width=HEIGHT)
    pdf.showPage()
    pdf.setPageRotation(0)
    pdf.setPageSize(A4)


def draw_features(pdf: Canvas, page: dict[str, Any]) -> None:
    heading(pdf, page["heading"])
    tall = 58 * mm
    for number, item in enumerate(page["items"]):
        base = HEIGHT - 28 * mm - (number + 1) * tall - number * 3 * mm
        left = MARGIN if number % 2 == 0 else WIDTH - MARGIN - 50 * mm
        picture(pdf, item["shape"], left, base + 6 * mm, 46 * mm)
        story = [
            text(item["stand"], SMALL), text(item["name"], NAME), Spacer(1, 4),
            text(item["text"], BODY), Spacer(1, 4), number_and_price(item),
        ]  # fmt: skip
        words_left = MARGIN + 56 * mm if number % 2 == 0 else MARGIN
        place(pdf, story, words_left, base, WIDTH - 2 * MARGIN - 56 * mm, tall - 4 * mm)
    foot(pdf, page["printed"])
    pdf.showPage()


def draw_index(pdf: Canvas, page: dict[str, Any]) -> None:
    heading(pdf, page["heading"])
    table = ruled_table(["Exhibitor", "Stand", "Shows", "Page"], page["exhibitors"], [70, 18, 66, 24])
    rules = [text(page["rules_heading"], NAME), Spacer(1, 4), text(page["rules"], BODY)]
    place(pdf, [table, Spacer(1, 24), *rules], MARGIN, 18 * mm, WIDTH - 2 * MARGIN, HEIGHT - 44 * mm)
    foot(pdf, page["printed"])
    pdf.showPage()


def ruled_table(columns: list[str], rows: list[list[str]], widths: list[float]) -> Table:
    cells = [[text(word, HEAD) for word in columns], *([text(word, CELL) for word in row] for row in rows)]
    return Table(
        cells,
        colWidths=[width * mm for width in widths],
        style=TableStyle([
            ("BACKGROUND", (0, 0), (-1, 0), INK),
            ("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.white, BAND]),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 7),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
        ]),
    )  # fmt: skip


def picture(pdf: Canvas, shape: str, left: float, base: float, size: float) -> None:
    """A placeholder of `size` points a side: a plain symbol, never a likeness."""
    pdf.saveState()
    pdf.translate(left, base)
    pdf.scale(size / 100, size / 100)
    pdf.setFillColor(BAND)
    pdf.rect(0, 0, 100, 100, stroke=0, fill=1)
    pdf.setFillColor(SOFT)
    pdf.setStrokeColor(SOFT)
    pdf.setLineWidth(5)
    match shape:
        case "torch":
            pdf.rect(42, 15, 16, 50, stroke=0, fill=1)
            pdf.circle(50, 74, 15, stroke=0, fill=1)
        case "lamp":
            pdf.wedge(20, 20, 80, 90, 0, 180, stroke=0, fill=1)
            pdf.line(50, 20, 50, 55)
        case "belt":
            pdf.roundRect(10, 40, 80, 20, 8, stroke=1, fill=0)
            pdf.rect(42, 34, 16, 32, stroke=0, fill=1)
        case "ring":
            pdf.circle(50, 50, 22, stroke=1, fill=0)
        case "rings":
            pdf.circle(32, 50, 18, stroke=1, fill=0)
            pdf.circle(68, 50, 18, stroke=1, fill=0)
        case "hammer":
            pdf.rect(46, 10, 8, 55, stroke=0, fill=1)
            pdf.rect(28, 60, 44, 24, stroke=0, fill=1)
        case "hood":
            pdf.ellipse(28, 20, 72, 88, stroke=1, fill=0)
            pdf.line(20, 24, 80, 24)
        case "bar":
            pdf.rect(10, 46, 80, 8, stroke=0, fill=1)
        case "chair":
            pdf.rect(30, 40, 42, 8, stroke=0, fill=1)
            pdf.rect(30, 40, 8, 48, stroke=0, fill=1)
            pdf.line(34, 12, 34, 40)
            pdf.line(68, 12, 68, 40)
        case "pistol":
            pdf.rect(20, 56, 62, 18, stroke=0, fill=1)
            pdf.rect(24, 22, 18, 36, stroke=0, fill=1)
        case "box":
            pdf.rect(22, 25, 56, 50, stroke=1, fill=0)
        case _:
            raise ValueError(f"no such shape: {shape}")
    pdf.restoreState()


if __name__ == "__main__":
    main()
