"""A text PDF in, one listing for each catalogue item out, with its page and boxes."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from annexscan.errors import InputError
from annexscan.listing import Listing, Origin
from annexscan.sources import layout
from annexscan.sources.layout import Char

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

_HYPHENS = frozenset({0x2, 0xAD, 0xFFFE})  # what PDFium puts for a hyphen at the end of a line
_UNREADABLE = 0.3  # share of characters without a Unicode value above which a page's text is reported as unreliable
_OCR = "run OCR on it first, for example with ocrmypdf, and scan the result"


def read(path: Path, display: str, sha256: str) -> Iterator[Listing | InputError]:
    """The items of every page of one PDF, and an error record for each page without readable text.

    PDFium is not thread-safe: read PDFs in one thread of a process.

    Args:
        path: The file.
        display: Its name in origins and messages.
        sha256: Its hash, for the origins.

    Raises:
        InputError: The file is encrypted or broken.
    """
    document = _opened(path, display)
    try:
        if len(document) == 0:
            raise InputError("the PDF has no pages", path=display, remedy="export it again")
        if document.get_formtype():
            document.init_forms()  # before any page is opened, so that what was typed into fields can be read
        for index in range(len(document)):
            try:
                yield from _page_listings(document, index, display, sha256)
            except Exception as error:  # one damaged page must not cost the others, whatever PDFium says of it
                yield InputError(
                    f"the page cannot be read: {error}",
                    path=display,
                    where=f"page {index + 1}",
                    remedy="print the file to a new PDF and scan that",
                )
    finally:
        document.close()


def _opened(path: Path, display: str) -> "PdfDocument":
    import pypdfium2
    from pypdfium2 import raw

    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise InputError(
                "the PDF is encrypted", path=display, remedy="save it without a password and scan that"
            ) from error
        raise InputError(f"not a readable PDF: {error}", path=display, remedy="download or export it again") from error


def _page_listings(document: "PdfDocument", index: int, display: str, sha256: str) -> Iterator[Listing | InputError]:
    number = index + 1
    page = _flattened(document, index)
    try:
        text_page = page.get_textpage()
        try:
            chars = _chars(page, text_page)
            lost = _without_unicode(text_page)
        finally:
            text_page.close()
        if not any(char.text.strip() for char in chars):
            yield from _no_text(page, number, display)
            return
    finally:
        page.close()
    if lost > _UNREADABLE:
        yield InputError(
            f"{lost:.0%} of the characters have no meaning outside their font, so the text read may be nonsense",
            path=display,
            where=f"page {number}",
            remedy=_OCR,
        )
    label = document.get_page_label(index) or None
    for position, item in enumerate(layout.items(chars), start=1):
        yield Listing(
            id=f"{Path(display).name}#page/{number}/{position}",
            title=item.title,
            description=item.description,
            origin=Origin(display, sha256, page=number, page_label=label, boxes=item.boxes),
        )


def _flattened(document: "PdfDocument", index: int) -> "PdfPage":
    """The page with what was typed into its form fields and notes made part of its text; the file stays as it is."""
    from pypdfium2 import raw

    page = document[index]
    raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
    page.close()
    return document[index]


def _no_text(page: "PdfPage", number: int, display: str) -> Iterator[InputError]:
    from pypdfium2 import raw

    kinds = {content.type for content in page.get_objects(max_depth=3)}
    if raw.FPDF_PAGEOBJ_IMAGE in kinds:
        reason = "the page is a picture without text"
    elif kinds:
        reason = "the page is drawn without text"
    else:
        return  # a blank page is no error
    yield InputError(reason, path=display, where=f"page {number}", remedy=_OCR)


def _chars(page: "PdfPage", text_page: "PdfTextPage") -> list[Char]:
    """Every character of the page in PDFium's reading order, boxes relative to the page's lower left corner."""
    import ctypes
    import math

    from pypdfium2 import raw

    left, bottom, _, _ = page.get_bbox()
    matrix = raw.FS_MATRIX()
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    chars: list[Char] = []
    for i in range(text_page.count_chars()):
        code = raw.FPDFText_GetUnicode(text_page, i)
        x0, y0, x1, y1 = text_page.get_charbox(i, loose=True)
        scale = 1.0
        if raw.FPDFText_GetMatrix(text_page, i, matrix):
            scale = math.hypot(matrix.c, matrix.d) or 1.0
        raw.FPDFText_GetFontInfo(text_page, i, name, 128, flags)
        font = name.value.lower()
        angle = raw.FPDFText_GetCharAngle(text_page, i)
        chars.append(
            Char(
                text=_shown(code),
                box=(x0 - left, y0 - bottom, x1 - left, y1 - bottom),
                size=abs(raw.FPDFText_GetFontSize(text_page, i)) * scale,
                bold=any(mark in font for mark in (b"bold", b"black", b"heavy", b"semibold", b"cmbx", b"-bd")),
                angle=-round(math.degrees(angle)) % 360 if angle >= 0 else 0,  # PDFium turns clockwise
                generated=raw.FPDFText_IsGenerated(text_page, i) == 1,
            )
        )
    return chars


def _shown(code: int) -> str:
    if code in _HYPHENS:
        return "-"
    if code in (0x0A, 0x0D):
        return "\n"
    if code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return " " if code in (0x09, 0x0B, 0x0C) else ""
    return chr(code)


def _without_unicode(text_page: "PdfTextPage") -> float:
    """The share of characters whose font does not say which letter they are."""
    from pypdfium2 import raw

    count = text_page.count_chars()
    lost: int = sum(
        raw.FPDFText_HasUnicodeMapError(text_page, i) == 1 or 0xE000 <= raw.FPDFText_GetUnicode(text_page, i) < 0xF900
        for i in range(count)
    )
    return float(lost / max(count, 1))
