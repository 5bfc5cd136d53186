"""Invented verdicts and a run record."""

import pytest

from annexscan.listing import Listing, Origin
from annexscan.verdict import Basis, Context, Decision, Evidence, Fact, LawReference, Span, Status, Verdict


@pytest.fixture
def make_verdict():
    """A function that builds a full verdict dict; evidence, context and facts name words of the text."""

    def make(
        title="Steel leg irons",
        description="Sold to prisons.",
        *,
        evidence=(),
        context=(),
        facts=(),
        decision="flag",
        status="prohibited",
        kind="leg_irons",
        score=0.97,
        entry=None,
        basis="secondary",
        language="en",
        warnings=(),
        origin=None,
        **listing,
    ):
        def span(words):
            field, text = ("title", title) if words in title else ("description", description)
            return Span(field, text.index(words), text.index(words) + len(words), words)

        return Verdict(
            listing=Listing(
                listing.pop("id", "1"), title, description, origin or Origin("shop.jsonl", "ab" * 32, row=1), **listing
            ),
            decision=Decision(decision),
            status=Status(status),
            kind=kind,
            score=score,
            kinds=((kind, score), ("none", 1 - score)),
            statuses={Status.PROHIBITED: score, Status.CONTROLLED: 0.0, Status.NOT_LISTED: 1 - score},
            law=LawReference("eu-2019-125", "2026-11-23", entry, Basis(basis), ("8301 50 00",), "the Regulation", "n."),
            evidence=tuple(Evidence(span(words), why, weight) for words, why, weight in evidence),
            context=tuple(Context(span(words), sense) for words, sense in context),
            facts=tuple(Fact(name, value, span(words)) for name, value, words in facts),
            language=language,
            stage="stack",
            bundle="default@0123abcd",
            warnings=tuple(warnings),
        ).to_dict()

    return make


@pytest.fixture
def run_record():
    """A run record as it is written to run.json."""
    return {
        "finished": "2026-11-23T15:40:00+00:00",
        "seconds": 4.2,
        "inputs": {"shop.jsonl": "ab" * 32},
        "listings": 1000,
        "decisions": {"flag": 10, "review": 2, "clear": 988},
        "errors": 0,
        "bundle": {"name": "default@0123abcd", "sha256": "12" * 32},
        "law": {"sha256": "34" * 32, "regime": "eu-2019-125", "title": "Regulation 2019/125", "as_of": "2026-11-23"},
        "thresholds": {"flag": 0.8123, "review": 0.221},
        "certificate": {
            "scope": "authored listings",
            "flag": {"found": 150, "rows": 188, "recall_lower_95": 0.743},
            "review_or_flag": {"found": 172, "rows": 188, "recall_lower_95": 0.875},
            "harmless_flagged": 3,
            "harmless_rows": 412,
        },
        "versions": {"annexscan": "0.1.0"},
    }
