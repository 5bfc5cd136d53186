"""A run record, verdicts and errors in, one self-contained HTML page out."""

import base64
import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from annexscan.report.belief import Belief, assumed_prevalence, belief
from annexscan.report.highlight import shown
from annexscan.report.items import Card, Place, cards, file_name, in_words
from annexscan.report.pictures import Picture, draw_pages

CARDS_SHOWN = 2000
"""Cards in one report at most; a browser can still filter them at once."""

_ERRORS_SHOWN = 500
_HERE = Path(__file__).parent
_TYPICAL = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5)
_MARGIN = 110  # pixels above and below an excerpt's boxes: the good is often pictured there
_AIR = 4  # pixels between a box's line and the letters


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn page in the report.

    Attributes:
        number: Counts from 1 in the order of the report.
        title: File and page in words.
        picture: The page.
        marks: Card number and rectangle of each box.
    """

    number: int
    title: str
    picture: Picture
    marks: tuple[tuple[int, tuple[int, int, int, int]], ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What a card shows of its page: a part of a drawn page, or why there is none.

    Attributes:
        page: The drawn page, None where there is none.
        view: Left, top, width, height of the part, in pixels of the page.
        rectangles: The item's boxes.
        reason: Why there is no picture, else empty.
    """

    page: Drawn | None
    view: tuple[int, int, int, int] = (0, 0, 0, 0)
    rectangles: tuple[tuple[int, int, int, int], ...] = ()
    reason: str = ""


def render_report(
    run: Mapping[str, Any], verdicts: Sequence[Mapping[str, Any]], errors: Sequence[Mapping[str, Any]]
) -> str:
    """The report as one HTML file that loads nothing: style, script and pictures stand inside.

    It is read without script and on paper, too; the script only filters, sorts and computes.

    Args:
        run: The run record as written to ``run.json``.
        verdicts: Full verdicts to show, usually those flagged or for review.
        errors: Lines of ``errors.jsonl``.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["shown"] = shown
    environment.filters["one_in"] = lambda share: f"1 in {round(1 / share):,}"
    found = cards(verdicts)
    context = {
        "run": run,
        "found": found[:CARDS_SHOWN],
        "cards_left_out": len(found) - CARDS_SHOWN,
        "errors": errors[:_ERRORS_SHOWN],
        "errors_left_out": len(errors) - _ERRORS_SHOWN,
        "shown_listings": sum(len(card.places) for card in found[:CARDS_SHOWN]),
        "file_name": file_name,
        "choices": _choices(found[:CARDS_SHOWN]),
        **_pictures(found[:CARDS_SHOWN]),
        **_summary(verdicts),
        **_belief(run),
        **_inline("style", _HERE / "report.css"),
        **_inline("script", _HERE / "report.js"),
    }
    html = environment.get_template("report.html.j2").render(context)
    return html.encode("utf-8", "replace").decode()  # half a surrogate pair cannot be written


def _inline(name: str, path: Path) -> dict[str, Any]:
    """A file's text and the hash by which the page's policy allows it, and nothing else, to act."""
    text = path.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return {name: Markup(text), f"{name}_hash": f"sha256-{digest}"}


def _summary(verdicts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Counts over the verdicts shown."""
    counts = Counter((verdict["decision"], verdict["status"]) for verdict in verdicts)
    kinds = Counter((verdict["kind"], verdict["decision"]) for verdict in verdicts)
    names = Counter(verdict["kind"] for verdict in verdicts)
    return {
        "counts": counts,
        "bars": [
            (in_words(kind), kinds[kind, "flag"], kinds[kind, "review"], 100 / max(names.values()))
            for kind, _ in names.most_common()
        ],
    }


def _belief(run: Mapping[str, Any]) -> dict[str, Any]:
    certificate = run.get("certificate") or {}
    bounds: Belief | None = belief(certificate)
    assumed = assumed_prevalence(run["decisions"].get("flag", 0), run["listings"])
    return {
        "certificate": certificate,
        "belief": bounds,
        "assumed": assumed,
        "log_one_in": round(-math.log10(assumed), 4),
        "believed": bounds.real_of_100(assumed) if bounds else None,
        "typical": [(share, bounds.real_of_100(share)) for share in _TYPICAL] if bounds else [],
    }


def _choices(found: Iterable[Card]) -> list[tuple[str, str, list[tuple[str, str, int]]]]:
    """The filters: name, label, and value, words and cards of each choice."""
    filters: dict[str, Counter[str]] = {
        name: Counter() for name in ("decision", "status", "kind", "language", "source", "seller")
    }
    for card in found:
        for name in ("decision", "status", "kind", "language"):
            filters[name][card.verdict[name]] += 1
        filters["source"].update({place.path for place in card.places})
        filters["seller"].update({place.seller for place in card.places if place.seller})
    words = {"source": "Source file"}
    return [
        (
            name,
            words.get(name, name.capitalize()),
            [(value, _choice_words(name, value), n) for value, n in sorted(counts.items())],
        )
        for name, counts in filters.items()
    ]


def _choice_words(name: str, value: str) -> str:
    return in_words(value) if name in ("kind", "status") else value


def _pictures(found: Sequence[Card]) -> dict[str, Any]:
    """The drawn pages, and for each card with a page the part of it that shows the item."""
    places = [(card, place) for card in found for place in card.places]
    places.sort(key=lambda pair: pair[1] is not pair[0].places[0])  # each card's own page before those of its like
    pictures = draw_pages(place.origin for _, place in places)
    pages: dict[tuple[str, int], Drawn] = {}
    for number, (page, picture) in enumerate(pictures.drawn.items(), start=1):
        marks = tuple(
            (card.number, rectangle)
            for card, place in places
            if (place.origin["path"], place.origin["page"]) == page
            for rectangle in _rectangles(place, picture)
        )
        pages[page] = Drawn(number, f"{page[0]}, page {page[1]}", picture, marks)
    excerpts: dict[int, Excerpt] = {}
    for card in found:
        place = card.places[0]
        page = place.origin["path"], place.origin["page"]
        if page in pages:
            excerpts[card.number] = _excerpt(place, pages[page])
        elif page in pictures.missing:
            excerpts[card.number] = Excerpt(None, reason=pictures.missing[page])
        elif page in pictures.left_out:
            excerpts[card.number] = Excerpt(None, reason="left out to keep this report small")
    return {"pages": list(pages.values()), "pages_left_out": len(pictures.left_out), "excerpts": excerpts}


def _rectangles(place: Place, picture: Picture) -> tuple[tuple[int, int, int, int], ...]:
    found = (picture.boxes[tuple(box)] for box in place.origin["boxes"])
    return tuple((x - _AIR, y - _AIR, width + 2 * _AIR, height + 2 * _AIR) for x, y, width, height in found)


def _excerpt(place: Place, page: Drawn) -> Excerpt:
    rectangles = _rectangles(place, page.picture)
    if not rectangles:
        return Excerpt(page, (0, 0, page.picture.width, page.picture.height))
    top = max(min(y for _, y, _, _ in rectangles) - _MARGIN, 0)
    bottom = min(max(y + height for _, y, _, height in rectangles) + _MARGIN, page.picture.height)
    return Excerpt(page, (0, top, page.picture.width, max(bottom - top, 1)), rectangles)
