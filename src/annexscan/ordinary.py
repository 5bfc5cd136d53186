"""Concept table in, listings of ordinary goods out: what shops sell, for training and for measuring false alarms.

Generated rows are ordinary goods only; listed goods are always written by hand. The same noise is laid over authored
rows in training, so that noise says nothing about the label.
"""

import hashlib
import random
import string
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from annexscan.lexicon import Concept


class Stream(Enum):
    """Which goods a stream may name; they are shared out by concept, so that measuring meets unseen goods."""

    TRAIN = range(0, 7)
    TUNE = range(7, 8)
    MEASURE = range(8, 10)


def _tenth(concept: Concept) -> int:
    return hashlib.sha256(concept.english.encode()).digest()[0] % 10


@dataclass(frozen=True, slots=True)
class OrdinaryGood:
    """A generated listing of an ordinary good in one language."""

    title: str
    description: str
    language: str


def languages(concepts: Sequence[Concept]) -> list[str]:
    """Every language some good has a word in, sorted."""
    return sorted({code for concept in concepts if concept.category == "good" for code in concept.words})


def ordinary_goods(
    concepts: Sequence[Concept], language: str, stream: Stream, count: int, seed: int
) -> Iterator[OrdinaryGood]:
    """Listings of ordinary goods.

    Args:
        concepts: The concept table.
        language: ISO 639 code with goods in the table.
        stream: Which share of the goods may be named.
        count: How many listings.
        seed: Same seed, same listings.
    """
    rng = random.Random(f"{seed}/{language}/{stream.name}")
    words = _Words(concepts, language, stream)
    for _ in range(count):
        yield _listing(rng, words)


class _Words:
    """The wordings of one language by category; goods are cut to the stream's share."""

    def __init__(self, concepts: Sequence[Concept], language: str, stream: Stream) -> None:
        self.language = language
        self._by: dict[str, list[str]] = {}
        for concept in concepts:
            mine = concept.words.get(language, ())
            if mine and (concept.category != "good" or _tenth(concept) in stream.value):
                self._by.setdefault(concept.category, []).extend(mine)

    def one(self, rng: random.Random, *categories: str) -> str:
        """A random wording of the first category that the language has, empty if none."""
        for category in categories:
            if self._by.get(category):
                return rng.choice(self._by[category])
        return ""


_UNITS = ("mm", "cm", "m", "kg", "g", "ml", "L", "W", "V", "inch", '"', "pcs", "PCS", "x", "pack", "oz", "ft")
_TAILS = ("2026 NEW", "free shipping", "hot sale", "OEM", "wholesale", "A++", "best price", "MOQ 100", "in stock", "CE")
_SIZES = ("S", "M", "L", "XL", "XXL", "EU 42", "36-40", "one size", "80x200", "10x15", "A4", "M8", "1/2", "No. 3")
_LABELS = ("Material", "Color", "Size", "MOQ", "Packing", "Delivery", "Weight", "Model", "Origin", "Warranty")


def _listing(rng: random.Random, words: _Words) -> OrdinaryGood:
    title = noisy(_title(rng, words), rng, rate=0.15)
    kind = rng.random()
    if kind < 0.6:
        description = ""
    elif kind < 0.75:
        description = _spec_lines(rng, words)
    elif kind < 0.9:
        description = ". ".join(_phrase(rng, words) for _ in range(rng.randint(1, 8)))
    else:
        description = "\n".join(_title(rng, words) for _ in range(rng.randint(3, 14)))
    if rng.random() < 0.1:  # a customs line or a single text column: everything in one field
        return OrdinaryGood("", f"{title} {description}".strip(), words.language)
    return OrdinaryGood(title, description, words.language)


def _title(rng: random.Random, words: _Words) -> str:
    good = words.one(rng, "good")
    parts = [good]
    for category, chance in (
        ("material", 0.35),
        ("quality", 0.3),
        ("colour", 0.25),
        ("use", 0.15),
        ("body_part", 0.06),
    ):
        if rng.random() < chance:
            parts.append(words.one(rng, category))
    if rng.random() < 0.15:
        parts.append(words.one(rng, "place"))
    rng.shuffle(parts)
    extras: tuple[tuple[float, Callable[[], str]], ...] = (
        (0.25, lambda: _brand(rng)),
        (0.3, lambda: f"{rng.randint(1, 999)}{rng.choice(_UNITS)}"),
        (0.15, lambda: rng.choice(_SIZES)),
        (0.2, lambda: _code(rng)),
        (0.1, lambda: f"({words.one(rng, 'measure', 'quality', 'good')})"),
        (0.1, lambda: rng.choice(_TAILS)),
        (0.08, lambda: f"+ {words.one(rng, 'good')}"),
    )
    for chance, make in extras:
        if rng.random() < chance:
            parts.insert(rng.randint(0, len(parts)), make())
    joiner = "" if words.language in {"zh", "ja", "th"} and rng.random() < 0.6 else " "
    return joiner.join(part for part in parts if part)


