"""A bundle and the test voices in, the evaluation out: headline, slices, peers, real and generated listings."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from annexscan.bounds import false_alarms
from annexscan.cascade import Cascade
from annexscan.corpus import Row, Split, group_of
from annexscan.fit import Materials
from annexscan.fit.calibration import Scored, by_voice, choose_thresholds
from annexscan.fit.examples import Example, example_of, stream_of, training_examples
from annexscan.fit.recipe import DataPart, DecisionPart, LinearPart, Recipe, TransformerPart
from annexscan.listing import Listing, Origin
from annexscan.locations import default_law_pack
from annexscan.ordinary import Stream
from annexscan.scorecard.metrics import (
    Case,
    flagged,
    precision_recall,
    recall_by,
    reliability,
    seen,
    share_of,
)
from annexscan.scorecard.page import render_page
from annexscan.scorecard.peers import peers as fit_peers
from annexscan.scorecard.streams import Say, background_alarms, read_background, stream_alarms
from annexscan.text import Reading
from annexscan.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured.

    Attributes:
        headline: A few lines for the terminal.
        data: Everything, as written to ``report.json``.
    """

    headline: str
    data: dict[str, Any]


def evaluate(
    bundle: Path, materials: Materials, background: Path | None, stream: int, with_peers: bool, out: Path, say: Say
) -> Evaluation:
    """Measure a bundle and write ``report.html``, ``report.json`` and the headline as ``README.md`` to ``out``.

    Args:
        bundle: Bundle folder.
        materials: Corpus, lexicon and concepts.
        background: Real listings, JSONL or JSONL.gz with ``id`` and ``title``; None to go without.
        stream: Generated ordinary goods a language.
        with_peers: Train and measure the peers too (some minutes).
        out: Folder for the report.
        say: Told what is being done.

    Raises:
        UsageError: The background file does not exist.
    """
    cascade = Cascade.open(bundle, default_law_pack(), "eu-2019-125", date.today())
    say("test voices")
    rows = materials.corpus.split(Split.TEST)
    cases = [_case(row, verdict, cascade) for row, verdict in zip(rows, _judge(cascade, rows), strict=True)]
    data = _summary(cases) | {"bundle": cascade.bundle.name, "as_of": date.today().isoformat()}
    if background is not None:
        data["background"] = background_alarms(cascade, background, say)
    data["streams"] = stream_alarms(cascade, materials, stream, say)
    if with_peers:
        data["peers"] = _peers(cascade, materials, cases, background, say)
    out.mkdir(parents=True, exist_ok=True)
    (out / "report.json").write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (out / "report.html").write_text(render_page(data), encoding="utf-8")
    headline = _headline(data)
    (out / "README.md").write_text(
        f"# Last evaluation\n\nMade by `evaluate`.\n\n```\n{headline}\n```\n", encoding="utf-8"
    )
    return Evaluation(headline, data)


def _judge(cascade: Cascade, rows: Sequence[Row]) -> Iterator[Verdict]:
    """Verdicts on rows whose language is not stated, as in most inputs."""
    listings = (Listing(r.id, r.title, r.description, Origin("corpus", "")) for r in rows)
    return cascade.judge_many(listings, workers=2)


def _case(row: Row, verdict: Verdict, cascade: Cascade) -> Case:
    listed = frozenset(cascade.regime.listed)
    return Case(
        row.id, row.voice, row.language, row.kind, row.style, row.reading.raw,
        cascade.regime.entries[row.kind].status.value, group_of(row, listed) == "look-alike",
        verdict.decision.value, verdict.score, verdict.kind,
        tuple(item.span.text for item in verdict.evidence), _covers(row, verdict),
    )  # fmt: skip


