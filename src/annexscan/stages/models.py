"""The fitted stages together: one reading in, every stage's signals out. Training, serving and evidence all call it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annexscan.bundle import Settings
from annexscan.lexicon import Role
from annexscan.stages.linear import FloatArray, LinearModel
from annexscan.stages.stack import Floats, Signals, Stack
from annexscan.stages.terms import Hit, TermIndex, glossed
from annexscan.stages.transformer import Transformer
from annexscan.text import Reading


@dataclass(frozen=True, slots=True)
class TermSignals:
    """What the term pass gives the stack, each of shape (kinds,) but ``context``, the number of benign senses."""

    trade: FloatArray
    learned: FloatArray
    context: float


def term_signals(hits: Sequence[Hit], kinds: Sequence[str]) -> TermSignals:
    """The strongest trade and learned term of each kind, and how many benign senses were found."""
    at = {kind: i for i, kind in enumerate(kinds)}
    trade = np.zeros(len(kinds), dtype=np.float32)
    learned = np.zeros(len(kinds), dtype=np.float32)
    senses: set[str] = set()
    for hit in hits:
        if hit.entry.role is Role.TRADE:
            trade[at[hit.entry.label]] = max(trade[at[hit.entry.label]], hit.entry.strength)
        elif hit.entry.role is Role.LEARNED:
            learned[at[hit.entry.label]] = max(learned[at[hit.entry.label]], hit.entry.strength)
        elif hit.entry.role is Role.CONTEXT:
            senses.add(hit.entry.label)
    return TermSignals(trade, learned, float(len(senses)))


def linear_text(reading: Reading, hits: Sequence[Hit]) -> str:
    """What the linear model reads: the NFKC text, then the glosses of the foreign words in it."""
    return "\n".join([reading.nfkc.text, *(hit.entry.gloss for hit in hits if hit.entry.gloss)])


@dataclass(frozen=True)
class Models:
    """The fitted stages of a bundle.

    Attributes:
        settings: Thresholds and names.
        terms: Stage 1.
        linear: Stage 2.
        transformer: Stage 3.
        stack: Stage 5.
    """

    settings: Settings
    terms: TermIndex
    linear: LinearModel
    transformer: Transformer
    stack: Stack

    @classmethod
    def load(cls, folder: Path) -> "Models":
        """The stages in a bundle folder that :func:`annexscan.bundle.open_bundle` has checked."""
        settings = Settings.load(folder / "settings.json")
        listed = [i for i, kind in enumerate(settings.kinds) if kind in settings.listed]
        return cls(
            settings,
            TermIndex.load(folder / "terms.jsonl"),
            LinearModel.load(folder / "linear.npz"),
            Transformer(folder / "transformer.onnx", folder / "tokenizer.json", listed),
            Stack.load(folder / "stack.json"),
        )

    @property
    def fitted_listed(self) -> NDArray[np.bool_]:
        """Which kinds the stack was fitted to call listed, shape (kinds,)."""
        return np.array([kind in self.settings.listed for kind in self.settings.kinds])

    def signals(self, reading: Reading, hits: Sequence[Hit], language: str) -> Signals:
        """Every stage's signals for one reading, arrays of one row."""
        terms = term_signals(hits, self.settings.kinds)
        opinion = self.transformer.read(glossed(reading, hits, language))
        return Signals(
            linear=self.linear.log_probabilities([linear_text(reading, hits)]),
            transformer=opinion.log_kinds[None, :],
            trade=terms.trade[None, :],
            learned=terms.learned[None, :],
            traded=np.array([opinion.traded], dtype=np.float32),
            context=np.array([terms.context], dtype=np.float32),
        )

    def kind_probabilities(self, signals: Signals) -> Floats:
        """Probability of each kind, shape (texts, kinds)."""
        return self.stack.kind_probabilities(signals, self.fitted_listed)

    def score(self, signals: Signals, listed: NDArray[np.bool_]) -> Floats:
        """Calibrated probability, shape (texts,), that the kind is one of ``listed``."""
        return self.stack.score(self.kind_probabilities(signals), listed)
