"""Listings in, verdicts out: the stages in order, then the law."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annexscan.bundle import Bundle, open_bundle
from annexscan.language import UNKNOWN, detect, stated
from annexscan.law import LawPack, Regime, Ruling
from annexscan.lexicon import Entry, Role
from annexscan.listing import Listing
from annexscan.parallel import in_order
from annexscan.stages.evidence import find_evidence
from annexscan.stages.facts import find_facts
from annexscan.stages.models import Models
from annexscan.stages.stack import Floats, Signals
from annexscan.stages.terms import Hit, glossed
from annexscan.text import Reading, is_latin
from annexscan.verdict import Context, Decision, Evidence, Fact, Status, Verdict

_SAME_ITEM = 40  # characters between a benign word and a trade term within which it qualifies that term's good


@dataclass(frozen=True, slots=True)
class StageReport:
    """What one stage said of a listing, for ``annexscan explain``."""

    stage: str
    says: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with each stage's say, also for what was cleared."""

    verdict: Verdict
    stages: tuple[StageReport, ...]


@dataclass(frozen=True)
class _Case:
    """One listing on its way through the cascade."""

    listing: Listing
    reading: Reading
    language: str
    hits: tuple[Hit, ...]
    signals: Signals
    probabilities: Floats
    score: float
    bare: float  # the score as if there were no benign context


