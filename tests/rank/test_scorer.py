"""Boosted trees without LightGBM give what LightGBM gives, and altered files are refused."""

import math
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bestfix.rank.boosted import ModelError, read_forest
from bestfix.rank.scorer import Scorer

lightgbm = pytest.importorskip("lightgbm")
np = pytest.importorskip("numpy")
COLUMNS = 6


def drawn(seed, n):
    generator = np.random.default_rng(seed)
    x = generator.normal(size=(n, COLUMNS)).round(1)
    x[generator.random(x.shape) < 0.15] = np.nan
    x[:, 1] = np.where(x[:, 1] > 0, 1.0, 0.0)
    return x


def trained(seed, leaves, rounds, *, objective="binary", **more):
    x = drawn(seed, 400)
    if more.pop("complete", False):
        x = np.nan_to_num(x)
    y = (np.nansum(x[:, :3], axis=1) + 0.3 * np.random.default_rng(seed).normal(size=len(x)) > 0).astype(int)
    options = {"objective": objective, "num_leaves": leaves, "verbose": -1, "num_threads": 1, "seed": seed,
               "min_data_in_leaf": 3, **more}  # fmt: skip
    groups = {"group": [8] * 50} if objective == "lambdarank" else {}
    return lightgbm.train(options, lightgbm.Dataset(x, y, **groups), num_boost_round=rounds)


MODELS = [
    trained(0, 2, 1), trained(1, 8, 40), trained(2, 15, 30), trained(3, 31, 20), trained(4, 60, 10),
    trained(5, 15, 20, objective="lambdarank"), trained(6, 7, 20, complete=True), trained(7, 7, 9, use_missing=False),
]  # fmt: skip
NUMBER = st.one_of(st.just(math.nan), st.floats(-3, 3), st.floats(-3, 3).map(lambda v: round(v, 1)), st.sampled_from(
    [0.0, -0.0, 1e-40, 1e-35, -1e-35, math.inf, -math.inf, 1e300]
))  # fmt: skip
ROWS = st.lists(st.lists(NUMBER, min_size=COLUMNS, max_size=COLUMNS), min_size=1, max_size=9)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(MODELS), ROWS)
def test_scores_are_those_of_lightgbm(model, rows):
    mine = Scorer(read_forest(model.model_to_string()))(rows)
    theirs = model.predict(np.array(rows), raw_score=True, num_threads=1)
    assert mine == pytest.approx(theirs.tolist(), abs=1e-9)


def test_values_at_a_threshold_go_left_as_in_lightgbm():
    model = MODELS[1]
    forest = read_forest(model.model_to_string())
    rows = [[0.0] * COLUMNS for tree in forest.trees for _ in tree.feature]
    nodes = [(f, t) for tree in forest.trees for f, t in zip(tree.feature, tree.threshold, strict=True)]
    for row, (feature, threshold) in zip(rows, nodes, strict=True):
        row[feature] = threshold
    theirs = model.predict(np.array(rows), raw_score=True, num_threads=1)
    assert Scorer(forest)(rows) == pytest.approx(theirs.tolist(), abs=1e-9)


def altered(change):
    text = MODELS[1].model_to_string()
    changed = change(text)
    assert changed != text
    return changed


@pytest.mark.parametrize("change", [
    lambda text: re.sub(r"(left_child=)-?\d+", r"\g<1>0", text, count=1),
    lambda text: re.sub(r"(left_child=)-?\d+", r"\g<1>99", text, count=1),
    lambda text: re.sub(r"(right_child=)-?\d+", r"\g<1>-2", text, count=1),
    lambda text: re.sub(r"(split_feature=)\d+", r"\g<1>77", text, count=1),
    lambda text: re.sub(r"(split_feature=)\d+", r"\g<1>-1", text, count=1),
    lambda text: re.sub(r"(threshold=)\S+", r"\g<1>nan", text, count=1),
    lambda text: re.sub(r"(threshold=)\S+ ", r"\g<1>", text, count=1),
    lambda text: re.sub(r"(leaf_value=)\S+", r"\g<1>inf", text, count=1),
    lambda text: re.sub(r"(decision_type=)\S+", r"\g<1>1", text, count=1),
    lambda text: re.sub(r"(decision_type=)\S+", r"\g<1>6", text, count=1),
    lambda text: re.sub(r"(num_leaves=)\d+", r"\g<1>100000000", text, count=1),
    lambda text: text.replace("num_cat=0", "num_cat=1", 1),
    lambda text: text.replace("is_linear=0", "is_linear=1", 1),
    lambda text: text.replace("num_class=1", "num_class=3", 1),
    lambda text: text.replace("Tree=3", "Tree=4", 1),
    lambda text: text.replace("objective=binary", "objective=multiclass", 1),
    lambda text: text[: len(text) // 2],
    lambda _: "",
])  # fmt: skip
def test_an_altered_file_is_refused(change):
    with pytest.raises(ModelError):
        read_forest(altered(change))


def test_categories_are_refused():
    x = np.random.default_rng(0).integers(0, 9, size=(300, 2)).astype(float)
    data = lightgbm.Dataset(x, (x[:, 0] % 2).astype(int), categorical_feature=[0])
    model = lightgbm.train({"objective": "binary", "verbose": -1, "num_threads": 1}, data, num_boost_round=3)
    with pytest.raises(ModelError, match="categories"):
        read_forest(model.model_to_string())


def test_zero_as_missing_is_refused():
    with pytest.raises(ModelError, match="not supported"):
        read_forest(trained(1, 8, 3, zero_as_missing=True).model_to_string())


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9))
def test_damage_never_crashes(seed):
    draw = random.Random(seed)
    text = list(MODELS[6].model_to_string())
    for _ in range(draw.randrange(1, 6)):
        text[draw.randrange(len(text))] = draw.choice("0123456789-. \n=ane")
    try:
        forest = read_forest("".join(text))
    except ModelError:
        return
    assert all(math.isfinite(score) for score in Scorer(forest)([[0.5] * len(forest.features)]))
