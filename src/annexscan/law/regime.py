"""What a legal text says of each kind of good in one date range, and the measures that move that."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from annexscan.verdict import Basis, Fact, LawReference, Status

TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "at_least": operator.ge,
    "at_most": operator.le,
    "above": operator.gt,
    "below": operator.lt,
    "equals": operator.eq,
}
"""How a rule compares a fact with its limit; a rule in a file has exactly one of these as a key."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a good is, independent of any law.

    Attributes:
        id: Its name in data and verdicts.
        name: Its plain English name.
        group: Family, e.g. ``restraint``.
        definition: One sentence.
        counts: What has the kind.
        excludes: What may be taken for it but has another kind.
        lookalikes: Ordinary goods that share its words or shape.
    """

    id: str
    name: str
    group: str
    definition: str
    counts: str
    excludes: tuple[str, ...]
    lookalikes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LawEntry:
    """What a regime says of one kind.

    Attributes:
        kind: Id of the kind.
        status: Before any measure is read.
        entry: Where it stands in the text, None where the number is not known.
        cn: Customs codes as written, ``ex`` included; empty where not known.
        basis: How sure all of this is.
        source: Keys of ``sources.toml``, separated by a comma and a space.
        note: Scope, exclusions and what was not read.
    """

    kind: str
    status: Status
    entry: str | None
    cn: tuple[str, ...]
    basis: Basis
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A measure that moves the status of a kind.

    Attributes:
        id: Its name within the regime.
        kind: Id of the kind it speaks of.
        fact: Name of the fact, which carries the unit.
        test: One of :data:`TESTS`.
        limit: What the fact is compared with, in the fact's unit.
        becomes: The status once the rule holds.
        entry: Where the good stands then, None where not known or no longer listed.
        basis: How sure the rule is.
        source: As in :class:`LawEntry`.
        note: What the rule says, in one sentence.
    """

    id: str
    kind: str
    fact: str
    test: str
    limit: float | str
    becomes: Status
    entry: str | None
    basis: Basis
    source: str
    note: str

    def holds(self, facts: Sequence[Fact]) -> bool:
        """Whether the fact is stated and every value stated passes, so that a range moves nothing by half."""
        values = [fact.value for fact in facts if fact.name == self.fact]
        return bool(values) and all(self._passes(value) for value in values)

    def _passes(self, value: float | str) -> bool:
        same_type = isinstance(value, str) == isinstance(self.limit, str)
        return same_type and TESTS[self.test](value, self.limit)


@dataclass(frozen=True, slots=True)
class Ruling:
    """The status of a good once its facts are read; ``rule`` is the one that moved it, if any."""

    status: Status
    moved: bool
    rule: Rule | None
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Regime:
    """One legal text in one date range.

    Attributes:
        id: Name shared by all date ranges of the text.
        title: Its full name.
        valid_from: First day.
        valid_until: Last day, None while it is in force.
        source: Where its dates were read, as in :class:`LawEntry`.
        note: What holds for all its entries.
        entries: Kind id to entry, for every kind of the taxonomy, in its order.
        rules: In the order in which they are tried.
        sources: Source key to address.
    """

    id: str
    title: str
    valid_from: date
    valid_until: date | None
    source: str
    note: str
    entries: Mapping[str, LawEntry]
    rules: tuple[Rule, ...]
    sources: Mapping[str, str]

    @cached_property
    def listed(self) -> frozenset[str]:
        """The kinds that are prohibited or controlled."""
        return self.kinds_of(Status.PROHIBITED) | self.kinds_of(Status.CONTROLLED)

    @property
    def dates(self) -> str:
        """The date range, ``2019-02-20..2025-08-19``, without an end while it is in force."""
        return f"{self.valid_from}..{self.valid_until or ''}"

    def kinds_of(self, status: Status) -> frozenset[str]:
        """The kinds of one status, before any measure is read."""
        return frozenset(kind for kind, entry in self.entries.items() if entry.status is status)

    def in_force(self, day: date) -> bool:
        """Whether the regime holds on a day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def has_rules(self, kind: str) -> bool:
        """Whether a measure can move the status of a kind."""
        return any(rule.kind == kind for rule in self.rules)

    def rule(self, kind: str, facts: Sequence[Fact]) -> Ruling:
        """The status of a good of ``kind`` with these facts: the first rule that holds moves it, and says so."""
        status = self.entries[kind].status
        for rule in self.rules:
            if rule.kind == kind and rule.becomes is not status and rule.holds(facts):
                stated = ", ".join(str(fact.value) for fact in facts if fact.name == rule.fact)
                warning = (
                    f"{rule.fact} {stated} ({rule.test.replace('_', ' ')} {rule.limit}) makes this "
                    f"{rule.becomes.value} instead of {status.value}; basis of the limit: {rule.basis.value}"
                )
                return Ruling(rule.becomes, True, rule, (warning,))
        return Ruling(status, False, None, ())

    def reference(self, kind: str, as_of: date, ruling: Ruling) -> LawReference:
        """Where the good stands: by the rule that moved it, else by the entry of its kind."""
        entry = self.entries[kind]
        law = ruling.rule or entry
        source = "; ".join(f"{key}: {self.sources[key]}" for key in law.source.split(", "))
        cn = () if ruling.rule else entry.cn
        return LawReference(self.id, as_of.isoformat(), law.entry, law.basis, cn, source, law.note)
