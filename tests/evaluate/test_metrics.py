"""Counting."""

import random
import statistics

import pytest

from bestfix.evaluate.judge import Proposal, Ranking, Result
from bestfix.evaluate.metrics import curve, percentiles, reliability, rows, share


def result(number, rank, confidence=0.5, *, shown=True, tier="A", error="NameError"):
    proposal = Proposal("text", "reason", ("p",), confidence, True, 1, (), False, True, number)
    order = (0,) if confidence else ()
    ranking = Ranking(order, confidence, shown, False, {"exact-ast": rank})
    return Result(
        str(number), "s", "exact-ast", ("exact-ast",), tier, error, (proposal,), {"first": ranking}, number / 100
    )


def test_the_interval_is_that_of_resampling():
    draw = random.Random(1)
    flags = [True] * 30 + [False] * 70
    resampled = sorted(statistics.mean(draw.choices(flags, k=100)) for _ in range(2000))
    part = share(flags)
    assert part.value == 0.3
    assert part.low == pytest.approx(resampled[50], abs=0.02)
    assert part.high == pytest.approx(resampled[1949], abs=0.02)


def test_the_share_of_nothing_is_unknown():
    assert share([]).value is None
    assert str(share([])) == "-"
    assert percentiles([]).p50 is None


def test_percentiles_are_measured_values():
    found = percentiles(range(1, 101))
    assert (found.p50, found.p95, found.max, found.mean) == (50, 95, 100, 50.5)


def test_a_row_counts_ranks_silence_and_precision():
    results = [result(1, 1), result(2, 2), result(3, None), result(4, 1, shown=False), result(5, 4)]
    (row,) = rows(results, "first", ["tier"])
    at = row.at[""]
    assert [at[k].hits for k in (1, 3, 10)] == [2, 3, 4]
    assert (row.shown.hits, row.nothing.hits, row.precision.hits, row.precision.n) == (4, 1, 1, 4)
    assert row.distance.p50 == 3
    assert row.seconds.max == 0.05


def test_a_case_without_a_decision_counts_as_not_fixed():
    lost = Result("x", "s", "runs", ("runs",), "B", "ValueError", note="it took too long", reproduced=False)
    (row,) = rows([lost], "first", ["source"])
    assert (row.at[""][1].hits, row.lost, row.nothing.hits) == (0, 1, 1)


def test_the_curve_trades_coverage_for_precision():
    results = [result(1, 1, 0.9), result(2, None, 0.6), result(3, 1, 0.6), result(4, None, 0.0)]
    assert curve(results, "first") == [(0.9, 0.25, 1.0), (0.6, 0.75, pytest.approx(2 / 3))]
    assert reliability(results, "first") == [(0.6, 0.5, 2), (0.9, 1.0, 1)]
