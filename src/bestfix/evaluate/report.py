"""What a run found, as a table for the terminal, as JSON, and as predictions for another judge."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bestfix._version import __version__
from bestfix.config import Settings
from bestfix.evaluate.comparison import compared
from bestfix.evaluate.judge import Result
from bestfix.evaluate.metrics import Row, Share, curve, reliability, rows
from bestfix.evaluate.strategies import StrategyRow, oracle, overlaps, strategy_rows

__all__ = ["as_json", "predictions", "print_tables"]

WIDTH = 150
"""Columns of the tables when nothing says how wide they may be."""
GROUPINGS: tuple[tuple[str, ...], ...] = (("tier",), ("source", "tier"), ("source", "error", "tier"))
"""How the results are cut: all of a tier, each source, each error family of a source."""


def predictions(results: Iterable[Result], selector: str) -> Iterable[str]:
    """Yield one JSON line a case: the texts that would replace the failing source, best first."""
    for result in results:
        ranking = result.rankings.get(selector)
        order = ranking.order[:10] if ranking else ()
        line = {
            "id": result.id,
            "candidates": [result.proposals[i].text for i in order],
            "shown": bool(ranking and ranking.shown),
            "confidence": ranking.confidence if ranking else 0.0,
            "seconds": result.seconds,
            "source": [list(result.proposals[i].votes) for i in order],
        }
        yield json.dumps(line, ensure_ascii=False)


def as_json(results: Sequence[Result], selectors: Sequence[str], settings: Settings) -> dict[str, Any]:
    """Return everything that the run found, as plain data."""
    return {
        "format": 1,
        "bestfix": __version__,
        "settings": asdict(settings),
        "selectors": {
            name: {
                "rows": [_plain_row(row) for by in GROUPINGS for row in rows(results, name, by)],
                "precision_coverage": {t: curve(group, name) for t, group in _tiers(results)},
                "reliability": {t: reliability(group, name) for t, group in _tiers(results)},
            }
            for name in selectors
        },
        "model": {
            "strategies": [asdict(row) for row in strategy_rows(results)],
            "overlaps": [asdict(pair) for pair in overlaps(results)],
            "oracle": oracle(results),
        },
        "comparison": [asdict(line) for line in compared(results, selectors)] if len(selectors) > 1 else [],
        "cases": [_plain_case(result) for result in results],
    }


def print_tables(results: Sequence[Result], selectors: Sequence[str], *, families: bool = False) -> None:
    """Print the numbers of each source by selector, those of each error family if wanted, and what was lost."""
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    for name in selectors:
        groups = rows(results, name, ("source", "tier")) + rows(results, name, ("tier",))
        console.print(_table(f"selector {name}", groups))
    if families:
        groups = rows(results, selectors[0], ("source", "error", "tier"))
        groups.sort(key=lambda row: (row.group["source"], -row.n))
        console.print(_table(f"error families, selector {selectors[0]}", groups, methods=False))
    if asked := strategy_rows(results):
        console.print(_strategies(asked))
        console.print(f"oracle at k: {_oracle(results)}", highlight=False, soft_wrap=True)
        console.print(f"overlap: {_overlaps(results)}", highlight=False, soft_wrap=True)
    for note, ids in _noted([r for r in results if r.seconds is None]).items():
        console.print(f"[red]no decision[/red] for {_listed(ids)}: {note}", highlight=False, soft_wrap=True)
    if ids := [r.id for r in results if r.seconds is not None and not r.reproduced]:
        console.print(f"not as recorded, here: {_listed(ids)}", highlight=False, soft_wrap=True)


def _table(title: str, groups: Sequence[Row], *, methods: bool = True) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", header_style="bold", pad_edge=False, box=box.SIMPLE_HEAD)
    names = list(groups[0].group)
    for column in [*names, "judged by"]:
        table.add_column(column, no_wrap=True)
    for column in ("n", "at 1", "95 %", "at 3", "at 10", "none", "shown", "right", "Δ", "mean", "p50", "p95", "max ms"):
        table.add_column(column, justify="right", no_wrap=True)
    for row in groups:
        own, others = _judged(row)
        times = (row.seconds.p50, row.seconds.p95, row.seconds.max)
        table.add_row(
            *(row.group.get(name, "all") for name in names), own, *_at(row.at[""]), str(row.nothing), str(row.shown),
            str(row.precision), _number(row.distance.p50), _mean(row),
            *(_number(None if t is None else 1000 * t) for t in times),
        )  # fmt: skip
        for method in others if methods else ():
            table.add_row(*("" for _ in names), method, *_at(row.at[method]), style="dim")
    return table


def _strategies(asked: Sequence[StrategyRow]) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(title="strategies", title_justify="left", header_style="bold", pad_edge=False, box=box.SIMPLE_HEAD)
    table.add_column("strategy", no_wrap=True)
    for column in ("asked", "answered", "usable", "right", "95 %", "alone", "answers", "tokens", "p50", "p95", "max s"):
        table.add_column(column, justify="right", no_wrap=True)
    for row in asked:
        tokens, times = row.tokens.mean, (row.seconds.p50, row.seconds.p95, row.seconds.max)
        table.add_row(
            row.name, str(row.asked), str(row.answered), str(row.usable), str(row.right), _interval(row.right),
            str(row.alone), str(row.answers), _number(tokens), *("-" if t is None else f"{t:.2f}" for t in times),
        )  # fmt: skip
    return table


def _oracle(results: Sequence[Result]) -> str:
    return ", ".join(f"{k}: {value:.1%}" for k, value in oracle(results).items())


def _overlaps(results: Sequence[Result]) -> str:
    pairs = [f"{pair.one} & {pair.other} {pair.both}/{pair.either}" for pair in overlaps(results) if pair.either]
    return ", ".join(pairs) or "-"


def _judged(row: Row) -> tuple[str, list[str]]:
    """Return what a row's cases are judged by, and the methods to list beside it."""
    others = [m for m in row.at if m and not (len(row.judged_by) == 1 and m in row.judged_by)]
    return "|".join(row.judged_by), others


def _at(shares: Mapping[int, Share]) -> tuple[str, ...]:
    first = shares[1]
    return str(first.n), str(first), _interval(first), str(shares[3]), str(shares[10])


def _interval(part: Share) -> str:
    return f"{100 * part.low:.0f}-{100 * part.high:.0f}" if part.n else ""


def _noted(results: Iterable[Result]) -> dict[str, list[str]]:
    notes: dict[str, list[str]] = {}
    for result in results:
        notes.setdefault(result.note, []).append(result.id)
    return notes


def _listed(ids: Sequence[str], most: int = 6) -> str:
    return f"{len(ids)} ({', '.join(ids[:most])}{', …' if len(ids) > most else ''})"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"


def _mean(row: Row) -> str:
    return "-" if row.distance.mean is None else f"{row.distance.mean:.1f}"


def _tiers(results: Sequence[Result]) -> list[tuple[str, list[Result]]]:
    return [(t, [r for r in results if r.tier == t]) for t in sorted({r.tier for r in results})]


def _plain_row(row: Row) -> dict[str, Any]:
    return asdict(row)


def _plain_case(result: Result) -> dict[str, Any]:
    return asdict(result)
