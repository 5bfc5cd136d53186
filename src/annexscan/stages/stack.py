"""Stage 5: one conditional logit over kinds weighs linear, transformer, terms and context; calibrated afterwards."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annexscan.stages.linear import FloatArray, log_softmax

Floats = NDArray[np.float64]

_FLOOR = -12.0  # log probabilities are cut here, so that one stage alone can never veto the others


@dataclass(frozen=True, slots=True)
class Signals:
    """What the stages say of a batch of texts, in arrays with one row a text.

    Attributes:
        linear, transformer: Log probability of each kind, shape (texts, kinds).
        trade: Strength 0..1 of the strongest trade term of each kind, shape (texts, kinds).
        learned: The same for learned n-grams.
        traded: Log-odds that the good is traded rather than named, shape (texts,).
        context: Distinct benign senses found, shape (texts,).
    """

    linear: FloatArray
    transformer: FloatArray
    trade: FloatArray
    learned: FloatArray
    traded: FloatArray
    context: FloatArray

    def __len__(self) -> int:
        return len(self.traded)

    def without_context(self) -> "Signals":
        """The same signals as if no benign surroundings had been found."""
        return Signals(
            self.linear, self.transformer, self.trade, self.learned, self.traded, np.zeros_like(self.context)
        )

    @classmethod
    def join(cls, parts: Sequence["Signals"]) -> "Signals":
        """All rows in order."""
        return cls(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(cls)))


@dataclass(frozen=True, slots=True)
class Stack:
    """Weights of the stack. Trade, learned and context weights are never negative: see :func:`kind_logits`.

    Attributes:
        linear, transformer, trade, learned: Weight of each signal on a kind's logit.
        named: Weight of "only named" on the unlisted kinds.
        context: Weight of each benign sense on the unlisted kinds.
        unlisted: Added to the unlisted kinds.
        slope, offset: Platt scaling of the log-odds of "listed".
    """

    linear: float
    transformer: float
    trade: float
    learned: float
    named: float
    context: float
    unlisted: float
    slope: float = 1.0
    offset: float = 0.0

    def kind_probabilities(self, signals: Signals, listed: NDArray[np.bool_]) -> Floats:
        """Probability of each kind, shape (texts, kinds).

        Args:
            signals: What the stages say.
            listed: Which kinds the stack was fitted to call listed, shape (kinds,).
        """
        design = _design(signals, listed)
        logits = design @ np.array([getattr(self, name) for name in WEIGHTS])
        return np.asarray(np.exp(log_softmax(logits)), dtype=np.float64)

    def score(self, probabilities: Floats, listed: NDArray[np.bool_]) -> Floats:
        """Calibrated probability, shape (texts,), that the kind is one of ``listed`` (any regime's set)."""
        inside = np.clip(probabilities[:, listed].sum(axis=1), 1e-12, None)
        outside = np.clip(probabilities[:, ~listed].sum(axis=1), 1e-12, None)
        return sigmoid(self.slope * (np.log(inside) - np.log(outside)) + self.offset)

    def save(self, path: Path) -> None:
        """Write the weights as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Stack":
        """The inverse of :meth:`save`."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


WEIGHTS = ("linear", "transformer", "trade", "learned", "named", "context", "unlisted")
"""The fitted weights, in the order of the design's last axis."""


def _design(signals: Signals, listed: NDArray[np.bool_]) -> Floats:
    """Shape (texts, kinds, weights): what each weight multiplies in each kind's logit."""
    rows, kinds = signals.linear.shape
    unlisted = np.broadcast_to(~listed, (rows, kinds)).astype(np.float64)
    named = -np.clip(signals.traded, -6.0, 6.0)[:, None]
    return np.stack(
        [
            np.maximum(signals.linear, _FLOOR),
            np.maximum(signals.transformer, _FLOOR),
            signals.trade,
            signals.learned,
            unlisted * named,
            unlisted * np.minimum(signals.context, 3.0)[:, None],
            unlisted,
        ],
        axis=2,
        dtype=np.float64,
    )


def sigmoid(x: Floats) -> Floats:
    """Logistic function, element by element."""
    return np.asarray(1.0 / (1.0 + np.exp(-x)), dtype=np.float64)


def fit_stack(
    signals: Signals, kinds: NDArray[np.int64], listed: NDArray[np.bool_], weights: Floats, *, ridge: float = 1e-3
) -> Stack:
    """The stack that best separates listed from unlisted rows and, with less weight, the kinds.

    Args:
        signals: Rows that neither the linear model nor the transformer was trained on.
        kinds: Index of each row's kind, shape (texts,).
        listed: Which kinds are listed, shape (kinds,).
        weights: Weight of each row, shape (texts,).
        ridge: Penalty on the squared weights.
    """
    from scipy.optimize import minimize

    design = _design(signals, listed)
    rows = np.arange(len(kinds))
    row_listed = listed[kinds]
    total = weights.sum()

    def loss(theta: Floats) -> tuple[float, Floats]:
        log_p = log_softmax(design @ theta)
        p = np.exp(log_p)
        same = np.where(row_listed[:, None], listed[None, :], ~listed[None, :])
        inside = np.clip((p * same).sum(axis=1), 1e-12, None)
        # d log(inside)/dlogits = p*same/inside - p ; d log p_kind/dlogits = onehot - p
        gradient = -(p * same / inside[:, None] - p)
        gradient -= 0.3 * (np.eye(len(listed))[kinds] - p)
        value = -(np.log(inside) + 0.3 * log_p[rows, kinds])
        slope = np.einsum("r,rk,rkw->w", weights, gradient, design) / total
        return float((weights * value).sum() / total + ridge * theta @ theta), slope + 2 * ridge * theta

    bounds = [(0.0, None)] * 6 + [(None, None)]
    start = np.array([0.5, 0.5, 1.0, 0.5, 0.2, 0.2, 0.0])
    found = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B")
    return Stack(**dict(zip(WEIGHTS, (float(x) for x in found.x), strict=True)))
