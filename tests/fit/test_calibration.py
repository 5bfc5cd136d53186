from dataclasses import replace

import numpy as np
import pytest

from annexscan.bounds import lower_bound, upper_bound, voice_share
from annexscan.corpus import Split, Voice
from annexscan.fit.calibration import Scored, certificate, choose_thresholds
from annexscan.fit.recipe import DecisionPart
from annexscan.verdict import Decision

PART = DecisionPart(
    flag_ordinary=100,
    flag_ordinary_language=1e5,
    flag_lookalike=0.1,
    review_ordinary=1000,
    review_lookalike=0.3,
    minimum_weight=0.05,
)


def test_thresholds_keep_the_limits():
    rng = np.random.default_rng(0)
    harmless, ordinary = rng.random(500), rng.random(20_000) ** 6
    rows = Scored(np.r_[harmless, np.ones(10)], np.r_[np.zeros(500, bool), np.ones(10, bool)])
    flag, review = choose_thresholds(rows, {"en": ordinary[:10_000], "ar": ordinary[10_000:]}, PART)
    assert review <= flag
    assert (harmless >= flag).mean() <= 0.1
    assert (harmless >= review).mean() <= 0.3
    assert (ordinary >= flag).mean() <= 100 / 100_000
    assert (ordinary >= review).mean() <= 1000 / 100_000


def test_no_language_bears_the_alarms_of_all():
    rows = Scored(np.array([0.1, 0.9]), np.array([False, True]))
    ordinary = {"en": np.full(9_000, 0.1), "ar": np.r_[np.full(990, 0.1), np.linspace(0.5, 0.8, 10)]}
    pooled, _ = choose_thresholds(rows, ordinary, PART)
    each, _ = choose_thresholds(rows, ordinary, replace(PART, flag_ordinary_language=100))
    assert (ordinary["ar"] >= pooled).sum() == 10
    assert (ordinary["ar"] >= each).sum() == 1


def test_exact_bounds_agree_with_the_published_rule_of_three():
    assert upper_bound(0, 47_000) * 100_000 == pytest.approx(6.37, abs=0.01)
    assert upper_bound(3, 47_000) * 100_000 == pytest.approx(16.5, abs=0.1)
    assert lower_bound(59, 59) == pytest.approx(0.95, abs=0.001)
    assert lower_bound(0, 10) == 0.0
    assert upper_bound(10, 10) == 1.0


def test_the_certificate_counts_decisions():
    voices = [Voice(name, "zh", Split.CERTIFY, "") for name in "aabb"]
    decisions = [Decision.FLAG, Decision.REVIEW, Decision.CLEAR, Decision.FLAG]
    promise = certificate(voices, [True, True, True, False], decisions, [Decision.CLEAR, Decision.FLAG])
    assert (promise["flag"]["found"], promise["review_or_flag"]["found"]) == (1, 2)
    assert promise["flag"]["rows"] == 3
    assert (promise["harmless_flagged"], promise["harmless_rows"]) == (1, 1)
    assert (promise["ordinary_flagged"], promise["ordinary_rows"]) == (1, 2)
    assert "zh 3" in promise["scope"]


def test_few_voices_never_give_a_narrow_interval():
    one = voice_share([True] * 8 + [False] * 2, ["a"] * 10)
    assert one.low < 0.5
    assert one.high > 0.95
    assert voice_share([True] * 24, ["a"] * 12 + ["b"] * 12).low < 0.9
    many = voice_share([i % 2 == 0 for i in range(200)], [str(i // 10) for i in range(200)])
    assert many.low == many.high == 0.5  # every voice alike: no spread to show
    assert voice_share([], []).high == 1.0
