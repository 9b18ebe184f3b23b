"""A history moves what is shown, never the order."""

import math
from dataclasses import replace

import pytest
from decisions import decided
from hypothesis import given
from hypothesis import strategies as st

from bestfix.core import Habit
from bestfix.rank.policy import LEANING, decide, leaning

habits = st.builds(
    lambda shown, taken, p: Habit(shown, round(shown * taken), shown * p),
    st.integers(0, 500), st.floats(0, 1), st.floats(0.05, 0.95),
)  # fmt: skip


@pytest.fixture(scope="module")
def ranked():
    return decided().ranked


def at(ranked, p):
    return [replace(ranked[0], p_accept=p), *ranked[1:]]


@given(habits)
def test_it_is_bounded_and_has_the_sign_of_the_surprise(habit):
    offset = leaning(habit)
    assert abs(offset) <= LEANING
    assert offset * (habit.taken - habit.expected) >= -1e-9


@given(st.integers(1, 100), st.integers(0, 100))
def test_it_grows_with_what_was_taken(shown, taken):
    few, more = (leaning(Habit(shown, min(n, shown), 0.8 * shown)) for n in (taken, taken + 1))
    assert few <= more


def test_no_history_changes_nothing():
    assert leaning(Habit()) == 0
    assert leaning(Habit(10, 9, 9.0)) == pytest.approx(0)


def test_one_case_says_little():
    assert -0.5 < leaning(Habit(1, 0, 0.9)) < 0


def test_what_was_left_alone_is_shown_less(ranked):
    left = Habit(40, 2, 34.0)
    assert decide(at(ranked, 0.85), 0.8)[0] is not None
    shown, reason = decide(at(ranked, 0.85), 0.8, left)
    assert shown is None
    assert "left most fixes" in reason


def test_what_is_surest_is_shown_to_everyone(ranked):
    assert decide(at(ranked, 0.95), 0.8, Habit(1000, 0, 900.0))[0] is not None


def test_what_was_taken_is_shown_more(ranked):
    taken = Habit(60, 60, 45.0)
    assert decide(at(ranked, 0.7), 0.8)[0] is None
    assert decide(at(ranked, 0.7), 0.8, taken)[0] is not None


@pytest.mark.parametrize("p", [0.0, 1.0, math.nan])
def test_what_is_certain_stays(ranked, p):
    assert (decide(at(ranked, p), 0.8, Habit(9, 0, 8.0))[0] is None) == (p != 1.0)
