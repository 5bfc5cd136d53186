"""Corpus and recipe in, a sealed and logged bundle out: ``python training/train.py training/recipes/dev.toml``."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from annexscan.fit import read_materials
from annexscan.fit.recipe import read_recipe
from annexscan.fit.tracking import fit_and_log
from annexscan.law import LawPack
from annexscan.locations import CHECKOUT, default_law_pack


def main(
    recipe: Path,
    out: Annotated[Path | None, typer.Option(help="Bundle folder; models/<name> if left out.")] = None,
    tracking: str = "sqlite:///mlflow.db",
) -> None:
    """Train one recipe."""
    chosen = read_recipe(recipe)
    law = LawPack.load(default_law_pack())
    materials = read_materials(CHECKOUT / "data", law, chosen.regime, date.fromisoformat(chosen.as_of))
    console = Console(highlight=False)
    bundle = fit_and_log(
        materials, chosen, out or CHECKOUT / "models" / chosen.name, tracking,
        lambda step, share, metrics: console.print(f"{step} {share:.0%} {metrics or ''}"),
    )  # fmt: skip
    console.print(f"{bundle.name} in {bundle.path}")


if __name__ == "__main__":
    typer.run(main)
