"""The recorder: what it gives to the store, and what it leaves alone."""

import subprocess
import sys

import pytest
from decisions import decided

from bestfix.config import Log, Settings
from bestfix.core import Action, Decision
from bestfix.feedback.reading import opened, recent
from bestfix.recording import Recorder, recorder


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


@pytest.fixture(scope="module")
def decision():
    return decided()


@pytest.fixture
def ours():
    made = Recorder.of(Settings(shadow="trees"), surface="test")
    yield made
    made.writer.close()


def seen(ours):
    ours.close()
    with opened(ours.writer.place) as store:
        return recent(store, 10)


def test_a_failure_and_what_became_of_it(ours, decision):
    failure = ours.failure(decision)
    ours.action(failure, Action.SHOWN, candidate=0)
    ours.action(failure, Action.ACCEPTED, candidate=0)
    [one] = seen(ours)
    assert (one.id, one.fate) == (failure, ((Action.SHOWN, 0), (Action.ACCEPTED, 0)))


def test_a_better_decision_keeps_the_failure(ours, decision):
    first = ours.failure(Decision(None, "no fix was found"))
    second = ours.failure(decision, after=first)
    third = ours.failure(decision, after=second)
    assert (second, third) == (f"{first}:1", f"{first}:2")
    [one] = seen(ours)
    assert (one.id, one.ranked) == (first, len(decision.ranked))


def test_nothing_is_kept_when_the_settings_say_so(decision):
    silent = Recorder.of(Settings(log=Log(enabled=False)), surface="test")
    assert silent.failure(decision) == ""
    silent.action("", Action.SHOWN)
    silent.close()
    assert silent.personal(decision) is decision


def test_nothing_is_kept_without_the_extra(decision, monkeypatch):
    monkeypatch.setattr(recorder, "installed", lambda: False)
    assert Recorder.of(Settings(), surface="test").failure(decision) == ""


def test_a_history_hides_what_is_left_alone(ours, decision):
    assert ours.personal(decision) is decision
    for _ in range(60):
        ours.action(ours.failure(decision), Action.SHOWN, 0)
    ours.close()
    ours.writer._habits.clear()
    ours.personal(decision)
    ours.close()
    hidden = ours.personal(decision)
    assert hidden.shown is None
    assert hidden.ranked == decision.ranked
    ours.failure(hidden)
    assert seen(ours)[0].silence == "history"


def test_commands_wait_in_the_spool(decision):
    brief = Recorder.of(Settings(), surface="test", brief=True)
    brief.failure(decision)
    brief.close()
    assert not brief.writer.place.path.exists()
    assert list(brief.writer.place.spool.glob("*.jsonl"))
    assert len(seen(brief)) == 1
    brief.writer.close()


def test_recording_imports_no_database_in_the_callers_thread():
    code = "import sys; from bestfix.recording import Recorder, Tracker; assert 'sqlalchemy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
