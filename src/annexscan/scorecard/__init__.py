"""A bundle and the test voices in, the evaluation out: headline, slices, peers, real and generated listings."""

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from annexscan.cascade import Cascade
from annexscan.corpus import Row, Split, group_of
from annexscan.errors import UsageError
from annexscan.fit import Materials
from annexscan.fit.decision import Scored, choose_thresholds
from annexscan.fit.examples import Example, example_of, stream_of, training_examples
from annexscan.fit.recipe import DataPart, DecisionPart, LinearPart, Recipe, TransformerPart
from annexscan.listing import Listing, Origin
from annexscan.locations import default_law_pack
from annexscan.ordinary import Stream, languages, ordinary_goods
from annexscan.scorecard.metrics import (
    Case,
    Share,
    flagged,
    precision_recall,
    rate,
    recall_by,
    reliability,
    seen,
    voice_share,
)
from annexscan.scorecard.page import render_page
from annexscan.scorecard.peers import peers as fit_peers
from annexscan.verdict import Decision, Verdict

Say = Callable[[str], None]


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
    """Measure a bundle and write ``report.json`` and ``report.html`` to ``out``.

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
        data["background"] = _background(cascade, background, say)
    data["streams"] = _streams(cascade, materials, stream, say)
    if with_peers:
        data["peers"] = _peers(cascade, materials, cases, background, say)
    out.mkdir(parents=True, exist_ok=True)
    (out / "report.json").write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (out / "report.html").write_text(render_page(data), encoding="utf-8")
    return Evaluation(_headline(data), data)


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
        tuple(item.span.text for item in verdict.evidence), row.decisive,
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
        "kind_named_right": voice_share(found, lambda case: case.predicted == case.kind).to_dict(),
        "evidence_covers_decisive": voice_share(found, _covers).to_dict(),
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


def _covers(case: Case) -> bool:
    """Whether some evidence touches some annotated decisive words."""
    return any(e in d or d in e or set(e.split()) & set(d.split()) for e in case.evidence for d in case.decisive)


def _both(cases: Sequence[Case]) -> dict[str, Any]:
    return {"flag": voice_share(cases, flagged).to_dict(), "review": voice_share(cases, seen).to_dict()}


def read_background(path: Path) -> Iterator[Listing]:
    """Real listings that nobody here wrote.

    Raises:
        UsageError: No such file.
    """
    if not path.is_file():
        raise UsageError(f"{path}: no such background file; leave --background out to go without")
    opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")
    with opened as lines:
        for text in lines:
            row = json.loads(text)
            yield Listing(row["id"], row["title"] or "", row.get("description") or "", Origin(path.name, ""))


def _background(cascade: Cascade, path: Path, say: Say) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    shown: list[dict[str, Any]] = []
    for verdict in cascade.judge_many(read_background(path), workers=2):
        counts[verdict.decision.value] += 1
        if verdict.decision is Decision.FLAG:
            shown.append({"id": verdict.listing.id, "kind": verdict.kind, "score": round(verdict.score, 4)})
        if counts.total() % 5000 == 0:
            say(f"background: {counts.total()} read, {counts['flag']} flagged, {counts['review']} to review")
    return {"file": path.name, **_alarms(counts), "flagged": shown}


def _alarms(counts: Counter[str]) -> dict[str, Any]:
    rows = counts.total()
    return {
        "rows": rows,
        "flag": rate(counts["flag"], rows).to_dict(),
        "review": rate(counts["review"], rows).to_dict(),
    }


def _streams(cascade: Cascade, materials: Materials, count: int, say: Say) -> dict[str, Any]:
    """False alarms on generated goods that training never named, by language."""
    out = {}
    seed = int(cascade.bundle.manifest["seed"]) + 1
    for language in languages(materials.concepts):
        say(f"ordinary goods: {language}")
        goods = ordinary_goods(materials.concepts, language, Stream.MEASURE, count, seed)
        listings = (Listing(str(i), g.title, g.description, Origin("", "")) for i, g in enumerate(goods))
        out[language] = _alarms(Counter(v.decision.value for v in cascade.judge_many(listings, workers=2)))
    return out


def _peers(
    cascade: Cascade, materials: Materials, cases: Sequence[Case], background: Path | None, say: Say
) -> list[dict[str, Any]]:
    """Peers with thresholds chosen as the bundle's were, on the same rows; the bundle's own score stands beside."""
    recipe = recipe_of(cascade)
    plain = replace(recipe, data=replace(recipe.data, noise_copies=0))
    train = training_examples(materials.corpus, materials.concepts, plain)
    choice = [example_of(row) for row in materials.corpus.split(Split.TUNE, Split.CALIBRATE)]
    choice_listed = np.array([e.kind in materials.listed for e in choice])
    stream = stream_of(Stream.TUNE, materials.concepts, recipe)
    test = [example_of(row) for row in materials.corpus.split(Split.TEST)]
    real = [] if background is None else [_background_example(listing) for listing in read_background(background)]
    truth = np.array([case.listed for case in cases])
    own = np.array([case.score for case in cases])
    recall, precision, average = precision_recall(own, truth)
    table = [
        {
            "name": cascade.bundle.name,
            "flag": voice_share([c for c in cases if c.status == "prohibited"], flagged).to_dict(),
            "review": voice_share([c for c in cases if c.status == "prohibited"], seen).to_dict(),
            "look-alike": voice_share([c for c in cases if c.lookalike], flagged).to_dict(),
            "average_precision": average,
            "pr": {"recall": recall, "precision": precision},
        }
    ]
    for peer in fit_peers(train, materials.entries, materials.listed, recipe, say):
        flag, review = choose_thresholds(Scored(peer.score(choice), choice_listed), peer.score(stream), recipe.decision)
        scores = peer.score(test)
        judged = [
            Case(**(asdict(c) | {"decision": "flag" if s >= flag else "review" if s >= review else "clear"}))
            for c, s in zip(cases, scores, strict=True)
        ]
        recall, precision, average = precision_recall(scores, truth)
        entry = {
            "name": peer.name,
            "flag": voice_share([c for c in judged if c.status == "prohibited"], flagged).to_dict(),
            "review": voice_share([c for c in judged if c.status == "prohibited"], seen).to_dict(),
            "look-alike": voice_share([c for c in judged if c.lookalike], flagged).to_dict(),
            "average_precision": average,
            "pr": {"recall": recall, "precision": precision},
        }
        if real:
            say(f"{peer.name}: {len(real)} real listings")
            on_real = peer.score(real)
            entry["background_flag"] = rate(int((on_real >= flag).sum()), len(real)).to_dict()
            entry["background_review"] = rate(int((on_real >= review).sum()), len(real)).to_dict()
        table.append(entry)
    return table


def _background_example(listing: Listing) -> Example:
    from annexscan.text import Reading

    return Example(Reading.of(listing), "", "none", True, (), "background")


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


__all__ = ["Evaluation", "Share", "evaluate", "read_background"]
