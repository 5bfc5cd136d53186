import pytest

from annexscan.lexicon import Entry, Role
from annexscan.listing import Listing, Origin
from annexscan.stages.terms import TermIndex, glossed
from annexscan.text import Reading


def trade(term, language="en", gloss="", kind="thumb_cuffs"):
    return Entry(term, Role.TRADE, language, kind, 1.0, gloss)


INDEX = TermIndex(
    [
        trade("thumb cuff"),
        trade("finger cuff"),
        trade("拇指铐", "zh", "thumb cuffs"),
        trade("أصفاد الإبهام", "ar", "thumb cuffs"),
        trade("наручники пальцев*", "ru", "thumb cuffs"),
        trade("족쇄", "ko", "leg irons", "leg_irons"),
        Entry("finger cuff blood pressure", Role.CONTEXT, "en", "medical", 0.0, ""),
        Entry("acero", Role.CONCEPT, "es", "material", 0.0, "steel"),
    ]
)


def read(text):
    return Reading.of(Listing("1", text, "", Origin("", "")))


def found(text):
    reading = read(text)
    return [(reading.raw[hit.start : hit.end], hit.entry.label) for hit in INDEX.find(reading)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Steel THUMB CUFFS, new", "THUMB CUFFS"),
        ("thumbcuffs x2", "thumbcuffs"),
        ("T.h.u.m.b - cuffs", "T.h.u.m.b - cuffs"),
        ("不锈钢拇指铐10副", "拇指铐"),
        ("وأصفاد الإبهام حديد", "أصفاد الإبهام"),
        ("Продам наручники пальцевые.", "наручники пальцевые"),
        ("족쇄를 팝니다", "족쇄"),
    ],
)
def test_a_term_is_found_with_the_words_as_written(text, words):
    assert found(text)[0][0] == words


@pytest.mark.parametrize("text", ["thumb cuffsy", "xthumb cuff", "наручники", "thumb, cuffs"])
def test_a_term_inside_another_word_is_not_found(text):
    assert found(text) == []


def test_a_longer_harmless_phrase_hides_the_trade_term():
    assert found("finger cuff blood pressure monitor") == [("finger cuff blood pressure", "medical")]


def test_no_term_crosses_two_fields():
    reading = Reading.of(Listing("1", "thumb", "cuffs", Origin("", "")))
    assert INDEX.find(reading) == []


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("拇指铐 10", "zh", " thumb cuffs  10"),
        ("silla de acero", "es", "silla de acero (steel)"),
        ("silla de acero", "fr", "silla de acero"),
        ("t.h.u.m.b cuffs", "en", "t.h.u.m.b cuffs (thumb cuff)"),
        ("Thumb cuffs", "en", "Thumb cuffs"),
    ],
)
def test_foreign_and_disguised_words_get_their_english_meaning(text, language, wanted):
    reading = read(text)
    assert glossed(reading, INDEX.find(reading), language) == wanted


def test_saved_entries_come_back(tmp_path):
    INDEX.save(tmp_path / "terms.jsonl")
    assert TermIndex.load(tmp_path / "terms.jsonl").entries == INDEX.entries
