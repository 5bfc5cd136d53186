"""``annexscan scan`` and ``annexscan explain``."""

import os
import sys
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from annexscan.cli.options import AsOfOption, BundleOption, LawOption, RegimeOption, TermsOption, open_cascade
from annexscan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from annexscan.cascade import Cascade
    from annexscan.scan import Options, Tally
    from annexscan.verdict import Verdict


class Form(StrEnum):
    """What a scan writes."""

    RUN = "run"
    JSONL = "jsonl"
    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"


def scan(
    paths: Annotated[list[str], typer.Argument(help="Files, folders, or - for standard input.")],
    out: Annotated[str, typer.Option("--out", "-o", help="Run folder or file; - streams JSON lines.")] = "runs/latest",
    form: Annotated[Form, typer.Option("--format", help="run: a folder with report; else one file.")] = Form.RUN,
    regime: RegimeOption = "eu-2019-125",
    as_of: AsOfOption = None,
    bundle: BundleOption = None,
    law: LawOption = None,
    columns: Annotated[
        str, typer.Option("--columns", help="Your headings: title=Bezeichnung,description=Text,id=Nr")
    ] = "",
    terms: TermsOption = None,
    only: Annotated[str, typer.Option("--only", help="flagged: leave cleared listings out.")] = "",
    full: Annotated[bool, typer.Option("--full", help="Write cleared listings in full.")] = False,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Threads; the result does not depend on it.")] = (
        os.cpu_count() or 1
    ),
) -> None:
    """Scan files and folders; write a run folder with a report, or stream verdicts.

    Exit codes: 0 done; 1 done, but some inputs or rows could not be read; 2 wrong usage or no such path; 3 cannot run.
    """
    from annexscan.bundle import file_sha256
    from annexscan.scan import Options, Tally, write_run, write_stream, write_view
    from annexscan.sources import parse_columns

    if only not in ("", "flagged"):
        raise UsageError(f"--only {only}: the one choice is  --only flagged")
    if only and full:
        raise UsageError("--only flagged and --full contradict each other; give one of them")
    named = {str(terms): file_sha256(terms)} if terms and terms.is_file() else {}
    options = Options(parse_columns(columns), workers, "full" if full else "flagged" if only else "compact", named)
    _require(paths)
    cascade = open_cascade(bundle, law, regime, as_of, terms)
    tally = Tally()
    console = Console(stderr=True)
    with _verdicts(paths, cascade, options, tally, console) as verdicts:
        if out == "-":
            if form not in (Form.RUN, Form.JSONL):
                raise UsageError(f"--format {form.value} cannot be streamed; give a file with -o")
            target = None
            try:
                write_stream(verdicts, sys.stdout.buffer, options.keep)
            except BrokenPipeError:  # whoever read our output has had enough: `… -o - | head`
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                raise typer.Exit(0) from None
        elif form is Form.RUN:
            if Path(out).is_file():
                raise UsageError(f"{out} is a file; name a folder for the run, or give --format")
            target = write_run(verdicts, Path(out), cascade, options, tally, sys.argv[1:])
        else:
            target = Path(out)
            if target.is_dir():
                raise UsageError(f"{out} is a folder; name a file for --format {form.value}")
            write_view(verdicts, target, form.value, options.keep)
    _summary(console, tally, target)
    raise typer.Exit(tally.exit_code)


def explain(
    text: Annotated[str, typer.Argument(help="The text of one listing.")],
    title: Annotated[str, typer.Option("--title", help="Its title, when it has one.")] = "",
    regime: RegimeOption = "eu-2019-125",
    as_of: AsOfOption = None,
    bundle: BundleOption = None,
    law: LawOption = None,
    terms: TermsOption = None,
) -> None:
    """Print the verdict on one text and what each stage said, also for what was cleared."""
    from annexscan.listing import Listing, Origin

    cascade = open_cascade(bundle, law, regime, as_of, terms)
    judgement = cascade.explain(Listing("text", title, text, Origin("argument", "")))
    verdict = judgement.verdict
    console = Console(highlight=False)
    colour = {"flag": "red", "review": "yellow", "clear": "green"}[verdict.decision.value]
    console.print(
        f"[bold {colour}]{verdict.decision.value}[/]  {verdict.kind}  score {verdict.score:.4f}  "
        f"({verdict.status.value} under {verdict.law.regime} on {verdict.law.as_of})"
    )
    entry = verdict.law.entry or "number not known"
    console.print(f"law: entry {entry}; basis {verdict.law.basis.value}; {escape(verdict.law.note or '')}")
    for item in verdict.evidence:
        console.print(
            f"evidence: {item.span.field}[{item.span.start}:{item.span.end}] "
            f"[reverse]{escape(item.span.text)}[/] weight {item.weight:.2f}, {escape(item.why)}"
        )
    for context in verdict.context:
        console.print(f"context: {escape(context.span.text)} ({context.sense}, lowers)")
    for warning in verdict.warnings:
        console.print(f"note: {escape(warning)}")
    table = Table("stage", "says", show_lines=False)
    for report in judgement.stages:
        table.add_row(report.stage, escape(report.says))
    console.print(table)


def _require(paths: list[str]) -> None:
    """Refuse a missing path before the models are loaded."""
    for path in paths:
        if path != "-" and not Path(path).exists():
            raise UsageError(f"{path}: no such file or folder")


@contextmanager
def _verdicts(
    paths: list[str], cascade: "Cascade", options: "Options", tally: "Tally", console: Console
) -> "Iterator[Iterator[Verdict]]":
    """The scan's verdicts, with a progress line on standard error while they are read."""
    from annexscan.scan import scan as run

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("reading")

        def seen(so_far: "Tally") -> None:
            if so_far.listings % 10 == 0:
                progress.update(task, description=_line(so_far))

        yield run(paths, cascade, options, tally, seen)


def _line(tally: "Tally") -> str:
    return (
        f"{tally.listings} listings: {tally.decisions['flag']} flagged, {tally.decisions['review']} to review, "
        f"{len(tally.errors)} unreadable"
    )


def _summary(console: Console, tally: "Tally", target: Path | None) -> None:
    console.print(_line(tally))
    for error in tally.errors[:10]:
        console.print(f"[yellow]not read:[/] {escape(str(error))}", highlight=False, soft_wrap=True)
    if len(tally.errors) > 10:
        console.print(f"… and {len(tally.errors) - 10} more; see errors.jsonl of a run folder")
    if target is not None:
        console.print(f"written: {escape(str(target))}", highlight=False, soft_wrap=True)
