"""Retraining: what users want is learned and told; of noise nothing is learned that would be promoted."""

import numpy as np
import pytest

pytest.importorskip("lightgbm")
pytest.importorskip("sklearn")
pytest.importorskip("pyarrow")
pytest.importorskip("sqlalchemy")
from simulated_events import WANTED, World

from bestfix.rank.model import load_model
from bestfix.rank.registry import CARD, Registry
from bestfix.train.compare import compared, probabilities
from bestfix.train.events import EventsError, load_events
from bestfix.train.fit_data import TARGETS
from bestfix.train.retrain import in_use, material, mixed, retrained


def given(folder, **world):
    return material(None, load_events(World(users=30, each=26, **world).export(folder)))


@pytest.fixture(scope="module")
def learned(tmp_path_factory):
    return given(tmp_path_factory.mktemp("world"), explore=0.3)


def test_what_users_want_is_learned_and_its_worth_is_told(learned, tmp_path):
    registry = Registry(tmp_path / "models")
    found = retrained("trees", learned, registry, tmp_path / "new", "the command")
    assert found.verdict == ""
    assert found.order.gain.low > 0
    assert found.users >= 20
    text = (tmp_path / "new" / CARD).read_text()
    assert "Better than the model that was in use" in text
    assert "the command" in text
    registry.promote(tmp_path / "new", "better")
    again = compared(in_use("trees", registry), load_model(tmp_path / "new"), learned.held)
    assert again.order.gain.mean == 0
    assert again.verdict


def test_off_policy_estimates_are_near_what_the_choice_would_have_brought(learned, tmp_path):
    found = retrained("logistic", learned, Registry(tmp_path / "models"), tmp_path / "new", "the command")
    p = probabilities(load_model(tmp_path / "new"), learned.held)
    wants = learned.held.table.x[:, WANTED]
    truth = [
        1 / (1 + np.exp(-2.5 * wants[start + int(np.argmax(p[start:end]))]))
        for _, start, end in learned.held.table.spans()
    ]
    assert found.new.support == 1
    assert found.new.dr.mean == pytest.approx(np.mean(truth), abs=0.12)


def test_noise_is_not_promoted(tmp_path):
    noise = given(tmp_path, taste=0.0, explore=0.3)
    for name in ("trees", "logistic"):
        found = retrained(name, noise, Registry(tmp_path / "models"), tmp_path / name, "the command")
        assert found.fit.gain.mean > 0
        assert "does not tell kept from refused" in found.verdict


def test_events_count_more_than_the_corpus_and_keep_their_failures(learned):
    events = learned.table
    both = mixed(events, events, 3.0)
    rows = len(events.x)
    assert both.weight[rows:] == pytest.approx(3 * events.weight)
    assert both.failure[rows:].min() == len(events.subjects)
    assert [f for f, _, _ in both.spans()] == sorted(set(both.failure.tolist()))
    assert all(len(both.target[t]) == 2 * rows for t in TARGETS)


def test_too_few_events_to_compare_on_are_refused(tmp_path):
    few = material(None, load_events(World(users=8, each=12).export(tmp_path)))
    with pytest.raises(EventsError, match="too few to compare on"):
        retrained("logistic", few, Registry(tmp_path / "models"), tmp_path / "new", "the command")
