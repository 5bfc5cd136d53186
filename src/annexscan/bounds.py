"""Bounds of shares: exact for independent rows, resampled by voice for authored ones."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

_RESAMPLES = 2000
_FEW_VOICES = 5  # below it, resampling cannot show the spread between voices; the exact bound is taken where wider


def lower_bound(hits: int, rows: int, confidence: float = 0.95) -> float:
    """One-sided exact (Clopper-Pearson) lower bound of a share; 0 where there are no hits."""
    from scipy.stats import beta

    return float(beta.ppf(1 - confidence, hits, rows - hits + 1)) if hits else 0.0


def upper_bound(hits: int, rows: int, confidence: float = 0.95) -> float:
    """One-sided exact (Clopper-Pearson) upper bound of a share; 1 where there are no rows."""
    from scipy.stats import beta

    return float(beta.ppf(confidence, hits + 1, rows - hits)) if hits < rows else 1.0


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its bounds.

    Attributes:
        found: Rows counted.
        rows: Rows in all.
        voices: Voices that wrote them, 0 for rows without a voice.
        low, high: Bounds of the share.
    """

    found: int
    rows: int
    voices: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share itself, 0 where there are no rows."""
        return self.found / self.rows if self.rows else 0.0

    def to_dict(self) -> dict[str, Any]:
        """The fields and ``value``."""
        return asdict(self) | {"value": self.value}


def false_alarms(found: int, rows: int) -> Share:
    """A rate of false alarms on independent listings with its exact one-sided 95 % upper bound."""
    return Share(found, rows, 0, 0.0, upper_bound(found, rows))


def voice_share(counted: Sequence[bool], voices: Sequence[str], seed: int = 0) -> Share:
    """The share of rows that count, with a 95 % interval from resampling voices.

    Rows of one voice are not independent. With fewer than five voices, or where all rows or none count, resampling
    shows too little spread: the exact two-sided interval over rows is taken where it is wider.

    Args:
        counted: Whether each row counts.
        voices: Who wrote each row.
        seed: Of the resampling.
    """
    if not counted:
        return Share(0, 0, 0, 0.0, 1.0)
    names, owner = np.unique(np.asarray(voices), return_inverse=True)
    hits = np.bincount(owner, weights=np.asarray(counted, dtype=np.float64))
    rows = np.bincount(owner).astype(np.float64)
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, len(names), (_RESAMPLES, len(names)))
    shares = hits[drawn].sum(axis=1) / rows[drawn].sum(axis=1)
    low, high = (float(q) for q in np.quantile(shares, [0.025, 0.975]))
    found, total = int(hits.sum()), int(rows.sum())
    if len(names) < _FEW_VOICES or found in (0, total):
        low, high = min(low, lower_bound(found, total, 0.975)), max(high, upper_bound(found, total, 0.975))
    return Share(found, total, len(names), low, high)
