import pytest

from annexscan.errors import RecipeError
from annexscan.fit.recipe import read_recipe
from tests.conftest import ROOT

RECIPES = sorted((ROOT / "training" / "recipes").glob("*.toml"))


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_shipped_recipes_are_read(path):
    assert read_recipe(path).name


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("epochs = ", "epoch = "), "unknown key epoch"),
        (("seed = ", "seed = 'x' # "), "seed must be"),
        (("[linear]", "[linears]"), "unknown key linears"),
        (("batch = ", "# "), "batch is missing"),
        (("[data]", "[data"), "not TOML"),
    ],
)
def test_a_bad_recipe_is_refused(tmp_path, change, said):
    path = tmp_path / "r.toml"
    path.write_text(RECIPES[0].read_text().replace(*change))
    with pytest.raises(RecipeError, match=rf"r\.toml.*{said}"):
        read_recipe(path)


def test_a_missing_recipe_is_said(tmp_path):
    with pytest.raises(RecipeError, match="no such recipe"):
        read_recipe(tmp_path / "none.toml")
