"""Corpus, lexicon, concepts and a recipe in, a sealed bundle out. Reads top to bottom."""

import hashlib
import platform
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from annexscan.bundle import FILES, Bundle, Settings, seal
from annexscan.corpus import Corpus, Split, read_corpus
from annexscan.fit.card import render_card
from annexscan.fit.decision import Scored, calibrate, certificate, choose_thresholds, scored
from annexscan.fit.examples import (
    Example,
    example_of,
    gate_out_of_fold,
    learned_terms,
    stream_of,
    texts_of,
    training_examples,
)
from annexscan.fit.linear import fit_linear
from annexscan.fit.recipe import Recipe
from annexscan.fit.transformer import export, fit_transformer, windows_of
from annexscan.language import ORDINARY_ONLY, TRAINED
from annexscan.law import LawPack
from annexscan.lexicon import Concept, Entry, concept_entries, read_concepts, read_context_terms, read_trade_terms
from annexscan.ordinary import Stream
from annexscan.stages.models import Models
from annexscan.stages.stack import Signals, Stack, fit_stack
from annexscan.stages.terms import TermIndex
from annexscan.stages.transformer import Tokenizer

GATE_KEEPS = 0.999
"""The term pass may clear a listing unread only when, out of fold, it keeps this share of the listed rows."""

SCOPE = (
    "authored listings in English, Chinese, Russian, Arabic, Spanish, French, German, Portuguese, Turkish, Italian and "
    "Polish; no promise for anything else, and a change in the stream of listings voids it"
)
Progress = Callable[[str, float, dict[str, float]], None]
"""Called with the step's name, the share done 0..1, and metrics."""


@dataclass(frozen=True)
class Materials:
    """All that training reads, already checked.

    Attributes:
        corpus: Rows and voices.
        entries: Trade, context and concept entries.
        concepts: The concept table.
        kinds: Kind ids in the taxonomy's order.
        listed: Kinds that the EU regime lists today; the models learn to tell these from the rest.
        hashes: SHA-256 of each folder read, over the names and bytes of its files, and of the law pack.
    """

    corpus: Corpus
    entries: tuple[Entry, ...]
    concepts: tuple[Concept, ...]
    kinds: tuple[str, ...]
    listed: frozenset[str]
    hashes: dict[str, str]


def read_materials(data: Path, law: LawPack, regime: str, as_of: date) -> Materials:
    """Read ``corpus/``, ``lexicon/`` and ``concepts/`` below ``data``.

    Args:
        data: The data folder.
        law: Gives the kinds, and by ``regime`` and ``as_of`` which of them are listed.
        regime: Regime id.
        as_of: The date whose law counts.

    Raises:
        CorpusError: A file breaks its rules.
        LawError: No such regime, or none in force on that date.
    """
    listed = law.regime(regime, as_of).listed
    kinds = tuple(kind.id for kind in law.kinds)
    known = frozenset(kinds)
    concepts = read_concepts(data / "concepts")
    entries = [
        *read_trade_terms(data / "lexicon", known),
        *read_context_terms(data / "lexicon"),
        *concept_entries(concepts),
    ]
    corpus = read_corpus(data / "corpus", known, listed)
    hashes = {folder: _folder_sha256(data / folder) for folder in ("corpus", "lexicon", "concepts")} | {
        "law": law.sha256
    }
    return Materials(corpus, tuple(entries), tuple(concepts), kinds, listed, hashes)


