"""One product as a layer of a web page states it, and how two statements of it become one."""

import re
from dataclasses import dataclass, field

_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
_BREAK = re.compile(r"<\s*(?:br|/p|/li|/div|/tr|/h[1-6])\b[^<>]*>", re.IGNORECASE)


@dataclass(slots=True)
class Product:
    """One good a page offers; layers that state the same good are merged into it.

    Attributes:
        record: Where it was found first, e.g. ``"json-ld/0"``.
        title: Its heading, may be empty.
        description: The rest of its text, one block a line.
        fields: Optional fields of a listing, by name.
        extra: What has no field of its own, by name.
    """

    record: str
    title: str
    description: str
    fields: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def layer(self) -> str:
        """The layer it was found in: ``json-ld``, ``microdata``, ``opengraph``, ``card`` or ``page``."""
        return self.record.split("/")[0]

    def says(self, line: str) -> bool:
        """Whether its text already holds the line, up to case and spacing."""
        return squeezed(line) in squeezed(f"{self.title} {self.description}")

    def is_same(self, other: "Product") -> bool:
        """Whether another layer's product is this one: the same title, or the same text for want of one."""
        mine, theirs = squeezed(self.title), squeezed(other.title)
        if mine and theirs and "opengraph" in (self.layer, other.layer):  # its title often adds the shop's name
            return mine in theirs or theirs in mine
        if mine or theirs:
            return mine == theirs
        return squeezed(self.description) == squeezed(other.description)

    def absorb(self, other: "Product") -> None:
        """Takes over what ``other`` says beyond this; a description cut short gives way to the whole one."""
        short = squeezed(self.description).rstrip(".… ")
        if short and any(squeezed(line).startswith(short) for line in other.description.split("\n")):
            self.description = ""
        self.add_lines(other.description)
        for name, value in other.fields.items():
            self.fields.setdefault(name, value)
        for name, value in other.extra.items():
            self.extra.setdefault(name, value)

    def add_lines(self, text: str) -> None:
        """Appends the lines that it does not hold yet."""
        new = [line for line in text.split("\n") if squeezed(line) and not self.says(line)]
        self.description = "\n".join(filter(None, [self.description, *new]))


def squeezed(text: str) -> str:
    """The text for comparison: no case, single spaces."""
    return " ".join(text.casefold().split())


def one_line(text: str) -> str:
    """The text on one line with single spaces."""
    return " ".join(strip_tags(text).split())


def strip_tags(text: str) -> str:
    """Text of a property in which sellers left HTML; entities are resolved, blocks become lines."""
    from html import unescape

    if "<" in text or "&" in text:
        text = _TAG.sub(" ", _BREAK.sub("\n", unescape(_BREAK.sub("\n", text))))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(filter(None, lines))