def _summary(cases: Sequence[Case]) -> dict[str, Any]:
    listed = [case for case in cases if case.listed]
    prohibited = [case for case in cases if case.status == "prohibited"]
    lookalikes = [case for case in cases if case.lookalike]
    ordinary = [case for case in cases if not case.lookalike and not case.listed]
    scores, truth = np.array([c.score for c in cases]), np.array([c.listed for c in cases])
    recall, precision, average = precision_recall(scores, truth)
    found = [case for case in listed if seen(case)]
    errors = sorted((c for c in cases if c.listed and not seen(c)), key=lambda c: c.score)
    errors += sorted((c for c in cases if not c.listed and flagged(c)), key=lambda c: -c.score)
    return {
        "rows": {
            "listed": len(listed), "prohibited": len(prohibited),
            "look-alike": len(lookalikes), "ordinary": len(ordinary),
        },
        "voices": len({case.voice for case in cases}),
        "recall": {
            "prohibited": _both(prohibited),
            "controlled": _both([case for case in listed if case.status == "controlled"]),
            "listed": _both(listed),
        },
        "false_alarms": {"look-alike": _both(lookalikes), "ordinary": _both(ordinary)},
        "slices": {
            name: {part: {k: s.to_dict() for k, s in shares.items()} for part, shares in recall_by(cases, key).items()}
            for name, key in _SLICES.items()
        },
        "kind_named_right": share_of(found, lambda case: case.predicted == case.kind).to_dict(),
        "evidence_covers_decisive": share_of(found, lambda case: case.covers).to_dict(),
        "pr": {"recall": recall, "precision": precision, "average_precision": average},
        "reliability": reliability(scores, truth),
        "errors": [asdict(case) for case in errors[:60]],
    }  # fmt: skip


def _length(case: Case) -> str:
    words = len(case.text) if case.language == "zh" else len(case.text.split())
    return "short (to 8 words)" if words <= 8 else "medium (to 60)" if words <= 60 else "long"


_SLICES: dict[str, Callable[[Case], str]] = {
    "language": lambda case: case.language,
    "kind": lambda case: case.kind,
    "style": lambda case: case.style,
    "length": _length,
}


def _covers(row: Row, verdict: Verdict) -> bool:
    """Whether some evidence overlaps some annotated decisive words."""
    fields = {"title": row.title, "description": row.description}
    for words in row.decisive:
        for name, text in fields.items():
            at = text.find(words)
            if at >= 0 and any(
                item.span.field == name and item.span.start < at + len(words) and at < item.span.end
                for item in verdict.evidence
            ):
                return True
    return False


def _both(cases: Sequence[Case]) -> dict[str, Any]:
    return {"flag": share_of(cases, flagged).to_dict(), "review": share_of(cases, seen).to_dict()}