class Cascade:
    """The served cascade under one regime on one date.

    Args:
        bundle: A checked bundle.
        law: A checked law pack.
        regime: Regime id, e.g. ``eu-2019-125``.
        as_of: The date whose law counts.
        extra_terms: A user's own terms; alone they can raise to review, never to a flag.

    Raises:
        BundleError: The bundle speaks of kinds the law pack does not know.
        LawError: No such regime, or none in force on that date.
    """

    def __init__(
        self, bundle: Bundle, law: LawPack, regime: str, as_of: date, extra_terms: Sequence[Entry] = ()
    ) -> None:
        self.bundle = bundle
        self.law = law
        self.regime: Regime = law.regime(regime, as_of)
        self.as_of = as_of
        self.models = Models.load(bundle.path)
        self._extra = _extra_index(extra_terms)
        law.require(self.models.settings.kinds)
        self._names = {kind.id: kind.name for kind in law.kinds}
        self._listed = self._mask(self.regime.listed)

    @classmethod
    def open(cls, bundle: Path, law: Path, regime: str, as_of: date, extra_terms: Sequence[Entry] = ()) -> "Cascade":
        """Check and load both folders."""
        return cls(open_bundle(bundle), LawPack.load(law), regime, as_of, extra_terms)

    def judge(self, listing: Listing) -> Verdict:
        """The verdict on one listing. It depends on that listing alone."""
        return self.explain(listing).verdict

    def judge_many(self, listings: Iterable[Listing], workers: int = 1) -> Iterator[Verdict]:
        """Verdicts in the order of the listings, at most a few dozen listings held at once.

        Args:
            listings: What to judge; read as results are taken.
            workers: Threads; the verdicts do not depend on it.
        """
        return in_order(self.judge, listings, workers)

    def explain(self, listing: Listing) -> Judgement:
        """The verdict on one listing and what each stage said of it."""
        reading = Reading.of(listing)
        language = stated(listing.language) or detect(reading.raw)
        hits = tuple(self.models.terms.find(reading))
        if not reading.raw.strip() or (not hits and self.models.settings.gate_clears and not self._user_hits(reading)):
            verdict = self._cleared_unread(listing, language)
            return Judgement(verdict, (StageReport("terms", "nothing found: cleared"),))
        case = self._read(listing, reading, language, hits)
        verdict = self._decide(case)
        return Judgement(verdict, self._reports(case, verdict))

    def _read(self, listing: Listing, reading: Reading, language: str, hits: tuple[Hit, ...]) -> _Case:
        signals = self.models.signals(reading, hits, language)
        probabilities = self.models.kind_probabilities(signals)
        score = float(self.models.stack.score(probabilities, self._listed)[0])
        bare = float(self.models.score(signals.without_context(), self._listed)[0])
        return _Case(listing, reading, language, hits, signals, probabilities[0], score, bare)

    def _rescore(self, reading: Reading, language: str) -> float:
        hits = self.models.terms.find(reading)
        return float(self.models.score(self.models.signals(reading, hits, language), self._listed)[0])

    def _decide(self, case: _Case) -> Verdict:
        settings = self.models.settings
        warnings: list[str] = []
        decision, stage = self._by_score(case.score), "stack"
        if self._by_score(case.bare) is Decision.FLAG and decision is Decision.CLEAR and not _same_item(case):
            decision = Decision.REVIEW
            warnings.append("harmless surroundings lower the score but may speak of another item")
        evidence: tuple[Evidence, ...] = ()
        if decision is not Decision.CLEAR:
            evidence = find_evidence(
                self.models, case.reading, case.hits, case.score, self._listed,
                lambda changed: self._rescore(changed, case.language), self._names,
            )  # fmt: skip
            if decision is Decision.FLAG and not evidence:
                decision = Decision.REVIEW
                warnings.append("no span carries the score by itself: review instead of a flag")
        short_latin = case.language == UNKNOWN and is_latin(case.reading.raw)  # too short to tell, not foreign
        if decision is not Decision.CLEAR and case.language not in settings.languages and not short_latin:
            decision, stage, warning = self._unknown_language(case, decision)
            warnings.append(warning)
        kind = self._kind(case, decision)
        facts: tuple[Fact, ...] = ()
        if decision is not Decision.CLEAR or self.regime.has_rules(kind):
            facts = find_facts(case.reading)
        ruling = self.regime.rule(kind, facts)
        warnings += ruling.warnings
        decision, stage = _by_ruling(decision, stage, ruling)
        if decision is Decision.CLEAR and (user := self._user_hits(case.reading)):
            decision, stage = Decision.REVIEW, "terms"
            evidence = tuple(
                Evidence(case.reading.span(hit.start, hit.end), "a term of your own list", 0.0) for hit in user
            )
        return self._verdict(case, decision, kind, stage, ruling, evidence, facts, tuple(warnings))

    def _by_score(self, score: float) -> Decision:
        if score >= self.models.settings.flag:
            return Decision.FLAG
        return Decision.REVIEW if score >= self.models.settings.review else Decision.CLEAR

    def _kind(self, case: _Case, decision: Decision) -> str:
        """The most probable kind; of a flag or review the most probable *listed* one, which is what is asked about."""
        candidates = np.where(self._listed, case.probabilities, 0.0)
        if decision is Decision.CLEAR or not candidates.any():
            candidates = case.probabilities
        return self.models.settings.kinds[int(candidates.argmax())]

    def _unknown_language(self, case: _Case, decision: Decision) -> tuple[Decision, str, str]:
        """Where the models know no trade wording, only a trade term may flag; style never does."""
        strong = [h for h in case.hits if h.entry.role is Role.TRADE and h.entry.strength == 1.0]
        if any(h.entry.label in self.regime.listed for h in strong):
            return decision, "stack", f"language {case.language} is not one the models were trained on"
        # A disguised or very short text is often taken for some other language: doubt, where the score was sure.
        trade = any(h.entry.role is Role.TRADE for h in case.hits)
        lowered = Decision.REVIEW if trade or decision is Decision.FLAG else Decision.CLEAR
        return lowered, "terms", f"language {case.language} is unknown to the models: decided by terms alone"

    def _verdict(
        self,
        case: _Case,
        decision: Decision,
        kind: str,
        stage: str,
        ruling: Ruling,
        evidence: tuple[Evidence, ...],
        facts: tuple[Fact, ...],
        warnings: tuple[str, ...],
    ) -> Verdict:
        return Verdict(
            listing=case.listing,
            decision=decision,
            status=ruling.status,
            kind=kind,
            score=case.score,
            kinds=self._best_kinds(case.probabilities),
            statuses=self._statuses(case),
            law=self.regime.reference(kind, self.as_of, ruling),
            evidence=evidence if decision is not Decision.CLEAR else (),
            context=tuple(
                Context(case.reading.span(hit.start, hit.end), hit.entry.label)
                for hit in case.hits
                if hit.entry.role is Role.CONTEXT
            ),
            facts=facts,
            language=case.language,
            stage=stage,
            bundle=self.bundle.name,
            warnings=warnings,
        )

    def _cleared_unread(self, listing: Listing, language: str) -> Verdict:
        ruling = self.regime.rule("none", ())
        return Verdict(
            listing, Decision.CLEAR, Status.NOT_LISTED, "none", 0.0, (("none", 1.0),),
            {Status.PROHIBITED: 0.0, Status.CONTROLLED: 0.0, Status.NOT_LISTED: 1.0},
            self.regime.reference("none", self.as_of, ruling), (), (), (), language, "gate", self.bundle.name,
        )  # fmt: skip

    def _best_kinds(self, probabilities: Floats) -> tuple[tuple[str, float], ...]:
        best = np.argsort(-probabilities, kind="stable")[:3]
        return tuple((self.models.settings.kinds[i], float(probabilities[i])) for i in best)

    def _statuses(self, case: _Case) -> dict[Status, float]:
        """The calibrated score, shared out between the listed statuses as the kinds' probabilities are."""
        shares = {
            status: float(case.probabilities[self._mask(self.regime.kinds_of(status))].sum())
            for status in (Status.PROHIBITED, Status.CONTROLLED)
        }
        total = sum(shares.values())
        scaled = {status: case.score * share / total if total else 0.0 for status, share in shares.items()}
        return scaled | {Status.NOT_LISTED: 1.0 - sum(scaled.values())}

    def _mask(self, kinds: frozenset[str]) -> NDArray[np.bool_]:
        return np.array([kind in kinds for kind in self.models.settings.kinds])

    def _user_hits(self, reading: Reading) -> list[Hit]:
        return self._extra.find(reading) if self._extra else []

    def _reports(self, case: _Case, verdict: Verdict) -> tuple[StageReport, ...]:
        kinds = self.models.settings.kinds
        found = ", ".join(
            f"{case.reading.raw[h.start : h.end]!r} ({h.entry.role.value}: {h.entry.label}"
            + (f", {h.entry.gloss})" if h.entry.gloss else ")")
            for h in case.hits
        )
        reports = [
            StageReport("terms", found or "nothing found"),
            StageReport("linear", _top(case.signals.linear[0], kinds)),
            StageReport("transformer", _top(case.signals.transformer[0], kinds)),
            StageReport("transformer reads", glossed(case.reading, case.hits, case.language)),
            StageReport("traded or named", f"log-odds {float(case.signals.traded[0]):+.2f} that the good is traded"),
            StageReport("stack", f"listed {case.score:.4f}; without benign context {case.bare:.4f}"),
            StageReport("facts", ", ".join(f"{f.name} = {f.value}" for f in verdict.facts) or "none read"),
            StageReport("decision", f"{verdict.decision.value} by {verdict.stage}: " + self._thresholds()),
        ]
        return tuple(reports)

    def _thresholds(self) -> str:
        settings = self.models.settings
        return f"flag from {settings.flag:.4f}, review from {settings.review:.4f}"


