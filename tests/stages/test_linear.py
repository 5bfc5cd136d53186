import numpy as np

from annexscan.fit.linear import fit_linear
from annexscan.fit.recipe import LinearPart
from annexscan.stages.linear import LinearModel

TEXTS = [
    "steel thumb cuffs",
    "thumb cuffs pair",
    "red cotton shirt",
    "blue cotton shirt",
    "拇指铐 不锈钢",
    "棉 衬衫 红色",
] * 3
KINDS = np.array([0, 0, 1, 1, 0, 1] * 3)
MODEL = fit_linear(TEXTS, KINDS, 3, LinearPart(c=10.0, features=500, iterations=50))


def test_it_learns_and_an_unseen_kind_is_least_likely():
    p = np.exp(MODEL.log_probabilities(["thumb cuffs of steel", "cotton shirt"]))
    assert p.shape == (2, 3)
    assert p[0].argmax() == 0
    assert p[1].argmax() == 1
    assert (p[:, 2] < 0.01).all()


def test_a_row_does_not_depend_on_its_neighbours():
    alone = MODEL.log_probabilities(["blue shirt"])
    together = MODEL.log_probabilities(["thumb", "blue shirt", ""])
    assert np.array_equal(alone[0], together[1])


def test_an_empty_text_and_no_texts_are_fine():
    assert np.isfinite(MODEL.log_probabilities([""])).all()
    assert MODEL.log_probabilities([]).shape == (0, 3)


def test_the_saved_model_gives_the_same_bits(tmp_path):
    MODEL.save(tmp_path / "linear.npz")
    again = LinearModel.load(tmp_path / "linear.npz")
    assert np.array_equal(again.log_probabilities(TEXTS), MODEL.log_probabilities(TEXTS))
