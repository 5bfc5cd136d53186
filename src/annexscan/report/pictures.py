"""Origins on PDF pages in, pictures of those pages with the place of each box out."""

import base64
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

PAGES_SHOWN = 60
"""Pages embedded in one report at most: each adds 100 to 300 kB."""

_SCALE = 1.3  # pixels a point: small print can still be read
_LONGEST = 2000  # pixels; a poster or a forged page size must not fill the memory
_QUALITY = 70

Page = tuple[str, int]
"""Path of a PDF and physical page, counted from 1."""

Rectangle = tuple[int, int, int, int]
"""Left, top, width, height in pixels of a picture."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn page.

    Attributes:
        uri: The JPEG as a data URI.
        width, height: Size in pixels, as the page is seen (rotated).
        boxes: The rectangle of each box asked for.
    """

    uri: str
    width: int
    height: int
    boxes: Mapping[tuple[float, ...], Rectangle]


@dataclass(frozen=True, slots=True)
class Pictures:
    """What could be drawn.

    Attributes:
        drawn: Picture of each page that could be drawn, in the order asked for.
        missing: Why a page could not be drawn.
        left_out: Pages above the number shown.
    """

    drawn: Mapping[Page, Picture]
    missing: Mapping[Page, str]
    left_out: frozenset[Page]


def draw_pages(origins: Iterable[Mapping[str, Any]], limit: int = PAGES_SHOWN) -> Pictures:
    """Pictures of the pages that the origins name, each drawn once.

    Args:
        origins: ``origin`` objects of verdicts, the most important first; those without a page are passed over.
        limit: Pages drawn at most.
    """
    boxes: dict[Page, list[tuple[float, ...]]] = defaultdict(list)
    hashes: dict[str, str] = {}
    for origin in origins:
        if origin["page"] is not None:
            boxes[origin["path"], origin["page"]] += [tuple(box) for box in origin["boxes"]]
            hashes[origin["path"]] = origin["sha256"]
    wanted = list(boxes)[:limit]
    drawn: dict[Page, Picture] = {}
    missing: dict[Page, str] = {}
    for path in dict.fromkeys(path for path, _ in wanted):
        pages = [page for page in wanted if page[0] == path]
        result = _draw_document(Path(path), hashes[path], {page: boxes[page] for page in pages})
        for page, picture in result.items():
            if isinstance(picture, Picture):
                drawn[page] = picture
            else:
                missing[page] = picture
    in_order = {page: drawn[page] for page in wanted if page in drawn}
    return Pictures(in_order, missing, frozenset(boxes) - frozenset(wanted))


def _draw_document(path: Path, sha256: str, boxes: Mapping[Page, list[tuple[float, ...]]]) -> dict[Page, Picture | str]:
    import pypdfium2

    try:
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            return dict.fromkeys(boxes, "the file has changed since it was scanned")
        with pypdfium2.PdfDocument(data) as document:
            return {page: _draw_page(document, page[1], wanted) for page, wanted in boxes.items()}
    except (OSError, pypdfium2.PdfiumError):
        return dict.fromkeys(boxes, "the file can no longer be opened")


def _draw_page(document: "PdfDocument", number: int, boxes: list[tuple[float, ...]]) -> Picture | str:
    import pypdfium2

    try:
        page = document[number - 1]
        try:
            bitmap = page.render(scale=min(_SCALE, _LONGEST / max(page.get_size())))
            place = bitmap.get_posconv(page)
            rectangles = {box: _rectangle(page, place, box) for box in boxes}
        finally:
            page.close()
    except (IndexError, pypdfium2.PdfiumError):
        return "the page can no longer be drawn"
    jpeg = io.BytesIO()
    bitmap.to_pil().convert("RGB").save(jpeg, "JPEG", quality=_QUALITY, optimize=True)
    uri = "data:image/jpeg;base64," + base64.b64encode(jpeg.getvalue()).decode()
    return Picture(uri, bitmap.width, bitmap.height, rectangles)


def _rectangle(page: "PdfPage", place: Any, box: tuple[float, ...]) -> Rectangle:
    """A box in points as pixels; PDFium knows the page's rotation, its visible area starts where boxes count from."""
    left, bottom, _, _ = page.get_bbox()
    ax, ay = place.to_bitmap(left + box[0], bottom + box[1])
    bx, by = place.to_bitmap(left + box[2], bottom + box[3])
    return min(ax, bx), min(ay, by), abs(bx - ax), abs(by - ay)
