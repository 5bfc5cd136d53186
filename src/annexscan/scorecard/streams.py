"""False alarms on listings without a listed good: real ones from outside, and generated ones by language."""

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from annexscan.bounds import false_alarms
from annexscan.cascade import Cascade
from annexscan.errors import UsageError
from annexscan.fit import Materials
from annexscan.listing import Listing, Origin
from annexscan.ordinary import Stream, languages, ordinary_goods
from annexscan.verdict import Decision

Say = Callable[[str], None]


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


def background_alarms(cascade: Cascade, path: Path, say: Say) -> dict[str, Any]:
    """Flags and reviews on real listings with their bounds, and which ids were flagged (never their text)."""
    counts: Counter[str] = Counter()
    shown: list[dict[str, Any]] = []
    for verdict in cascade.judge_many(read_background(path), workers=2):
        counts[verdict.decision.value] += 1
        if verdict.decision is Decision.FLAG:
            shown.append({"id": verdict.listing.id, "kind": verdict.kind, "score": round(verdict.score, 4)})
        if counts.total() % 5000 == 0:
            say(f"background: {counts.total()} read, {counts['flag']} flagged, {counts['review']} to review")
    return {"file": path.name, **_counted(counts), "flagged": shown}


def _counted(counts: Counter[str]) -> dict[str, Any]:
    rows = counts.total()
    return {
        "rows": rows,
        "flag": false_alarms(counts["flag"], rows).to_dict(),
        "review": false_alarms(counts["review"], rows).to_dict(),
    }


def stream_alarms(cascade: Cascade, materials: Materials, count: int, say: Say) -> dict[str, Any]:
    """False alarms on generated goods that training never named, by language."""
    out = {}
    seed = int(cascade.bundle.manifest["seed"]) + 1
    for language in languages(materials.concepts):
        say(f"ordinary goods: {language}")
        goods = ordinary_goods(materials.concepts, language, Stream.MEASURE, count, seed)
        listings = (Listing(str(i), g.title, g.description, Origin("", "")) for i, g in enumerate(goods))
        out[language] = _counted(Counter(v.decision.value for v in cascade.judge_many(listings, workers=2)))
    return out
