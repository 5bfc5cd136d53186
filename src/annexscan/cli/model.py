"""``annexscan fit``, ``evaluate`` and ``verify``."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from annexscan.cli.corpus import DataOption, read
from annexscan.cli.options import BundleOption, LawOption
from annexscan.errors import AnnexscanError
from annexscan.locations import CHECKOUT, default_bundle, default_law_pack


def verify(bundle: BundleOption = None, law: LawOption = None) -> None:
    """Check a bundle's files against its manifest and the law pack against its rules; exit code 4 says no."""
    from annexscan.bundle import open_bundle
    from annexscan.law import LawPack

    console = Console(highlight=False)
    try:
        opened = open_bundle(bundle or default_bundle())
        pack = LawPack.load(law or default_law_pack())
    except AnnexscanError as error:
        console.print(f"no: {error}", markup=False, soft_wrap=True)
        raise typer.Exit(4) from error
    console.print(f"bundle {opened.name} in {opened.path}: every file as trained, SHA-256 {opened.sha256}")
    console.print(f"law pack: {len(pack.kinds)} kinds, {len(pack.regimes)} dated regimes, SHA-256 {pack.sha256}")


def fit(
    recipe: Annotated[Path, typer.Argument(help="A recipe, e.g. training/recipes/dev.toml.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Bundle folder to make; models/<name> if left out.")
    ] = None,
    data: DataOption = CHECKOUT / "data",
    reuse: Annotated[
        Path | None,
        typer.Option("--reuse", help="Take this bundle's trained models over; choose stack and thresholds anew."),
    ] = None,
    tracking: Annotated[str, typer.Option("--tracking", help="MLflow tracking address.")] = "sqlite:///mlflow.db",
) -> None:
    """Train a bundle by a recipe and log the run to MLflow."""
    from annexscan.fit.recipe import read_recipe
    from annexscan.fit.tracking import fit_and_log

    chosen = read_recipe(recipe)
    console = Console(stderr=True)

    def progress(step: str, share: float, metrics: dict[str, float]) -> None:
        figures = ", ".join(f"{name} {value:.4g}" for name, value in metrics.items())
        console.print(f"{step} {share:.0%} {figures}", highlight=False)

    bundle = fit_and_log(
        read(data, chosen.regime, chosen.as_of),
        chosen,
        out or CHECKOUT / "models" / chosen.name,
        tracking,
        progress,
        reuse,
    )
    Console().print(f"{bundle.name} written to {bundle.path}")


def evaluate(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for report.html and report.json.")] = Path(
        "runs/evaluation"
    ),
    bundle: BundleOption = None,
    data: DataOption = CHECKOUT / "data",
    background: Annotated[
        Path | None,
        typer.Option("--background", envvar="ANNEXSCAN_BACKGROUND", help="Real listings, JSONL or JSONL.gz."),
    ] = None,
    stream: Annotated[int, typer.Option("--stream", help="Generated ordinary goods a language.")] = 3000,
    peers: Annotated[bool, typer.Option("--peers/--no-peers", help="Train and measure the peers too.")] = True,
) -> None:
    """Measure a bundle on the test voices, beside its peers; print the headline and write the report."""
    from annexscan.scorecard import evaluate as run

    console = Console(stderr=True)
    report = run(
        bundle or default_bundle(), read(data), background, stream, peers, out,
        lambda message: console.print(message, highlight=False),
    )  # fmt: skip
    Console(highlight=False).print(report.headline)
    Console(highlight=False).print(f"written: {out / 'report.html'}")
