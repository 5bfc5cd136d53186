import numpy as np
import pytest

from annexscan.fit.decision import Scored, certificate, choose_thresholds, lower_bound, upper_bound
from annexscan.fit.recipe import DecisionPart

PART = DecisionPart(
    flag_ordinary=100, flag_lookalike=0.1, review_ordinary=1000, review_lookalike=0.3, minimum_weight=0.05
)


def test_thresholds_keep_the_limits():
    rng = np.random.default_rng(0)
    harmless, ordinary = rng.random(500), rng.random(20_000) ** 6
    rows = Scored(np.r_[harmless, np.ones(10)], np.r_[np.zeros(500, bool), np.ones(10, bool)])
    flag, review = choose_thresholds(rows, ordinary, PART)
    assert review <= flag
    assert (harmless >= flag).mean() <= 0.1
    assert (harmless >= review).mean() <= 0.3
    assert (ordinary >= flag).mean() <= 100 / 100_000
    assert (ordinary >= review).mean() <= 1000 / 100_000


def test_exact_bounds_agree_with_the_published_rule_of_three():
    assert upper_bound(0, 47_000) * 100_000 == pytest.approx(6.37, abs=0.01)
    assert upper_bound(3, 47_000) * 100_000 == pytest.approx(16.5, abs=0.1)
    assert lower_bound(59, 59) == pytest.approx(0.95, abs=0.001)
    assert lower_bound(0, 10) == 0.0
    assert upper_bound(10, 10) == 1.0


def test_the_certificate_counts():
    rows = Scored(np.array([0.9, 0.6, 0.2, 0.95]), np.array([True, True, True, False]))
    promise = certificate(rows, np.array([0.1, 0.85]), 0.8, 0.5, "s")
    assert (promise["ordinary_flagged"], promise["ordinary_rows"]) == (1, 2)
    assert promise["flag"]["found"] == 1
    assert promise["review_or_flag"]["found"] == 2
    assert promise["harmless_flagged"] == 1
