import numpy as np
import pytest

from annexscan.stages.linear import log_softmax
from annexscan.stages.stack import Signals, Stack, fit_stack

LISTED = np.array([True, True, False])


def signals(rows, seed=0, context=0.0):
    """Rows of random signals whose linear part points at the given kind."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(len(rows), 3)).astype(np.float32)
    logits[np.arange(len(rows)), rows] += 2.5
    zeros = np.zeros((len(rows), 3), dtype=np.float32)
    flat = np.zeros(len(rows), dtype=np.float32)
    return Signals(log_softmax(logits), log_softmax(logits), zeros, zeros, flat, flat + context)


STACK = Stack(0.5, 0.5, 1.0, 0.5, 0.2, 0.4, 0.0)


def test_context_never_raises_the_score():
    kinds = np.array([0, 1, 2] * 10)
    plain, with_context = signals(kinds), signals(kinds, context=2.0)
    low = STACK.score(STACK.kind_probabilities(with_context, LISTED), LISTED)
    high = STACK.score(STACK.kind_probabilities(plain, LISTED), LISTED)
    assert (low < high).all()
    again = STACK.kind_probabilities(with_context.without_context(), LISTED)
    assert np.allclose(again, STACK.kind_probabilities(plain, LISTED))


def test_fitted_weights_separate_and_keep_their_sign():
    kinds = np.random.default_rng(3).integers(0, 3, 300)
    stack = fit_stack(signals(kinds, context=0.0), kinds, LISTED, np.ones(300))
    weights = [stack.linear, stack.transformer, stack.trade, stack.learned, stack.named, stack.context]
    assert min(weights) >= 0
    score = stack.score(stack.kind_probabilities(signals(kinds, seed=9), LISTED), LISTED)
    assert score[LISTED[kinds]].mean() > score[~LISTED[kinds]].mean() + 0.4


def test_the_gradient_is_the_slope_of_the_loss():
    """fit_stack hands its optimiser a gradient by hand; a wrong one would stop far from the optimum."""
    kinds = np.random.default_rng(5).integers(0, 3, 200)
    data = signals(kinds, seed=5)
    best = fit_stack(data, kinds, LISTED, np.ones(200))

    def loss(stack):
        p = stack.kind_probabilities(data, LISTED)
        inside = np.where(LISTED[kinds], p[:, LISTED].sum(1), p[:, ~LISTED].sum(1))
        own = p[np.arange(200), kinds]
        theta = [
            stack.linear,
            stack.transformer,
            stack.trade,
            stack.learned,
            stack.named,
            stack.context,
            stack.unlisted,
        ]
        return -(np.log(inside) + 0.3 * np.log(own)).mean() + 1e-3 * np.square(theta).sum()

    for name in ("linear", "transformer", "unlisted"):
        for step in (-0.05, 0.05):
            values = {f: getattr(best, f) for f in best.__slots__} | {name: getattr(best, name) + step}
            assert loss(Stack(**values)) >= loss(best) - 1e-6


def test_the_score_follows_the_kinds_a_regime_lists():
    p = np.array([[0.2, 0.5, 0.3]])
    assert STACK.score(p, np.array([True, False, False]))[0] == pytest.approx(0.2)
    assert STACK.score(p, np.array([True, True, False]))[0] == pytest.approx(0.7)


def test_saved_weights_come_back(tmp_path):
    STACK.save(tmp_path / "stack.json")
    assert Stack.load(tmp_path / "stack.json") == STACK
