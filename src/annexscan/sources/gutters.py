"""The pieces of text on a page in, its columns out, by cutting along empty space (recursive XY cut)."""

import statistics
from collections.abc import Sequence
from itertools import pairwise

from annexscan.sources.line import Line, union

_GUTTER = 0.7  # em of empty width that may part two columns
_NARROW = 0.15  # the same between two columns of running text
_SINGLE = 3.0  # the same on a single line, where a justified text may leave wide spaces
_TALL = 4  # pieces from which a column of running text is told by a narrow gutter
_PROSE = 15  # characters in a usual line from which two columns are text, not the cells of a table
_LEVEL = 0.8  # share of lines with one beside them from which two columns have rows
_TIGHT, _FAR = 1.7, 5.0  # em from line to line between which rows are those of a table; captions stand farther apart
_DEEPEST = 200  # cuts into one another, far beyond what a page shows; keeps a hostile page off the recursion limit


def columns(pieces: Sequence[Line], depth: int = 0) -> list[list[Line]]:
    """The columns of a page in reading order; the cells of a table row stay in one column.

    Args:
        pieces: Pieces of text of one reading direction.
        depth: How many cuts led here.
    """
    if len(pieces) < 2 or depth > _DEEPEST:
        return [list(pieces)]
    size = statistics.median(piece.size for piece in pieces)
    parts, is_table = _parts(_strips(pieces, size), size)
    if len(parts) > 1:
        return [column for part in parts for column in columns(part, depth + 1)]
    at = None if is_table else _widest_gap(pieces)
    if at is None:
        return [list(pieces)]
    above = columns([piece for piece in pieces if piece.middle > at], depth + 1)
    below = columns([piece for piece in pieces if piece.middle <= at], depth + 1)
    if len(above) == len(below) == 1:  # nothing was gained: it is one column
        return [above[0] + below[0]]
    return above + below


def _strips(pieces: Sequence[Line], size: float) -> list[list[Line]]:
    """The pieces parted wherever an empty strip runs through their whole height."""
    strips: list[list[Line]] = []
    right = 0.0
    for piece in sorted(pieces, key=lambda piece: piece.frame[0]):
        if strips and piece.frame[0] - right < _NARROW * size:
            strips[-1].append(piece)
            right = max(right, piece.frame[2])
        else:
            strips.append([piece])
            right = piece.frame[2]
    return strips


def _parts(strips: Sequence[list[Line]], size: float) -> tuple[list[list[Line]], bool]:
    """Strips joined where they are not columns of their own, and whether some of them make a table."""
    parts = list(strips[:1])
    is_table = False
    for strip in strips[1:]:
        if _are_beside(parts[-1], strip, size) and not _are_rows(parts[-1], strip, size):
            parts.append(strip)
        else:
            is_table = is_table or _is_table(parts[-1], strip)
            parts[-1] = parts[-1] + strip
    return parts, is_table


def _are_beside(left: Sequence[Line], right: Sequence[Line], size: float) -> bool:
    """Whether two strips stand side by side, wide enough apart and with words in both."""
    if min(sum(piece.letters for piece in strip) for strip in (left, right)) < 3:
        return False  # bullets, numbers, prices
    gap = _gap(left, right)
    if gap < _GUTTER * size and min(len(left), len(right)) < _TALL:
        return False
    if gap < _SINGLE * size and min(len(left), len(right)) == 1:
        return False
    a, b = (union(piece.frame for piece in strip) for strip in (left, right))
    return min(a[3], b[3]) - max(a[1], b[1]) >= 0.5 * min(a[3] - a[1], b[3] - b[1])


def _are_rows(left: Sequence[Line], right: Sequence[Line], size: float) -> bool:
    """Whether two strips side by side are read row by row, not one after the other."""
    rows = _rows(left, right)
    usual = min(statistics.median(len(piece.text) for piece in strip) for strip in (left, right))
    is_wide = _gap(left, right) >= _GUTTER * size
    if len(rows) < _LEVEL * min(len(left), len(right)):
        return not is_wide and usual < _PROSE
    if _is_table(left, right):
        return True
    if usual >= _PROSE:
        return False
    # Short level rows are a table as well, unless each is alike on both sides: title by title, price by price.
    alike = sum(piece.is_like(other) and _is_number(piece) == _is_number(other) for piece, other in rows)
    return not is_wide or alike < _LEVEL * len(rows)


def _is_table(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether the lines of two strips are level with one another and set apart from those above and below."""
    is_level = len(_rows(left, right)) >= _LEVEL * min(len(left), len(right))
    return is_level and _TIGHT < min(_spacing(left), _spacing(right)) < _FAR


def _rows(left: Sequence[Line], right: Sequence[Line]) -> list[tuple[Line, Line]]:
    few, many = sorted((left, right), key=len)
    return [(piece, other) for piece in few if (other := next(filter(piece.is_level, many), None)) is not None]


def _gap(left: Sequence[Line], right: Sequence[Line]) -> float:
    return min(piece.frame[0] for piece in right) - max(piece.frame[2] for piece in left)


def _spacing(strip: Sequence[Line]) -> float:
    """Usual distance from one line of a strip to the next, in em; 0 for a single line."""
    heights = sorted((piece.middle for piece in strip), reverse=True)
    steps = [a - b for a, b in pairwise(heights) if a - b > 0.4 * strip[0].size]
    return statistics.median(steps) / statistics.median(piece.size for piece in strip) if steps else 0.0


def _is_number(piece: Line) -> bool:
    return any(char.isdigit() for char in piece.text) and piece.letters < 0.5 * len(piece.text)


def _widest_gap(pieces: Sequence[Line]) -> float | None:
    """Height of the middle of the widest empty band across all pieces, None when there is none."""
    best, at = 0.0, None
    ordered = sorted(pieces, key=lambda piece: -piece.frame[3])
    bottom = ordered[0].frame[1]
    for piece in ordered[1:]:
        if bottom - piece.frame[3] > best:
            best, at = bottom - piece.frame[3], (bottom + piece.frame[3]) / 2
        bottom = min(bottom, piece.frame[1])
    return at
