"""Behaviour of the shipped bundle on gold cases: each STRONG case must hold, most of the WEAK ones."""

import json

import pytest

from annexscan.verdict import Decision
from tests.conftest import ROOT

CASES = [json.loads(line) for line in (ROOT / "evaluation/gold/behaviour.jsonl").read_text("utf-8").splitlines()]


def holds(case, cascade, listing):
    changed = cascade.judge(listing(case["changed"]))
    base = cascade.judge(listing(case["base"])) if "base" in case else None
    match case["rule"]:
        case "same decision":
            return changed.decision is base.decision
        case "lower score":
            return changed.score < base.score
        case "changed scores higher":
            return changed.score > base.score
        case "not cleared":
            return changed.decision is not Decision.CLEAR
        case "not flagged":
            return changed.decision is not Decision.FLAG
    raise ValueError(f"{case['id']}: unknown rule {case['rule']}")


@pytest.mark.parametrize("case", [c for c in CASES if c["tier"] == "STRONG"], ids=lambda case: case["id"])
def test_strong_cases_hold(case, cascade, listing):
    assert holds(case, cascade, listing)


def test_most_weak_cases_hold(cascade, listing):
    weak = [case for case in CASES if case["tier"] == "WEAK"]
    assert sum(holds(case, cascade, listing) for case in weak) * 3 >= 2 * len(weak)


def test_ids_are_unique():
    assert len({case["id"] for case in CASES}) == len(CASES)
