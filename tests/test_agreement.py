import json

import pytest

from annexscan.agreement import coverage, kappa, kappa_by_kind, kappa_by_language, read_second_labels
from annexscan.corpus import Corpus, Row, Split, Voice
from annexscan.errors import CorpusError

KINDS = frozenset({"whip", "none"})
VOICES = {name: Voice(name, "en", split, "") for name, split in zip("abc", ("train", "certify", "test"), strict=True)}


def row(id, voice, language="en"):
    return Row(id, id, "", language, "none", None, False, "prose", (), voice, "authored", "")


CORPUS = Corpus((row("1", "b"), row("2", "b"), row("3", "c", "zh"), row("4", "c", "zh"), row("5", "a")), VOICES)


def labels(folder, *pairs, **extra):
    lines = [{"id": i, "first": a, "second": b, "note": "" if a == b else "read again"} | extra for i, a, b in pairs]
    (folder / "second-labels.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return read_second_labels(folder, CORPUS, KINDS)


def test_kappa_as_in_cohens_formula(tmp_path):
    found = labels(tmp_path, ("1", "whip", "whip"), ("2", "none", "none"), ("3", "whip", "none"), ("4", "none", "none"))
    # agreement 3/4; by chance (2*1 + 2*3)/16 = 1/2: kappa = (3/4 - 1/2) / (1/2)
    assert kappa(found).kappa == pytest.approx(0.5)
    assert kappa(found).rows == 4
    assert kappa_by_kind(found)["whip"].rows == 2
    assert kappa_by_language(found, CORPUS)["en"].kappa == pytest.approx(1.0)


def test_one_kind_only_has_no_kappa(tmp_path):
    assert kappa(labels(tmp_path, ("1", "none", "none"))).kappa is None


def test_coverage_by_split(tmp_path):
    found = labels(tmp_path, ("1", "none", "none"), ("2", "none", "none"), ("3", "none", "none"))
    assert coverage(found, CORPUS) == {"certify": 1.0, "test": 0.5, "rest": 0.0}
    assert VOICES["c"].split == Split.TEST


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([("9", "none", "none")], "unknown row 9"),
        ([("1", "none", "none"), ("1", "none", "none")], "line 2: row labelled twice"),
        ([("1", "none", "lash")], "unknown kind lash"),
    ],
)
def test_a_label_that_fits_no_row_is_refused(tmp_path, pairs, said):
    with pytest.raises(CorpusError, match=said):
        labels(tmp_path, *pairs)


def test_a_disagreement_needs_a_note(tmp_path):
    with pytest.raises(CorpusError, match="needs a note"):
        labels(tmp_path, ("1", "none", "whip"), note=" ")


def test_no_file_no_labels(tmp_path):
    assert read_second_labels(tmp_path, CORPUS, KINDS) == []
