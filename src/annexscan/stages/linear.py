"""Stage 2: word and character n-grams weighed by a multinomial logistic regression, one class a kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

_BUCKETS = 2**20  # per vectoriser; only columns seen in training are kept, so collisions stay rare


@dataclass(frozen=True)
class LinearModel:
    """Weights of the n-grams.

    Attributes:
        columns: Hashed feature ids kept, ascending, shape (features,).
        idf: Inverse document frequency of each, shape (features,).
        weights: Shape (features, kinds).
        intercept: Shape (kinds,).
    """

    columns: NDArray[np.int32]
    idf: FloatArray
    weights: FloatArray
    intercept: FloatArray

    @cached_property
    def _lookup(self) -> NDArray[np.int32]:
        lookup = np.full(2 * _BUCKETS, -1, dtype=np.int32)
        lookup[self.columns] = np.arange(len(self.columns), dtype=np.int32)
        return lookup

    def features(self, texts: Sequence[str]) -> Any:
        """TF-IDF rows over the kept columns, SciPy CSR of shape (texts, features), each row of length one."""
        return weigh(self._lookup, self.idf, hashed_counts(texts))

    def log_probabilities(self, texts: Sequence[str]) -> FloatArray:
        """Log probability of each kind, shape (texts, kinds). Each row depends on its own text alone."""
        if not texts:
            return np.zeros((0, len(self.intercept)), dtype=np.float32)
        logits = np.asarray(self.features(texts) @ self.weights) + self.intercept
        return cast(FloatArray, log_softmax(logits))

    def save(self, path: Path) -> None:
        """Write an ``.npz``; the weights are stored in half precision."""
        np.savez_compressed(
            path,
            columns=self.columns,
            idf=self.idf.astype(np.float16),
            weights=self.weights.astype(np.float16),
            intercept=self.intercept,
        )

    @classmethod
    def load(cls, path: Path) -> "LinearModel":
        """The inverse of :meth:`save`; nothing in the file is ever executed."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(
                arrays["columns"],
                arrays["idf"].astype(np.float32),
                arrays["weights"].astype(np.float32),
                arrays["intercept"],
            )


def log_softmax(logits: NDArray[Any]) -> NDArray[Any]:
    """Row-wise log softmax of shape (rows, kinds)."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def hashed_counts(texts: Sequence[str]) -> Any:
    """Counts of hashed word 1-2-grams and in-word character 2-5-grams, SciPy CSR of shape (texts, 2 × buckets)."""
    from scipy.sparse import hstack

    return hstack([vectoriser.transform(texts) for vectoriser in _vectorisers()], format="csr")


@cache
def _vectorisers() -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import HashingVectorizer

    options: dict[str, Any] = {"n_features": _BUCKETS, "alternate_sign": False, "norm": None, "dtype": np.float32}
    words = HashingVectorizer(ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b", **options)
    return words, HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), **options)


def weigh(lookup: NDArray[np.int32], idf: FloatArray, counts: Any) -> Any:
    """Sub-linear TF-IDF of the columns that ``lookup`` keeps, each row scaled to length one."""
    from scipy.sparse import csr_matrix
    from sklearn.preprocessing import normalize

    kept = lookup[counts.indices]
    keep = kept >= 0
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))[keep]
    columns = kept[keep]
    values = (1.0 + np.log(counts.data[keep])) * idf[columns]
    return normalize(csr_matrix((values, (rows, columns)), shape=(counts.shape[0], len(idf))))
