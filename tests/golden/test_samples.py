"""The samples' golden cases: every listed good is found, with evidence where it is flagged; no harmless one is flagged."""

import json
from functools import cache

import pytest

from annexscan.cascade import Cascade
from annexscan.errors import InputError
from annexscan.sources import find_inputs, read
from annexscan.verdict import Decision
from tests.conftest import ROOT

GOLD = ROOT / "evaluation" / "gold"


def cases(name):
    return [json.loads(line) for line in (GOLD / name).read_text(encoding="utf-8").splitlines()]


@cache
def verdicts(cascade: Cascade):
    found = {}
    for source in find_inputs([str(ROOT / "data" / "samples")]):
        if not isinstance(source, InputError) and source.display.endswith((".pdf", ".jsonl", ".csv", ".html")):
            items = [item for item in read(source, {}) if not isinstance(item, InputError)]
            found[source.display] = list(cascade.judge_many(items, workers=2))
    return found


def at(cascade, case):
    """The verdict on the item a case speaks of."""
    path, locator = str(ROOT / case["path"]), case["locator"]

    def matches(verdict):
        listing = verdict.listing
        text = " ".join(f"{listing.title} {listing.description}".split())
        return (
            locator.get("row") in (None, listing.origin.row)
            and locator.get("page") in (None, listing.origin.page)
            and " ".join(locator.get("contains", "").split()) in text
        )

    return [verdict for verdict in verdicts(cascade)[path] if matches(verdict)]