def _folder_sha256(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*")):
        if path.suffix in {".csv", ".jsonl", ".toml"}:
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def fit(materials: Materials, recipe: Recipe, folder: Path, progress: Progress) -> Bundle:
    """Train every stage by the recipe and seal the bundle in ``folder``, which is made.

    Raises:
        AnnexscanError: The exported transformer disagrees with the trained one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    at = {kind: i for i, kind in enumerate(materials.kinds)}
    listed = np.array([kind in materials.listed for kind in materials.kinds])
    listed_at = [int(i) for i in np.flatnonzero(listed)]

    progress("examples", 0.0, {})
    train = training_examples(materials.corpus, materials.concepts, recipe)
    gate = gate_out_of_fold(train, materials.entries, materials.listed)
    index = TermIndex([*materials.entries, *learned_terms(train, materials.listed, materials.entries)])
    texts = texts_of(train, index)
    kinds = np.array([at[example.kind] for example in train])

    progress("linear", 0.0, {"examples": len(train)})
    linear = fit_linear(texts.linear, kinds, len(materials.kinds), recipe.linear)

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
    samples = [text for text in tune_texts.glossed if text.strip()][:200]
    metrics = export(module, recipe.transformer.base, folder, listed_at, samples)

    progress("stack", 0.0, metrics)
    index.save(folder / "terms.jsonl")
    linear.save(folder / "linear.npz")
    settings = Settings(
        materials.kinds, tuple(k for k in materials.kinds if k in materials.listed), tuple(sorted(TRAINED)),
        tuple(sorted(ORDINARY_ONLY)), 1.0, 1.0, recipe.decision.minimum_weight,
        gate["rows"] > 0 and gate["kept"] >= GATE_KEEPS * gate["rows"], gate,
    )  # fmt: skip
    settings.save(folder / "settings.json")
    Stack(0.5, 0.5, 1.0, 0.5, 0.2, 0.2, 0.0).save(folder / "stack.json")
    models = Models.load(folder)

    def see(examples: Sequence[Example], step: str) -> Signals:
        return _signals(models, examples, lambda share: progress(step, share, {}))

    stream = stream_of(Stream.TUNE, materials.concepts, recipe)
    stack, decided, decision_metrics = _decide(models, materials, recipe, tune, stream, at, see)
    stack.save(folder / "stack.json")
    replace(settings, **decided).save(folder / "settings.json")
    metrics |= decision_metrics
    manifest = _manifest(materials, recipe, metrics)
    (folder / "card.md").write_text(render_card(manifest, Settings.load(folder / "settings.json")), encoding="utf-8")
    for path in folder.iterdir():
        if path.is_file() and path.name not in FILES:
            path.unlink()
    progress("sealed", 1.0, metrics)
    return seal(folder, manifest)


def _decide(
    models: Models,
    materials: Materials,
    recipe: Recipe,
    tune: list[Example],
    stream: list[Example],
    at: dict[str, int],
    see: Callable[[Sequence[Example], str], Signals],
) -> tuple[Stack, dict[str, Any], dict[str, float]]:
    """The stack, the thresholds with their certificate, and the figures of this run."""
    listed = models.fitted_listed

    def labelled(split: Split) -> tuple[Signals, np.ndarray[Any, np.dtype[np.int64]]]:
        examples = [example_of(row) for row in materials.corpus.split(split)]
        return see(examples, split.value), np.array([at[example.kind] for example in examples])

    tune_signals, tune_kinds = see(tune, "tune"), np.array([at[example.kind] for example in tune])
    stream_signals = see(stream, "ordinary goods")
    stream_kinds = np.full(len(stream), at["none"])
    # Ordinary goods are many and easy: together they weigh as much as the authored rows.
    weights = np.r_[np.ones(len(tune)), np.full(len(stream), len(tune) / max(1, len(stream)))]
    both = np.r_[tune_kinds, stream_kinds]
    stack = fit_stack(Signals.join([tune_signals, stream_signals]), both, listed, weights)
    calibrate_signals, calibrate_kinds = labelled(Split.CALIBRATE)
    stack = calibrate(stack, calibrate_signals, calibrate_kinds, listed)

    choice = [
        scored(stack, tune_signals, tune_kinds, listed),
        scored(stack, calibrate_signals, calibrate_kinds, listed),
    ]
    rows = Scored(np.concatenate([s.scores for s in choice]), np.concatenate([s.listed for s in choice]))
    ordinary = scored(stack, stream_signals, stream_kinds, listed).scores
    flag, review = choose_thresholds(rows, ordinary, recipe.decision)
    certify_signals, certify_kinds = labelled(Split.CERTIFY)
    measured = see(stream_of(Stream.MEASURE, materials.concepts, recipe), "unseen ordinary goods")
    unseen = scored(stack, measured, np.full(len(measured), at["none"]), listed).scores
    promise = certificate(scored(stack, certify_signals, certify_kinds, listed), unseen, flag, review, SCOPE)
    metrics = {
        "tune_recall_flag": float((rows.scores[rows.listed] >= flag).mean()),
        "tune_recall_review": float((rows.scores[rows.listed] >= review).mean()),
        "tune_lookalikes_flagged": float((rows.scores[~rows.listed] >= flag).mean()),
        "stream_flagged_per_100k": float((ordinary >= flag).mean() * 100_000),
        "stream_review_per_100k": float((ordinary >= review).mean() * 100_000),
        "unseen_ordinary_flagged_per_100k": float((unseen >= flag).mean() * 100_000),
        "certify_recall_flag": promise["flag"]["found"] / max(1, promise["flag"]["rows"]),
        "certify_recall_review": promise["review_or_flag"]["found"] / max(1, promise["review_or_flag"]["rows"]),
    }
    return stack, {"flag": flag, "review": review, "certificate": promise}, metrics


def _signals(models: Models, examples: Sequence[Example], progress: Callable[[float], None]) -> Signals:
    def one(example: Example) -> Signals:
        return models.signals(example.reading, models.terms.find(example.reading), example.language)

    parts: list[Signals] = []
    with ThreadPoolExecutor(2) as pool:
        for signals in pool.map(one, examples):
            parts.append(signals)
            if len(parts) % 500 == 0:
                progress(len(parts) / len(examples))
    return Signals.join(parts)


def _tokenizer(recipe: Recipe, folder: Path) -> Tokenizer:
    from transformers import AutoTokenizer

    from annexscan.fit.transformer import base_folder

    path = folder / "tokenizer.json"
    AutoTokenizer.from_pretrained(base_folder(recipe.transformer.base)).backend_tokenizer.save(str(path))
    return Tokenizer(path)


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
