"""What a run found as one HTML page that needs nothing else: numbers, plots, and every case that failed."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence

from bestfix._version import __version__
from bestfix.evaluate.comparison_report import comparison_section
from bestfix.evaluate.judge import Result
from bestfix.evaluate.metrics import Row, Share, curve, reliability, rows
from bestfix.evaluate.strategy_page import oracle_plot, strategy_section
from bestfix.page import Plot, document, plot

__all__ = ["page"]

LISTED = 300
"""Cases without a right first candidate that are listed."""

_STYLE = """
th:nth-child(-n+3), td:nth-child(-n+3) { text-align: left; }
meter { width: 5rem; height: .6rem; } details { margin: .3rem 0; } pre { font-size: .8rem; overflow-x: auto;
  border-left: 3px solid var(--line); padding-left: .8rem; margin: .4rem 0; }
"""


def page(results: Sequence[Result], selectors: Sequence[str]) -> str:
    """Return the page; its scripts are in it.

    Raises:
        ModuleNotFoundError: without the packages of the extra `eval`.
    """
    lead = f"<p>{len(results)} cases, bestfix {__version__}; selectors {', '.join(selectors)}</p>"
    tables = comparison_section(results, selectors) + "".join(_section(results, name) for name in selectors)
    rest = f"{tables}{strategy_section(results)}{_missed(results, selectors[0])}"
    return document("bestfix eval", lead, _plots(results, selectors), rest, _STYLE)


def _plots(results: Sequence[Result], selectors: Sequence[str]) -> dict[str, Plot]:
    """Return each plot by its id."""
    trusted = [r for r in results if r.tier == "A"] or list(results)
    chart = oracle_plot(results)
    caption = "Share of cases with a right one among k of the model's answers, drawn at random."
    answers = {} if chart is None else {"oracle": plot(caption, chart)}
    return answers | {
        "at": _at_k(results, selectors[0]),
        "curve": _curves(trusted, selectors),
        "reliability": _reliability(trusted, selectors),
        "latency": _latency(results),
    }


def _at_k(results: Sequence[Result], selector: str) -> Plot:
    import altair as alt

    values = [
        {"source": f"{row.group['source']} {row.group['tier']}", "k": str(k), "share": part.value,
         "low": part.low, "high": part.high}
        for row in rows(results, selector, ("source", "tier")) for k, part in row.at[""].items()
    ]  # fmt: skip
    base = alt.Chart(alt.Data(values=values)).encode(
        y=alt.Y("source:N", title=None),
        yOffset=alt.YOffset("k:N", sort=["1", "3", "10"]),
        color=alt.Color("k:N", sort=["1", "3", "10"], scale=alt.Scale(range=["#2f6db3", "#6ea3dc", "#b3d0ee"])),
    )
    bars = base.mark_bar().encode(
        x=alt.X("share:Q", title="fixed", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]))
    )
    whiskers = base.mark_rule(color="#8a9199").encode(x="low:Q", x2="high:Q", color=alt.value("#8a9199"))
    caption = "Share fixed by the first k candidates, each source by its own method."
    return plot(caption, alt.layer(bars, whiskers), height=40 + 12 * len(values))


def _curves(results: Sequence[Result], selectors: Sequence[str]) -> Plot:
    import altair as alt

    values = [
        {"selector": name, "threshold": t, "coverage": coverage, "precision": precision}
        for name in selectors
        for t, coverage, precision in _thinned(curve(results, name))
    ]
    share = alt.Axis(format="%")
    return plot(
        "Precision against coverage when the threshold moves (tier A).",
        alt.Chart(alt.Data(values=values))
        .mark_line(interpolate="step-after")
        .encode(
            x=alt.X("coverage:Q", axis=share, scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("precision:Q", axis=share, scale=alt.Scale(domain=[0, 1])),
            color=alt.Color("selector:N"),
            order="coverage:Q",
            tooltip=["selector:N", "threshold:Q", "coverage:Q", "precision:Q"],
        ),
    )


def _reliability(results: Sequence[Result], selectors: Sequence[str]) -> Plot:
    import altair as alt

    values = [
        {"selector": name, "stated": stated, "right": right, "cases": n}
        for name in selectors
        for stated, right, n in reliability(results, name)
    ]
    share = alt.Axis(format="%")
    whole = alt.Scale(domain=[0, 1])
    diagonal = (
        alt.Chart(alt.Data(values=[{"stated": 0, "right": 0}, {"stated": 1, "right": 1}]))
        .mark_line(strokeDash=[4, 4], color="#8a9199")
        .encode(x=alt.X("stated:Q", axis=share, scale=whole), y=alt.Y("right:Q", axis=share, scale=whole))
    )
    points = (
        alt.Chart(alt.Data(values=values))
        .mark_circle(opacity=0.8)
        .encode(
            x="stated:Q",
            y="right:Q",
            size=alt.Size("cases:Q"),
            color=alt.Color("selector:N"),
            tooltip=["selector:N", "stated:Q", "right:Q", "cases:Q"],
        )
    )
    return plot("Stated probability against the share that is right (tier A).", alt.layer(diagonal, points))


def _latency(results: Sequence[Result]) -> Plot:
    import altair as alt

    values = [{"ms": 1000 * r.seconds} for r in results if r.seconds is not None]
    return plot(
        "Seconds from report to decision.",
        alt.Chart(alt.Data(values=values))
        .transform_calculate(log="log(max(datum.ms, 0.1)) / LN10")
        .transform_bin("bin", "log", bin=alt.Bin(step=0.1))
        .transform_aggregate(cases="count()", groupby=["bin", "bin_end"])
        .transform_calculate(low="pow(10, datum.bin)", high="pow(10, datum.bin_end)")
        .mark_bar(color="#2f6db3")
        .encode(
            x=alt.X("low:Q", title="milliseconds", scale=alt.Scale(type="log")),
            x2="high:Q",
            y=alt.Y("cases:Q", title="cases"),
            y2=alt.datum(0),
            tooltip=["low:Q", "high:Q", "cases:Q"],
        ),
    )


def _thinned(points: Sequence[tuple[float, float, float]], most: int = 400) -> Sequence[tuple[float, float, float]]:
    return points[:: max(1, len(points) // most)]


def _section(results: Sequence[Result], selector: str) -> str:
    groups = rows(results, selector, ("source", "tier"))
    families = rows(results, selector, ("source", "error", "tier"))
    families.sort(key=lambda row: (row.group["source"], -row.n))
    return (
        f"<h2>Selector {html.escape(selector)}</h2>{_table(groups)}"
        f"<details><summary>By error family</summary>{_table(families)}</details>"
    )


def _table(groups: Sequence[Row]) -> str:
    heads = ("cases", "tier", "judged by", "n", "at 1", "95 %", "at 3", "at 10", "nothing shown", "shown",
             "right when shown", "Δ tokens (mean)", "p50 ms", "p95 ms", "max ms")  # fmt: skip
    body = "".join(
        f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>" for row in groups for cells in _cells(row)
    )
    head = "".join(f"<th>{h}</th>" for h in heads)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _cells(row: Row) -> Iterable[list[str]]:
    name = " · ".join(html.escape(value) for key, value in row.group.items() if key != "tier")
    times = [_ms(row.seconds.p50), _ms(row.seconds.p95), _ms(row.seconds.max)]
    distance = "" if row.distance.p50 is None else f"{row.distance.p50:.0f} ({row.distance.mean:.1f})"
    yield [name, row.group["tier"], "|".join(row.judged_by), *_shares(row.at[""]), str(row.nothing), str(row.shown),
           str(row.precision), distance, *times]  # fmt: skip
    for method, at in row.at.items():
        if method and method not in row.judged_by:
            yield ["", "", f'<span class="soft">{method}</span>', *_shares(at), *[""] * 7]


def _shares(at: Mapping[int, Share]) -> list[str]:
    first = at[1]
    meter = "" if first.value is None else f'<meter value="{first.value:.3f}"></meter> '
    return [str(first.n), f"{meter}{first}", f"{100 * first.low:.0f}-{100 * first.high:.0f}", str(at[3]), str(at[10])]


def _ms(seconds: float | None) -> str:
    return "" if seconds is None else f"{1000 * seconds:.0f}"


def _missed(results: Sequence[Result], selector: str) -> str:
    missed = [r for r in results if (k := r.rankings.get(selector)) is None or k.rank.get(r.method) != 1]
    items = "".join(_missed_case(result, selector) for result in missed[:LISTED])
    return f"<h2>Not right at first</h2><p>{len(missed)} cases, the first {min(len(missed), LISTED)} below.</p>{items}"


def _missed_case(result: Result, selector: str) -> str:
    ranking = result.rankings.get(selector)
    rank = ranking.rank.get(result.method) if ranking else None
    state = "no decision" if ranking is None else f"right at {rank}" if rank else "not found"
    top = result.proposals[ranking.order[0]] if ranking and ranking.order else None
    body = f"<p>{html.escape(top.reason)}</p><pre>{html.escape(top.text)}</pre>" if top else "<p>no candidate</p>"
    about = html.escape(" · ".join(filter(None, (result.error, state, result.note))))
    head = f'{html.escape(result.id)} <span class="soft">{about}</span>'
    return f"<details><summary>{head}</summary>{body}</details>"
