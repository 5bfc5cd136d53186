"""Fits the linear stage."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from annexscan.fit.recipe import LinearPart
from annexscan.stages.linear import LinearModel, hashed_counts, weigh


def fit_linear(texts: Sequence[str], kinds: NDArray[np.int64], kind_count: int, part: LinearPart) -> LinearModel:
    """A multinomial logistic regression over n-grams that at least two texts hold, pruned to the heaviest.

    Args:
        texts: What the linear stage reads.
        kinds: Index of each text's kind, shape (texts,).
        kind_count: How many kinds there are; one without rows gets the smallest intercept.
        part: The recipe's part.
    """
    from sklearn.linear_model import LogisticRegression

    counts = hashed_counts(texts)
    seen = np.asarray((counts > 0).sum(axis=0)).ravel()
    columns = np.flatnonzero(seen >= 2).astype(np.int32)
    idf = (np.log((1 + len(texts)) / (1 + seen[columns])) + 1).astype(np.float32)
    lookup = np.full(counts.shape[1], -1, dtype=np.int32)
    lookup[columns] = np.arange(len(columns), dtype=np.int32)
    features = weigh(lookup, idf, counts)
    model = LogisticRegression(C=part.c, max_iter=part.iterations, solver="lbfgs", tol=1e-3)
    model.fit(features, kinds)
    weights = np.zeros((len(columns), kind_count), dtype=np.float32)
    intercept = np.full(kind_count, float(model.intercept_.min()) - 5.0, dtype=np.float32)
    binary = len(model.classes_) == 2  # then scikit-learn keeps one row, the second class's log-odds
    weights[:, model.classes_] = (np.vstack([-model.coef_, model.coef_]) / 2 if binary else model.coef_).T
    intercept[model.classes_] = np.r_[-model.intercept_, model.intercept_] / 2 if binary else model.intercept_
    heavy = np.sort(np.argsort(-np.abs(weights).max(axis=1) * idf, kind="stable")[: part.features])
    # Stored weights are half precision; rounding here keeps the served model and the saved one the same.
    return LinearModel(
        columns[heavy], idf[heavy].astype(np.float16).astype(np.float32),
        weights[heavy].astype(np.float16).astype(np.float32), intercept,
    )  # fmt: skip
