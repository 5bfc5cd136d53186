import random
from datetime import date

import pytest

from annexscan.bundle import open_bundle
from annexscan.cascade import Cascade
from annexscan.errors import LawError
from annexscan.lexicon import Entry, Role
from annexscan.listing import Listing, Origin
from annexscan.locations import default_bundle
from annexscan.verdict import Decision, Status
from tests.conftest import DAY

TEXTS = [
    "Thumb cuffs, steel, nickel plated, double lock, 2 keys",
    "拇指铐 不锈钢 双锁 10副起批",
    "Кандалы ножные стальные с цепью, комплект 2 ключа",
    "Basmati rice 5 kg",
    "Paper guillotine A3, 12 sheets",
    "Réservoir 200 l polyéthylène, robinet laiton",
    "",
    "🦓 ﬁne",
    "stun belt with remote control for prisoner transport, 50 000 V " + "warranty 1 year. " * 200,
]


def listings():
    return [Listing(str(i), text, "", Origin("test", "")) for i, text in enumerate(TEXTS)]


def test_the_plainest_offer_is_flagged_with_evidence(cascade, listing):
    verdict = cascade.judge(listing(TEXTS[0]))
    assert verdict.decision is Decision.FLAG
    assert (verdict.kind, verdict.status) == ("thumb_cuffs", Status.PROHIBITED)
    assert verdict.evidence[0].weight >= cascade.models.settings.minimum_weight


@pytest.mark.parametrize("text", ["Basmati rice 5 kg", "Paper guillotine A3, 12 sheets", "USB-C cable 2 m", "棉 衬衫"])
def test_ordinary_goods_are_cleared_without_evidence(cascade, listing, text):
    verdict = cascade.judge(listing(text))
    assert verdict.decision is Decision.CLEAR
    assert verdict.evidence == ()


def test_scores_do_not_depend_on_batch_order_or_workers(cascade):
    alone = {item.id: cascade.judge(item).to_dict() for item in listings()}
    for workers in (1, 2, 4):
        shuffled = random.Random(workers).sample(listings() * 3, 27)
        for verdict in cascade.judge_many(shuffled, workers):
            assert verdict.to_dict() == alone[verdict.listing.id]


def test_verdicts_come_in_the_order_of_the_listings(cascade):
    many = [Listing(str(i), f"lamp {i}", "", Origin("test", "")) for i in range(150)]
    assert [v.listing.id for v in cascade.judge_many(many, 2)] == [item.id for item in many]


def test_evidence_and_context_are_exact_slices(cascade):
    for item in listings():
        verdict = cascade.judge(item)
        for span in [*(e.span for e in verdict.evidence), *(c.span for c in verdict.context)]:
            assert span.text == getattr(item, span.field)[span.start : span.end]


def test_probabilities_add_up(cascade):
    for verdict in cascade.judge_many(listings()):
        assert sum(verdict.statuses.values()) == pytest.approx(1)
        assert 0 <= verdict.score <= 1
        assert verdict.score == pytest.approx(1 - verdict.statuses[Status.NOT_LISTED], abs=1e-6)


def test_the_law_follows_the_date(law, cascade, listing):
    before = Cascade(open_bundle(default_bundle()), law, "eu-2019-125", date(2025, 8, 19))
    irons = listing("Leg irons, steel, pair, with chain and keys")
    assert before.judge(irons).status is Status.CONTROLLED
    assert cascade.judge(irons).status is Status.PROHIBITED


def test_another_regime_lists_other_kinds(law, listing):
    us = Cascade(open_bundle(default_bundle()), law, "us-ear", DAY)
    handcuffs = listing("Police handcuffs, standard chain, nickel, double lock, two keys")
    assert us.judge(handcuffs).status is Status.CONTROLLED


def test_no_law_on_that_day_is_said(law):
    with pytest.raises(LawError, match="eu-2019-125"):
        Cascade(open_bundle(default_bundle()), law, "eu-2019-125", date(1999, 1, 1))


def test_a_users_term_raises_to_review_and_never_to_a_flag(law, listing):
    mine = Entry("quiet bracelet", Role.TRADE, "und", "leg_irons", 1.0, "")
    own = Cascade(open_bundle(default_bundle()), law, "eu-2019-125", DAY, [mine])
    verdict = own.judge(listing("Quiet bracelet, brushed, 40 pcs"))
    assert verdict.decision is Decision.REVIEW
    assert verdict.evidence[0].span.text == "Quiet bracelet"


def test_a_wide_handcuff_is_sent_to_review_by_its_measure(cascade, listing):
    plain = listing("Police handcuffs, hinged, steel", "Inner circumference at the last notch 150 mm.")
    wide = listing("Police handcuffs, hinged, steel", "Inner circumference at the last notch 190 mm.")
    assert cascade.judge(plain).status is Status.NOT_LISTED
    verdict = cascade.judge(wide)
    assert verdict.status is Status.CONTROLLED
    assert verdict.decision is not Decision.CLEAR


def test_explain_tells_each_stage_also_for_what_was_cleared(cascade, listing):
    stages = [report.stage for report in cascade.explain(listing("Basmati rice 5 kg")).stages]
    for stage in ("terms", "linear", "transformer", "stack", "facts", "decision"):
        assert stage in stages
