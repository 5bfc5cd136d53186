"""The law pack in, a regime on a date out.

```
taxonomy.toml     the kinds of goods, independent of any law
sources.toml      source key -> address
regimes/*.toml    one legal text in one date range: what it says of every kind, and rules on measures
```
What is not known (an entry number, the end of a date range) is left out of its file and is None here; an empty
string is refused.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from annexscan.errors import LawError
from annexscan.law.regime import TESTS, Kind, LawEntry, Regime, Rule, Ruling
from annexscan.verdict import Basis, Status

__all__ = ["Kind", "LawEntry", "LawPack", "Regime", "Rule", "Ruling", "law_table"]

_GROUPS = ("execution", "restraint", "electric_shock", "striking", "irritant", "kinetic", "drug", "look_alike", "none")
_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class LawPack:
    """A checked law pack.

    Attributes:
        kinds: In the order of the taxonomy.
        regimes: By id, then by date.
        sources: Source key to address.
        sha256: Hex SHA-256 over the relative paths and bytes of its TOML files.
    """

    kinds: tuple[Kind, ...]
    regimes: tuple[Regime, ...]
    sources: Mapping[str, str]
    sha256: str

    @classmethod
    def load(cls, folder: Path) -> "LawPack":
        """Read and check a law pack.

        Raises:
            LawError: A file is missing or breaks a rule; the message names the file and the entry.
        """
        regime_files = sorted((folder / "regimes").glob("*.toml"))
        files = [folder / "sources.toml", folder / "taxonomy.toml", *regime_files]
        if not regime_files:
            raise LawError(f"{folder}: no law pack there: it has taxonomy.toml, sources.toml and regimes/*.toml")
        digest = hashlib.sha256()
        tables = []
        for path in files:
            data = _read(path)
            digest.update(f"{path.relative_to(folder).as_posix()}\0{len(data)}\0".encode() + data)
            tables.append(_parse(data, path))
        sources = {key: tables[0].text(key) for key in list(tables[0].values)}
        kinds = _kinds(tables[1])
        regimes = tuple(_regime(table, kinds, sources) for table in tables[2:])
        _refuse_overlaps(list(zip(regime_files, regimes, strict=True)))
        in_order = sorted(regimes, key=lambda regime: (regime.id, regime.valid_from))
        return cls(kinds, tuple(in_order), sources, digest.hexdigest())

    def regime(self, id: str, as_of: date) -> Regime:
        """The regime in force on a day.

        Raises:
            LawError: No such regime, or none in force on that day; the message lists what there is.
        """
        for regime in self.regimes:
            if regime.id == id and regime.in_force(as_of):
                return regime
        known = ", ".join(f"{regime.id} {regime.dates}" for regime in self.regimes)
        what = f"not in force on {as_of}" if any(regime.id == id for regime in self.regimes) else "no such regime"
        raise LawError(f"{id}: {what}; the law pack has {known}")

    def require(self, kinds: Iterable[str]) -> None:
        """Refuse kinds that the taxonomy does not have.

        Raises:
            LawError: The kinds that are unknown.
        """
        unknown = sorted(set(kinds) - {kind.id for kind in self.kinds})
        if unknown:
            names = ", ".join(unknown)
            raise LawError(f"taxonomy.toml does not have {names}: use the law pack the bundle was made with")


def law_table(pack: LawPack, regime: Regime) -> list[dict[str, str]]:
    """One row a kind, in the order of the taxonomy; what is not known is empty."""
    rows = []
    for kind in pack.kinds:
        entry = regime.entries[kind.id]
        rows.append(
            {
                "kind": kind.id,
                "name": kind.name,
                "status": entry.status.value,
                "entry": entry.entry or "",
                "cn": ", ".join(entry.cn),
                "basis": entry.basis.value,
                "source": entry.source,
                "note": entry.note,
            }
        )
    return rows


class _Table:
    """One table of a file, taken field by field; what is left over at the end is refused."""

    def __init__(self, values: dict[str, Any], where: str) -> None:
        self.values = values
        self.where = where

    def fault(self, message: str) -> LawError:
        return LawError(f"{self.where}: {message}")

    def take(self, name: str, kind: type | tuple[type, ...], what: str, *, optional: bool = False) -> Any:
        kinds = kind if isinstance(kind, tuple) else (kind,)
        value = self.values.pop(name, None)
        if value is None and optional:
            return None
        if type(value) not in kinds or value == "":  # exactly: a bool is no number, a time of day no date
            raise self.fault(f"{name} is missing" if value is None else f"{name} must be {what}, not {value!r}")
        return value

    def text(self, name: str) -> str:
        return str(self.take(name, str, "a text that is not empty"))

    def optional_text(self, name: str) -> str | None:
        text: str | None = self.take(name, str, "a text that is not empty; leave it out if unknown", optional=True)
        return text

    def texts(self, name: str, *, optional: bool = False) -> tuple[str, ...]:
        found = self.take(name, list, "a list of texts", optional=optional) or []
        if not all(isinstance(item, str) and item for item in found):
            raise self.fault(f"{name} must be a list of texts that are not empty")
        return tuple(found)

    def choice(self, name: str, choices: type[_Choice]) -> _Choice:
        text = self.text(name)
        if text not in {choice.value for choice in choices}:
            raise self.fault(f"{name} {text!r} is unknown; use one of {', '.join(choices)}")
        return choices(text)

    def source(self, known: Mapping[str, str]) -> str:
        keys = self.texts("source")
        if not keys:
            raise self.fault("source names nothing; name at least one key of sources.toml")
        for key in keys:
            if key not in known:
                raise self.fault(f"source {key!r} is unknown; sources.toml lists the keys")
        return ", ".join(keys)

    def tables(self, name: str, *, optional: bool = False) -> list["_Table"]:
        found = self.take(name, list, f"a list of [[{name}]] tables", optional=optional) or []
        if not all(isinstance(item, dict) for item in found):
            raise self.fault(f"{name} must be a list of [[{name}]] tables")
        return [_Table(item, f"{self.where}, {name} {number}") for number, item in enumerate(found, start=1)]

    def done(self) -> None:
        if self.values:
            raise self.fault(f"unknown field {', '.join(sorted(self.values))}")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise LawError(f"{path}: cannot be read: {error.strerror}") from error


def _parse(data: bytes, path: Path) -> _Table:
    try:
        return _Table(tomllib.loads(data.decode()), str(path))
    except ValueError as error:  # TOML and UTF-8 errors alike
        raise LawError(f"{path}: not valid TOML: {error}") from error


def _kinds(file: _Table) -> tuple[Kind, ...]:
    kinds: dict[str, Kind] = {}
    for table in file.tables("kinds"):
        id = table.text("id")
        table.where = f"{table.where} ({id})"
        if id in kinds:
            raise table.fault("this id stands twice")
        group = table.text("group")
        if group not in _GROUPS:
            raise table.fault(f"group {group!r} is unknown; use one of {', '.join(_GROUPS)}")
        kinds[id] = Kind(
            id, table.text("name"), group, table.text("definition"), table.text("counts"),
            table.texts("excludes"), table.texts("lookalikes"),
        )  # fmt: skip
        table.done()
    file.done()
    return tuple(kinds.values())


def _regime(file: _Table, kinds: Sequence[Kind], sources: Mapping[str, str]) -> Regime:
    order = [kind.id for kind in kinds]
    entries: dict[str, LawEntry] = {}
    for table in file.tables("entries"):
        for entry in _entries(table, order, sources):
            if entry.kind in entries:
                raise table.fault(f"{entry.kind} stands in an earlier entry already")
            entries[entry.kind] = entry
    missing = [kind for kind in order if kind not in entries]
    if missing:
        raise file.fault(f"no entry for {', '.join(missing)}; a regime speaks of every kind of taxonomy.toml")
    rules = tuple(_rule(table, order, sources) for table in file.tables("rules", optional=True))
    first = file.take("valid_from", date, "a date YYYY-MM-DD")
    last = file.take("valid_until", date, "a date YYYY-MM-DD; leave it out while in force", optional=True)
    if last is not None and last < first:
        raise file.fault(f"valid_until {last} lies before valid_from {first}")
    regime = Regime(
        file.text("id"), file.text("title"), first, last, file.source(sources), file.text("note"),
        {kind: entries[kind] for kind in order}, rules, sources,
    )  # fmt: skip
    file.done()
    return regime


def _known(table: _Table, kind: str, order: Sequence[str]) -> str:
    if kind not in order:
        raise table.fault(f"unknown kind {kind!r}; taxonomy.toml lists the kinds")
    return kind


def _entries(table: _Table, order: Sequence[str], sources: Mapping[str, str]) -> list[LawEntry]:
    kinds = [_known(table, kind, order) for kind in table.texts("kinds")]
    table.where = f"{table.where} ({', '.join(kinds)})"
    status, basis = table.choice("status", Status), table.choice("basis", Basis)
    entry, cn, source = table.optional_text("entry"), table.texts("cn", optional=True), table.source(sources)
    note = table.text("note")
    table.done()
    return [LawEntry(kind, status, entry, cn, basis, source, note) for kind in kinds]


def _rule(table: _Table, order: Sequence[str], sources: Mapping[str, str]) -> Rule:
    id = table.text("id")
    table.where = f"{table.where} ({id})"
    tests = [name for name in TESTS if name in table.values]
    if len(tests) != 1:
        raise table.fault(f"a rule has exactly one of {', '.join(TESTS)}")
    limit = table.take(tests[0], str if tests[0] == "equals" else (int, float), "a number, or a text for equals")
    rule = Rule(
        id, _known(table, table.text("kind"), order), table.text("fact"), tests[0], limit,
        table.choice("becomes", Status), table.optional_text("entry"), table.choice("basis", Basis),
        table.source(sources), table.text("note"),
    )  # fmt: skip
    table.done()
    return rule


def _refuse_overlaps(read: Sequence[tuple[Path, Regime]]) -> None:
    in_order = sorted(read, key=lambda item: (item[1].id, item[1].valid_from))
    for (_, before), (path, after) in pairwise(in_order):
        if before.id == after.id and before.in_force(after.valid_from):
            raise LawError(f"{path}: {after.id} {after.dates} overlaps {before.dates}")
