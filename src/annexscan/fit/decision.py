"""Trained models in; stack, calibration, thresholds and what they promise out, sealed with the models."""

import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annexscan.bundle import Bundle, seal
from annexscan.cascade import Cascade
from annexscan.corpus import NONE, Split
from annexscan.fit.calibration import Scored, by_voice, calibrate, certificate, choose_thresholds, scored
from annexscan.fit.card import render_card
from annexscan.fit.examples import Example, example_of, stream_of
from annexscan.fit.materials import Materials, Progress
from annexscan.fit.recipe import Recipe
from annexscan.ordinary import Stream
from annexscan.parallel import in_order
from annexscan.stages.models import Models
from annexscan.stages.stack import Signals, Stack, fit_stack
from annexscan.verdict import Decision

_START = Stack(0.5, 0.5, 1.0, 0.5, 0.2, 0.2, 0.0)  # only so that the models can be loaded before the stack is fitted


def decide(materials: Materials, recipe: Recipe, folder: Path, metrics: dict[str, float], progress: Progress) -> Bundle:
    """Fit the stack on tune voices, calibrate on calibrate voices, choose thresholds on both, certify, seal.

    Args:
        materials: What training read.
        recipe: The run.
        folder: Holds the trained models and ``settings.json``; gets everything else.
        metrics: Figures so far; this step's are added.
        progress: Called as it goes on.
    """
    _START.save(folder / "stack.json")
    models = Models.load(folder)

    def see(examples: Sequence[Example], step: str) -> Signals:
        return _signals(models, examples, lambda share: progress(step, share, {}))

    progress("stack", 0.0, metrics)
    stack, (flag, review), figures = _choose(models, materials, recipe, see)
    stack.save(folder / "stack.json")
    settings = replace(models.settings, minimum_weight=recipe.decision.minimum_weight, flag=flag, review=review)
    settings.save(folder / "settings.json")
    metrics |= figures
    manifest = _manifest(materials, recipe, metrics)
    (folder / "card.md").write_text("", encoding="utf-8")
    provisional = Cascade(seal(folder, manifest), materials.law, recipe.regime, date.fromisoformat(recipe.as_of))
    progress("certificate", 0.0, figures)
    promise = _certify(provisional, materials, recipe)
    replace(settings, certificate=promise).save(folder / "settings.json")
    (folder / "card.md").write_text(render_card(manifest, replace(settings, certificate=promise)), encoding="utf-8")
    return seal(folder, manifest)


def _choose(
    models: Models, materials: Materials, recipe: Recipe, see: Callable[[Sequence[Example], str], Signals]
) -> tuple[Stack, tuple[float, float], dict[str, float]]:
    """The calibrated stack, the thresholds, and what they do where they were chosen."""
    listed = models.fitted_listed
    at = {kind: i for i, kind in enumerate(materials.kinds)}

    def labelled(split: Split) -> tuple[Signals, NDArray[np.int64]]:
        examples = [example_of(row) for row in materials.corpus.split(split)]
        return see(examples, split.value), np.array([at[example.kind] for example in examples])

    tune, tune_kinds = labelled(Split.TUNE)
    goods = stream_of(Stream.TUNE, materials.concepts, recipe)
    stream = see(goods, "ordinary goods")
    stream_kinds = np.full(len(stream), at[NONE])
    # Ordinary goods are many and easy: together they weigh as much as the authored rows.
    weights = np.r_[np.ones(len(tune)), np.full(len(stream), len(tune) / max(1, len(stream)))]
    stack = fit_stack(Signals.join([tune, stream]), np.r_[tune_kinds, stream_kinds], listed, weights)
    held_out, held_out_kinds = labelled(Split.CALIBRATE)
    stack = calibrate(stack, held_out, held_out_kinds, listed)

    parts = [scored(stack, tune, tune_kinds, listed), scored(stack, held_out, held_out_kinds, listed)]
    rows = Scored(np.concatenate([p.scores for p in parts]), np.concatenate([p.listed for p in parts]))
    ordinary = scored(stack, stream, stream_kinds, listed).scores
    flag, review = choose_thresholds(rows, by_voice(goods, ordinary), recipe.decision)
    figures = {
        "tune_recall_flag": float((rows.scores[rows.listed] >= flag).mean()),
        "tune_recall_review": float((rows.scores[rows.listed] >= review).mean()),
        "tune_lookalikes_flagged": float((rows.scores[~rows.listed] >= flag).mean()),
        "tune_lookalikes_reviewed": float((rows.scores[~rows.listed] >= review).mean()),
        "stream_flagged_per_100k": float((ordinary >= flag).mean() * 100_000),
        "stream_review_per_100k": float((ordinary >= review).mean() * 100_000),
    }
    return stack, (flag, review), figures


def _certify(cascade: Cascade, materials: Materials, recipe: Recipe) -> dict[str, Any]:
    """The certificate, from the served cascade's own decisions."""
    rows = materials.corpus.split(Split.CERTIFY)
    listings = (replace(row.listing, language=None) for row in rows)  # most inputs do not state it
    decisions = [verdict.decision for verdict in cascade.judge_many(listings, workers=2)]
    goods = stream_of(Stream.MEASURE, materials.concepts, recipe)
    ordinary: list[Decision] = [v.decision for v in cascade.judge_many((g.listing for g in goods), workers=2)]
    voices = [materials.corpus.voices[row.voice] for row in rows]
    return certificate(voices, [row.kind in materials.listed for row in rows], decisions, ordinary)


def _signals(models: Models, examples: Sequence[Example], progress: Callable[[float], None]) -> Signals:
    def one(example: Example) -> Signals:
        return models.signals(example.reading, models.terms.find(example.reading), example.language)

    parts: list[Signals] = []
    for signals in in_order(one, examples, workers=2):
        parts.append(signals)
        if len(parts) % 2000 == 0:
            progress(len(parts) / len(examples))
    return Signals.join(parts)


def _manifest(materials: Materials, recipe: Recipe, metrics: dict[str, float]) -> dict[str, Any]:
    packages = ("torch", "transformers", "scikit-learn", "numpy", "onnxruntime", "tokenizers")
    return {
        "name": recipe.name,
        "recipe": asdict(recipe),
        "seed": recipe.seed,
        "inputs": materials.hashes,
        "rows": {split.value: len(materials.corpus.split(split)) for split in Split},
        "versions": {name: version(name) for name in packages} | {"python": platform.python_version()},
        "metrics": {name: round(value, 6) for name, value in metrics.items()},
    }
