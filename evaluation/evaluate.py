"""A bundle and the test voices in, headline and report out: ``python evaluation/evaluate.py [BUNDLE]``."""

import os
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from annexscan.fit import read_materials
from annexscan.law import LawPack
from annexscan.locations import CHECKOUT, default_bundle, default_law_pack
from annexscan.scorecard import evaluate


def main(
    bundle: Annotated[Path | None, typer.Argument()] = None,
    out: Path = Path("runs/evaluation"),
    stream: int = 3000,
    peers: bool = True,
) -> None:
    """Measure the bundle beside its peers; real listings come from ANNEXSCAN_BACKGROUND."""
    law = LawPack.load(default_law_pack())
    materials = read_materials(CHECKOUT / "data", law, "eu-2019-125", date.today())
    console = Console(highlight=False)
    named = os.environ.get("ANNEXSCAN_BACKGROUND")
    report = evaluate(
        bundle or default_bundle(), materials, Path(named) if named else None, stream, peers, out,
        lambda message: console.print(message, style="dim"),
    )  # fmt: skip
    console.print(report.headline)
    console.print(f"written: {out / 'report.html'}")


if __name__ == "__main__":
    typer.run(main)
