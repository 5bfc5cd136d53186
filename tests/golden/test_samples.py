"""The samples: listed goods are found and shown with evidence, their harmless neighbours are not flagged."""

import json
from functools import cache

from annexscan.cascade import Cascade
from annexscan.errors import InputError
from annexscan.sources import find_inputs, read
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


def best(found):
    """The gravest decision on an item (a page may hold it twice)."""
    return min(found, key=lambda verdict: ("flag", "review", "clear").index(verdict.decision.value))


def floors():
    return json.loads((ROOT / "evaluation" / "floors.json").read_text(encoding="utf-8"))["samples"]


def test_every_case_points_at_an_item(cascade):
    for name in ("samples.jsonl", "samples-harmless.jsonl"):
        for case in cases(name):
            assert at(cascade, case), case


def test_listed_goods_are_found_down_to_the_floor(cascade):
    found = [best(at(cascade, case)) for case in cases("samples.jsonl")]
    assert sum(v.decision.value == "flag" for v in found) >= floors()["listed_flagged"]
    assert sum(v.decision.value != "clear" for v in found) >= floors()["listed_flagged_or_reviewed"]


def test_harmless_neighbours_stay_below_the_ceiling(cascade):
    found = [best(at(cascade, case)) for case in cases("samples-harmless.jsonl")]
    assert sum(v.decision.value == "flag" for v in found) <= floors()["harmless_flagged_at_most"]


def test_every_flag_carries_evidence(cascade):
    flags = [v for found in verdicts(cascade).values() for v in found if v.decision.value == "flag"]
    assert flags
    for verdict in flags:
        assert verdict.evidence
        for item in verdict.evidence:
            text = getattr(verdict.listing, item.span.field)
            assert text[item.span.start : item.span.end] == item.span.text


def test_flags_are_the_listed_goods(cascade):
    """Every flag in the samples is a golden listed good, but for those counted as harmless and the floor's others."""
    wanted = {id(v.listing) for case in cases("samples.jsonl") for v in at(cascade, case)}
    flags = [v for found in verdicts(cascade).values() for v in found if v.decision.value == "flag"]
    others = [v.listing.title or v.listing.description for v in flags if id(v.listing) not in wanted]
    assert len(others) <= floors()["other_flags_at_most"], others
