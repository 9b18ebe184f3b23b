"""The comparison with an encoder: neither has learned from what it is measured on, and the one that knows more wins."""

import pytest
from made_failures import failure

np = pytest.importorskip("numpy")
pytest.importorskip("lightgbm")
pytest.importorskip("sklearn")

from bestfix.train import fit_rivals  # noqa: E402 - after the skips
from bestfix.train.fit_language_model import Tuning  # noqa: E402
from bestfix.train.record import part_of  # noqa: E402


@pytest.fixture(scope="module")
def records():
    return [failure(number) for number in range(200)]


def compared(records, monkeypatch, tmp_path, says):
    """Return the comparison on two parts with an encoder that says what it is told to, and what it learned from."""
    tuned = []
    monkeypatch.setattr(
        fit_rivals, "fine_tuned", lambda given, *_: tuned.append({example.failure for example in given})
    )
    monkeypatch.setattr(fit_rivals, "outputs", lambda _, given: np.array([says(example) for example in given]))
    return fit_rivals.rivals(records, Tuning("none"), 2, tmp_path), tuned


def test_an_encoder_is_measured_on_the_part_that_it_was_not_tuned_to(records, monkeypatch, tmp_path):
    found, tuned = compared(records, monkeypatch, tmp_path, lambda _: (0.0, 0.0))
    for part, learned in enumerate(tuned):
        assert learned == {r.id for r in records if part_of(r.group) != part}
    assert found.failures == sum(part_of(r.group) < 2 for r in records)


def test_trees_are_above_an_encoder_that_knows_nothing(records, monkeypatch, tmp_path):
    found, _ = compared(records, monkeypatch, tmp_path, lambda _: (0.0, 0.0))
    assert found.selectors["oracle"].at_1[""] == 1.0
    assert found.gain.low > 0
    assert found.gain.mean == pytest.approx(
        found.selectors["trees"].at_1[""] - found.selectors["language model"].at_1[""]
    )
    page = fit_rivals.rivals_page(found)
    assert "| oracle | 100.0% | 100.0% | 1.000 |  |\n" in page
    assert f"{found.failures} failures of 2 parts" in page


def test_an_encoder_that_knows_everything_is_above_trees(records, monkeypatch, tmp_path):
    found, _ = compared(records, monkeypatch, tmp_path, lambda example: example.targets)
    assert found.selectors["language model"].at_1[""] == 1.0
    assert found.gain.mean <= 0
