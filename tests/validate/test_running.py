"""Candidates on copies of a session: what each verdict says, and that the session stays as it was."""

from __future__ import annotations

import linecache
import math
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from bestfix import Settings, fix
from bestfix.capture import Origins, report_exception
from bestfix.core import Candidate, Deadline, Outcome, Patch, Scored, Source, Verdict
from bestfix.validate.running import BEATEN, Trials
from bestfix.validate.sandbox import capabilities

pytestmark = pytest.mark.skipif(bool(capabilities().missing), reason="this machine can confine nothing")


def tried(
    code: str,
    *fixed: str,
    space: dict[str, Any] | None = None,
    earlier: tuple[str, ...] = (),
    edits: str = "<cell>",
    priors: tuple[float, ...] = (),
    before: tuple[Scored, ...] = (),
    seconds: float = 20,
) -> list[Verdict]:
    """Run earlier cells and one that fails, and return the verdicts of versions of a source."""
    space = {"__name__": "__main__"} if space is None else space
    sources = {}
    for number, text in enumerate(earlier, 1):
        sources[f"<cell {number}>"] = Source(f"<cell {number}>", text)
        exec(compile(text, f"<cell {number}>", "exec"), space)
    failing = Source("<cell>", code)
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - each case has its own error
        exec(compile(code, "<cell>", "exec"), space)
    origins = Origins(failing, sources)
    report = report_exception(caught.value, failing, sources=sources)
    trials = Trials.of(report, caught.value, origins)
    assert trials is not None
    source = report.source(edits)
    assert source is not None
    estimated = zip(fixed, priors or (0.5,) * len(fixed), strict=True)
    candidates = [(Candidate(Patch.between(source.text, t, source=edits), "because", prior=p), t) for t, p in estimated]
    return trials.verdicts([*before, *(Scored(c, Verdict(), t) for c, t in candidates)], Deadline.after(seconds))


def test_outcomes_say_how_far_a_fix_gets():
    code = "a = 1\nb = aa\nc = b + 1\nd = c.real"
    verdicts = tried(
        code,
        code.replace("aa", "a"),
        code.replace("aa", "'1'"),
        code.replace("aa", "aa"[:1] + "a.x"),
        code.replace("aa", "aa + 0"),
        code.replace("aa", "a / 0"),
    )
    outcomes = [v.outcome for v in verdicts]
    assert outcomes == [
        Outcome.RAN_CLEAN, Outcome.MOVED, Outcome.SAME_ERROR, Outcome.SAME_ERROR, Outcome.NEW_ERROR,
    ]  # fmt: skip
    assert verdicts[1].error is not None
    assert (verdicts[1].error.type, verdicts[1].error.lineno) == ("TypeError", 3)
    assert [v.acceptable for v in verdicts] == [True, True, False, False, True]


def test_whom_a_trial_could_not_bring_first_is_not_run():
    code = "a = 1\nb = aa"
    fixed = [code.replace("aa", text) for text in ("a", "a + 1", "a + 2")]
    rivals = tried(code, *fixed, priors=(0.9, 0.8, 0.6))
    assert [v.outcome for v in rivals] == [Outcome.RAN_CLEAN, Outcome.RAN_CLEAN, Outcome.UNVERIFIED]
    assert rivals[2].untried == BEATEN
    refuted = tried(code, code, *fixed[1:], priors=(0.9, 0.5, 0.4))
    assert [v.outcome for v in refuted] == [Outcome.SAME_ERROR, Outcome.RAN_CLEAN, Outcome.RAN_CLEAN]
    patient = tried(code, *fixed, priors=(0.9, 0.8, 0.6), seconds=math.inf)
    assert {v.outcome for v in patient} == {Outcome.RAN_CLEAN}


def test_nothing_is_run_where_advice_is_far_likelier():
    advice = Candidate.advice(Source("<cell>", "b = aa"), reason="run cell 1 first", prior=0.96)
    before = Scored(advice, Verdict(), "b = aa")
    verdicts = tried("b = aa", "b = 1", priors=(0.5,), before=(before,))
    assert [v.untried for v in verdicts] == ["it is advice", BEATEN]


