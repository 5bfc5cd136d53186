import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annexscan.listing import Listing, Origin
from annexscan.stages.facts import FACTS, find_facts
from annexscan.stages.facts_tokens import Tokens, number
from annexscan.text import Reading
from annexscan.verdict import Fact


def facts(description: str, title: str = "") -> tuple[Fact, ...]:
    return find_facts(Reading.of(Listing("1", title, description, Origin("a.csv", "0"))))


def values(description: str, name: str, title: str = "") -> list[float | str]:
    return [fact.value for fact in facts(description, title) if fact.name == name]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Handcuffs, inner circumference 170 mm at last notch", [170.0]),
        ("Inner circ.: 42 cm", [420.0]),
        ("single cuff, 200 mm inner circ., steel", [200.0]),
        ("170 mm inner circumference, 50 mm chain", [170.0]),
        ("length 225 mm\ninner circumference: 150 mm", [150.0]),
        ('inside circumference 6-1/2"', [165.1]),
        ("Inner perimeter min 155mm max 205mm, chain 30 mm", [155.0, 205.0]),
        ("Innenumfang je Schelle: 210–290 mm", [210.0, 290.0]),
        ("circonférence intérieure de 6½ pouces", [165.1]),
        ("circunferencia interior: 17,5 cm", [175.0]),
        ("circunferência interna 170 mm", [170.0]),
        ("circonferenza interna massima 160 mm all'ultimo scatto", [160.0]),
        ("obwód wewnętrzny 17 cm", [170.0]),
        ("iç çevre 168 mm", [168.0]),
        ("Внутренняя окружность 170 мм", [170.0]),
        ("по внутренней окружности: 17,5 см", [175.0]),
        ("内周长１７０ｍｍ", [170.0]),
        ("内周长230–290mm / chain 380 mm", [230.0, 290.0]),
        ("المحيط الداخلي ١٧٠ مم", [170.0]),
        ("inner diameter 60 mm", [188.5]),
        ("内径50mm/60mm", [157.1, 188.5]),
        ("inner circumference on request, pack of 170", []),
        ("chain 170 mm", []),
    ],
)
def test_inner_circumference_in_mm(text, expected):
    assert values(text, "inner_circumference_mm") == expected


def test_the_widest_setting_is_told_apart_from_the_last_notch():
    assert values("inner circumference max. 220 mm", "inner_circumference_mm") == []
    assert values("inner circumference max. 220 mm", "widest_circumference_mm") == [220.0]
    assert values("inner circumference max. 160 mm at last notch", "inner_circumference_mm") == [160.0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Overall length 240 mm", [240.0]),
        ("Gesamtlänge 1.200 mm", [1200.0]),
        ("longueur totale : 24 cm", [240.0]),
        ("общая длина 0,3 м", [300.0]),
        ("总长62cm", [620.0]),
        ("inner circumference 160 mm, overall length 240 mm", [240.0]),
        ("length 240 mm", []),
    ],
)
def test_overall_length_in_mm(text, expected):
    assert values(text, "overall_length_mm") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PAVA solution 0.3 % w/w", [0.3]),
        ("0,25 % PAVA in water", [0.25]),
        ("OC 10%, 1.33% MC in 40% ethanol", [10.0, 1.33]),
        ("contains 40% ethanol and 0.3% PAVA", [0.3]),
        ("辣椒素0.18%", [0.18]),
        ("капсаицин 0,5 процента", [0.5]),
        ("oleoresin capsicum 0.185 %", [0.185]),
        ("70% cotton, 30% polyester", []),
        ("pava extract, 200 ml", []),
    ],
)
def test_concentration_of_an_irritant_in_percent(text, expected):
    assert values(text, "concentration_percent") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100 pcs/ctn, MOQ 1,000 pairs, qty: 5", [100.0, 1000.0, 5.0]),
        ("数量：200", [200.0]),
        ("50副/箱", [50.0]),
        ("упаковка 20 шт.", [20.0]),
        ("1 pc, 2 pcs, 3 pcs, 4 pcs", [1.0, 2.0, 3.0]),
        ("model 200", []),
    ],
)
def test_pieces_as_stated_at_most_three(text, expected):
    assert values(text, "count_pieces") == expected


