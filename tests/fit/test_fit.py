"""The whole of training on a handful of rows: a minute, no useful model."""

import warnings
from datetime import date

import pytest

from annexscan.cascade import Cascade
from annexscan.fit import read_materials
from annexscan.fit.recipe import read_recipe
from annexscan.fit.tracking import EXPERIMENT, fit_and_log
from annexscan.listing import Listing, Origin
from annexscan.locations import default_law_pack
from tests.conftest import DAY, ROOT


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # torch's exporter and mlflow warn about themselves
def test_a_toy_recipe_gives_a_sealed_logged_bundle_that_scans(tmp_path, law):
    import mlflow

    materials = read_materials(ROOT / "data", law, "eu-2019-125", date(2026, 11, 23))
    tracking = f"sqlite:///{tmp_path / 'mlflow.db'}"
    steps = []
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        bundle = fit_and_log(
            materials, read_recipe(ROOT / "training" / "recipes" / "toy.toml"), tmp_path / "toy", tracking,
            lambda step, share, metrics: steps.append(step),
        )  # fmt: skip
    assert steps[0] == "examples"
    assert steps[-1] == "sealed"
    assert bundle.manifest["inputs"] == materials.hashes
    assert bundle.manifest["metrics"]["export_max_difference"] < 1e-3
    assert "Clopper" not in (bundle.path / "card.md").read_text()
    assert f"seed {bundle.manifest['seed']}" in (bundle.path / "card.md").read_text()

    cascade = Cascade.open(bundle.path, default_law_pack(), "eu-2019-125", DAY)
    verdict = cascade.judge(Listing("1", "thumb cuffs", "", Origin("", "")))
    assert 0 <= verdict.score <= 1

    client = mlflow.MlflowClient(tracking)
    (run,) = client.search_runs([client.get_experiment_by_name(EXPERIMENT).experiment_id])
    assert run.data.params["name"] == "toy"
    assert run.data.tags["sha256.corpus"] == materials.hashes["corpus"]
    assert run.data.metrics["quantised_same_kind"] >= 0.9
