"""Shares of the train rows in, recall on the tune voices out: is more data still worth writing?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from annexscan.bounds import Share, voice_share
from annexscan.corpus import Split
from annexscan.fit.examples import Example, example_of, stream_of, texts_of, training_examples
from annexscan.fit.linear import fit_linear
from annexscan.fit.materials import Materials
from annexscan.fit.recipe import Recipe
from annexscan.ordinary import Stream
from annexscan.stages.stack import Floats
from annexscan.stages.terms import TermIndex


@dataclass(frozen=True, slots=True)
class Point:
    """One training run of the curve.

    Attributes:
        share: Of the train rows that were used.
        rows: How many those are.
        seed: Which rows.
        recall: On listed rows of the tune voices, voices resampled.
        lookalikes: Look-alikes, mentions and ordinary goods of the tune voices flagged at the same threshold.
    """

    share: float
    rows: int
    seed: int
    recall: Share
    lookalikes: Share


def learning_curve(
    materials: Materials,
    recipe: Recipe,
    shares: Sequence[float],
    seeds: Sequence[int],
    alarms: float,
    say: Callable[[Point], None],
) -> list[Point]:
    """Fit the linear stage on growing parts of the train rows and the ordinary goods that belong to them.

    The linear stage alone is fitted, with the glosses of the term pass: the whole cascade would take hours a point.

    Args:
        materials: What training reads.
        recipe: Gives everything but the number of rows and the seed.
        shares: Shares of the train rows, 0..1.
        seeds: One run each.
        alarms: Flags per 100,000 generated ordinary goods at which recall is read.
        say: Told each point as it is measured.
    """
    index = TermIndex(materials.entries)
    at = {kind: i for i, kind in enumerate(materials.kinds)}
    listed = np.array([kind in materials.listed for kind in materials.kinds])
    tune = [example_of(row) for row in materials.corpus.split(Split.TUNE)]
    stream = stream_of(Stream.TUNE, materials.concepts, recipe)
    tune_texts, stream_texts = texts_of(tune, index).linear, texts_of(stream, index).linear
    whole = len(materials.corpus.split(Split.TRAIN))
    points = []
    for share in shares:
        for seed in seeds:
            rows = max(1, round(share * whole))
            run = replace(recipe, seed=seed, data=replace(recipe.data, rows=rows))
            train = training_examples(materials.corpus, materials.concepts, materials.listed, run)
            kinds = np.array([at[example.kind] for example in train])
            model = fit_linear(texts_of(train, index).linear, kinds, len(at), recipe.linear)

            def score(texts: Sequence[str]) -> Floats:
                listed_share = np.exp(model.log_probabilities(texts))[:, listed].sum(axis=1)  # noqa: B023
                return np.asarray(listed_share, dtype=np.float64)

            everyday = np.sort(score(stream_texts))[::-1]
            flagged = score(tune_texts) > everyday[int(alarms / 100_000 * len(everyday))]
            point = Point(
                share, rows, seed,
                _share(tune, flagged, lambda example: example.kind in materials.listed),
                _share(tune, flagged, lambda example: example.kind not in materials.listed),
            )  # fmt: skip
            say(point)
            points.append(point)
    return points


def _share(examples: Sequence[Example], flagged: Sequence[bool], of: Callable[[Example], bool]) -> Share:
    chosen = [(bool(hit), example.voice) for example, hit in zip(examples, flagged, strict=True) if of(example)]
    return voice_share([hit for hit, _ in chosen], [voice for _, voice in chosen])
