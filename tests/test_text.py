import pytest
from hypothesis import given
from hypothesis import strategies as st

from annexscan.listing import Listing, Origin
from annexscan.text import Reading, folded, nfkc

texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"])
    | st.sampled_from("abcTHU MBСuſﬁ0315@$-._\u200b\u00ad\u0301拇指铐أصفادเ ি한글ё"),
    max_size=60,
)


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("Thumb Cuffs", "thumb cuffs"),
        ("T.h.u.m.b cuffs", "thumb cuffs"),
        ("t h u m b", "thumb"),
        ("thumb\u200bcuffs", "thumbcuffs"),
        ("тhumb сuffs", "thumb cuffs"),  # Cyrillic te and es
        ("l3g 1rons, 5pit h00d", "leg irons, spit hood"),
        ("ＴＨＵＭＢ", "thumb"),
        ("leg\u00adirons", "legirons"),
        ("Daumenschraube Größe", "daumenschraube grosse"),
        ("أصفادُ الإبهام", "اصفاد الابهام"),
        ("Наручники Ёлка", "наручники елка"),
        ("拇指铐", "拇指铐"),
        ("हिंदी बेड़ियां", "हिंदी बेड़ियां"),
        ("leg\nirons", "leg irons"),
        ("thumb.\n\nCuffs", "thumb.\ncuffs"),
        ("for the thumb. Cuffs: new", "for the thumb. cuffs: new"),
        ("ТΗUΜВ СUFFS", "thumb cuffs"),
    ],
)
def test_folding_undoes_disguises(raw, wanted):
    assert folded(raw).text == wanted


@pytest.mark.parametrize("code", ["smi68ts06e", "m3", "6mm", "165 mm", "0,3 %", "m4x20", "8301.50", "iphone 15"])
def test_numbers_and_codes_stay(code):
    assert folded(code).text.replace(".", " ") == code.replace(".", " ")


@given(texts)
def test_views_are_idempotent(raw):
    once = nfkc(raw).text
    assert nfkc(once).text == once
    assert folded(folded(raw).text).text == folded(raw).text


@given(texts)
def test_every_view_character_maps_into_the_raw_text(raw):
    for view in (nfkc(raw), folded(raw)):
        for i in range(len(view.text)):
            start, end = view.to_raw(i, i + 1)
            assert 0 <= start < end <= len(raw)


@given(texts, texts)
def test_spans_are_exact_slices_of_their_field(title, description):
    reading = Reading.of(Listing("1", title, description, Origin("", "")))
    for name, start, end in reading.fields:
        span = reading.span(start, end)
        assert span.field == name
        assert span.text == {"title": title, "description": description}[name][span.start : span.end]


def test_a_span_is_cut_at_the_end_of_its_field():
    reading = Reading.of(Listing("1", "leg", "irons", Origin("", "")))
    assert reading.span(0, len(reading.raw)).text == "leg"
    with pytest.raises(ValueError, match="no field"):
        reading.span(3, 4)


def test_deleting_spans_keeps_the_fields():
    reading = Reading.of(Listing("1", "steel leg irons", "pair of irons", Origin("", "")))
    start = reading.raw.index("leg irons")
    changed = reading.without([(start, start + 9)])
    assert changed.raw == "steel \n\npair of irons"
    assert [name for name, _, _ in changed.fields] == ["title", "description"]
