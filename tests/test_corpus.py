import json

import pytest

from annexscan.corpus import Split, group_of, near_duplicates, read_corpus
from annexscan.errors import CorpusError

KINDS, LISTED = frozenset({"leg_irons", "none"}), frozenset({"leg_irons"})
ROW = {
    "id": "a-1", "title": "Leg irons, steel", "description": "", "language": "en", "kind": "leg_irons",
    "lookalike_of": None, "mention": False, "style": "marketplace_title", "decisive": ["Leg irons"],
    "voice": "a", "origin": "authored", "note": "",
}  # fmt: skip


def corpus(folder, *rows):
    voices = [{"id": v, "language": "en", "split": s, "brief": "x"} for v, s in (("a", "train"), ("b", "test"))]
    (folder / "voices.jsonl").write_text("".join(json.dumps(v) + "\n" for v in voices))
    (folder / "rows-en.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return read_corpus(folder, KINDS, LISTED)


def test_rows_follow_their_voice_into_a_split(tmp_path):
    found = corpus(tmp_path, ROW, ROW | {"id": "b-1", "voice": "b"})
    assert [row.id for row in found.split(Split.TRAIN)] == ["a-1"]
    assert [row.id for row in found.split(Split.TEST)] == ["b-1"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "leg_iron"}, "unknown kind leg_iron"),
        ({"voice": "c"}, "unknown voice c"),
        ({"style": "poem"}, "unknown style poem"),
        ({"decisive": ["leg irons"]}, "decisive words not in the text"),
        ({"decisive": []}, "needs decisive words"),
        ({"mention": True}, "no look-alike and no mention"),
        ({"kind": "none", "mention": True}, "a mention needs lookalike_of"),
        ({"title": " ", "decisive": [" "]}, "no text"),
        ({"extra": 1}, "not a row"),
    ],
)
def test_a_row_against_the_guide_is_refused_by_file_and_line(tmp_path, change, said):
    with pytest.raises(CorpusError, match=rf"rows-en\.jsonl, line 2.*{said}"):
        corpus(tmp_path, ROW, ROW | {"id": "a-2"} | change)


def test_an_id_twice_is_refused(tmp_path):
    with pytest.raises(CorpusError, match="id stands twice"):
        corpus(tmp_path, ROW, ROW)


def test_groups(tmp_path):
    harmless = {"kind": "none", "decisive": []}
    rows = corpus(
        tmp_path, ROW, ROW | harmless | {"id": "a-2"}, ROW | harmless | {"id": "a-3", "lookalike_of": "leg_irons"}
    ).rows
    assert [group_of(row, LISTED) for row in rows] == ["listed", "ordinary", "look-alike"]


def test_near_duplicates_are_told_only_across_splits(tmp_path):
    text = "Leg irons, steel, double lock, with chain of 38 cm and two keys, police surplus"
    same = {"title": text, "decisive": ["Leg irons"]}
    found = corpus(
        tmp_path, ROW | same, ROW | same | {"id": "a-2", "title": text + "!"}, ROW | same | {"id": "b-1", "voice": "b"},
        ROW | {"id": "b-2", "voice": "b", "title": "Leg irons from a house clearance"},
    )  # fmt: skip
    assert sorted(near_duplicates(found.rows, found.voices)) == [("a-1", "b-1"), ("a-2", "b-1")]
