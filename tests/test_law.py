import shutil
from datetime import date
from pathlib import Path

import pytest

from annexscan.errors import LawError
from annexscan.law import LawPack, law_table
from annexscan.verdict import Basis, Fact, Span, Status

TAXONOMY = """
[[kinds]]
id = "cuffs"
name = "cuffs"
group = "look_alike"
definition = "Cuffs."
counts = "cuffs"
excludes = ["shirt cuffs"]
lookalikes = []

[[kinds]]
id = "none"
name = "other good"
group = "none"
definition = "The rest."
counts = "the rest"
excludes = []
lookalikes = []
"""
OLD = """
id = "test"
title = "A test regime"
valid_from = 2020-01-01
valid_until = 2020-12-31
source = ["A"]
note = "For tests."

[[entries]]
kinds = ["cuffs"]
status = "not_listed"
entry = "I 1"
cn = ["ex 1234 00"]
basis = "read"
source = ["A", "B"]
note = "Ordinary cuffs."

[[entries]]
kinds = ["none"]
status = "not_listed"
basis = "unverified"
source = ["A"]
note = "Nothing."

[[rules]]
id = "wide"
kind = "cuffs"
fact = "inner_circumference_mm"
above = 165
becomes = "controlled"
entry = "III 1"
basis = "secondary"
source = ["B"]
note = "Wide cuffs."
"""
NEW = OLD.replace("2020-01-01", "2021-01-01").replace("valid_until = 2020-12-31\n", "")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "regimes").mkdir()
    (tmp_path / "taxonomy.toml").write_text(TAXONOMY)
    (tmp_path / "sources.toml").write_text('A = "a.example"\nB = "b.example"\n')
    (tmp_path / "regimes" / "old.toml").write_text(OLD)
    (tmp_path / "regimes" / "new.toml").write_text(NEW)
    return tmp_path


def measure(*values: float | str, name: str = "inner_circumference_mm") -> list[Fact]:
    return [Fact(name, value, Span("title", 0, 1, "x")) for value in values]


def test_each_day_has_the_regime_in_force_on_it(folder):
    pack = LawPack.load(folder)
    assert pack.regime("test", date(2020, 12, 31)).dates == "2020-01-01..2020-12-31"
    assert pack.regime("test", date(2021, 1, 1)).dates == "2021-01-01.."


@pytest.mark.parametrize(("id", "day"), [("test", date(2019, 12, 31)), ("other", date(2021, 1, 1))])
def test_a_missing_regime_is_refused_with_what_there_is(folder, id, day):
    with pytest.raises(LawError, match=r"test 2020-01-01\.\.2020-12-31, test 2021-01-01\.\."):
        LawPack.load(folder).regime(id, day)


def test_an_entry_keeps_what_its_file_says_and_leaves_the_unknown_out(folder):
    regime = LawPack.load(folder).regime("test", date(2020, 6, 1))
    cuffs, none = regime.entries["cuffs"], regime.entries["none"]
    assert (cuffs.entry, cuffs.cn, cuffs.basis, cuffs.source) == ("I 1", ("ex 1234 00",), Basis.READ, "A, B")
    assert (none.entry, none.cn) == (None, ())
    assert regime.kinds_of(Status.NOT_LISTED) == {"cuffs", "none"}
    assert regime.listed == frozenset()


@pytest.mark.parametrize(
    ("test", "limit", "passing", "failing"),
    [
        ("above", "165", 165.1, 165.0),
        ("below", "165", 164.9, 165.0),
        ("at_least", "165", 165.0, 164.9),
        ("at_most", "165", 165.0, 165.1),
        ("equals", '"true"', "true", "false"),
    ],
)
def test_a_rule_moves_the_status_at_its_limit_only(folder, test, limit, passing, failing):
    (folder / "regimes" / "old.toml").write_text(OLD.replace("above = 165", f"{test} = {limit}"))
    regime = LawPack.load(folder).regime("test", date(2020, 6, 1))
    moved, kept = regime.rule("cuffs", measure(passing)), regime.rule("cuffs", measure(failing))
    assert (moved.status, moved.moved, moved.rule) == (Status.CONTROLLED, True, regime.rules[0])
    assert (kept.status, kept.moved, kept.rule, kept.warnings) == (Status.NOT_LISTED, False, None, ())


