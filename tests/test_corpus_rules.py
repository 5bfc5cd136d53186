"""Every rule of the corpus is broken once, alone, on a copy that keeps all the others."""

import json
import random
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from typer.testing import CliRunner

from annexscan.cli import app
from annexscan.corpus import Corpus, Row, Split, Voice
from annexscan.corpus_rules import held_against, read_rules, surface_auc
from annexscan.errors import CorpusError
from tests.conftest import ROOT

STYLES = ("customs_line", "prose")
RULES = {
    "rows": {"rows": 40, "prohibited": 10, "controlled": 10, "look-alike": 10, "ordinary": 10},
    "kinds": {"rows": 0, "look-alikes": 0},
    "languages": {"en": 35, "zh": 5},
    "styles": dict.fromkeys(STYLES, 20),
    "voices": {"in all": 5, "in certify and test": 2},
    "certify": {"prohibited": 2, "controlled": 2},
    "test": {"prohibited": 2, "controlled": 2},
    "test_prohibited": {"en": 2},
    "surface": {"auc_at_most": 1.0},
    "settings": {"prison": ["prison"]},
}
VOICES = {name: Voice(name, "en", split, "x") for name, split in zip("abcde", Split, strict=True)}


@pytest.fixture(scope="module")
def regime(law):
    return law.regime("eu-2019-125", date(2026, 11, 23))


@pytest.fixture(scope="module")
def sound(regime):
    """Five voices, each with every group in every style; texts of random letters, so that nothing tells the label."""
    kinds = {
        status: min(kind for kind, entry in regime.entries.items() if entry.status.value == status)
        for status in ("prohibited", "controlled")
    }
    groups = ((kinds["prohibited"], None), (kinds["controlled"], None), ("none", kinds["prohibited"]), ("none", None))
    rows = []
    for voice, (kind, lookalike), style in product(VOICES, groups, STYLES):
        name = f"{voice}-{kind}-{lookalike}-{style}"
        text = "".join(random.Random(name).choices("abcdefghijklmnopqrstuvwxyz ", k=60))
        language = "zh" if style == "prose" and kind == "none" and not lookalike else "en"
        rows.append(Row(name, text, "", language, kind, lookalike, False, style, (text,), voice, "authored", ""))
    return Corpus(tuple(rows), VOICES)


def broken_rules(corpus, regime, rules=RULES):
    return {finding.rule for finding in held_against(corpus, regime, rules) if not finding.holds}


def test_a_sound_corpus_breaks_none(sound, regime):
    assert broken_rules(sound, regime) == set()


def _is(status):
    return lambda row, regime: regime.entries[row.kind].status.value == status


@pytest.mark.parametrize(
    ("rule", "dropped"),
    [
        ("rows: at least 40", lambda row, regime: True),
        ("prohibited: at least 10", _is("prohibited")),
        ("controlled: at least 10", _is("controlled")),
        ("look-alike: at least 10", lambda row, regime: row.lookalike_of is not None),
        ("ordinary: at least 10", lambda row, regime: row.kind == "none" and not row.lookalike_of),
        ("rows in language zh: at least 5", lambda row, regime: row.language == "zh"),
        ("rows of style each: at least 20", lambda row, regime: row.style == "prose"),
        ("certify: prohibited: at least 2", lambda row, regime: row.voice == "d" and _is("prohibited")(row, regime)),
        ("certify: controlled: at least 2", lambda row, regime: row.voice == "d" and _is("controlled")(row, regime)),
        ("test: prohibited: at least 2", lambda row, regime: row.voice == "e" and _is("prohibited")(row, regime)),
        ("test: controlled: at least 2", lambda row, regime: row.voice == "e" and _is("controlled")(row, regime)),
        (
            "test: prohibited rows in language en: at least 2",
            lambda row, regime: row.voice == "e" and _is("prohibited")(row, regime),
        ),
    ],
)
def test_one_row_too_few_is_told(sound, regime, rule, dropped):
    gone = next(row for row in sound.rows if dropped(row, regime))
    fewer = Corpus(tuple(row for row in sound.rows if row != gone), sound.voices)
    assert rule in broken_rules(fewer, regime)


