"""One patch that makes a program with several errors run."""

from __future__ import annotations

import textwrap

import pytest

from bestfix import Settings, fix
from bestfix.core import Decision, Outcome
from bestfix.validate.sandbox import capabilities

pytestmark = pytest.mark.skipif(bool(capabilities().missing), reason="this machine can confine nothing")
PATIENT = Settings(deadline=20.0)


def decided(code: str, settings: Settings = PATIENT) -> Decision:
    code = textwrap.dedent(code).lstrip()
    with pytest.raises(Exception) as caught:  # noqa: PT011 - each case has its own error
        exec(compile(code, "<cell>", "exec"), space := {"__name__": "__main__"})
    return fix(code, error=caught.value, namespace=space, name="<cell>", settings=settings)


def clean(decision: Decision) -> list[str]:
    return [s.text for s in decision.ranked if s.verdict.outcome is Outcome.RAN_CLEAN]


def test_three_errors_become_one_patch():
    decision = decided("""
        import math
        x = maths.sqrt(4)
        y = math.florr(x)
        z = [y]
        z.apend(3)
    """)
    assert clean(decision)[0].splitlines() == [
        "import math", "x = math.sqrt(4)", "y = math.floor(x)", "z = [y]", "z.append(3)",
    ]  # fmt: skip
    best = next(s for s in decision.ranked if s.verdict.outcome is Outcome.RAN_CLEAN)
    assert len(best.candidate.patch.edits) == 3
    assert best.candidate.reason.count(";") >= 2
    assert best.candidate.evidence["steps"] == 3


def test_errors_one_after_the_other_inside_one_function_are_followed():
    decision = decided("""
        def total(prices):
            result = 0
            for price in prices:
                result += prise
            return reslt
        print(total([1, 2]))
    """)
    assert "result += price" in clean(decision)[0]
    assert "return result" in clean(decision)[0]


def test_what_is_looked_up_for_the_second_error_is_the_state_that_the_first_fix_leaves():
    decision = decided("""
        rows = [{"price": 1}]
        first = rows[0]["pric"]
        table = {"total_amount": first}
        table["totl_amount"]
    """)
    assert clean(decision)[0].endswith('table["total_amount"]\n')


def test_nothing_is_run_when_that_is_not_wanted():
    decision = decided("count = 1\nprint(coutn)\n", Settings(verify="static"))
    assert decision.ranked
    assert {s.verdict.outcome for s in decision.ranked} == {Outcome.UNVERIFIED}
