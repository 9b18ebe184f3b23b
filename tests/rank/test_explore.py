"""Showing another candidate now and then: how often, which, and what is kept of it."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bestfix import Settings, SettingsError
from bestfix.core import Candidate, Edit, Patch, Report, Scored, Source, Verdict
from bestfix.core.report import ErrorInfo, Language
from bestfix.engine import QuickFix
from bestfix.rank.explore import NEAR, explored
from bestfix.work import Found


def scored(p, text="x", *, advice=False):
    candidate = Candidate(Patch("c", (Edit(0, 1, text),)), "because")
    if advice:
        candidate = Candidate.advice(Source("c", "y"), reason="do something else")
    return Scored(candidate, Verdict(), text, p)


BEST, NEARLY, ALSO, FAR = scored(0.95), scored(0.93), scored(0.9), scored(0.8)


@given(st.floats(0.001, 0.5), st.floats(0, 1, exclude_max=True))
def test_the_lot_falls_on_those_that_are_nearly_as_good_and_their_chances_add_up(explore, draw):
    order, chances = explored((BEST, NEARLY, ALSO, FAR), 0.5, explore, draw)
    assert sorted(map(id, order)) == sorted(map(id, (BEST, NEARLY, ALSO, FAR)))
    assert sum(chances) == pytest.approx(1)
    of = dict(zip(map(id, order), chances, strict=True))
    assert of[id(BEST)] == pytest.approx(1 - explore)
    assert of[id(NEARLY)] == of[id(ALSO)] == pytest.approx(explore / 2)
    assert of[id(FAR)] == 0
    assert chances[0] > 0


def test_as_many_are_shown_as_their_chances_say():
    first = Counter(id(explored((BEST, NEARLY, ALSO), 0.5, 0.3, n / 1000)[0][0]) for n in range(1000))
    assert [first[id(s)] for s in (BEST, NEARLY, ALSO)] == [700, 150, 150]


def test_nothing_is_tried_that_is_off_not_worth_showing_or_advice():
    assert explored((BEST, NEARLY), 0.5, 0.0, 0.0) == ((BEST, NEARLY), ())
    assert explored((BEST, NEARLY), 0.94, 0.5, 0.0) == ((BEST, NEARLY), ())
    assert explored((BEST, scored(0.94, advice=True)), 0.5, 0.5, 0.0)[1] == ()
    assert explored((BEST, scored(0.95 - NEAR - 0.01)), 0.5, 0.5, 0.0)[1] == ()


def test_a_decision_keeps_the_chances_and_without_the_setting_there_are_none():
    report = Report(Language.PYTHON, Source("c", "xy\n"), ErrorInfo("NameError", "", ("Exception",)))
    found = Found(tuple(replace(s, p_accept=None) for s in (scored(0, "a"), scored(0, "b"))))
    settings = Settings(threshold=0.0, explore=0.5, selector="smallest-edit")
    plain = QuickFix(replace(settings, explore=0.0))._decision(report, found, 0.0, 0.0)
    assert plain.propensities == ()
    decision = QuickFix(settings)._decision(report, found, 0.0, 0.0)
    assert decision.shown is decision.ranked[0]
    assert (plain.shown.text, decision.shown.text) == ("a", "b")
    assert decision.propensities == (0.5, 0.5)
    with pytest.raises(SettingsError, match="explore must lie"):
        Settings(explore=0.6)