def test_a_rule_moves_nothing_without_its_fact_or_by_half_a_range(folder):
    regime = LawPack.load(folder).regime("test", date(2020, 6, 1))
    assert not regime.rule("cuffs", ()).moved
    assert not regime.rule("cuffs", measure(170.0, name="overall_length_mm")).moved
    assert not regime.rule("cuffs", measure(150.0, 210.0)).moved
    assert not regime.rule("cuffs", measure("170")).moved
    assert not regime.rule("none", measure(170.0)).moved
    assert regime.rule("cuffs", measure(170.0, 210.0)).moved


def test_a_moved_status_is_explained(folder):
    warning = LawPack.load(folder).regime("test", date(2020, 6, 1)).rule("cuffs", measure(170.0)).warnings[0]
    assert warning == (
        "inner_circumference_mm 170.0 (above 165) makes this controlled instead of not_listed; "
        "basis of the limit: secondary"
    )


def test_the_reference_is_that_of_the_rule_once_it_moved(folder):
    regime = LawPack.load(folder).regime("test", date(2020, 6, 1))
    day = date(2020, 6, 1)
    kept = regime.reference("cuffs", day, regime.rule("cuffs", ())).to_dict()
    moved = regime.reference("cuffs", day, regime.rule("cuffs", measure(170.0))).to_dict()
    assert kept == {
        "regime": "test",
        "as_of": "2020-06-01",
        "entry": "I 1",
        "basis": "read",
        "cn": ["ex 1234 00"],
        "source": "A: a.example; B: b.example",
        "note": "Ordinary cuffs.",
    }
    assert moved == kept | {
        "entry": "III 1",
        "basis": "secondary",
        "cn": [],
        "source": "B: b.example",
        "note": "Wide cuffs.",
    }


def test_only_kinds_with_rules_have_rules(folder):
    regime = LawPack.load(folder).regime("test", date(2020, 6, 1))
    assert regime.has_rules("cuffs")
    assert not regime.has_rules("none")


def test_kinds_of_a_bundle_must_be_known(folder):
    pack = LawPack.load(folder)
    pack.require(["none", "cuffs"])
    with pytest.raises(LawError, match="does not have boots, irons"):
        pack.require(["irons", "none", "boots"])


def test_the_hash_follows_every_file_and_nothing_else(folder, tmp_path_factory):
    before = LawPack.load(folder).sha256
    copy = tmp_path_factory.mktemp("copy") / "law"
    shutil.copytree(folder, copy)
    assert LawPack.load(copy).sha256 == before
    for file in ("taxonomy.toml", "sources.toml", "regimes/old.toml", "regimes/new.toml"):
        changed = tmp_path_factory.mktemp("changed") / "law"
        shutil.copytree(folder, changed)
        with (changed / file).open("a") as out:
            out.write("# a remark\n")
        assert LawPack.load(changed).sha256 != before


