"""Recall on the tune voices for growing parts of the corpus: ``python training/learning_curve.py``."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import typer
from rich.console import Console

from annexscan.fit import read_materials
from annexscan.fit.learning_curve import Point, learning_curve
from annexscan.fit.recipe import read_recipe
from annexscan.law import LawPack
from annexscan.locations import CHECKOUT, default_law_pack


def main(
    recipe: Path = CHECKOUT / "training/recipes/release.toml",
    out: Path = Path("runs/learning-curve"),
    alarms: float = 100.0,
    seeds: int = 3,
) -> None:
    """Fit the linear stage on 10, 25, 50 and 100 % of the train rows and draw its recall."""
    chosen = read_recipe(recipe)
    materials = read_materials(
        CHECKOUT / "data", LawPack.load(default_law_pack()), chosen.regime, date.fromisoformat(chosen.as_of)
    )
    console = Console(highlight=False)

    def say(point: Point) -> None:
        recall = point.recall
        console.print(
            f"{point.share:4.0%} {point.rows:6} rows, seed {point.seed}: recall {recall.value:.3f} "
            f"[{recall.low:.3f}, {recall.high:.3f}], harmless tune rows flagged {point.lookalikes.value:.3f}"
        )

    points = learning_curve(
        materials, chosen, (0.1, 0.25, 0.5, 1.0), range(chosen.seed, chosen.seed + seeds), alarms, say
    )
    out.mkdir(parents=True, exist_ok=True)
    told = {"alarms_per_100k": alarms, "points": [asdict(point) for point in points]}
    (out / "learning-curve.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    _draw(points, out / "learning-curve.svg", alarms)
    console.print(f"written: {out}")


def _draw(points: list[Point], path: Path, alarms: float) -> None:
    import matplotlib

    matplotlib.use("svg")
    from matplotlib.figure import Figure

    matplotlib.rcParams["svg.hashsalt"] = "annexscan"  # the same figures give the same bytes
    figure = Figure(figsize=(5.6, 4.0), layout="constrained")
    axes = figure.add_subplot()
    for seed in sorted({point.seed for point in points}):
        line = [point for point in points if point.seed == seed]
        recall = [point.recall.value for point in line]
        errors = (
            [point.recall.value - point.recall.low for point in line],
            [point.recall.high - point.recall.value for point in line],
        )
        axes.errorbar([point.rows for point in line], recall, errors, marker="o", capsize=3, label=f"seed {seed}")
    axes.set(xlabel="train rows", ylabel=f"recall at {alarms:g} false alarms per 100,000", ylim=(0, 1))
    axes.set_title("Listed goods of the tune voices found, linear stage alone")
    axes.legend(fontsize=8)
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    typer.run(main)
