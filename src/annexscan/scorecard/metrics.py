"""What is counted of the measured rows: recall by slice, curves."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annexscan.bounds import Share, voice_share

_POOL = 10  # slices with fewer listed rows are pooled as "other"


@dataclass(frozen=True, slots=True)
class Case:
    """One measured row.

    Attributes:
        id, voice, language, kind, style, text: Of the row.
        status: What the regime says of its true kind.
        lookalike: Whether it is a look-alike, a mention or of an unlisted kind.
        decision: What was decided.
        score: What it was decided on.
        predicted: The kind named.
        evidence: The words given for it.
        covers: Whether some evidence overlaps the annotated decisive words.
    """

    id: str
    voice: str
    language: str
    kind: str
    style: str
    text: str
    status: str
    lookalike: bool
    decision: str
    score: float
    predicted: str
    evidence: tuple[str, ...]
    covers: bool

    @property
    def listed(self) -> bool:
        """Whether the true kind is listed."""
        return self.status != "not_listed"


def share_of(cases: Sequence[Case], counts: Callable[[Case], bool]) -> Share:
    """The share of cases that count, bounded by resampling voices."""
    return voice_share([counts(case) for case in cases], [case.voice for case in cases])


def recall_by(cases: Sequence[Case], key: Callable[[Case], str]) -> dict[str, dict[str, Share]]:
    """Recall at flag and at flag or review of listed cases, by slice; small slices are pooled as ``other``."""
    slices: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case.listed:
            slices[key(case)].append(case)
    pooled: dict[str, list[Case]] = defaultdict(list)
    for name, part in slices.items():
        pooled[name if len(part) >= _POOL else "other"].extend(part)
    return {
        name: {"flag": share_of(part, flagged), "review": share_of(part, seen)} for name, part in sorted(pooled.items())
    }


def flagged(case: Case) -> bool:
    """Whether the case was flagged."""
    return case.decision == "flag"


def seen(case: Case) -> bool:
    """Whether the case was flagged or sent to review."""
    return case.decision != "clear"


def precision_recall(scores: NDArray[Any], listed: NDArray[np.bool_]) -> tuple[list[float], list[float], float]:
    """Recall, precision and average precision along all thresholds."""
    from sklearn.metrics import average_precision_score, precision_recall_curve

    precision, recall, _ = precision_recall_curve(listed, scores)
    return recall.tolist(), precision.tolist(), float(average_precision_score(listed, scores))


def reliability(scores: NDArray[Any], listed: NDArray[np.bool_], bins: int = 10) -> list[tuple[float, float, int]]:
    """Mean score, share of listed rows and number of rows in each tenth of the score that has rows."""
    at = np.minimum((scores * bins).astype(int), bins - 1)
    return [
        (float(scores[at == b].mean()), float(listed[at == b].mean()), int((at == b).sum()))
        for b in range(bins)
        if (at == b).any()
    ]