def test_the_session_is_as_it_was():
    items = [1]
    space: dict[str, Any] = {"items": items}
    (verdict,) = tried("items.append(2)\nitems.apend(3)", "items.append(2)\nitems.append(3)", space=space)
    assert verdict.outcome is Outcome.RAN_CLEAN
    assert items == [1, 2]


def test_it_takes_up_where_the_failure_left_the_session():
    code = "first = queue.pop()\nsecond = frist"
    (verdict,) = tried(code, code.replace("frist", "first"), space={"queue": [1]})
    assert (verdict.outcome, verdict.resumed) == (Outcome.RAN_CLEAN, True)


def test_it_runs_the_whole_where_the_failing_statement_has_used_up_its_state():
    code = "stack = [1, 2]\nwhile stack:\n    stack.pop()\n    if not stack:\n        lst[0]"
    verdicts = tried(code, code.replace("lst", "'a'"), code.replace("lst", "'a'.x"))
    assert [v.outcome for v in verdicts] == [Outcome.RAN_CLEAN, Outcome.NEW_ERROR]
    assert not verdicts[0].resumed


def test_nothing_is_said_where_the_failure_does_not_come_again():
    code = "if runs.pop():\n    missing"
    (verdict,) = tried(code, code.replace("missing", "1"), space={"runs": [False, True]})
    assert verdict.outcome is Outcome.UNVERIFIED
    assert "does not come again" in verdict.untried


def test_a_function_that_is_changed_above_is_changed_for_the_objects_that_have_it():
    code = textwrap.dedent("""
        class Shop:
            def __init__(self):
                self.items = [1]
            def count(self):
                return len(self.itms)
        shop = Shop()
        print(shop.count())
    """)
    (verdict,) = tried(code, code.replace("itms", "items"))
    assert (verdict.outcome, verdict.resumed) == (Outcome.RAN_CLEAN, True)


def test_what_depends_on_an_earlier_change_is_run_again():
    code = "x = '5'\ny = x\nz = y + 1"
    (verdict,) = tried(code, code.replace("'5'", "5"))
    assert verdict.outcome is Outcome.RAN_CLEAN


def test_a_line_further_down_in_the_same_function_is_progress_and_one_before_it_is_not():
    code = "def f():\n    a = [1]\n    b = a.x\n    return b.y\nf()"
    past, before = tried(code, code.replace("a.x", "a[0]"), code.replace("a = [1]", "a = z"))
    assert past.outcome is Outcome.MOVED
    assert before.outcome is Outcome.NEW_ERROR


def test_another_error_in_the_line_that_failed_is_said():
    (later,) = tried("x = oops\ny = x + 'a'", "x = 1\ny = x + 'a'")
    assert (later.outcome, later.notes) == (Outcome.MOVED, ())
    code = "def f():\n    return one(two)\nf()"
    (verdict,) = tried(code, "one = len\n" + code)
    assert (verdict.outcome, verdict.notes) == (Outcome.MOVED, ("it meets another error in the same line",))


def test_an_expression_is_later_than_its_parts():
    (verdict,) = tried("total = [1] - missing", "total = [1] - 2")
    assert verdict.outcome is Outcome.MOVED


def test_a_later_round_of_a_loop_is_progress():
    code = "for x in ['1', 2]:\n    n = x.strip()\n    n.foo()"
    (verdict,) = tried(code, code.replace("n.foo()", "n.upper()"))
    assert verdict.outcome is Outcome.MOVED


def test_an_earlier_cell_is_fixed_where_it_stands():
    earlier = "def total(items):\n    return sum(itms)"
    (verdict,) = tried("total([1])", earlier.replace("itms", "items"), earlier=(earlier,), edits="<cell 1>")
    assert verdict.outcome is Outcome.RAN_CLEAN


def test_a_module_of_the_user_is_fixed_where_it_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    module = tmp_path / "own_helper_module.py"
    module.write_text("def total(items):\n    return sum(itms)\n")
    monkeypatch.syspath_prepend(tmp_path)
    fixed = "def total(items):\n    return sum(items)\n"
    try:
        (verdict,) = tried("from own_helper_module import total\ntotal([1])", fixed, edits=str(module))
    finally:
        sys.modules.pop("own_helper_module", None)
        linecache.checkcache()
    assert verdict.outcome is Outcome.RAN_CLEAN


