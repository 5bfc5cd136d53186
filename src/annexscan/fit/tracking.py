"""Runs a training and logs it to MLflow: recipe, data hashes, environment, figures, progress and the bundle."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from annexscan.bundle import Bundle
from annexscan.fit import Materials, Progress, fit
from annexscan.fit.recipe import Recipe

EXPERIMENT = "annexscan"


def fit_and_log(
    materials: Materials, recipe: Recipe, folder: Path, tracking: str, progress: Progress, reuse: Path | None = None
) -> Bundle:
    """Train by the recipe and log the run.

    Args:
        materials: What training reads.
        recipe: The run.
        folder: Where the bundle is made.
        tracking: MLflow tracking address; MLflow's plain file store is no longer supported, use ``sqlite:///…``.
        progress: Called as training goes on.
        reuse: A bundle whose trained models are taken over.
    """
    import mlflow

    mlflow.set_tracking_uri(tracking)
    mlflow.set_experiment(EXPERIMENT)
    with mlflow.start_run(run_name=recipe.name):
        mlflow.log_params(dict(_flat(asdict(recipe))))
        mlflow.set_tags({f"sha256.{name}": sha for name, sha in materials.hashes.items()})
        step = 0

        def log(name: str, share: float, metrics: dict[str, float]) -> None:
            nonlocal step
            numbers = {f"{name}/{key}": float(value) for key, value in metrics.items()}
            if numbers:
                mlflow.log_metrics(numbers, step=step)
                step += 1
            progress(name, share, metrics)

        bundle = fit(materials, recipe, folder, log, reuse)
        mlflow.log_metrics(bundle.manifest["metrics"])
        mlflow.log_artifacts(str(folder), artifact_path="bundle")
    return bundle


def _flat(record: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in record.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
