"""What is known of an experiment, as plain text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from bestfix.experiment.analyze import Analysis, Line, Pair
from bestfix.experiment.metrics import Metric
from bestfix.experiment.verdict import verdicts

__all__ = ["as_json", "as_text", "cells", "heads", "summary"]


def as_text(analysis: Analysis) -> str:
    """Return the report: the users of each arm, then, where the assignment is sound, the metrics and what to do."""
    blocks = ["\n".join(summary(analysis))]
    blocks += ["\n".join(_table(analysis, pair)) for pair in analysis.pairs if pair.looks]
    blocks += ["\n".join(verdict.sentence for verdict in verdicts(analysis))]
    return "\n\n".join(blocks)


def as_json(analysis: Analysis) -> dict[str, Any]:
    """Return everything that is known, as plain data."""
    return {"format": 1, **asdict(analysis), "verdicts": [asdict(verdict) for verdict in verdicts(analysis)]}


def summary(analysis: Analysis) -> Iterator[str]:
    """Yield how long the experiment has run, among whom, and how many users it needs."""
    experiment, assignment = analysis.experiment, analysis.assignment
    weights = " : ".join(f"{arm.weight:g}" for arm in experiment.arms)
    users = ", ".join(f"{name} {count:,}" for name, count in assignment.users.items())
    left_out = f"; {assignment.crossed:,} seen in several arms and left out" if assignment.crossed else ""
    days = f"{analysis.days} day{'s' * (analysis.days != 1)}"
    yield f"{experiment.name} after {days}; users: {users} (due {weights}, p = {assignment.p:.2g}{left_out})"
    for pair in analysis.pairs:
        if pair.needed is not None and pair.needed_once is not None:
            goal = f"{100 * experiment.effect:g} points with power {100 * experiment.power:g} %"
            yield (
                f"{pair.treatment}: finding {goal} takes {pair.needed:,} users seen as long as these with daily looks, "
                f"{pair.needed_once:,} with one look"
            )


def heads(analysis: Analysis, pair: Pair) -> Sequence[str]:
    """Return the heads of the table of metrics."""
    control = analysis.experiment.arms[0].name
    share = f"{100 * (1 - analysis.experiment.alpha / (len(analysis.experiment.arms) - 1)):g} %"
    return ("", control, pair.treatment, "difference", f"{share} at one look", f"{share} at every look")


def cells(line: Line) -> Sequence[str]:
    """Return a metric's row of that table."""
    metric, found = line.metric, line.found
    if found is None:
        return (metric.name, "", "", "not known", "", "")
    return (
        metric.name,
        metric.level(found.control),
        metric.level(found.treatment),
        metric.difference(found.effect),
        _interval(metric, found.low, found.high),
        "" if line.low is None or line.high is None else _interval(metric, line.low, line.high),
    )


def _table(analysis: Analysis, pair: Pair) -> Iterator[str]:
    rows = [heads(analysis, pair), *(cells(line) for line in pair.lines)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        others = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        yield "  ".join((row[0].ljust(widths[0]), *others)).rstrip()


def _interval(metric: Metric, low: float, high: float) -> str:
    return f"{metric.difference(low)} to {metric.difference(high)}"