def _top(log_kinds: NDArray[Any], kinds: Sequence[str]) -> str:
    best = np.argsort(-log_kinds, kind="stable")[:3]
    return ", ".join(f"{kinds[i]} {np.exp(log_kinds[i]):.3f}" for i in best)


def _same_item(case: _Case) -> bool:
    """Whether every trade term has a benign word close by, so that the context speaks of the same good."""
    trade = [hit for hit in case.hits if hit.entry.role is Role.TRADE]
    context = [hit for hit in case.hits if hit.entry.role is Role.CONTEXT]
    return bool(trade) and all(
        any(max(hit.start, near.start) - min(hit.end, near.end) <= _SAME_ITEM for near in context) for hit in trade
    )


def _by_ruling(decision: Decision, stage: str, ruling: Ruling) -> tuple[Decision, str]:
    """A measure that makes a good listed asks for review; one that takes it off the list lowers a flag to review."""
    if not ruling.moved:
        return decision, stage
    if ruling.status is Status.NOT_LISTED:
        return (Decision.REVIEW if decision is Decision.FLAG else decision), "facts"
    return (Decision.REVIEW if decision is Decision.CLEAR else decision), "facts"


def _extra_index(entries: Sequence[Entry]) -> Any:
    from annexscan.stages.terms import TermIndex

    return TermIndex([replace(entry, role=Role.TRADE) for entry in entries]) if entries else None