@pytest.mark.parametrize(
    "text",
    [
        "Restraint chair, fabric straps only",
        "Transport chair with five nylon belts. No metal contacts the patient. Locking casters.",
        "Chair, velcro straps, without shackles or locks",
        "Transportstuhl mit 4 Gurten, keine Metallfesseln",
        "Fauteuil avec sangles, sans serrure ni métal",
        "Кресло с ремнями, без замков",
        "约束床 尼龙带 无金属",
        "كرسي مع أربعة أحزمة نايلون، لا أقفال ولا حلقات معدنية",
        "Sandalye, dört kemer, metal parça yoktur",
    ],
)
def test_straps_alone_on_a_chair_or_bed(text):
    assert values(text, "straps_only") == ["true"]


@pytest.mark.parametrize(
    "text",
    [
        "Restraint chair with straps and locking wrist rings",
        "Chair, nylon straps, steel shackles at the ankles",
        "No assembly. Chair with straps and cuffs",
        "Stuhl mit Gurten und Handschellen",
        "Кресло с ремнями и наручниками",
        "审讯椅 尼龙带 带锁",
        "Velcro pouch, nylon belt loop",
        "Steel chair",
    ],
)
def test_not_straps_alone(text):
    assert values(text, "straps_only") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Carbon steel, leather case, steel key", ["steel", "leather"]),
        ("Materiał: stal nierdzewna, skóra", ["steel", "leather"]),
        ("材质：不锈钢", ["steel"]),
        ("Edelstahl, Kunststoff, Leder, Holz", ["steel", "plastic", "leather"]),
        ("стальные, резиновая рукоять", ["steel", "rubber"]),
        ("steelhead trout? no: stealth", []),
    ],
)
def test_materials_in_plain_english_at_most_three(text, expected):
    assert values(text, "material") == expected


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("1,5", "mm", 1.5),
        ("1.5", "mm", 1.5),
        ("1,500", "mm", 1500.0),
        ("1.500", "inch", 1.5),
        ("0,300", "percent", 0.3),
        ("1.234,5", "mm", 1234.5),
        ("1,234.5", "mm", 1234.5),
        ("1.234.567", "piece", 1234567.0),
        ("١٫٥", "mm", 1.5),
        ("3/4", "inch", 0.75),
        ("6-1/2", "inch", 6.5),
        ("61⁄2", "inch", 6.5),
    ],
)
def test_numbers_as_written_in_many_languages(text, unit, expected):
    assert number(text, unit) == expected


def test_a_fact_points_at_its_own_field():
    (fact,) = facts("inner circumference １７０ ｍｍ", title="Cuffs")
    assert fact.to_dict() == {
        "name": "inner_circumference_mm",
        "value": 170.0,
        "field": "description",
        "start": 20,
        "end": 26,
    }
    assert fact.span.text == "１７０ ｍｍ"


def test_a_cue_in_the_title_speaks_of_the_number_in_the_description():
    assert values("170 mm", "inner_circumference_mm", title="Inner circumference") == [170.0]


def test_a_wording_does_not_cross_from_title_to_description():
    assert values("circumference 170 mm", "inner_circumference_mm", title="Inner") == []


def test_an_empty_text_has_no_facts():
    assert facts("") == ()


PIECES = (
    'inner circumference|内径|170|½|１７|mm|"|%|OC|PAVA|-|to|straps|chair|no|lock|steel|\n|٣|é|e\u0301|\u200b|pcs|.|,|/'
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES.split("|"))), st.text(max_size=20))
def test_spans_are_exact_slices_and_names_are_known(pieces, noise):
    title, description = noise, " ".join(pieces)
    for fact in facts(description, title):
        field = {"title": title, "description": description}[fact.span.field]
        assert field[fact.span.start : fact.span.end] == fact.span.text != ""
        assert fact.name in FACTS


def test_new_words_do_not_grow_the_vocabulary():
    from annexscan.stages.facts_tokens import _pipeline

    facts("inner circumference 170 mm")
    before = len(_pipeline()[0].vocab.strings)
    facts("wholly unheard-of wordings like zyxw 98765 кваркл 魑魅 %")
    assert len(_pipeline()[0].vocab.strings) == before


def test_prefix_wordings_match_also_where_a_longer_wording_is_known():
    assert [cue.name for cue in Tokens.of("locking").cue("hard_restraint")] == ["hard_restraint"]
