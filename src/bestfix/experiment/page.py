"""What is known of an experiment as one HTML page that needs nothing else."""

from __future__ import annotations

import html

from bestfix.experiment.analyze import Analysis, Pair
from bestfix.experiment.metrics import LATE
from bestfix.experiment.report import cells, heads, summary
from bestfix.experiment.verdict import verdicts
from bestfix.page import Plot, document, plot

__all__ = ["page"]

_STYLE = """
.verdict { font-size: 1.1rem; color: var(--ink); border-left: 4px solid var(--tone); padding: .3rem .9rem;
  max-width: 52rem; margin: 1rem 0; }
.roll-out { --tone: #3f9a5f; } .do-not-roll-out { --tone: #c2573d; } .keep-running { --tone: #3b73b9; }
.conclude-nothing { --tone: #c99a2e; }
th:first-child, td:first-child { text-align: left; } tr:nth-child(1) td { font-weight: 600; }
"""
_BLUE, _GREY, _RED = "#4c86c6", "#8a9199", "#c2573d"


def page(analysis: Analysis) -> str:
    """Return the page: what to do, the metrics with their intervals, and how they came about, day by day.

    Raises:
        ModuleNotFoundError: without the packages of the extra `experiment`.
    """
    sentences = "".join(
        f'<p class="verdict {verdict.advice.replace(" ", "-")}">{html.escape(verdict.sentence)}</p>'
        for verdict in verdicts(analysis)
    )
    facts = "".join(f"<p>{html.escape(line)}</p>" for line in summary(analysis))
    plots = {f"gain{i}": _gain(analysis, pair) for i, pair in enumerate(analysis.pairs) if pair.looks}
    plots |= {f"all{i}": _all(pair) for i, pair in enumerate(analysis.pairs) if pair.looks}
    plots["users"] = _users(analysis)
    tables = "".join(_table(analysis, pair) for pair in analysis.pairs if pair.looks)
    title = f"bestfix experiment {analysis.experiment.name}"
    return document(title, facts + sentences, plots, tables, _STYLE)


def _gain(analysis: Analysis, pair: Pair) -> Plot:
    """Return the primary metric's difference day by day, with both intervals."""
    import altair as alt

    values = [
        {"day": look.day + 1, "gain": look.found.effect, "low": look.low, "high": look.high, "users": look.users,
         "once_low": look.found.low, "once_high": look.found.high}
        for look in pair.looks
    ]  # fmt: skip
    points = alt.Axis(labelExpr="format(100 * datum.value, '+.1f')", tickCount=6)
    base = alt.Chart(alt.Data(values=values)).encode(
        x=alt.X("day:Q", title="day", axis=alt.Axis(tickMinStep=1, format="d"), scale=alt.Scale(nice=False, zero=False))
    )
    wide = base.mark_area(opacity=0.22, color=_BLUE).encode(
        y=alt.Y("low:Q", title="points of fixes kept per error seen", axis=points), y2="high:Q"
    )
    narrow = base.mark_area(opacity=0.3, color=_BLUE).encode(y="once_low:Q", y2="once_high:Q")
    line = base.mark_line(color=_BLUE, point={"color": _BLUE, "size": 24}).encode(
        y="gain:Q", tooltip=["day:Q", "users:Q", "gain:Q", "low:Q", "high:Q"]
    )
    marks = alt.Chart(alt.Data(values=[{"y": 0.0}])).mark_rule(color=_GREY).encode(y="y:Q")
    planned = alt.Chart(alt.Data(values=[{"y": analysis.experiment.effect}]))
    goal = planned.mark_rule(color=_GREY, strokeDash=[4, 4]).encode(y="y:Q")
    caption = (
        f"What {pair.treatment} adds, day by day: pale, the interval that may be looked at every day; darker, the one "
        "that holds at a single look. Dashed, the gain that is worth finding."
    )
    return plot(caption, alt.layer(marks, goal, wide, narrow, line))


def _all(pair: Pair) -> Plot:
    """Return the relative difference of every metric that is no rarity, with the interval of one look."""
    import altair as alt

    known = [
        (line.metric, line.found)
        for line in pair.lines
        if line.metric is not LATE and line.found is not None and line.found.control > 0
    ]
    values = [
        {"metric": metric.name, "change": found.effect / found.control, "low": found.low / found.control,
         "high": found.high / found.control, "side": _side(metric.good * found.low, metric.good * found.high)}
        for metric, found in known
    ]  # fmt: skip
    names = [metric.name for metric, _ in known]
    tone = alt.Color(
        "side:N", scale=alt.Scale(domain=["better", "open", "worse"], range=["#3f9a5f", _GREY, _RED]), title=None
    )
    base = alt.Chart(alt.Data(values=values)).encode(
        y=alt.Y("metric:N", sort=names, title=None, axis=alt.Axis(labelLimit=220)), color=tone
    )
    bars = base.mark_rule(strokeWidth=3).encode(
        x=alt.X("low:Q", title="change against the control", axis=alt.Axis(format="+.0%", tickCount=6)), x2="high:Q"
    )
    dots = base.mark_circle(size=70, opacity=1).encode(
        x="change:Q", tooltip=["metric:N", "change:Q", "low:Q", "high:Q"]
    )
    zero = alt.Chart(alt.Data(values=[{"x": 0.0}])).mark_rule(color=_GREY).encode(x="x:Q")
    caption = (
        f"Every metric of {pair.treatment} relative to the control, with the interval that holds at a single look."
    )
    return plot(caption, alt.layer(zero, bars, dots))


def _side(low: float, high: float) -> str:
    one, other = sorted((low, high))
    return "better" if one > 0 else "worse" if other < 0 else "open"


def _users(analysis: Analysis) -> Plot:
    """Return how many users each arm has of those due to it, day by day."""
    import altair as alt

    known = analysis.assignment
    due = {arm: expected / (sum(known.users.values()) or 1) for arm, expected in known.expected.items()}
    sums = [sum(counts) for counts in zip(*known.by_day.values(), strict=True)]
    values = [
        {"day": day + 1, "arm": arm, "users": count, "share": count / (due[arm] * sums[day])}
        for arm, counts in known.by_day.items()
        for day, count in enumerate(counts)
        if sums[day]
    ]
    arms = list(known.by_day)
    shades = [_GREY, _BLUE, "#c98a2e", "#7d6bb5", "#3f9a5f"]
    color = alt.Color("arm:N", sort=arms, title=None, scale=alt.Scale(domain=arms, range=shades))
    lines = (
        alt.Chart(alt.Data(values=values))
        .mark_line(point={"size": 24})
        .encode(
            x=alt.X("day:Q", axis=alt.Axis(tickMinStep=1, format="d"), scale=alt.Scale(nice=False, zero=False)),
            y=alt.Y("share:Q", title="users, of those due", axis=alt.Axis(format=".0%"), scale=alt.Scale(zero=False)),
            color=color,
            tooltip=["day:Q", "arm:N", "users:Q", "share:Q"],
        )
    )
    even = alt.Chart(alt.Data(values=[{"y": 1.0}])).mark_rule(color=_GREY, strokeDash=[4, 4]).encode(y="y:Q")
    return plot("The users of each arm, of those who were due to it.", alt.layer(even, lines))


def _table(analysis: Analysis, pair: Pair) -> str:
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in heads(analysis, pair))
    rows = "".join(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in cells(line))}</tr>" for line in pair.lines
    )
    return f'<h2>{html.escape(pair.treatment)}</h2><div class="scroll"><table><tr>{head}</tr>{rows}</table></div>'
