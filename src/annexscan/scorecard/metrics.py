"""Figures with their bounds: recall by resampling voices, rates by exact binomial bounds, curves."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_RESAMPLES = 2000
_POOL = 10  # slices with fewer listed rows are pooled as "other"


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval.

    Attributes:
        found: Rows counted.
        rows: Rows in all.
        low, high: Bounds of the share.
        bound: How they were made: ``voices`` (resampled) or ``exact`` (Clopper-Pearson, one-sided upper).
    """

    found: int
    rows: int
    low: float
    high: float
    bound: str

    @property
    def value(self) -> float:
        """The share itself, 0 where there are no rows."""
        return self.found / self.rows if self.rows else 0.0

    def to_dict(self) -> dict[str, Any]:
        """The fields and ``value``."""
        return asdict(self) | {"value": self.value}


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
        decisive: The annotated words.
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
    decisive: tuple[str, ...]

    @property
    def listed(self) -> bool:
        """Whether the true kind is listed."""
        return self.status != "not_listed"


def voice_share(cases: Sequence[Case], counts: Callable[[Case], bool], seed: int = 0) -> Share:
    """The share of cases that count, with a 95 % percentile interval from resampling voices."""
    by_voice: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for case in cases:
        by_voice[case.voice][0] += counts(case)
        by_voice[case.voice][1] += 1
    table = np.array(list(by_voice.values()), dtype=np.float64).reshape(-1, 2)
    if not len(table):
        return Share(0, 0, 0.0, 1.0, "voices")
    rng = np.random.default_rng(seed)
    drawn = table[rng.integers(0, len(table), (_RESAMPLES, len(table)))].sum(axis=1)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [0.025, 0.975])
    return Share(int(table[:, 0].sum()), int(table[:, 1].sum()), float(low), float(high), "voices")


def rate(found: int, rows: int) -> Share:
    """A false-alarm share with its exact one-sided 95 % upper bound."""
    from annexscan.fit.decision import upper_bound

    return Share(found, rows, 0.0, upper_bound(found, rows) if rows else 1.0, "exact")


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
        name: {"flag": voice_share(part, flagged), "review": voice_share(part, seen)}
        for name, part in sorted(pooled.items())
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
