"""Verdicts in, the cards of a report out: the like ones together, the weightiest first."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from annexscan.listing import JUDGED_FIELDS
from annexscan.report.highlight import Piece, pieces, reason

_SAYS_ENOUGH = 12  # letters; under a shorter title two listings are alike only if their descriptions are, too
_DECISIONS = ("flag", "review", "clear")
_BASIS = {
    "read": "read in the legal text",
    "secondary": "from secondary sources",
    "unverified": "not verified",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where one of the like listings stands.

    Attributes:
        id: The listing's id.
        path: The input file; ``standard input`` for ``-``.
        where: Page, row or record in words, may be empty.
        seller, price, url: As read, or empty.
        link: The url when it is a plain http or https address, else empty.
        text: Title and description where they differ from the card's, else empty.
        origin: The ``origin`` object.
    """

    id: str
    path: str
    where: str
    seller: str
    price: str
    url: str
    link: str
    text: str
    origin: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Card:
    """Like listings, shown by the one with the highest score.

    Attributes:
        number: Counts from 1 in the order of the report.
        verdict: The full verdict shown.
        title, description: Its text in pieces.
        kind, law, kinds: Kind, place in the law and best kinds in words.
        evidence: What spans say, and the words that say it.
        facts: Name in words, value and the words read.
        places: Where it and its like stand, itself first.
    """

    number: int
    verdict: Mapping[str, Any]
    title: tuple[Piece, ...]
    description: tuple[Piece, ...]
    kind: str
    law: str
    kinds: str
    evidence: tuple[tuple[str, tuple[str, ...]], ...]
    facts: tuple[tuple[str, str, str], ...]
    places: tuple[Place, ...]


def cards(verdicts: Iterable[Mapping[str, Any]]) -> list[Card]:
    """Flags before reviews, high scores before low ones; near-identical listings share a card."""
    ordered = sorted(verdicts, key=lambda v: (_DECISIONS.index(v["decision"]), -v["score"], v["origin"]["path"]))
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for verdict in ordered:
        groups.setdefault(_likeness(verdict), []).append(verdict)
    return [_card(number, group) for number, group in enumerate(groups.values(), start=1)]


def _likeness(verdict: Mapping[str, Any]) -> tuple[str, ...]:
    title = _folded(verdict["listing"]["title"])
    text = title if len(title) >= _SAYS_ENOUGH else f"{title}\n{_folded(verdict['listing']['description'])}"
    return verdict["decision"], verdict["status"], verdict["kind"], text


def _folded(text: str) -> str:
    """Case, spacing and punctuation undone, every number the same."""
    return re.sub(r"\d+", "0", re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).casefold())).strip()


def _card(number: int, group: Sequence[Mapping[str, Any]]) -> Card:
    lead = group[0]
    listing = lead["listing"]
    shown = {
        name: pieces(
            listing[name],
            [span for span in lead["evidence"] if span["field"] == name],
            [span for span in lead["context"] if span["field"] == name],
        )
        for name in JUDGED_FIELDS
    }
    return Card(
        number,
        lead,
        shown["title"],
        shown["description"],
        in_words(lead["kind"]),
        _law(lead["law"]),
        ", ".join(f"{in_words(item['kind'])} {item['score']:.1%}" for item in lead["kinds"]),
        _evidence(lead["evidence"]),
        tuple(_fact(fact, listing) for fact in lead["facts"]),
        tuple(_place(verdict, lead) for verdict in group),
    )


def _evidence(spans: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Spans that say the same are listed together, each wording once."""
    words: dict[str, dict[str, None]] = {}
    for span in spans:
        words.setdefault(reason(span), {})[span["text"]] = None
    return tuple((why, tuple(texts)) for why, texts in words.items())


def in_words(kind: str) -> str:
    """A kind's id for people."""
    return "no listed good" if kind == "none" else kind.replace("_", " ")


def _law(law: Mapping[str, Any]) -> str:
    basis = _BASIS[law["basis"]]
    return f"entry {law['entry']}, {basis}" if law["entry"] else f"entry number not known; {basis}"


def _fact(fact: Mapping[str, Any], listing: Mapping[str, Any]) -> tuple[str, str, str]:
    words = listing.get(fact["field"], "")[fact["start"] : fact["end"]]
    return fact["name"].replace("_", " "), str(fact["value"]), words


def _place(verdict: Mapping[str, Any], lead: Mapping[str, Any]) -> Place:
    listing, origin = verdict["listing"], verdict["origin"]
    texts = [listing[name] for name in JUDGED_FIELDS]
    same = texts == [lead["listing"][name] for name in JUDGED_FIELDS]
    url = str(listing.get("url") or "")
    return Place(
        id=verdict["id"],
        path=file_name(origin["path"]),
        where=_where(origin),
        seller=str(listing.get("seller") or ""),
        price=" ".join(str(part) for part in (listing.get("price"), listing.get("currency")) if part),
        url=url,
        link=url if _is_web_address(url) else "",
        text="" if same else " · ".join(filter(None, texts)),
        origin=origin,
    )


def file_name(path: str) -> str:
    """An input's name for people."""
    return "standard input" if path == "-" else path


def _where(origin: Mapping[str, Any]) -> str:
    parts = []
    if origin["page"] is not None:
        label = origin["page_label"]
        printed = f" (printed {label})" if label and label != str(origin["page"]) else ""
        parts.append(f"page {origin['page']}{printed}")
    if origin["row"] is not None:
        parts.append(f"row {origin['row']}")
    if origin["record"] is not None:
        parts.append(f"record {origin['record']}")
    return ", ".join(parts)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and url.isprintable() and " " not in url
