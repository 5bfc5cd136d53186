"""``annexscan corpus``: statistics and checks of a labelled corpus."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from annexscan.cli.options import parse_date
from annexscan.locations import CHECKOUT

if TYPE_CHECKING:
    from annexscan.fit import Materials

corpus_app = typer.Typer(help="Statistics and checks of a labelled corpus.", no_args_is_help=True)
DataOption = Annotated[Path, typer.Option("--data", help="Folder with corpus/, lexicon/ and concepts/.")]


@corpus_app.command()
def stats(data: DataOption = CHECKOUT / "data") -> None:
    """Count rows by split, group, kind, language and style."""
    from annexscan.corpus import Split, counts

    materials = read(data)
    console = Console(highlight=False)
    table = Table("split", "voices", "rows", "listed", "look-alike", "ordinary")
    for split in Split:
        rows = materials.corpus.split(split)
        groups = counts(rows, materials.listed)["group"]
        voices = len({row.voice for row in rows})
        table.add_row(split.value, str(voices), str(len(rows)), *(str(groups[g]) for g in GROUPS))
    console.print(table)
    for name, counter in counts(materials.corpus.rows, materials.listed).items():
        if name != "voice":
            console.print(f"[bold]{name}[/]: " + ", ".join(f"{key} {count}" for key, count in counter.most_common()))
    console.print(f"terms: {len(materials.entries)}; concepts: {len(materials.concepts)}")


@corpus_app.command()
def check(data: DataOption = CHECKOUT / "data") -> None:
    """Check every file and hold the rows against corpus/rules.toml; exit code 4 says that a rule is broken."""
    from annexscan.corpus_rules import held_against, read_rules
    from annexscan.errors import CorpusError

    materials = read(data)
    regime = materials.law.regime("eu-2019-125", parse_date(None))
    findings = held_against(materials.corpus, regime, read_rules(data / "corpus"))
    table = Table("rule", "found", "holds")
    for finding in findings:
        table.add_row(finding.rule, finding.found, "yes" if finding.holds else "[red]no[/]")
    Console(highlight=False).print(table)
    if broken := [finding for finding in findings if not finding.holds]:
        told = "; ".join(f"{finding.rule} (found: {finding.found})" for finding in broken)
        raise CorpusError(f"{data / 'corpus'}: {len(broken)} rules broken: {told}; add or mend rows")
    Console().print(f"{len(materials.corpus.rows)} rows of {len(materials.corpus.voices)} voices: sound")


GROUPS = ("listed", "look-alike", "ordinary")


def read(data: Path, regime: str = "eu-2019-125", as_of: str | None = None) -> "Materials":
    """The checked training materials below ``data``; the regime on that date says which kinds are listed."""
    from annexscan.fit import read_materials
    from annexscan.law import LawPack
    from annexscan.locations import default_law_pack

    return read_materials(data, LawPack.load(default_law_pack()), regime, parse_date(as_of))
