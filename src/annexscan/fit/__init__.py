"""Corpus, lexicon, concepts and a recipe in, a sealed bundle out. Reads top to bottom."""

import shutil
from pathlib import Path

import numpy as np

from annexscan.bundle import MANIFEST, Bundle, Settings, open_bundle
from annexscan.corpus import Split
from annexscan.errors import RecipeError
from annexscan.fit.decision import decide
from annexscan.fit.examples import (
    example_of,
    gate_out_of_fold,
    learned_terms,
    texts_of,
    training_examples,
)
from annexscan.fit.export import export
from annexscan.fit.linear import fit_linear
from annexscan.fit.materials import Materials, Progress, read_materials
from annexscan.fit.recipe import Recipe
from annexscan.fit.transformer import base_folder, fit_transformer, windows_of
from annexscan.language import ORDINARY_ONLY, TRAINED
from annexscan.stages.terms import TermIndex
from annexscan.stages.transformer import Tokenizer

__all__ = ["GATE_KEEPS", "Materials", "Progress", "fit", "read_materials"]

GATE_KEEPS = 0.999
"""The term pass may clear a listing unread only when, out of fold, it keeps this share of the listed rows."""


def fit(materials: Materials, recipe: Recipe, folder: Path, progress: Progress, reuse: Path | None = None) -> Bundle:
    """Train every stage by the recipe and seal the bundle in ``folder``.

    Training works beside the folder and takes its name only when all is done, so that a bundle that stands there
    stays whole until then.

    Args:
        materials: What training reads.
        recipe: The run.
        folder: Where the bundle will stand; a bundle already there is replaced.
        progress: Called as training goes on.
        reuse: A bundle whose trained models are taken over; only stack, calibration, thresholds and certificate are
            made anew.

    Raises:
        RecipeError: ``folder`` holds something else than a bundle.
        BundleError: ``reuse`` is no sound bundle.
        AnnexscanError: The exported transformer disagrees with the trained one.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise RecipeError(f"{folder}: holds something else than a bundle; name an empty or new folder with --out")
    workspace = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(workspace, ignore_errors=True)
    if reuse is None:
        workspace.mkdir(parents=True)
        metrics = _learn(materials, recipe, workspace, progress)
    else:
        bundle = open_bundle(reuse)
        shutil.copytree(bundle.path, workspace)
        learned = ("export_max_difference", "quantised_mean_difference", "quantised_same_kind")
        metrics = {name: bundle.manifest["metrics"][name] for name in learned}
    decide(materials, recipe, workspace, metrics, progress)
    shutil.rmtree(folder, ignore_errors=True)
    workspace.rename(folder)
    progress("sealed", 1.0, metrics)
    return open_bundle(folder)


def _learn(materials: Materials, recipe: Recipe, folder: Path, progress: Progress) -> dict[str, float]:
    """Terms, linear model and transformer, written to ``folder``; returns the figures of the export."""
    at = {kind: i for i, kind in enumerate(materials.kinds)}
    listed_at = [i for i, kind in enumerate(materials.kinds) if kind in materials.listed]

    progress("examples", 0.0, {})
    train = training_examples(materials.corpus, materials.concepts, materials.listed, recipe)
    gate = gate_out_of_fold(train, materials.entries, materials.listed)
    index = TermIndex([*materials.entries, *learned_terms(train, materials.listed, materials.entries)])
    index.save(folder / "terms.jsonl")
    texts = texts_of(train, index)
    kinds = np.array([at[example.kind] for example in train])

    progress("linear", 0.0, {"examples": len(train)})
    fit_linear(texts.linear, kinds, len(materials.kinds), recipe.linear).save(folder / "linear.npz")

    progress("transformer", 0.0, {})
    tokenizer = _tokenizer(recipe, folder)
    tune = [example_of(row) for row in materials.corpus.split(Split.TUNE)]
    tune_texts = texts_of(tune, index)
    module = fit_transformer(
        windows_of(train, texts.glossed, materials.kinds, materials.listed, tokenizer),
        windows_of(tune, tune_texts.glossed, materials.kinds, materials.listed, tokenizer),
        len(materials.kinds), listed_at, recipe.transformer, recipe.seed, folder / "checkpoints",
        lambda logs: progress("transformer", logs.pop("share"), logs),
    )  # fmt: skip
    Settings(
        kinds=materials.kinds,
        listed=tuple(kind for kind in materials.kinds if kind in materials.listed),
        languages=tuple(sorted(TRAINED)),
        ordinary_languages=tuple(sorted(ORDINARY_ONLY)),
        flag=1.0,
        review=1.0,
        minimum_weight=recipe.decision.minimum_weight,
        gate_clears=gate["rows"] > 0 and gate["kept"] >= GATE_KEEPS * gate["rows"],
        gate=gate,
    ).save(folder / "settings.json")
    samples = [text for text in tune_texts.glossed if text.strip()][:200]
    return export(module, recipe.transformer.base, folder, listed_at, samples)


def _tokenizer(recipe: Recipe, folder: Path) -> Tokenizer:
    from transformers import AutoTokenizer

    path = folder / "tokenizer.json"
    AutoTokenizer.from_pretrained(base_folder(recipe.transformer.base)).backend_tokenizer.save(str(path))
    return Tokenizer(path)
