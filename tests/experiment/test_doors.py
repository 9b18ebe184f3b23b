"""What doors are told: the assignment of the user that the event store knows, and nothing where nothing is recorded."""

from dataclasses import replace

import pytest

from bestfix import Settings
from bestfix.config import Log
from bestfix.experiment import doors
from bestfix.experiment.definition import load_experiments
from bestfix.feedback.place import Install

FILE = '[experiments.ranker.arms]\nfirst = {}\ntrees = {selector = "trees"}\n'
OWN = Settings(selector="first", log=Log(enabled=True))


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("BESTFIX_EXPERIMENTS", raising=False)
    return tmp_path


@pytest.fixture
def file(home):
    path = home / "bestfix" / "experiments.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(FILE)
    return path


def test_without_a_file_the_own_settings_hold():
    assert doors.assigned(OWN) == (OWN, ())


def test_the_user_is_the_one_that_the_event_store_knows(file, home):
    expected = load_experiments(file).settings_for(Install.load(home / "bestfix").id, OWN)
    assert expected[1]
    assert doors.assigned(OWN) == expected
    assert doors.assigned(OWN, "ada") == load_experiments(file).settings_for("ada", OWN)


def test_a_changed_file_is_read_again(file):
    assert doors.assigned(OWN, "ada")[1]
    file.write_text("holdout = 0.1\n")
    assert doors.assigned(OWN, "ada") == (OWN, ())


def test_who_is_not_recorded_is_in_no_experiment(file, home):
    quiet = replace(OWN, log=Log(enabled=False))
    assert doors.assigned(quiet, "ada") == (quiet, ())
    (home / "bestfix" / "log-off").touch()
    assert doors.assigned(OWN, "ada") == (OWN, ())


def test_who_cannot_be_told_again_tomorrow_is_in_no_experiment(file, monkeypatch):
    monkeypatch.setattr(Install, "load", lambda _: Install("x", b"", kept=False))
    assert doors.assigned(OWN) == (OWN, ())


def test_a_fault_in_the_file_breaks_nothing(file):
    file.write_text("[experiments")
    assert doors.assigned(OWN, "ada") == (OWN, ())


def test_no_arm_changes_what_an_administrator_has_locked(file, home, monkeypatch):
    site = home / "site.toml"
    site.write_text('locked = ["selector"]\n')
    monkeypatch.setenv("BESTFIX_SITE_CONFIG", str(site))
    assert doors.assigned(OWN, "ada") == (OWN, ())
