"""Scores of rows no model was trained on in, calibration and thresholds with what they promise out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annexscan.fit.recipe import DecisionPart
from annexscan.stages.stack import Floats, Signals, Stack


@dataclass(frozen=True, slots=True)
class Scored:
    """Rows with their score.

    Attributes:
        scores: Calibrated score, shape (rows,).
        listed: Whether the row is a listed good, shape (rows,).
    """

    scores: Floats
    listed: NDArray[np.bool_]


def calibrate(stack: Stack, signals: Signals, kinds: NDArray[np.int64], listed: NDArray[np.bool_]) -> Stack:
    """The stack with Platt scaling fitted on the calibrate voices, so that a score is a probability on their mix.

    Args:
        stack: The fitted stack.
        signals: Of the calibrate voices.
        kinds: Index of each row's kind.
        listed: Which kinds are listed.
    """
    from sklearn.linear_model import LogisticRegression

    plain = replace(stack, slope=1.0, offset=0.0)
    score = plain.score(plain.kind_probabilities(signals, listed), listed)
    odds = np.log(np.clip(score, 1e-9, 1)) - np.log(np.clip(1 - score, 1e-9, 1))
    model = LogisticRegression(C=1.0).fit(odds[:, None], listed[kinds])
    # A slope of zero or below would turn the order round; it can only come from a handful of toy rows.
    return replace(stack, slope=max(float(model.coef_[0, 0]), 0.05), offset=float(model.intercept_[0]))


def choose_thresholds(rows: Scored, ordinary: Floats, part: DecisionPart) -> tuple[float, float]:
    """The lowest flag and review thresholds that keep the recipe's limits.

    Args:
        rows: Tune and calibrate voices.
        ordinary: Scores of the generated tune stream.
        part: The limits.
    """
    harmless = rows.scores[~rows.listed]
    flag = max(_quantile_above(harmless, part.flag_lookalike), _quantile_above(ordinary, part.flag_ordinary / 100_000))
    review = max(
        _quantile_above(harmless, part.review_lookalike), _quantile_above(ordinary, part.review_ordinary / 100_000)
    )
    return flag, min(review, flag)


def _quantile_above(scores: Floats, share: float) -> float:
    """The smallest threshold that at most ``share`` of the scores reach."""
    ordered = np.sort(scores)[::-1]
    allowed = int(share * len(ordered))
    if allowed >= len(ordered):
        return 0.0
    return float(np.nextafter(ordered[allowed], 2.0))


def certificate(certify: Scored, ordinary: Floats, flag: float, review: float, scope: str) -> dict[str, Any]:
    """What the thresholds did on certify voices and ordinary goods that no choice has looked at, with 95 % bounds.

    Returns:
        ``scope``; for ``flag`` and ``review`` the listed rows found of ``rows`` and the lower bound of recall
        (Clopper-Pearson over rows; rows of one voice are not independent, so the true bound is wider); harmless rows
        flagged; generated ordinary goods flagged, with the upper bound per 100,000.
    """

    def found(threshold: float) -> dict[str, Any]:
        hits = int((certify.scores[certify.listed] >= threshold).sum())
        rows = int(certify.listed.sum())
        return {"found": hits, "rows": rows, "recall_lower_95": round(lower_bound(hits, rows), 4)}

    return {
        "scope": scope,
        "flag": found(flag),
        "review_or_flag": found(review),
        "harmless_flagged": int((certify.scores[~certify.listed] >= flag).sum()),
        "harmless_rows": int((~certify.listed).sum()),
        "ordinary_flagged": (alarms := int((ordinary >= flag).sum())),
        "ordinary_rows": len(ordinary),
        "ordinary_flag_upper_per_100k": round(upper_bound(alarms, len(ordinary)) * 100_000, 1),
    }


def lower_bound(hits: int, rows: int, confidence: float = 0.95) -> float:
    """One-sided exact (Clopper-Pearson) lower bound of a share."""
    from scipy.stats import beta

    return float(beta.ppf(1 - confidence, hits, rows - hits + 1)) if hits else 0.0


def upper_bound(hits: int, rows: int, confidence: float = 0.95) -> float:
    """One-sided exact (Clopper-Pearson) upper bound of a share; 1 where there are no rows."""
    from scipy.stats import beta

    return float(beta.ppf(confidence, hits + 1, rows - hits)) if hits < rows else 1.0


def scored(
    stack: Stack, signals: Signals, kinds: Sequence[int] | NDArray[np.int64], listed: NDArray[np.bool_]
) -> Scored:
    """Rows with their calibrated score."""
    return Scored(stack.score(stack.kind_probabilities(signals, listed), listed), listed[np.asarray(kinds)])