def _phrase(rng: random.Random, words: _Words) -> str:
    order = ["good", "quality", "use", "material", "place", "action", "body_part", "good", "measure"]
    rng.shuffle(order)
    return " ".join(filter(None, (words.one(rng, category) for category in order[: rng.randint(3, 7)])))


def _spec_lines(rng: random.Random, words: _Words) -> str:
    lines = []
    for label in rng.sample(_LABELS, rng.randint(2, 7)):
        value = words.one(
            rng, "material" if label == "Material" else "colour" if label == "Color" else "quality", "good"
        )
        number = f"{rng.randint(1, 5000)} {rng.choice(_UNITS)}"
        lines.append(f"{label}: {rng.choice((value, number, _code(rng)))}")
    return "\n".join([*lines, *(_phrase(rng, words) for _ in range(rng.randint(0, 4)))])


def _brand(rng: random.Random) -> str:
    name = "".join(rng.choice("bcdfgklmnprstvz") + rng.choice("aeiou") for _ in range(rng.randint(2, 4)))
    return rng.choice((name.upper(), name.title(), name.title() + rng.choice(("x", "o", "pro", " Tech"))))


def _code(rng: random.Random) -> str:
    letters = "".join(rng.choices(string.ascii_uppercase, k=rng.randint(1, 4)))
    return letters + rng.choice(("-", "", "/", " ")) + str(rng.randint(1, 99999))


_OCR = {"l": "1", "I": "l", "O": "0", "o": "0", "rn": "m", "m": "rn", "e": "c", "s": "5", "B": "8", "h": "b", "fi": "ﬁ"}
_DISGUISE = {"a": "@", "e": "3", "i": "1", "o": "0", "s": "$", "t": "7"}


def noisy(text: str, rng: random.Random, rate: float = 1.0) -> str:
    """The text with one or two kinds of typographic noise, each laid on with probability ``rate``."""
    noises = (_recase, _ocr, _typo, _disguise, _spaced, _framed, _zero_width)
    for _ in range(rng.randint(1, 2)):
        if text and rng.random() < rate:
            text = rng.choice(noises)(text, rng)
    return text


def _recase(text: str, rng: random.Random) -> str:
    return rng.choice((text.upper(), text.lower(), text.title()))


def _ocr(text: str, rng: random.Random) -> str:
    for seen, read in rng.sample(sorted(_OCR.items()), 3):
        text = text.replace(seen, read, rng.randint(1, 3))
    return text


def _typo(text: str, rng: random.Random) -> str:
    for _ in range(max(1, len(text) // 60)):
        at = rng.randrange(len(text))
        text = rng.choice((text[:at] + text[at + 1 :], text[:at] + text[at : at + 1] * 2 + text[at + 1 :]))
        if not text:
            break
    return text


def _disguise(text: str, rng: random.Random) -> str:
    words = text.split(" ")
    for at in rng.sample(range(len(words)), min(2, len(words))):
        for plain, sign in rng.sample(sorted(_DISGUISE.items()), 2):
            words[at] = words[at].replace(plain, sign, 1)
    return " ".join(words)


def _spaced(text: str, rng: random.Random) -> str:
    words = text.split(" ")
    at = rng.randrange(len(words))
    words[at] = rng.choice((" ", ".", "-")).join(words[at]) if len(words[at]) < 14 else words[at]
    return " ".join(words)


def _framed(text: str, rng: random.Random) -> str:
    return rng.choice(
        (f"[{_code(rng)}] {text}", f"{text} - {_code(rng)}", f"{text} {rng.choice(_TAILS)}", f"★ {text} ★")
    )


def _zero_width(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text))
    return text[:at] + rng.choice("\u200b\u200d\u00ad") + text[at:]
