"""Selectors side by side."""

import pytest

from bestfix.evaluate.comparison import _covered, _precision, compared, limits
from bestfix.evaluate.comparison_report import comparison_page, comparison_section, tables
from bestfix.evaluate.judge import Ranking, Result


def ranking(order, scores, right):
    place = next((n for n, index in enumerate(order, 1) if right[index]), None)
    confidence = scores[order[0]]
    pairs = tuple((score, None) for score in scores)
    return Ranking(
        order, confidence, confidence > 0.5, advised=False, rank={"runs": place}, scores=pairs, seconds=0.001
    )


def result(number, *, good, bad, tier="A"):
    """A case of three candidates; one selector puts the right one first, another one does not."""
    right = {0: False, 1: True, 2: False}
    rankings = {
        "first": ranking((0, 1, 2), [0.6, 0.3, 0.2], right) if bad else ranking((1, 0, 2), [0.3, 0.6, 0.2], right),
        "majority": ranking((1, 0, 2), [0.1, 0.9, 0.3], right) if good else ranking((2, 1, 0), [0.1, 0.2, 0.8], right),
    }
    return Result(str(number), "made", "runs", ("runs",), tier, "NameError", rankings=rankings, right=right, ran=right)


RESULTS = [result(n, good=n < 90, bad=n < 50) for n in range(100)]


def test_the_numbers_of_each_selector():
    first, majority = compared(RESULTS, ["first", "majority"])
    assert str(first.at_1[""]) == "50.0%"
    assert str(majority.at_1["made A"]) == "90.0%"
    assert limits(RESULTS) == (pytest.approx(1 / 3), 1.0)
    assert majority.closed == pytest.approx((0.9 - 1 / 3) / (2 / 3))
    assert majority.accept > 0.9 > first.accept
    assert majority.success is None


def test_a_gain_has_a_paired_interval():
    _, majority = compared(RESULTS, ["first", "majority"])
    gain = majority.gains["first"]
    assert gain.mean == pytest.approx(0.4)
    assert 0 < gain.low < gain.mean < gain.high
    assert majority.gains["majority"].mean == majority.gains["majority"].low == 0


def test_precision_and_coverage_start_at_the_surest():
    _, majority = compared(RESULTS, ["first", "majority"])
    assert majority.precision == 1.0
    assert majority.coverage == pytest.approx(0.9)
    assert majority.error == pytest.approx(abs(0.9 * 90 - 90) / 100 + 0.8 * 10 / 100, abs=1e-6)


def test_cases_that_are_equally_sure_count_alike():
    sure = [(0.5, False), (0.5, True), (0.9, True), (0.5, True), (0.5, False)]
    assert _precision(sure, 3) == pytest.approx(2 / 3)
    assert (_covered(sure, 0.9), _covered(sure, 0.6)) == (1, 5)


def test_the_report_names_every_selector_and_nothing_for_one():
    both = tables([*RESULTS, result(200, good=True, bad=True, tier="B")], ["first", "majority"])
    assert {len(line) for line in both["Tier A: 100 cases"]} == {14}
    assert "Tier B: 1 cases" in both
    page = comparison_page(RESULTS, ["first", "majority"])
    assert "| majority | 90.0% |" in page
    assert "<table>" in comparison_section(RESULTS, ["first", "majority"])
    assert comparison_section(RESULTS, ["first"]) == ""
