"""Paths in, a run folder or a stream of verdicts out."""

import json
import platform
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, Literal

import orjson

from annexscan.cascade import Cascade
from annexscan.errors import AnnexscanError, InputError
from annexscan.listing import Listing
from annexscan.parallel import in_order
from annexscan.report import VIEWS, render_report, write_csv
from annexscan.sources import find_inputs, read
from annexscan.verdict import Decision, Verdict

Keep = Literal["compact", "flagged", "full"]
"""What is written of cleared listings: a short line, nothing, or everything."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a scan is run.

    Attributes:
        columns: Our column name to the input's heading.
        workers: Threads; the result does not depend on it.
        keep: What is written of cleared listings.
        terms: The user's own terms file with its SHA-256, for the record.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    workers: int = 1
    keep: Keep = "compact"
    terms: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Tally:
    """What has been read so far; grows while a scan runs."""

    listings: int = 0
    decisions: Counter[str] = field(default_factory=Counter)
    inputs: dict[str, str] = field(default_factory=dict)
    errors: list[InputError] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0, or 1 when some inputs or rows could not be read.

        Raises:
            AnnexscanError: There were errors and not one listing: nothing was readable.
        """
        if self.errors and not self.listings:
            raise AnnexscanError(f"nothing could be read: {self.errors[0]}")
        return 1 if self.errors else 0


def scan(
    paths: Sequence[str], cascade: Cascade, options: Options, tally: Tally, seen: Callable[[Tally], None]
) -> Iterator[Verdict]:
    """Verdicts in the order of the inputs; what cannot be read is added to the tally and the scan goes on.

    Args:
        paths: Files, folders, ``-`` for standard input.
        cascade: The served cascade.
        options: How to run.
        tally: Counts and errors, filled as the iterator is read.
        seen: Called after each listing.

    Raises:
        UsageError: A path does not exist.
    """
    inputs = list(find_inputs(paths))

    def listings() -> Iterator[Listing]:
        for source in inputs:
            if isinstance(source, InputError):
                tally.errors.append(source)
                continue
            tally.inputs[source.display] = source.sha256
            for item in read(source, options.columns):
                if isinstance(item, InputError):
                    tally.errors.append(item)
                else:
                    yield item

    for verdict in in_order(partial(_judge, cascade), listings(), options.workers):
        if isinstance(verdict, InputError):
            tally.errors.append(verdict)
            continue
        tally.listings += 1
        tally.decisions[verdict.decision.value] += 1
        seen(tally)
        yield verdict


def _judge(cascade: Cascade, listing: Listing) -> Verdict | InputError:
    """A verdict, or what went wrong with this one listing: one odd text must not cost the whole run."""
    try:
        return cascade.judge(listing)
    except Exception as error:
        origin = listing.origin
        place = f"page {origin.page}" if origin.page else f"row {origin.row}" if origin.row else origin.record or ""
        reason = f"could not be judged ({type(error).__name__}: {error})"
        return InputError(reason, path=origin.path, where=place, remedy="the rest was judged; report it with this text")


def line(verdict: Verdict, keep: Keep) -> bytes | None:
    """The verdict's JSON line, or None when it is left out."""
    if verdict.decision is not Decision.CLEAR or keep == "full":
        return orjson.dumps(verdict.to_dict(), option=orjson.OPT_APPEND_NEWLINE)
    if keep == "flagged":
        return None
    return orjson.dumps(verdict.to_compact_dict(), option=orjson.OPT_APPEND_NEWLINE)


def write_stream(verdicts: Iterable[Verdict], out: IO[bytes], keep: Keep) -> None:
    """Verdicts as JSON lines, each flushed when it is known."""
    for verdict in verdicts:
        text = line(verdict, keep)
        if text:
            out.write(text)
            out.flush()


def write_view(verdicts: Iterable[Verdict], path: Path, form: str, keep: Keep) -> None:
    """Verdicts as one file of the given form: ``jsonl``, ``csv``, ``xlsx`` or ``parquet``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _whole(path) as target:
        if form == "jsonl":
            with target.open("wb") as out:
                write_stream(verdicts, out, keep)
        else:
            rows = [v.to_dict() for v in verdicts if keep == "full" or v.decision is not Decision.CLEAR]
            VIEWS[form](rows, target)


def write_run(
    verdicts: Iterable[Verdict], folder: Path, cascade: Cascade, options: Options, tally: Tally, command: Sequence[str]
) -> Path:
    """The run folder; each file appears whole or not at all.

    Returns:
        The report's path.
    """
    folder.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    marked: list[dict[str, Any]] = []
    with _whole(folder / "verdicts.jsonl") as target, target.open("wb") as out:
        for verdict in verdicts:
            if verdict.decision is not Decision.CLEAR:
                marked.append(verdict.to_dict())
            text = line(verdict, options.keep)
            if text:
                out.write(text)
    errors = [error.to_dict() for error in tally.errors]
    with _whole(folder / "errors.jsonl") as target:
        target.write_bytes(b"".join(orjson.dumps(error, option=orjson.OPT_APPEND_NEWLINE) for error in errors))
    with _whole(folder / "flagged.csv") as target:
        write_csv(marked, target)
    run = _run_record(cascade, options, tally, command, time.monotonic() - started)
    report = folder / "report.html"
    with _whole(report) as target:
        target.write_text(render_report(run, marked, errors), encoding="utf-8")
    with _whole(folder / "run.json") as target:
        target.write_text(json.dumps(run, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return report


def _run_record(
    cascade: Cascade, options: Options, tally: Tally, command: Sequence[str], seconds: float
) -> dict[str, Any]:
    return {
        "command": list(command),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 2),
        "inputs": tally.inputs,
        "listings": tally.listings,
        "decisions": {decision.value: tally.decisions[decision.value] for decision in Decision},
        "errors": len(tally.errors),
        "bundle": {"name": cascade.bundle.name, "sha256": cascade.bundle.sha256},
        "law": {
            "sha256": cascade.law.sha256,
            "regime": cascade.regime.id,
            "title": cascade.regime.title,
            "as_of": cascade.as_of.isoformat(),
        },
        "thresholds": {"flag": cascade.models.settings.flag, "review": cascade.models.settings.review},
        "certificate": cascade.models.settings.certificate,
        "settings": {
            "columns": dict(options.columns),
            "workers": options.workers,
            "keep": options.keep,
            "terms": dict(options.terms),
        },
        "versions": {"annexscan": version("annexscan"), "python": platform.python_version()},
    }


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A path to write to that takes the file's name only once it is complete."""
    part = path.with_name(f".{path.name}.part")
    yield part
    part.replace(path)
