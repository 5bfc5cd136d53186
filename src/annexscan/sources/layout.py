"""The characters of one page in, its items out: columns are kept apart and headings lead the text below them.

All of it happens in the reading frame of the text, turned by the angle of its characters, so that rotated pages and
upright side notes are read like any other text. Every character ends in exactly one item.
"""

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from annexscan.listing import Box
from annexscan.sources.gutters import columns
from annexscan.sources.line import Char, Line, union

__all__ = ["Char", "Item", "items"]

_JUMP = 1.2  # em of empty space within a line that part two pieces of text
_PARAGRAPH = 0.6  # em beyond the usual gap between lines that end a text without heading
_SECTION = 3.0  # em beyond it that end the text under a heading
_LARGER = 1.08  # times the body size from which a line is a heading
_LONGEST_HEADING = 120


@dataclass(slots=True)
class Item:
    """One item of a page.

    Attributes:
        heading: Its heading lines.
        body: The lines below.
        boxes: Where it stands, in the page's own coordinates.
    """

    heading: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The heading on one line."""
        return " ".join(line.text for line in self.heading)

    @property
    def description(self) -> str:
        """The text below the heading, line by line as printed."""
        return "\n".join(line.text for line in self.body)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """One box around each run of lines that follow one another."""
        runs: list[list[Line]] = []
        for line in sorted([*self.heading, *self.body], key=lambda line: -line.middle):
            if runs and line.follows(runs[-1][-1], _SECTION * line.size):
                runs[-1].append(line)
            else:
                runs.append([line])
        return tuple(_rounded(union(line.box for line in run)) for run in runs)


def items(chars: Sequence[Char]) -> list[Item]:
    """The items of a page in reading order.

    Args:
        chars: Its characters in the order of the file; the line breaks among them end a line.
    """
    found: list[Item] = []
    pieces = _pieces(chars)
    for angle in dict.fromkeys(piece.angle for piece in pieces):
        turned = [piece for piece in pieces if piece.angle == angle]
        style = _body_style(turned)
        lines = [_lines(column) for column in columns(turned)]
        usual = _usual_gap(lines)
        for column in lines:
            found += _column_items(column, style, usual)
    return _with_stray_numbers_joined(found)


def _pieces(chars: Sequence[Char]) -> list[Line]:
    """Runs of characters that stand next to one another on one line."""
    pieces: list[Line] = []
    run: list[Char] = []
    last: Char | None = None
    for char in chars:
        if char.text == "\n" or (last is not None and not char.is_blank and _parted(last, char)):
            pieces += Line.of(run)
            run, last = [], None
        if char.text and char.text != "\n":
            run.append(char)
            last = last if char.is_blank else char
    return pieces + Line.of(run)


def _parted(last: Char, char: Char) -> bool:
    if last.angle != char.angle:
        return True
    if last.angle % 90:
        return False  # the box of slanted text says nothing about the distance of its letters
    a, b = last.turned, char.turned
    size = max(last.size, char.size, a[3] - a[1])
    middle = (b[1] + b[3]) / 2
    off_line = not a[1] - 0.2 * size <= middle <= a[3] + 0.2 * size
    return off_line or max(b[0] - a[2], a[0] - b[2]) > _JUMP * size


def _lines(pieces: Iterable[Line]) -> list[Line]:
    """The pieces of one column joined to whole lines, top to bottom."""
    rows: list[list[Line]] = []
    for piece in sorted(pieces, key=lambda piece: -piece.middle):
        if rows and rows[-1][0].is_level(piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [Line.joined(row) for row in rows]


def _body_style(lines: Iterable[Line]) -> tuple[float, bool]:
    """Size in points and weight of most of the characters."""
    weights: Counter[tuple[float, bool]] = Counter()
    for line in lines:
        weights[round(line.size * 2) / 2, line.bold] += len(line.text)
    return weights.most_common(1)[0][0]


def _usual_gap(columns_of_lines: Iterable[Sequence[Line]]) -> float:
    """Median gap between the lines of a text, in em."""
    gaps = [
        gap
        for lines in columns_of_lines
        for above, below in pairwise(lines)
        if -0.5 < (gap := above.gap_to(below) / below.size) < 1.2
    ]
    return statistics.median(gaps) if gaps else 0.2


def _is_heading(line: Line, style: tuple[float, bool]) -> bool:
    size, bold = style
    stands_out = line.size >= _LARGER * size or (line.bold and not bold and line.size >= 0.9 * size)
    return stands_out and line.has_letters and len(line.text) <= _LONGEST_HEADING


def _column_items(lines: Sequence[Line], style: tuple[float, bool], usual: float) -> list[Item]:
    if sum("\t" in line.text for line in lines) < max(3, 0.5 * len(lines)):
        return _text_items(lines, style, usual)
    found: list[Item] = []
    left = min(line.frame[0] for line in lines if "\t" in line.text)
    text: list[Line] = []
    for line in lines:
        goes_on = bool(found) and not text and line.frame[0] > left + line.size  # a wrapped cell of the row above
        if "\t" not in line.text and not goes_on:
            text.append(line)
            continue
        found += _text_items(text, style, usual)
        text = []
        if not goes_on:
            found.append(Item())
        found[-1].body.append(line)
    return found + _text_items(text, style, usual)


def _text_items(lines: Sequence[Line], style: tuple[float, bool], usual: float) -> list[Item]:
    found: list[Item] = []
    gaps = [math.inf, *(above.gap_to(line) / line.size - usual for above, line in pairwise(lines)), math.inf]
    headings = [_is_heading(line, style) for line in lines] + [False]
    for at, line in enumerate(lines):
        gap, next_gap = gaps[at], gaps[at + 1]
        current = found[-1] if found else Item()
        # A small line close above a heading, such as the seller's name, belongs to the item that the heading names.
        leads = headings[at + 1] and next_gap <= _PARAGRAPH < gap - next_gap
        if headings[at]:
            goes_on = gap <= _PARAGRAPH and current.heading and current.heading[-1] is lines[at - 1]
            is_led = gap <= _PARAGRAPH and not current.heading and len(current.body) == 1
            if not (is_led or (goes_on and lines[at - 1].is_like(line))):
                found.append(Item())
            found[-1].heading.append(line)
        else:
            if leads or gap > (_SECTION if current.heading else _PARAGRAPH):
                found.append(Item())
            found[-1].body.append(line)
    return found


def _with_stray_numbers_joined(found: list[Item]) -> list[Item]:
    """A price or number that stands alone goes to the item nearest to it."""
    whole = [item for item in found if any(line.has_letters for line in [*item.heading, *item.body])]
    if not whole:
        return found
    for item in found:
        if not any(item is other for other in whole):
            near = min(whole, key=lambda other: _distance(item.boxes[0], other.boxes))
            near.body += [*item.heading, *item.body]
    return whole


def _distance(box: Box, others: Iterable[Box]) -> float:
    return min(
        math.hypot(max(o[0] - box[2], box[0] - o[2], 0.0), max(o[1] - box[3], box[1] - o[3], 0.0)) for o in others
    )


def _rounded(box: Box) -> Box:
    return (round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2))
