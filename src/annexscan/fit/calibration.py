"""Scores of rows no model was trained on in, calibration and thresholds with what they promise out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annexscan.bounds import upper_bound, voice_share
from annexscan.corpus import Voice
from annexscan.fit.examples import Example
from annexscan.fit.recipe import DecisionPart
from annexscan.stages.stack import Floats, Signals, Stack
from annexscan.verdict import Decision


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


def choose_thresholds(rows: Scored, ordinary: Mapping[str, Floats], part: DecisionPart) -> tuple[float, float]:
    """The lowest flag and review thresholds that keep the recipe's limits.

    Args:
        rows: Tune and calibrate voices.
        ordinary: Scores of the generated tune stream, by its voices, which are its languages.
        part: The limits.
    """
    harmless, everyday = rows.scores[~rows.listed], np.concatenate(list(ordinary.values()))
    flag = max(
        _quantile_above(harmless, part.flag_lookalike),
        _quantile_above(everyday, part.flag_ordinary / 100_000),
        *(_quantile_above(scores, part.flag_ordinary_language / 100_000) for scores in ordinary.values()),
    )
    review = max(
        _quantile_above(harmless, part.review_lookalike), _quantile_above(everyday, part.review_ordinary / 100_000)
    )
    return flag, min(review, flag)


def by_voice(examples: Sequence[Example], scores: Floats) -> dict[str, Floats]:
    """The examples' scores, shape (examples,), by voice."""
    voices = np.array([example.voice for example in examples])
    return {str(voice): scores[voices == voice] for voice in np.unique(voices)}


def _quantile_above(scores: Floats, share: float) -> float:
    """The smallest threshold that at most ``share`` of the scores reach."""
    ordered = np.sort(scores)[::-1]
    allowed = int(share * len(ordered))
    if allowed >= len(ordered):
        return 0.0
    return float(np.nextafter(ordered[allowed], 2.0))


def certificate(
    voices: Sequence[Voice], listed: Sequence[bool], decisions: Sequence[Decision], ordinary: Sequence[Decision]
) -> dict[str, Any]:
    """What the served cascade decided on certify voices and ordinary goods that no choice has looked at.

    Args:
        voices: Who wrote each certify row.
        listed: Whether each is a listed good.
        decisions: What was decided on each.
        ordinary: What was decided on each generated ordinary good.

    Returns:
        ``scope``; for ``flag`` and ``review_or_flag`` the listed rows found of ``rows`` and the lower end of the 95 %
        interval of recall, voices resampled; harmless rows flagged; ordinary goods flagged, with the exact upper
        bound per 100,000.
    """
    rows = list(zip(voices, listed, decisions, strict=True))

    def found(*counted: Decision) -> dict[str, Any]:
        hits = [(decision in counted, voice.id) for voice, is_listed, decision in rows if is_listed]
        share = voice_share([hit for hit, _ in hits], [voice for _, voice in hits])
        return {
            "found": share.found,
            "rows": share.rows,
            "voices": share.voices,
            "recall_lower_95": round(share.low, 4),
        }

    counts = Counter(voice.language for voice, is_listed, _ in rows if is_listed)
    languages = ", ".join(f"{code} {count}" for code, count in counts.most_common())
    alarms = sum(decision is Decision.FLAG for decision in ordinary)
    return {
        "scope": f"authored listings like the certify voices' (listed rows by language: {languages}); no promise for "
        "anything else, and a change in the stream of listings voids it",
        "flag": found(Decision.FLAG),
        "review_or_flag": found(Decision.FLAG, Decision.REVIEW),
        "harmless_flagged": sum(decision is Decision.FLAG for _, is_listed, decision in rows if not is_listed),
        "harmless_rows": len(rows) - sum(listed),
        "ordinary_flagged": alarms,
        "ordinary_rows": len(ordinary),
        "ordinary_flag_upper_per_100k": round(upper_bound(alarms, len(ordinary)) * 100_000, 1),
    }


def scored(
    stack: Stack, signals: Signals, kinds: Sequence[int] | NDArray[np.int64], listed: NDArray[np.bool_]
) -> Scored:
    """Rows with their calibrated score."""
    return Scored(stack.score(stack.kind_probabilities(signals, listed), listed), listed[np.asarray(kinds)])
