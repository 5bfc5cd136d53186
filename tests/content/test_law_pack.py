from datetime import date, timedelta

import pytest

from annexscan.law import LawPack
from annexscan.locations import default_law_pack
from annexscan.stages.facts import FACTS
from annexscan.verdict import Basis, Fact, Span, Status

CHANGE = date(2025, 8, 20)
EU = "eu-2019-125"
PACK = LawPack.load(default_law_pack())
EACH_REGIME = pytest.mark.parametrize("regime", PACK.regimes, ids=lambda regime: f"{regime.id} {regime.dates}")


def stated(name: str, value: float | str) -> list[Fact]:
    return [Fact(name, value, Span("title", 0, 1, "x"))]


def test_all_four_regimes_are_there_with_their_dates():
    assert [(regime.id, regime.dates) for regime in PACK.regimes] == [
        (EU, "2019-02-20..2025-08-19"),
        (EU, "2025-08-20.."),
        ("uk", "2019-02-20.."),
        ("un-a-78-324", "2023-08-24.."),
        ("us-ear", "2021-01-01.."),
    ]


def test_there_are_thirty_listed_kinds_five_look_alikes_and_none():
    groups = [kind.group for kind in PACK.kinds]
    assert (len(groups), groups.count("look_alike"), groups.count("none")) == (36, 5, 1)


def test_every_kind_but_none_says_what_does_not_count_and_what_looks_like_it():
    assert [kind.id for kind in PACK.kinds if not (kind.excludes and kind.lookalikes)] == ["none"]


def test_the_eu_law_in_force_lists_every_kind_that_is_no_look_alike():
    listed = PACK.regime(EU, CHANGE).listed
    assert listed == {kind.id for kind in PACK.kinds if kind.group not in ("look_alike", "none")}


def test_what_the_2025_update_changed():
    before, after = PACK.regime(EU, CHANGE - timedelta(days=1)), PACK.regime(EU, CHANGE)
    changed = {
        kind: (before.entries[kind].status.value, after.entries[kind].status.value)
        for kind in before.entries
        if before.entries[kind].status is not after.entries[kind].status
    }
    assert changed == {
        "gang_chains": ("controlled", "prohibited"),
        "leg_irons": ("controlled", "prohibited"),
        "prison_irritant_system": ("controlled", "prohibited"),
        "prisoner_hood": ("not_listed", "prohibited"),
        "weighted_striker": ("not_listed", "prohibited"),
        "kinetic_launcher": ("not_listed", "controlled"),
    }


def test_what_2025_928_newly_lists_is_no_surer_than_the_statement_about_it():
    after = PACK.regime(EU, CHANGE)
    for kind in ("gang_chains", "leg_irons", "prisoner_hood", "weighted_striker", "whip", "prison_irritant_system"):
        entry = after.entries[kind]
        assert (entry.basis, entry.entry, entry.cn) == (Basis.SECONDARY, None, ())


@EACH_REGIME
def test_unverified_is_exactly_what_was_recalled_or_concluded(regime):
    for law in (*regime.entries.values(), *regime.rules):
        unread = {"memory", "inference"} & set(law.source.split(", "))
        assert bool(unread) is (law.basis is Basis.UNVERIFIED), law


@EACH_REGIME
def test_customs_codes_stand_only_where_they_were_read(regime):
    assert all(entry.basis is Basis.READ for entry in regime.entries.values() if entry.cn)


@EACH_REGIME
def test_none_is_never_listed(regime):
    assert regime.entries["none"].status is Status.NOT_LISTED


@EACH_REGIME
def test_rules_read_facts_that_can_be_found_and_change_something(regime):
    for rule in regime.rules:
        assert rule.fact in FACTS
        assert rule.becomes is not regime.entries[rule.kind].status


@pytest.mark.parametrize("id", [EU, "uk"])
@pytest.mark.parametrize("day", [CHANGE - timedelta(days=1), CHANGE])
@pytest.mark.parametrize(
    ("kind", "fact", "value", "status"),
    [
        ("ordinary_handcuffs", "inner_circumference_mm", 165.0, Status.NOT_LISTED),
        ("ordinary_handcuffs", "inner_circumference_mm", 170.0, Status.CONTROLLED),
        ("ordinary_handcuffs", "overall_length_mm", 280.0, Status.NOT_LISTED),
        ("ordinary_handcuffs", "overall_length_mm", 300.0, Status.CONTROLLED),
        ("irritant_substance", "concentration_percent", 0.3, Status.CONTROLLED),
        ("irritant_substance", "concentration_percent", 0.29, Status.NOT_LISTED),
        ("restraint_chair", "straps_only", "true", Status.NOT_LISTED),
        ("shackle_bed", "straps_only", "true", Status.NOT_LISTED),
    ],
)
def test_measures_move_the_status_in_the_eu_and_the_uk(id, day, kind, fact, value, status):
    assert PACK.regime(id, day).rule(kind, stated(fact, value)).status is status


def test_handcuffs_batons_and_riot_shields_need_a_licence_in_the_united_states():
    us = PACK.regime("us-ear", CHANGE)
    assert {"ordinary_handcuffs", "police_baton", "riot_shield"} <= us.kinds_of(Status.CONTROLLED)
    assert {"thumb_cuffs", "thumbscrews", "spiked_baton"} <= us.kinds_of(Status.PROHIBITED)


def test_the_uk_keeps_the_list_of_2019():
    uk, before = PACK.regime("uk", CHANGE), PACK.regime(EU, CHANGE - timedelta(days=1))
    assert {kind: entry.status for kind, entry in uk.entries.items()} == {
        kind: entry.status for kind, entry in before.entries.items()
    }


def test_the_special_rapporteur_bans_spit_hoods_and_contact_shock_which_the_eu_controls():
    un, eu = PACK.regime("un-a-78-324", CHANGE), PACK.regime(EU, CHANGE)
    for kind in ("spit_hood", "direct_contact_shock"):
        assert (un.entries[kind].status, eu.entries[kind].status) == (Status.PROHIBITED, Status.CONTROLLED)
