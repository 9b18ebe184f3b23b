"""From a failure to a decision, with repairs of the test's own."""

import pytest

from bestfix import QuickFix, Settings, SettingsError, engine, fix
from bestfix.core import Candidate, Edit, EmptyContext, ErrorInfo, Language, Report, Source
from bestfix.generate.base import repair

SOURCE = Source("<cell>", "x = oops\n")
REPORT = Report(Language.PYTHON, SOURCE, ErrorInfo("NameError", "name 'oops' is not defined", ("Exception",)))


def propose(text, prior, **kwargs):
    return Candidate.edit(SOURCE, Edit(4, 8, text), reason=f"use {text}", prior=prior, **kwargs)


@pytest.fixture
def engine_with(monkeypatch):
    def build(*functions, **settings):
        repairs = tuple(repair("NameError")(f) for f in functions)
        monkeypatch.setattr(engine, "load_repairs", lambda language: (repairs, ()))
        return QuickFix(Settings(**{"threshold": 0.0, **settings}))

    return build


def test_the_most_likely_candidate_is_shown(engine_with):
    def two(report, context):
        yield propose("1", 0.5)
        yield propose("2", 0.9)

    decision = engine_with(two).fix(REPORT, EmptyContext())
    assert decision.code == "x = 2\n"
    assert decision.reason == "use 2"
    assert [s.text for s in decision.ranked] == ["x = 2\n", "x = 1\n"]
    assert "+x = 2" in decision.diff


def test_a_candidate_that_does_not_parse_is_never_shown(engine_with):
    def broken(report, context):
        yield propose("(", 0.99)
        yield propose("1", 0.5)

    assert engine_with(broken).fix(REPORT, EmptyContext()).code == "x = 1\n"


def test_candidates_of_one_meaning_become_one_with_both_votes(engine_with):
    def one(report, context):
        yield propose("1", 0.6)

    def other(report, context):
        yield propose("(1)", 0.5)

    (scored,) = engine_with(one, other).fix(REPORT, EmptyContext()).ranked
    assert [vote.rpartition(".")[2] for vote in scored.candidate.votes] == ["one", "other"]


def test_nothing_is_shown_below_the_threshold(engine_with):
    def unsure(report, context):
        yield propose("1", 0.1)

    decision = engine_with(unsure, threshold=0.8).fix(REPORT, EmptyContext())
    assert not decision
    assert decision.code is None
    assert "likely" in decision.reason
    assert len(decision.ranked) == 1


def test_a_candidate_that_changes_nothing_is_dropped(engine_with):
    def idle(report, context):
        yield propose("oops", 0.9)

    assert engine_with(idle).fix(REPORT, EmptyContext()).ranked == ()


def test_a_repair_that_raises_is_contained_and_named(engine_with):
    def bad(report, context):
        yield propose("1", 0.6)
        raise RuntimeError("a bug")

    decision = engine_with(bad).fix(REPORT, EmptyContext())
    assert decision.code == "x = 1\n"
    assert decision.failures[0].error == "RuntimeError: a bug"


def test_a_repair_that_never_ends_is_cut_off(engine_with):
    def endless(report, context):
        number = 0
        while True:
            number += 1
            yield propose(str(number), 0.5)

    assert len(engine_with(endless, k=5).fix(REPORT, EmptyContext()).ranked) == 5


def test_an_unknown_selector_is_refused():
    with pytest.raises(SettingsError, match="smallest-edit"):
        QuickFix(Settings(selector="best"))


def test_the_api_fixes_a_live_exception():
    code = "def f(value):\n    return vlaue\n\nf(1)\n"
    try:
        exec(compile(code, "<cell>", "exec"), {})
    except NameError as error:
        decision = fix(code, error=error, settings=Settings())
    assert decision.code == code.replace("vlaue", "value")


def test_the_api_wants_an_error():
    with pytest.raises(ValueError, match="compiles"):
        fix("x = 1\n")


def wrapped(code):
    """The `RuntimeError` that running the code raises."""
    with pytest.raises(RuntimeError) as caught:
        exec(compile(code, "<cell>", "exec"), {})
    return caught.value


def test_what_a_wrapper_hides_is_fixed_through_it():
    code = (
        "def read(row):\n    try:\n        return row['colour']\n    except KeyError as error:\n"
        "        raise RuntimeError('a bad row') from error\nread({'colours': 1})\n"
    )
    decision = fix(code, error=wrapped(code), settings=Settings(threshold=0.5))
    assert decision.code == code.replace("row['colour']", "row['colours']")


def test_a_cause_that_no_line_of_the_user_raised_is_left_alone():
    code = "raise RuntimeError('no number') from ValueError('x')\n"
    assert fix(code, error=wrapped(code)).ranked == ()
