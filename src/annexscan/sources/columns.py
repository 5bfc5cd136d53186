"""A row's cells in, a listing out: which heading means which of our names."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from annexscan.errors import InputError
from annexscan.listing import JUDGED_FIELDS, OPTIONAL_FIELDS, Listing, Origin

COLUMNS = ("id", *JUDGED_FIELDS, "text", *OPTIONAL_FIELDS)
"""The headings read by name; every other column is carried through in ``extra``."""

HEADING_WITHIN = 20
"""A heading line is looked for in this many first rows: exports often open with a title and a date."""

_TEXT = frozenset({*JUDGED_FIELDS, "text"})
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as a format reader found it.

    Attributes:
        number: Position among the data rows, from 1.
        where: How to find it again, e.g. ``"row 3 (line 5)"``.
        cells: Value by heading, as text; absent and empty cells mean the same.
        sheet: The sheet it stands on, when there are several.
        whole: The row as one text, judged in place of its text columns where cells and headings do not match.
    """

    number: int
    where: str
    cells: Mapping[str, str]
    sheet: str | None = None
    whole: str | None = None

    @property
    def id(self) -> str:
        """The id of a row that brings none."""
        return f"{self.sheet}/{self.number}" if self.sheet else str(self.number)


def unique(headings: Iterable[str]) -> list[str]:
    """Headings as dictionary keys: an empty one is named by its position, a repeated one is numbered."""
    out: list[str] = []
    taken: set[str] = set()
    for position, heading in enumerate(headings, start=1):
        name = plain = heading.strip() or f"column {position}"
        count = 1
        while name in taken:
            count += 1
            name = f"{plain} ({count})"
        taken.add(name)
        out.append(name)
    return out


def names_of(headings: Sequence[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Heading to our name, for the headings that have one; ``columns`` (our name to heading) goes first."""
    folded = {heading.strip().casefold(): heading for heading in reversed(headings)}
    names: dict[str, str] = {}
    for name in COLUMNS:
        for wanted in (columns.get(name, name), name):
            heading = folded.get(wanted.strip().casefold())
            if heading is not None and heading not in names:
                names[heading] = name
                break
    return names


def has_text(names: Mapping[str, str]) -> bool:
    """Whether one of the headings brings text to judge."""
    return not _TEXT.isdisjoint(names.values())


def heading_at(rows: Sequence[Sequence[str]], columns: Mapping[str, str]) -> int | None:
    """Index of the first of ``rows`` that can be the heading line, None without one."""
    return next((i for i, row in enumerate(rows) if has_text(names_of(row, columns))), None)


def no_text(path: str, headings: Iterable[str], where: str = "") -> InputError:
    """The error record of a table or row without a text column."""
    shown = [" ".join(heading.split())[:40] for heading in headings if heading.strip()][:20]
    example = next(iter(shown), "Description")
    return InputError(
        f"there is no column title, description or text; the headings are: {', '.join(shown) or 'none'}",
        path=path,
        where=where,
        remedy=f"name the column that holds the text, for example  --columns 'description={example}'",
    )


def unfound(path: str, headings: Sequence[str], columns: Mapping[str, str], where: str = "") -> list[InputError]:
    """An error record for each heading named in ``columns`` that is not there, unless ours stands in for it."""
    names = set(names_of(headings, columns).values())
    return [
        InputError(
            f"there is no column {heading!r} to read as {name}; the headings are: {', '.join(headings)}",
            path=path,
            where=where,
            remedy="correct --columns",
        )
        for name, heading in columns.items()
        if name not in names
    ]


def to_listing(row: Row, names: Mapping[str, str], path: str, sha256: str) -> Listing | InputError:
    """The listing a row holds, or an error record when it holds no text."""
    known: dict[str, str] = {}
    extra: dict[str, str] = {}
    for heading, value in row.cells.items():
        value = mended(value).strip()
        if value and heading in names:
            known[names[heading]] = value
        elif value:
            extra[heading] = value
    text = known.pop("text", "")
    title = known.pop("title", "")
    description = "\n".join(dict.fromkeys(part for part in (known.pop("description", ""), text) if part))
    if row.whole is not None:
        description = mended(row.whole).strip()
    if not title and not description:
        return InputError(
            "the row has no text", path=path, where=row.where, remedy="fill its title or description, or leave it out"
        )
    return Listing(
        id=known.pop("id", "") or row.id,
        title=title,
        description=description,
        origin=Origin(path, sha256, row=row.number, record=row.sheet),
        extra=extra,
        **known,
    )


def is_damaged(text: str) -> bool:
    """Whether bytes of the text could not be decoded."""
    return bool(_LONE_SURROGATE.search(text))


def mended(text: str) -> str:
    """The text with what could not be decoded shown as U+FFFD, so that it can be written again."""
    return _LONE_SURROGATE.sub("\ufffd", text.replace("\0", ""))