@pytest.mark.parametrize("rule", ["voices in all: at least 5", "voices in certify and test: at least 2"])
def test_a_voice_too_few_is_told(sound, regime, rule):
    merged = Corpus(tuple(replace(row, voice="d") if row.voice == "e" else row for row in sound.rows), sound.voices)
    rules = RULES | {"surface": {"auc_at_most": 1.0}}
    assert rule in broken_rules(merged, regime, rules)


@pytest.mark.parametrize(("what", "rule"), [("rows", "rows of kind each"), ("look-alikes", "look-alikes of each")])
def test_a_kind_that_is_rare_is_named(sound, regime, what, rule):
    found = held_against(sound, regime, RULES | {"kinds": RULES["kinds"] | {what: 1}})
    short = next(finding for finding in found if finding.rule.startswith(rule))
    assert not short.holds
    assert "gallows 0" in short.found


def test_near_duplicates_across_splits_are_named(sound, regime):
    text = "the very same long words of one listing, written twice by two voices, in train and in test"
    twins = [
        replace(sound.rows[0], id=f"twin-{voice}", voice=voice, title=text, decisive=(text,)) for voice in ("a", "e")
    ]
    doubled = Corpus((*sound.rows, *twins), sound.voices)
    assert "no near-duplicates straddle two splits" in broken_rules(doubled, regime)
    assert "no near-duplicates straddle two splits" not in broken_rules(sound, regime)


@pytest.mark.parametrize("tell", ["length", "setting", "style"])
def test_a_label_that_the_surface_gives_away_is_told(sound, tell):
    def given_away(row):
        listed = row.kind != "none"
        if tell == "length":
            return replace(row, description="word " * (60 if listed else 5))
        if tell == "setting":
            return replace(row, description="for the prison" if listed else "for the garden")
        return replace(row, style="euphemism" if listed else "prose")

    listed = [row.kind != "none" for row in sound.rows]
    assert surface_auc([given_away(row) for row in sound.rows], listed, RULES["settings"]) > 0.95


def test_the_command_names_the_broken_rule(tmp_path):
    data = tmp_path / "data"
    for name in ("corpus", "lexicon", "concepts"):
        (data / name).parent.mkdir(exist_ok=True)
        (data / name).symlink_to(ROOT / "data" / name)
    (data / "corpus").unlink()
    (data / "corpus").mkdir()
    row = {
        "id": "a-1", "title": "Leg irons", "description": "", "language": "en", "kind": "leg_irons",
        "lookalike_of": None, "mention": False, "style": "prose", "decisive": ["Leg irons"], "voice": "a",
        "origin": "authored", "note": "",
    }  # fmt: skip
    others = [row | {"id": f"{voice}-2", "voice": voice, "kind": "none"} for voice in "abcde"]
    (data / "corpus" / "rows-en.jsonl").write_text("".join(json.dumps(r) + "\n" for r in [row, *others]))
    voices = [{"id": v, "language": "en", "split": s, "brief": "x"} for v, s in zip("abcde", Split, strict=True)]
    (data / "corpus" / "voices.jsonl").write_text("".join(json.dumps(v) + "\n" for v in voices))
    (data / "corpus" / "rules.toml").write_text((ROOT / "data/corpus/rules.toml").read_text())
    result = CliRunner().invoke(app, ["corpus", "check", "--data", str(data)])
    assert result.exit_code != 0
    assert isinstance(result.exception, CorpusError)
    assert "prohibited: at least" in str(result.exception)


def test_rules_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(CorpusError, match=r"rules\.toml.*restore"):
        read_rules(tmp_path)
