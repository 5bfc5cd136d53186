"""A text and the spans of its verdict in, pieces to show out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from markupsafe import Markup, escape

_LONG = 500  # unmarked stretches above this many code points are cut in the middle
_KEPT = 200  # of which this much stays at either end
_SHADES = 5

# Control characters, and the marks that turn the direction of what follows: shown, so that they cannot act.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one field over which the same spans lie.

    Attributes:
        text: The stretch as read.
        shade: 0 for none, else 1..5 by the weight of the heaviest evidence.
        context: Whether benign surroundings lie over it.
        why: What the spans over it say.
        cut: Code points left out after the text.
    """

    text: str
    shade: int = 0
    context: bool = False
    why: str = ""
    cut: int = 0


def pieces(text: str, evidence: Sequence[Mapping[str, Any]], context: Sequence[Mapping[str, Any]]) -> tuple[Piece, ...]:
    """The text in pieces; spans count code points, may overlap, and are passed over where they do not fit the text.

    Args:
        text: One field as read.
        evidence: Evidence of that field, as in a verdict.
        context: Context of that field.
    """
    evidence = [span for span in evidence if text[span["start"] : span["end"]] == span["text"] != ""]
    context = [span for span in context if text[span["start"] : span["end"]] == span["text"] != ""]
    edges = {0, len(text)} | {edge for span in (*evidence, *context) for edge in (span["start"], span["end"])}
    bounds = sorted(edges)
    out: list[Piece] = []
    for start, end in pairwise(bounds):
        proofs = [span for span in evidence if span["start"] <= start and end <= span["end"]]
        benign = [span for span in context if span["start"] <= start and end <= span["end"]]
        if not proofs and not benign:
            out += _plain(text[start:end])
            continue
        shade = max((_shade(span["weight"]) for span in proofs), default=0)
        reasons = [reason(span) for span in proofs] + [f"benign surroundings: {span['sense']}" for span in benign]
        out.append(Piece(text[start:end], shade, bool(benign), "; ".join(dict.fromkeys(reasons))))
    return tuple(out)


def _plain(text: str) -> list[Piece]:
    if len(text) <= _LONG:
        return [Piece(text)]
    return [Piece(text[:_KEPT], cut=len(text) - 2 * _KEPT), Piece(text[-_KEPT:])]


def _shade(weight: float) -> int:
    return min(_SHADES, 1 + int(weight * _SHADES))


def reason(evidence: Mapping[str, Any]) -> str:
    """What a span of evidence says, and the share of the score that goes with it."""
    return f"{evidence['why']} ({evidence['weight']:.0%} of the score)" if evidence["weight"] else evidence["why"]


def shown(text: object) -> Markup:
    """Any text as HTML in which nothing can act: markup is escaped, control and direction marks are spelt out."""
    return Markup(_CONTROL.sub(_name, str(escape(text))))


def _name(match: re.Match[str]) -> str:
    return f'<span class="control" title="a control character of the text">U+{ord(match.group()):04X}</span>'