@pytest.mark.parametrize(
    ("fixed", "why"),
    [
        ("open('x.txt', 'w')", "writes files"),
        ("import os\nos.remove('x')", "deletes or moves files"),
        ("eval('1')", "runs text as code"),
    ],
)
def test_a_fix_that_reaches_further_than_the_cell_is_not_run(fixed, why):
    (verdict,) = tried("missing", fixed)
    assert verdict.outcome is Outcome.UNVERIFIED
    assert why in verdict.untried


def test_what_a_trial_cannot_follow_is_said(tmp_path: Path):
    code = f"missing\nopen({str(tmp_path / 'out.txt')!r}, 'w')"
    (written,) = tried(code, code.replace("missing", "1"))
    assert (written.outcome, written.error) == (Outcome.MOVED, None)
    assert "may not" in written.untried
    assert not (tmp_path / "out.txt").exists()
    (asked,) = tried("missing\ninput()", "1\ninput()")
    assert (asked.outcome, asked.untried) == (Outcome.MOVED, "it asks for input")
    (hangs,) = tried("missing\nx = 1", "while True: pass\nx = 1")
    assert (hangs.outcome, hangs.untried) == (Outcome.UNVERIFIED, "it did not end in time")


def test_kind_and_shape_of_the_last_value_are_kept():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"price": [1, 2]})
    verdicts = tried("frame[frame.pric > 5]", "frame[frame.price > 5]", "frame.price.sum()", space={"frame": frame})
    assert [v.result for v in verdicts] == ["DataFrame (0, 1)", "int64 ()"]
    assert [v.notes for v in verdicts] == [("its result is empty",), ()]


def test_await_at_the_top_level_is_run():
    code = "import asyncio\nx = 1\nmissing"
    (verdict,) = tried(code, "import asyncio\nx = 1\nawait asyncio.sleep(0, 7)")
    assert (verdict.outcome, verdict.result) == (Outcome.RAN_CLEAN, "int")


def test_classes_and_data_of_the_main_module_work_as_they_do_live():
    code = textwrap.dedent("""
        import copy, pickle
        from dataclasses import dataclass
        @dataclass
        class Point:
            x: int
            def double(self) -> "Point":
                return Point(2 * self.y)
        p = Point(3)
        q = copy.deepcopy(p).double()
    """)
    (verdict,) = tried(code, code.replace("self.y", "self.x"))
    assert verdict.outcome is Outcome.RAN_CLEAN


def test_a_name_that_the_fix_gives_up_is_gone():
    (verdict,) = tried("list = [3]\nletters = list('abc')", "numbers = [3]\nletters = list('abc')")
    assert verdict.outcome is Outcome.RAN_CLEAN


def test_a_cell_that_did_not_compile_runs_as_a_whole_in_its_session():
    space = {"__name__": "__main__", "prices": [1, 2]}
    code = "for price in prices\n    print(price)\ntotal = sum(prices)"
    decision = fix(code, namespace=space, settings=Settings(deadline=20.0))
    (best, *_) = decision.ranked
    assert (best.verdict.outcome, best.verdict.resumed) == (Outcome.RAN_CLEAN, False)
    assert "total" not in space


def test_a_cell_that_did_not_compile_and_cannot_be_followed_has_got_past_nothing():
    decision = fix("x = (1\nname = input()", namespace={"prices": [1, 2]}, settings=Settings(deadline=20.0))
    verdict = decision.ranked[0].verdict
    assert (verdict.outcome, verdict.untried) == (Outcome.UNVERIFIED, "it asks for input")


def test_a_fix_that_only_hides_the_error_is_marked():
    hidden, fixed = tried("x = 1\nx.y", "x = 1\ntry:\n    x.y\nexcept AttributeError:\n    pass", "x = 1\nx.real")
    assert (hidden.outcome, hidden.hides) == (Outcome.RAN_CLEAN, True)
    assert not fixed.hides


def test_without_time_nothing_is_run(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Deadline, "after", staticmethod(lambda _: Deadline(0.0)))
    (verdict,) = tried("missing", "1")
    assert verdict.outcome is Outcome.UNVERIFIED
    assert verdict.untried


def test_without_a_session_a_cell_that_did_not_compile_is_not_run():
    decision = fix("print('a'", settings=Settings(deadline=20.0))
    assert decision.ranked[0].verdict.outcome is Outcome.UNVERIFIED
