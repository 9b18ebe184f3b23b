"""Which actions follow from what a session shows, takes and runs."""

from dataclasses import dataclass, field

import pytest
from decisions import CELL, FIXED, decided

from bestfix.core import Action
from bestfix.recording import Tracker

A = Action


@dataclass
class Told:
    """A recorder that keeps what it is told."""

    failures: list = field(default_factory=list)
    actions: list = field(default_factory=list)

    def failure(self, decision, exposures=(), *, after="", follows=""):
        self.failures.append((decision, after, follows))
        return f"{after}:1" if after else f"failure-{len(self.failures)}"

    def action(self, failure, action, candidate=None):
        self.actions.append((action, candidate))


@pytest.fixture(scope="module")
def decision():
    return decided()


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def tracker(told, decision):
    tracker = Tracker(told)
    tracker.failed(decision, CELL)
    tracker.shown(0)
    return tracker


def test_taken_and_run(tracker, told):
    tracker.took(0, FIXED)
    tracker.ran(FIXED, clean=True)
    assert told.actions == [(A.SHOWN, 0), (A.ACCEPTED, 0), (A.RAN_CLEAN, 0)]


def test_an_outcome_is_recorded_once(tracker, told):
    tracker.took(0, FIXED, run=True)
    tracker.ran(FIXED, clean=True)
    tracker.ran(FIXED, clean=True)
    assert told.actions == [(A.SHOWN, 0), (A.ACCEPTED_AND_RUN, 0), (A.RAN_CLEAN, 0)]


def test_taken_and_failing_again_is_followed_by_the_next_failure(tracker, told, decision):
    tracker.took(0, FIXED, run=True)
    tracker.ran(FIXED, clean=False)
    tracker.failed(decision, FIXED)
    assert told.actions[-1] == (A.FAILED_AGAIN, 0)
    assert told.failures[-1][2] == "failure-1"


def test_typed_by_hand_counts_as_taken(tracker, told):
    tracker.ran(f"{FIXED}\n", clean=True)
    assert told.actions == [(A.SHOWN, 0), (A.ACCEPTED_AND_RUN, 0), (A.RAN_CLEAN, 0)]


def test_changed_after_it_was_taken(tracker, told):
    tracker.took(0, FIXED)
    tracker.ran(f"{FIXED}\nprint('and more')", clean=True)
    assert told.actions[2:] == [(A.EDITED_AFTER, 0), (A.RAN_CLEAN, 0)]


def test_another_cell_in_between_changes_nothing(tracker, told):
    tracker.took(0, FIXED)
    tracker.ran("import this", clean=True)
    tracker.ran(FIXED, clean=True)
    assert told.actions[2:] == [(A.RAN_CLEAN, 0)]


def test_going_on_with_another_cell_is_ignoring(tracker, told):
    tracker.ran("import this", clean=True)
    tracker.ran("import that", clean=True)
    assert told.actions[1:] == [(A.IGNORED, 0)]


def test_another_way_found_by_the_user(tracker, told):
    tracker.ran("import this", clean=True)
    tracker.ran("total = sum(prices * 2)\nprint(total)", clean=True)
    assert told.actions[1:] == [(A.IGNORED, 0), (A.RAN_CLEAN, None)]


@pytest.mark.parametrize("ran_before", [False, True])
def test_going_back_to_the_text_that_failed_is_undoing(tracker, told, ran_before):
    tracker.took(0, FIXED)
    if ran_before:
        tracker.ran(FIXED, clean=True)
    tracker.ran(CELL, clean=False)
    assert (A.UNDONE, 0) in told.actions


def test_the_next_one(tracker, told):
    tracker.dismissed(0)
    tracker.shown(1)
    tracker.ran("import this", clean=True)
    assert told.actions == [(A.SHOWN, 0), (A.DISMISSED, 0), (A.SHOWN, 1), (A.IGNORED, 1)]


def test_taken_without_having_been_shown(told, decision):
    tracker = Tracker(told)
    tracker.failed(decision, CELL)
    tracker.took(1, FIXED)
    assert told.actions == [(A.SHOWN, 1), (A.ACCEPTED, 1)]


def test_a_better_decision_has_its_own_candidates(tracker, told, decision):
    assert tracker.better(decision) == "failure-1:1"
    tracker.shown(0)
    assert told.actions == [(A.SHOWN, 0), (A.SHOWN, 0)]


def test_cells_are_told_by_their_identity(told, decision):
    tracker = Tracker(told)
    tracker.failed(decision, CELL, cell="c1")
    tracker.ran(FIXED.replace("total", "n"), clean=True, cell="c2")
    tracker.ran("print('something quite different')", clean=True, cell="c1")
    assert told.actions == [(A.RAN_CLEAN, None)]


def test_a_failure_is_given_up_some_time(tracker, told):
    for n in range(60):
        tracker.ran(f"x{n} = {n}", clean=True)
    tracker.ran(FIXED, clean=True)
    assert told.actions == [(A.SHOWN, 0), (A.IGNORED, 0)]


def test_nothing_is_tracked_when_nothing_is_logged(decision):
    tracker = Tracker()
    assert tracker.failed(decision, CELL) == ""
    tracker.shown(0)
    tracker.took(0, FIXED)
    tracker.ran(FIXED, clean=True)
    tracker.undone()
