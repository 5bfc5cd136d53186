"""Three views of one text: raw, NFKC and folded, each with a map back to raw offsets.

*NFKC* is read by the facts and the models. *Folded* is read by term matching only: it undoes case, accents,
zero-width characters, homoglyphs, spacing tricks and leet within Latin words, and leaves numbers, product codes
and the letters of other scripts as they are.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from annexscan.listing import JUDGED_FIELDS, Listing
from annexscan.verdict import Span

FIELD_BREAK = "\n\n"
"""Joins the fields of a listing. Like a blank line within a field, it ends what a term can span; a single line break
is only where a page was narrow."""

# Letters of other scripts that pass for Latin ones, mapped only inside a word that is otherwise Latin
# (Unicode TR 39 "confusables", the part that looks the same in common fonts).
_HOMOGLYPHS = str.maketrans("авекмнорстухіјѕԁԛԝɡӏαβεζηικμνορτυχ", "abekmhopctyxijsdqwglabezhikmvoptux")
_LEET = str.maketrans("013457@$!", "oieastasi")
_LEET_WORD = re.compile(r"[^\W\d_][013457@$!]|[013457@$!][^\W\d_]")
_CODE = re.compile(r"(\d)(?!\1)\d|\d{3}|^\d+[^\W\d_]{1,2}$|^[^\W\d_]{1,3}\d+$")  # 6mm, M3, SMI68TS06E
_JOINERS = frozenset("-_.·•*/\\~'’‐‑–—+:")
_SPACED = re.compile(r"(?<!\S)(?:[^\W\d_] ){3,}[^\W\d_](?!\S)")
_PLAIN = re.compile(r"[a-z0-9 ,;()\[\]%&\"#?<>=^{}]*\Z")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")  # half a character, from a broken decoder; nothing can encode it
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class View:
    """A rewriting of a raw text.

    Attributes:
        text: The rewritten text.
        starts, ends: For each of its characters, the raw slice it stands for; None when offsets are the same.
    """

    text: str
    starts: tuple[int, ...] | None
    ends: tuple[int, ...] | None

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """The raw slice that ``text[start:end]`` stands for; ``start < end`` is required."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def nfkc(raw: str) -> View:
    """NFKC of each base character with its combining marks; idempotent, never crosses such a cluster."""
    if raw.isascii() or unicodedata.is_normalized("NFKC", raw):
        return View(raw, None, None)
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(raw):
        for char in unicodedata.normalize("NFKC", raw[start:end]):
            chars.append(char)
            starts.append(start)
            ends.append(end)
    return View("".join(chars), tuple(starts), tuple(ends))


def _clusters(raw: str) -> list[tuple[int, int]]:
    bounds = [i for i, char in enumerate(raw) if i == 0 or not unicodedata.combining(char)]
    return list(zip(bounds, [*bounds[1:], len(raw)], strict=True))


def folded(raw: str) -> View:
    """The view for term matching; folding a folded text changes nothing."""
    lowered = raw.lower()
    if len(lowered) == len(raw) and _PLAIN.match(lowered) and "  " not in lowered and not _LEET_WORD.search(lowered):
        if not _SPACED.search(lowered):
            return View(lowered, None, None)
    base = nfkc(raw)
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for i, char in enumerate(base.text):
        start, end = base.to_raw(i, i + 1)
        for out in _fold_char(char, base.text[i - 1 : i], base.text[i + 1 : i + 2]):
            if out in " \n" and chars and chars[-1] in ("\n", out):
                continue
            chars.append(out)
            starts.append(start)
            ends.append(end)
    text = "".join(chars)
    keep = _without_spacing_tricks(text)
    if len(keep) != len(text):
        chars, starts, ends = [chars[i] for i in keep], [starts[i] for i in keep], [ends[i] for i in keep]
    return View(_plain_letters("".join(chars)), tuple(starts), tuple(ends))


def _plain_letters(text: str) -> str:
    """Homoglyphs and leet undone in place, word by word; the length stays."""

    def word(match: re.Match[str]) -> str:
        token = match.group()
        foreign = [char for char in token if char.isalpha() and not _is_latin(char)]
        latin = sum(char.isalpha() for char in token) - len(foreign)
        if latin and foreign and all(ord(char) in _HOMOGLYPHS for char in foreign):
            token = token.translate(_HOMOGLYPHS)
            latin += len(foreign)
        if latin >= 2 and len(token) >= 3 and not _CODE.search(token):
            token = token.translate(_LEET)
        return token

    return re.sub(r"[^\W_]+(?:[@$!]+[^\W_]+)*|[@$!][^\W_]+", word, text)


