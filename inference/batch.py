"""A folder of files in, one run folder a file out, finished ones skipped: start it again and it goes on.

``python inference/batch.py scraped/ runs/scraped``
"""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from annexscan.cascade import Cascade
from annexscan.locations import default_bundle, default_law_pack
from annexscan.scan import Options, Tally, scan, write_run
from annexscan.sources import READERS


def main(
    folder: Path,
    out: Path,
    regime: str = "eu-2019-125",
    as_of: Annotated[str, typer.Option(help="YYYY-MM-DD; today if left out.")] = "",
    workers: int = 2,
) -> None:
    """Scan every readable file below a folder."""
    day = date.fromisoformat(as_of) if as_of else date.today()
    cascade = Cascade.open(default_bundle(), default_law_pack(), regime, day)
    console = Console(highlight=False)
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix.lower() in READERS]
    flagged = 0
    for path in track(paths, description="files", console=console):
        target = out / path.relative_to(folder)
        if (target / "run.json").is_file():  # written last, so its run is whole
            continue
        tally = Tally()
        options = Options(workers=workers)
        verdicts = scan([str(path)], cascade, options, tally, lambda _: None)
        write_run(verdicts, target, cascade, options, tally, ["batch", str(path)])
        flagged += tally.decisions["flag"]
    console.print(f"{len(paths)} files, {flagged} new flags; reports below {out}")


if __name__ == "__main__":
    typer.run(main)
