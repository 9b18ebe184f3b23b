"""The part of the page that compares ways of asking a model."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from bestfix.evaluate.judge import Result
from bestfix.evaluate.metrics import Share
from bestfix.evaluate.strategies import StrategyRow, oracle, overlaps, strategy_rows

__all__ = ["oracle_plot", "strategy_section"]

_HEADS = (
    "strategy", "asked", "answered", "usable", "right", "95 %", "right alone", "answers", "tokens (mean)", "p50 s",
    "p95 s", "max s",
)  # fmt: skip


def strategy_section(results: Sequence[Result]) -> str:
    """Return each strategy's own success and cost, and what pairs of them have in common; nothing where none asked."""
    groups = strategy_rows(results)
    if not groups:
        return ""
    pairs = "".join(
        f"<tr><td>{html.escape(pair.one)}</td><td>{html.escape(pair.other)}</td><td>{pair.both}</td>"
        f"<td>{pair.either}</td></tr>"
        for pair in overlaps(results)
    )
    return (
        f"<h2>Strategies</h2>{_table(_HEADS, ''.join(map(_row, groups)))}"
        f"<details><summary>Overlap</summary>{_table(('one', 'other', 'both right', 'either right'), pairs)}</details>"
    )


def oracle_plot(results: Sequence[Result]) -> Any:
    """Return the chart of the share of cases of which k answers hold a right one; `None` where no model was asked."""
    import altair as alt

    values = [{"k": k, "share": value} for k, value in oracle(results).items()]
    if not values:
        return None
    return (
        alt.Chart(alt.Data(values=values))
        .mark_line(point=True, color="#2f6db3")
        .encode(
            x=alt.X("k:O", title="answers"),
            y=alt.Y(
                "share:Q", title="a right one among them", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])
            ),
            tooltip=["k:O", "share:Q"],
        )
    )


def _table(heads: Sequence[str], body: str) -> str:
    head = "".join(f"<th>{h}</th>" for h in heads)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _row(row: StrategyRow) -> str:
    times = (row.seconds.p50, row.seconds.p95, row.seconds.max)
    cells = [
        html.escape(row.name), row.asked, row.answered, row.usable, row.right, _interval(row.right), row.alone,
        row.answers, "" if row.tokens.mean is None else f"{row.tokens.mean:.0f}",
        *("" if t is None else f"{t:.2f}" for t in times),
    ]  # fmt: skip
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _interval(part: Share) -> str:
    return f"{100 * part.low:.0f}-{100 * part.high:.0f}"
