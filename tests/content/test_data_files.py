"""The data keep their promises: counts, balance, sources, no leak between splits, no real listing among them."""

import gzip
import json
import os
import tomllib
from collections import Counter
from datetime import date

import numpy as np
import pytest

from annexscan.corpus import STYLES, Split
from annexscan.corpus_rules import held_against, read_rules
from annexscan.fit import read_materials
from annexscan.lexicon import CONCEPT_LANGUAGES, Role
from annexscan.listing import Listing, Origin
from annexscan.text import Reading
from tests.conftest import ROOT

DATA = ROOT / "data"


@pytest.fixture(scope="module")
def materials(law):
    return read_materials(DATA, law, "eu-2019-125", date(2026, 11, 23))


def test_the_corpus_keeps_its_rules(materials, law):
    findings = held_against(
        materials.corpus, law.regime("eu-2019-125", date(2026, 11, 23)), read_rules(DATA / "corpus")
    )
    assert [finding for finding in findings if not finding.holds] == []
    rows = materials.corpus.rows
    assert sum(row.language != "en" for row in rows) >= 0.4 * len(rows)


def test_every_listed_kind_and_style_is_there_in_train_and_test(materials):
    for split in (Split.TRAIN, Split.TEST):
        rows = materials.corpus.split(split)
        assert {row.kind for row in rows} >= materials.listed
        assert {row.style for row in rows} == set(STYLES)


def test_every_style_holds_listed_and_harmless_rows(materials):
    by_style = Counter((row.style, row.kind in materials.listed) for row in materials.corpus.rows)
    for style in STYLES:
        share = by_style[style, True] / (by_style[style, True] + by_style[style, False])
        assert 0.15 <= share <= 0.85, f"{style}: {share:.2f} listed"


def test_length_and_style_alone_tell_little(materials):
    """A model that sees only length, style and language must stay far from telling listed rows."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.preprocessing import OneHotEncoder

    def features(rows):
        texts = [row.reading.raw for row in rows]
        sizes = np.log1p([[len(t), len(t.split()), sum(c.isdigit() for c in t)] for t in texts])
        return sizes, [[row.style, row.language] for row in rows]

    train, test = (materials.corpus.split(split) for split in (Split.TRAIN, Split.TEST))
    sizes, names = features(train)
    encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit(names)
    model = LogisticRegression(max_iter=2000).fit(
        np.hstack([sizes, encoder.transform(names)]), [r.kind in materials.listed for r in train]
    )
    sizes, names = features(test)
    scores = model.decision_function(np.hstack([sizes, encoder.transform(names)]))
    assert roc_auc_score([r.kind in materials.listed for r in test], scores) <= 0.65


def test_concepts_lexicon_and_context_are_as_large_as_promised(materials):
    assert sum(set(CONCEPT_LANGUAGES) <= set(c.words) for c in materials.concepts) >= 400
    for code in ("vi", "id", "ms", "th", "ja", "nl", "sv", "cs", "ro", "uk", "fa", "hi", "ko"):
        assert sum(code in c.words and c.category == "good" for c in materials.concepts) >= 120, code
    roles = Counter(entry.role for entry in materials.entries)
    assert roles[Role.TRADE] >= 600
    assert roles[Role.CONTEXT] >= 400
    assert {entry.label for entry in materials.entries if entry.role is Role.TRADE} >= materials.listed


def test_every_source_of_the_lexicon_is_known():
    import csv

    known = set(tomllib.loads((DATA / "lexicon" / "sources.toml").read_text(encoding="utf-8"))) | {"authored"}
    for path in (DATA / "lexicon").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as lines:
            assert {row["source"] for row in csv.DictReader(lines)} <= known, path.name


def test_the_shipped_bundle_was_trained_on_these_files(materials):
    manifest = json.loads((ROOT / "models" / "default" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["inputs"] == materials.hashes, "models/default is stale: run `make train`, then `make evaluate`"


@pytest.mark.skipif("ANNEXSCAN_BACKGROUND" not in os.environ, reason="set ANNEXSCAN_BACKGROUND to real listings")
def test_no_real_listing_stands_in_the_data(materials):
    real = set()
    with gzip.open(os.environ["ANNEXSCAN_BACKGROUND"], "rt", encoding="utf-8") as lines:
        for line in lines:
            title = json.loads(line)["title"]
            if len(title) > 30:
                real.add(Reading.of(Listing("", title, "", Origin("", ""))).folded.text)
    mine = {Reading.of(Listing("", row.title, "", Origin("", ""))).folded.text for row in materials.corpus.rows}
    assert not real & mine
