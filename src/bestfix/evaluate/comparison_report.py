"""The comparison of selectors as Markdown and as a part of the page, with what fitting the models found."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bestfix._version import __version__
from bestfix.evaluate.comparison import Compared, compared, figures, limits
from bestfix.evaluate.judge import Result

__all__ = ["comparison_page", "comparison_section", "tables"]

_LISTED = 20

Lines = list[list[str]]


def tables(results: Sequence[Result], selectors: Sequence[str]) -> dict[str, Lines]:
    """Return the tables by their titles; the first line of each holds the names of its columns."""
    trusted = [r for r in results if r.tier == "A" and r.method not in {"nothing", "advice"}]
    others = [r for r in results if r.tier != "A"]
    found: dict[str, Lines] = {}
    for title, group in (("Tier A", trusted), ("Tier B", others)):
        if lines := compared(group, selectors):
            found[f"{title}: {len(group)} cases"] = _numbers(lines, *limits(group))
            found[f"{title}: right at 1 by source"] = _sources(lines)
    return found | _fitting(figures())


def comparison_page(results: Sequence[Result], selectors: Sequence[str]) -> str:
    """Return the comparison as Markdown."""
    parts = [f"## {title}\n\n{_markdown(lines)}" for title, lines in tables(results, selectors).items()]
    return f"# Selectors compared\n\nbestfix {__version__}, {len(results)} cases.\n\n" + "\n".join(parts)


def comparison_section(results: Sequence[Result], selectors: Sequence[str]) -> str:
    """Return the comparison as HTML; empty for a single selector."""
    if len(selectors) < 2:
        return ""
    return "".join(
        f"<h2>{html.escape(title)}</h2>{_html(lines)}" for title, lines in tables(results, selectors).items()
    )


def _numbers(lines: Sequence[Compared], chance: float, oracle: float) -> Lines:
    head = ["selector", "at 1", "95 %", "of the way", "over first", "over majority", "AUC accept", "AUC success",
            "calibration error", "right of 60 %", "95 % right of", "p50 ms", "p95 ms", "size kB"]  # fmt: skip
    rows = [
        [
            line.name, str(line.at_1[""]), f"{100 * line.at_1[''].low:.1f}-{100 * line.at_1[''].high:.1f}",
            _percent(line.closed), str(line.gains.get("first", "")), str(line.gains.get("majority", "")),
            _decimal(line.accept), _decimal(line.success), _decimal(line.error), _percent(line.precision),
            _percent(line.coverage), _ms(line.seconds.p50), _ms(line.seconds.p95), f"{line.size / 1000:.0f}",
        ]
        for line in lines
    ]  # fmt: skip
    ends = [["at random", _percent(chance)], ["oracle", _percent(oracle)]]
    return [head, *rows, *([*end, *[""] * (len(head) - 2)] for end in ends)]


def _sources(lines: Sequence[Compared]) -> Lines:
    sources = [source for source in lines[0].at_1 if source]
    return [["source", "n", *(line.name for line in lines)]] + [
        [source, str(lines[0].at_1[source].n), *(str(line.at_1[source]) for line in lines)] for source in sources
    ]


def _fitting(found: Mapping[str, Any]) -> dict[str, Lines]:
    """Return what the models' own cross-validation found, on the data that they are fitted to."""
    titles = {
        "selectors": "Cross-validation on the training data: choosing",
        "success": "Cross-validation on the training data: telling what runs",
        "ablations": "Trees with less to go by",
        "curve": "Learning curve: trees fitted to a share of the failures",
    }
    parts = {title: _lines(found[key]) for key, title in titles.items() if found.get(key)}
    if importance := list(found.get("importance", {}).items())[:_LISTED]:
        parts["What the trees use"] = [["feature", "share of the gain"], *([n, _percent(v)] for n, v in importance)]
    return parts


def _lines(found: Mapping[str, Any]) -> Lines:
    sources = list(dict.fromkeys(source for line in found.values() for source in line["at_1"]))
    head = ["", *(f"{source or 'all'} at 1" for source in sources), "AUC", "calibration error"]
    return [head] + [
        [name, *(_percent(line["at_1"].get(s)) for s in sources), _decimal(line["area"]), _decimal(line["error"])]
        for name, line in found.items()
    ]


def _markdown(lines: Lines) -> str:
    head, *rows = (f"| {' | '.join(line)} |" for line in lines)
    return "\n".join([head, f"|{'---|' * len(lines[0])}", *rows]) + "\n"


def _html(lines: Lines) -> str:
    head, *rows = lines
    body = "".join(f"<tr>{_cells('td', row)}</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{_cells("th", head)}</tr></thead><tbody>{body}</tbody></table></div>'


def _cells(tag: str, cells: Iterable[str]) -> str:
    return "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells)


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def _decimal(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _ms(seconds: float | None) -> str:
    return "" if seconds is None else f"{1000 * seconds:.2f}"
