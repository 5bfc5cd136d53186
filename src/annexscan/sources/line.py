"""Characters and lines of a page with their places, on the page and in the frame in which they are read."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from annexscan.listing import Box


@dataclass(frozen=True)
class Char:
    """One character of a page.

    Attributes:
        text: The character; empty when it stands for nothing; a line break ends a line.
        box: Its place on the page, in points.
        size: Font size in points.
        bold: Whether its font is a heavy one.
        angle: Direction of the text in whole degrees, counter-clockwise.
        generated: Whether the reader of the page added it (a space or line break); its box means nothing.
    """

    text: str
    box: Box
    size: float
    bold: bool = False
    angle: int = 0
    generated: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether it shows nothing."""
        return self.generated or not self.text.strip()

    @cached_property
    def turned(self) -> Box:
        """The box in the reading frame, where text runs to the right and up is up."""
        return _turned(self.box, self.angle)


@dataclass(frozen=True)
class Line:
    """A line of text or a piece of one.

    Attributes:
        text: Its text with single spaces; pieces far apart are parted by a tab.
        box: Its place on the page, in points.
        frame: The same in the reading frame.
        size: Font size of most of its characters, in points.
        bold: Whether most of its characters are heavy.
        angle: Direction of its text in degrees.
    """

    text: str
    box: Box
    frame: Box
    size: float
    bold: bool
    angle: int

    @classmethod
    def of(cls, chars: Sequence[Char]) -> "list[Line]":
        """The line made of neighbouring characters, in a list that is empty when they show nothing."""
        text = " ".join("".join(char.text for char in chars).split())
        shown = [char for char in chars if not char.is_blank]
        if not text or not shown:
            return []
        sizes = sorted(char.size for char in shown)
        frame = union(char.turned for char in shown)
        return [
            cls(
                text=text,
                box=union(char.box for char in shown),
                frame=frame,
                size=max(sizes[len(sizes) // 2], 0.1),
                bold=sum(char.bold for char in shown) > 0.8 * len(shown),
                angle=shown[0].angle,
            )
        ]

    @classmethod
    def joined(cls, pieces: "Sequence[Line]") -> "Line":
        """One line of pieces that stand on one level, in the order in which they are read."""
        to_left = sum(map(_is_right_to_left, pieces)) * 2 > len(pieces)
        ordered = sorted(pieces, key=lambda piece: piece.frame[0], reverse=to_left)
        longest = max(pieces, key=lambda piece: len(piece.text))
        return cls(
            text="\t".join(piece.text for piece in ordered),
            box=union(piece.box for piece in pieces),
            frame=union(piece.frame for piece in pieces),
            size=longest.size,
            bold=all(piece.bold for piece in pieces),
            angle=longest.angle,
        )

    @property
    def middle(self) -> float:
        """Height of its middle in the reading frame."""
        return (self.frame[1] + self.frame[3]) / 2

    @property
    def letters(self) -> int:
        """How many of its characters are letters."""
        return sum(char.isalpha() for char in self.text)

    @property
    def has_letters(self) -> bool:
        """Whether it holds at least one letter."""
        return any(char.isalpha() for char in self.text)

    def is_level(self, other: "Line") -> bool:
        """Whether the other stands on the same line."""
        return abs(self.middle - other.middle) < 0.4 * min(self.size, other.size)

    def is_like(self, other: "Line") -> bool:
        """Whether the other is set in the same size and weight."""
        return self.bold == other.bold and abs(self.size - other.size) <= 0.05 * max(self.size, other.size)

    def gap_to(self, below: "Line") -> float:
        """Empty height between this line and one below, in points; negative when they overlap."""
        return self.frame[1] - below.frame[3]

    def follows(self, above: "Line", most: float) -> bool:
        """Whether it stands below ``above`` with at most ``most`` points between, and partly under it."""
        beside = self.frame[0] > above.frame[2] + most or above.frame[0] > self.frame[2] + most
        return not beside and -2 * self.size < above.gap_to(self) <= most


def union(boxes: Iterable[Box]) -> Box:
    """The box around boxes, of which there must be one."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return (min(x0), min(y0), max(x1), max(y1))


def _turned(box: Box, angle: int) -> Box:
    if angle == 0:
        return box
    turn = math.radians(-angle)
    cos, sin = math.cos(turn), math.sin(turn)
    xs, ys = (box[0], box[2]), (box[1], box[3])
    u = [x * cos - y * sin for x in xs for y in ys]
    v = [x * sin + y * cos for x in xs for y in ys]
    return (min(u), min(v), max(u), max(v))


def _is_right_to_left(piece: Line) -> bool:
    import unicodedata

    return sum(unicodedata.bidirectional(char) in {"R", "AL"} for char in piece.text) * 2 > piece.letters
