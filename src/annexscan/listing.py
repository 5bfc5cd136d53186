"""One good offered or sought, and where its text stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in PDF points, origin at the bottom left of the unrotated page."""

JUDGED_FIELDS = ("title", "description")
"""The fields whose text is judged, in the order in which they are read."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a listing stands.

    Attributes:
        path: The input file as the user named it (or found below the folder named), ``-`` for standard input.
        sha256: Hex SHA-256 of the input's bytes.
        page: Physical page of a PDF, counted from 1.
        page_label: The number printed on that page, when the file carries one.
        boxes: Where the item stands on the page.
        record: Position of the item within a web page or archive record, e.g. ``"json-ld/0"``.
        row: Row of a table or line of a JSONL file; data rows count from 1, the heading line is not counted.
    """

    path: str
    sha256: str
    page: int | None = None
    page_label: str | None = None
    boxes: tuple[Box, ...] = ()
    record: str | None = None
    row: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The ``origin`` object of a verdict."""
        return {
            "path": self.path,
            "sha256": self.sha256,
            "page": self.page,
            "page_label": self.page_label,
            "boxes": [list(box) for box in self.boxes],
            "record": self.record,
            "row": self.row,
        }


@dataclass(frozen=True, slots=True)
class Listing:
    """One good offered or sought, as read.

    Attributes:
        id: The row's own id, else the row number, else a name built from the origin; unique within an input.
        title: Heading of the offer, may be empty.
        description: The rest of its text, may be empty; a single ``text`` column is read into it.
        origin: Where it stands.
        language: ISO 639 code the input states, or None.
        price, currency, seller, url, category, hs_code, quantity, country_of_origin, destination, date:
            As written in the input, or None.
        extra: Columns annexscan has no name for, carried through to the output.
    """

    id: str
    title: str
    description: str
    origin: Origin
    language: str | None = None
    price: str | None = None
    currency: str | None = None
    seller: str | None = None
    url: str | None = None
    category: str | None = None
    hs_code: str | None = None
    quantity: str | None = None
    country_of_origin: str | None = None
    destination: str | None = None
    date: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The ``listing`` object of a verdict: the text judged, and every other field that is set."""
        out: dict[str, Any] = {"title": self.title, "description": self.description}
        for name in OPTIONAL_FIELDS:
            value = getattr(self, name)
            if value is not None:
                out[name] = value
        if self.extra:
            out["extra"] = dict(self.extra)
        return out


OPTIONAL_FIELDS = (
    "language",
    "price",
    "currency",
    "seller",
    "url",
    "category",
    "hs_code",
    "quantity",
    "country_of_origin",
    "destination",
    "date",
)
"""Input columns that are carried through but not judged."""