def _fold_char(char: str, before: str, after: str) -> str:
    if char == "\n":  # a blank line ends a phrase; a single break may stand within one
        return "\n" if "\n" in (before, after) else " "
    if char in ".:/" and (after.isspace() or not after):
        return char  # the end of a sentence or clause, not a disguise
    if char in _JOINERS or char.isspace():
        return " "
    if unicodedata.category(char) in {"Cf", "Cc"} or char == "\u0640":  # zero-width characters, Arabic tatweel
        return ""
    folded_char = _SPECIAL.get(char) or char.casefold()
    if "\u0900" <= char <= "\u0eff" or "\uac00" <= char <= "\ud7a3":
        return folded_char  # Indic and Thai vowel signs are letters, not accents; Hangul syllables stay whole
    parts = unicodedata.normalize("NFKD", folded_char)
    return "".join(_SPECIAL.get(part, part) for part in parts if not unicodedata.combining(part))


# Letters that NFKD leaves alone but that writers exchange freely.
_SPECIAL = {
    "ı": "i", "İ": "i", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ß": "ss",
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ё": "е", "й": "и", "ґ": "г",
}  # fmt: skip


def _without_spacing_tricks(text: str) -> list[int]:
    """Indexes to keep once ``t h u m b`` is closed up to ``thumb``."""
    drop: set[int] = set()
    for match in _SPACED.finditer(text):
        drop.update(i for i in range(match.start(), match.end()) if text[i] == " ")
    return [i for i in range(len(text)) if i not in drop]


def has_word_boundaries(char: str) -> bool:
    """Whether the script of ``char`` sets its words apart (Chinese, Japanese kana, Thai, Lao, Khmer do not)."""
    return not _UNSPACED.match(char)


def is_latin(text: str) -> bool:
    """Whether at least half of the letters are Latin; a text without letters counts as Latin."""
    letters = [char for char in text if char.isalpha()]
    return sum(map(_is_latin, letters)) * 2 >= len(letters)


def _is_latin(char: str) -> bool:
    return char < "\u0250" or "\u1e00" <= char <= "\u1eff"


@dataclass(frozen=True)
class Reading:
    """The judged text of one listing with its views, made when first asked for.

    Attributes:
        raw: The judged fields joined by :data:`FIELD_BREAK`.
        fields: Name, start and end of each field within ``raw``.
    """

    raw: str
    fields: tuple[tuple[str, int, int], ...]

    @classmethod
    def of(cls, listing: Listing) -> "Reading":
        """The reading of a listing's title and description; an empty field takes no room."""
        parts: list[str] = []
        fields: list[tuple[str, int, int]] = []
        at = 0
        for name in JUDGED_FIELDS:
            value = _LONE_SURROGATE.sub("\ufffd", getattr(listing, name))
            if value:
                parts.append(value)
                fields.append((name, at, at + len(value)))
                at += len(value) + len(FIELD_BREAK)
        return cls(FIELD_BREAK.join(parts), tuple(fields))

    @cached_property
    def nfkc(self) -> View:
        """The view the facts and the models read."""
        return nfkc(self.raw)

    @cached_property
    def folded(self) -> View:
        """The view terms are matched in."""
        return folded(self.raw)

    def span(self, start: int, end: int) -> Span:
        """The span of ``raw[start:end]`` in its own field, cut at the field's end."""
        for name, first, last in self.fields:
            if first <= start < last:
                stop = min(end, last)
                return Span(name, start - first, stop - first, self.raw[start:stop])
        raise ValueError(f"offset {start} lies in no field of a text of {len(self.raw)} characters")

    def without(self, spans: list[tuple[int, int]]) -> "Reading":
        """The same reading with raw slices cut out; fields keep their names, an emptied field its place."""
        cut = [True] * len(self.raw)
        for start, end in spans:
            cut[start:end] = [False] * (end - start)
        parts: list[str] = []
        fields: list[tuple[str, int, int]] = []
        at = 0
        for name, first, last in self.fields:
            kept = "".join(self.raw[i] for i in range(first, last) if cut[i])
            parts.append(kept)
            fields.append((name, at, at + len(kept)))
            at += len(kept) + len(FIELD_BREAK)
        return Reading(FIELD_BREAK.join(parts), tuple(fields))