def test_a_table_has_one_row_a_kind(folder):
    pack = LawPack.load(folder)
    rows = law_table(pack, pack.regime("test", date(2021, 1, 1)))
    assert [row["kind"] for row in rows] == ["cuffs", "none"]
    assert (rows[0]["entry"], rows[0]["cn"], rows[1]["entry"]) == ("I 1", "ex 1234 00", "")


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("regimes/old.toml", 'kinds = ["cuffs"]', 'kinds = ["cuffs", "boots"]', r"entries 1: unknown kind 'boots'"),
        (
            "regimes/old.toml",
            'kinds = ["none"]',
            'kinds = ["cuffs"]',
            r"entries 2 \(cuffs\): cuffs stands in an earlier",
        ),
        ("regimes/old.toml", 'kinds = ["none"]', "kinds = []", r"no entry for none"),
        ("regimes/old.toml", 'basis = "read"\n', "", r"entries 1 \(cuffs\): basis is missing"),
        ("regimes/old.toml", 'basis = "read"', 'basis = "sure"', r"entries 1 \(cuffs\): basis 'sure' is unknown"),
        ("regimes/old.toml", 'source = ["A", "B"]\n', "", r"entries 1 \(cuffs\): source is missing"),
        ("regimes/old.toml", 'source = ["A", "B"]', "source = []", r"entries 1 \(cuffs\): source names nothing"),
        ("regimes/old.toml", 'source = ["A", "B"]', 'source = ["Z"]', r"entries 1 \(cuffs\): source 'Z' is unknown"),
        ("regimes/old.toml", 'status = "not_listed"', 'status = "banned"', r"entries 1 \(cuffs\): status 'banned'"),
        ("regimes/old.toml", 'entry = "I 1"', 'entry = ""', r"entries 1 \(cuffs\): entry must be a text"),
        ("regimes/old.toml", 'entry = "I 1"', "entry = 1", r"entries 1 \(cuffs\): entry must be a text"),
        ("regimes/old.toml", 'entry = "I 1"', 'entri = "I 1"', r"entries 1 \(cuffs\): unknown field entri"),
        ("regimes/old.toml", 'note = "Nothing."', "", r"entries 2 \(none\): note is missing"),
        ("regimes/old.toml", "above = 165", "", r"rules 1 \(wide\): a rule has exactly one of"),
        ("regimes/old.toml", "above = 165", "above = 165\nbelow = 3", r"rules 1 \(wide\): a rule has exactly one of"),
        ("regimes/old.toml", "above = 165", 'above = "wide"', r"rules 1 \(wide\): above must be"),
        ("regimes/old.toml", 'kind = "cuffs"', 'kind = "boots"', r"rules 1 \(wide\): unknown kind 'boots'"),
        ("regimes/old.toml", "2020-12-31", "2019-12-31", r"valid_until 2019-12-31 lies before"),
        ("regimes/old.toml", "2020-12-31", "2021-06-30", r"test 2021-01-01\.\. overlaps 2020-01-01\.\.2021-06-30"),
        ("regimes/old.toml", "valid_until = 2020-12-31", "", r"overlaps 2020-01-01\.\."),
        ("regimes/old.toml", "2020-12-31", "2020-12-31T10:00:00", r"valid_until must be a date"),
        ("regimes/old.toml", 'id = "test"', "id = ", r"not valid TOML"),
        ("taxonomy.toml", 'group = "none"', 'group = "odd"', r"kinds 2 \(none\): group 'odd' is unknown"),
        ("taxonomy.toml", 'id = "none"', 'id = "cuffs"', r"kinds 2 \(cuffs\): this id stands twice"),
        ("taxonomy.toml", 'counts = "cuffs"', "", r"kinds 1 \(cuffs\): counts is missing"),
        ("taxonomy.toml", '["shirt cuffs"]', '"shirt cuffs"', r"kinds 1 \(cuffs\): excludes must be a list"),
        ("sources.toml", '"b.example"', "7", r"B must be a text"),
    ],
)
def test_a_pack_that_breaks_a_rule_is_refused_by_name(folder, file, old, new, message):
    path = folder / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(LawError, match=message) as error:
        LawPack.load(folder)
    assert path.parent.name in str(error.value)


@pytest.mark.parametrize("missing", ["taxonomy.toml", "sources.toml", "regimes"])
def test_a_pack_with_a_part_missing_is_refused(folder, missing):
    gone = folder / missing
    shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    with pytest.raises(LawError, match=r"cannot be read|no law pack there"):
        LawPack.load(folder)


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(LawError, match="no law pack there"):
        LawPack.load(tmp_path / "nowhere")