def _peers(
    cascade: Cascade, materials: Materials, cases: Sequence[Case], background: Path | None, say: Say
) -> list[dict[str, Any]]:
    """Peers with thresholds chosen as the bundle's were, on the same rows; the bundle's own score stands beside."""
    recipe = recipe_of(cascade)
    plain = replace(recipe, data=replace(recipe.data, noise_copies=0))
    train = training_examples(materials.corpus, materials.concepts, materials.listed, plain)
    choice = [example_of(row) for row in materials.corpus.split(Split.TUNE, Split.CALIBRATE)]
    choice_listed = np.array([e.kind in materials.listed for e in choice])
    stream = stream_of(Stream.TUNE, materials.concepts, recipe)
    test = [example_of(row) for row in materials.corpus.split(Split.TEST)]
    real = (
        []
        if background is None
        else [
            Example(Reading.of(listing), "", "none", True, (), "background") for listing in read_background(background)
        ]
    )
    truth = np.array([case.listed for case in cases])
    own = np.array([case.score for case in cases])
    recall, precision, average = precision_recall(own, truth)
    table = [
        {
            "name": cascade.bundle.name,
            "flag": share_of([c for c in cases if c.status == "prohibited"], flagged).to_dict(),
            "review": share_of([c for c in cases if c.status == "prohibited"], seen).to_dict(),
            "look-alike": share_of([c for c in cases if c.lookalike], flagged).to_dict(),
            "average_precision": average,
            "pr": {"recall": recall, "precision": precision},
        }
    ]
    for peer in fit_peers(train, materials.entries, materials.listed, recipe, say):
        chosen_on = Scored(peer.score(choice), choice_listed)
        flag, review = choose_thresholds(chosen_on, by_voice(stream, peer.score(stream)), recipe.decision)
        scores = peer.score(test)
        judged = [
            Case(**(asdict(c) | {"decision": "flag" if s >= flag else "review" if s >= review else "clear"}))
            for c, s in zip(cases, scores, strict=True)
        ]
        recall, precision, average = precision_recall(scores, truth)
        entry = {
            "name": peer.name,
            "flag": share_of([c for c in judged if c.status == "prohibited"], flagged).to_dict(),
            "review": share_of([c for c in judged if c.status == "prohibited"], seen).to_dict(),
            "look-alike": share_of([c for c in judged if c.lookalike], flagged).to_dict(),
            "average_precision": average,
            "pr": {"recall": recall, "precision": precision},
        }
        if real:
            say(f"{peer.name}: {len(real)} real listings")
            on_real = peer.score(real)
            entry["background_flag"] = false_alarms(int((on_real >= flag).sum()), len(real)).to_dict()
            entry["background_review"] = false_alarms(int((on_real >= review).sum()), len(real)).to_dict()
        table.append(entry)
    return table


def recipe_of(cascade: Cascade) -> Recipe:
    """The recipe a bundle was trained by, from its manifest."""
    raw = cascade.bundle.manifest["recipe"]
    return Recipe(
        raw["name"], raw["seed"], raw["regime"], raw["as_of"], DataPart(**raw["data"]), LinearPart(**raw["linear"]),
        TransformerPart(**raw["transformer"]), DecisionPart(**raw["decision"]),
    )  # fmt: skip


def _headline(data: dict[str, Any]) -> str:
    prohibited, listed = data["recall"]["prohibited"], data["recall"]["listed"]
    lines = [
        f"bundle {data['bundle']}; test voices {data['voices']}, rows {data['rows']}",
        f"prohibited: recall at flag {_text(prohibited['flag'])}, at flag or review {_text(prohibited['review'])}",
        f"listed:     recall at flag {_text(listed['flag'])}, at flag or review {_text(listed['review'])}",
        f"look-alikes and mentions flagged: {_text(data['false_alarms']['look-alike']['flag'])}",
    ]
    if "background" in data:
        real = data["background"]
        lines.append(f"real listings ({real['rows']}): {_alarm_text(real)}")
    worst = max(data["streams"].items(), key=lambda item: item[1]["flag"]["value"])
    total = sum(part["rows"] for part in data["streams"].values())
    found = sum(part["flag"]["found"] for part in data["streams"].values())
    lines.append(
        f"generated ordinary goods: {found} of {total} flagged in {len(data['streams'])} languages; "
        f"most in {worst[0]}: {_alarm_text(worst[1])}"
    )
    lines += [
        f"peer {p['name']}: prohibited at flag {_text(p['flag'])}, at flag or review {_text(p['review'])}, "
        f"average precision {p['average_precision']:.3f}"
        for p in data.get("peers", [])
    ]
    return "\n".join(lines)


def _text(share: dict[str, Any]) -> str:
    return f"{share['value']:.3f} [{share['low']:.3f}, {share['high']:.3f}] ({share['found']}/{share['rows']})"


def _alarm_text(alarms: dict[str, Any]) -> str:
    flag, review = alarms["flag"], alarms["review"]
    return (
        f"{flag['value'] * 1e5:.1f} flags per 100,000 (at most {flag['high'] * 1e5:.1f}), "
        f"review {review['value']:.2%} (at most {review['high']:.2%})"
    )


__all__ = ["Evaluation", "evaluate", "read_background"]
