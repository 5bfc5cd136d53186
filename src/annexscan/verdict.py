"""What annexscan says of one listing: a decision with its law, its score and the words that made it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from annexscan.listing import Listing


class Decision(StrEnum):
    """Is this a good *listed* under the regime? ``review`` is an honest "unsure"."""

    FLAG = "flag"
    REVIEW = "review"
    CLEAR = "clear"


class Status(StrEnum):
    """What a regime says of a kind on a date."""

    PROHIBITED = "prohibited"
    CONTROLLED = "controlled"
    NOT_LISTED = "not_listed"


class Basis(StrEnum):
    """How sure a point of law is: read in the text, known from a secondary source, or unverified."""

    READ = "read"
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Span:
    """A slice of one field as read: ``text`` is exactly ``field[start:end]``, counted in code points."""

    field: str
    start: int
    end: int
    text: str

    def to_dict(self) -> dict[str, Any]:
        """``field``, ``start``, ``end``, ``text``."""
        return {"field": self.field, "start": self.start, "end": self.end, "text": self.text}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span that carries the score.

    Attributes:
        span: Where it stands.
        why: One plain sentence.
        weight: Share of the score, 0..1, that goes when the span is deleted (repeats of the same term together).
    """

    span: Span
    why: str
    weight: float

    def to_dict(self) -> dict[str, Any]:
        """The span's keys, ``why`` and ``weight``."""
        return self.span.to_dict() | {"why": self.why, "weight": round(self.weight, 4)}


@dataclass(frozen=True, slots=True)
class Context:
    """A span of benign surroundings (``sense``: prop, museum, veterinary …). It lowers, never raises."""

    span: Span
    sense: str

    def to_dict(self) -> dict[str, Any]:
        """The span's keys, ``sense`` and ``effect``, which is always ``lowers``."""
        return self.span.to_dict() | {"sense": self.sense, "effect": "lowers"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A measure, count or material the law depends on; ``name`` carries the unit, e.g. ``inner_circumference_mm``."""

    name: str
    value: float | str
    span: Span

    def to_dict(self) -> dict[str, Any]:
        """``name``, ``value``, ``field``, ``start``, ``end``."""
        return {"name": self.name, "value": self.value, "field": self.span.field} | {
            "start": self.span.start,
            "end": self.span.end,
        }


@dataclass(frozen=True, slots=True)
class LawReference:
    """Where a kind stands in a regime on a date. ``entry`` and ``cn`` are None and empty where not known."""

    regime: str
    as_of: str
    entry: str | None
    basis: Basis
    cn: tuple[str, ...]
    source: str
    note: str

    def to_dict(self) -> dict[str, Any]:
        """The ``law`` object of a verdict."""
        return {
            "regime": self.regime,
            "as_of": self.as_of,
            "entry": self.entry,
            "basis": self.basis.value,
            "cn": list(self.cn),
            "source": self.source,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """One listing judged.

    Attributes:
        listing: The text judged, as read.
        decision: flag, review or clear.
        status: What the regime says of ``kind``, after the facts were read.
        kind: The most probable kind.
        score: Calibrated probability, 0..1, that the good is listed under the regime.
        kinds: The three most probable kinds with their probability, best first.
        statuses: Probability of each status.
        law: Where ``kind`` stands in the regime.
        evidence: Spans whose deletion lowers the score, heaviest first; empty when cleared.
        context: Benign surroundings found.
        facts: Measures, counts and materials found.
        language: ISO 639 code, stated or detected.
        stage: The stage that decided: ``gate``, ``terms`` (unknown language), ``facts`` or ``stack``.
        bundle: Name and short hash of the bundle, ``default@0123abcd``.
        warnings: What the reader should know besides, one sentence each.
    """

    listing: Listing
    decision: Decision
    status: Status
    kind: str
    score: float
    kinds: tuple[tuple[str, float], ...]
    statuses: dict[Status, float]
    law: LawReference
    evidence: tuple[Evidence, ...]
    context: tuple[Context, ...]
    facts: tuple[Fact, ...]
    language: str
    stage: str
    bundle: str
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The full verdict, as in the output contract."""
        return {
            "id": self.listing.id,
            "origin": self.listing.origin.to_dict(),
            "listing": self.listing.to_dict(),
            "decision": self.decision.value,
            "status": self.status.value,
            "kind": self.kind,
            "score": round(self.score, 6),
            "kinds": [{"kind": kind, "score": round(score, 6)} for kind, score in self.kinds],
            "statuses": {status.value: round(p, 6) for status, p in self.statuses.items()},
            "law": self.law.to_dict(),
            "evidence": [item.to_dict() for item in self.evidence],
            "context": [item.to_dict() for item in self.context],
            "facts": [item.to_dict() for item in self.facts],
            "language": self.language,
            "stage": self.stage,
            "bundle": self.bundle,
            "warnings": list(self.warnings),
        }

    def to_compact_dict(self) -> dict[str, Any]:
        """A cleared listing in short: ``id``, ``origin`` key, ``decision``, ``score``, ``stage``."""
        origin = self.listing.origin
        place = origin.page if origin.page is not None else origin.row
        key = ":".join(str(part) for part in (origin.path, place, origin.record) if part is not None)
        return {
            "id": self.listing.id,
            "origin": key,
            "decision": self.decision.value,
            "score": round(self.score, 6),
            "stage": self.stage,
        }
