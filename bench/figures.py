"""The figures of `bestfix eval --json FILE`, a line each: `python bench/figures.py FILE [--skip GLOB…]`.

Shares are in per cent, times in milliseconds. Failures of syntax and of code that ran are told apart.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

SYNTAX = {"SyntaxError", "IndentationError", "TabError"}
Document = Mapping[str, Any]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--skip", nargs="*", default=[], help="ids of cases that are left out")
    options = parser.parse_args()
    document = json.loads(options.file.read_text("utf-8"))
    cases = [case for case in document["cases"] if not any(fnmatch(case["id"], glob) for glob in options.skip)]
    groups: dict[str, list[Document]] = {}
    for case in cases:
        failed = "syntax" if case["error"] in SYNTAX else "run time"
        source = f"{case['source']} {case['tier']}"
        for name in ("all", f"all {failed}", f"all {case['tier']}", source, f"{source} {failed}"):
            groups.setdefault(name, []).append(case)
    for name, group in sorted(groups.items()):
        for line in figures(group, document["settings"]["selector"]):
            print(f"{name}: {line}")
    for one in document.get("comparison") or []:
        print(f"{one['name']}: {100 * one['at_1']['']['hits'] / one['at_1']['']['n']:.1f}% at 1, of all cases")
        for source, share in one["at_1"].items():
            if source:
                print(f"{one['name']}, {source}: {100 * share['hits'] / share['n']:.1f}% at 1")


def figures(cases: Sequence[Document], selector: str) -> Iterator[str]:
    """Yield what a selector does with some cases."""
    found = [case["rankings"][selector] for case in cases]
    own = [one["rank"].get(case["method"]) for one, case in zip(found, cases, strict=True)]
    yield f"{len(cases)} cases, {share(own, 1)} right at 1, {share(own, 10)} at 10"
    for method in sorted({name for one in found for name in one["rank"]}):
        ranks = [one["rank"][method] for one in found if method in one["rank"]]
        yield f"{method}: {share(ranks, 1)} at 1, {share(ranks, 10)} at 10, of {len(ranks)}"
    shown = [rank == 1 for one, rank in zip(found, own, strict=True) if one["shown"]]
    if shown:
        yield f"shown: {100 * sum(shown) / len(shown):.1f}% right, {100 * len(shown) / len(cases):.1f}% of the cases"
        wrong = [rank for one, rank in zip(found, own, strict=True) if one["shown"] and rank != 1]
        yield f"wrong: {len(wrong)} of those shown; {len(wrong) - wrong.count(None)} have the right one further down"
    first = [case["proposals"][one["order"][0]] for one, case in zip(found, cases, strict=True) if one["order"]]
    if distances := [proposal["distance"] for proposal in first if proposal["distance"] is not None]:
        yield f"tokens changed: mean {statistics.mean(distances):.1f}, median {statistics.median(distances):.0f}"
    times = sorted(1000 * case["seconds"] for case in cases if case.get("seconds") is not None)
    if times:
        late = times[max(0, math.ceil(0.95 * len(times)) - 1)]
        yield f"time: p50 {statistics.median(times):.0f}, p95 {late:.0f}, max {times[-1]:.0f}"


def share(ranks: Sequence[int | None], most: int) -> str:
    """Return how many per cent of the ranks are there and not above `most`."""
    return f"{100 * sum(rank is not None and rank <= most for rank in ranks) / len(ranks):.1f}%"


if __name__ == "__main__":
    main()
