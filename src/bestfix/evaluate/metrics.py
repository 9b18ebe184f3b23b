"""Counting: shares with bootstrap intervals, percentiles, precision against coverage."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bestfix.evaluate.judge import Ranking, Result

__all__ = ["Percentiles", "Row", "Share", "curve", "percentiles", "reliability", "rows", "share"]


@dataclass(frozen=True, slots=True)
class Share:
    """A share of cases with its 95 % bootstrap interval.

    Resampling cases with replacement makes the number of hits binomial, so the interval is the percentile bootstrap
    in the limit of infinitely many resamples: exact, and the same every time.
    """

    hits: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        """The share; `None` of nothing."""
        return self.hits / self.n if self.n else None

    def __str__(self) -> str:
        return "-" if self.value is None else f"{self.value:.1%}"


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Percentiles of a measurement, and its mean; `None` when nothing was measured."""

    p50: float | None
    p95: float | None
    max: float | None
    mean: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """The numbers of one group of cases under one selector.

    Attributes:
        group: the values that the group's cases share.
        n: the number of cases.
        judged_by: the methods that the cases are judged by.
        at: for each method, for k of 1, 3 and 10, the share of cases whose first k candidates hold a right one;
            under `""` by each case's own method.
        nothing: cases for which nothing is shown.
        advised: cases for which advice is shown in place of a fix.
        shown: cases for which a fix is shown: the coverage.
        precision: of these, those where it is right.
        distance: tokens between the broken code and the first candidate.
        seconds: from report to decision.
        lost: cases without a decision (killed, crashed); they count as not fixed.
        not_reproduced: cases that did not fail here as recorded.
    """

    group: Mapping[str, str]
    n: int
    judged_by: tuple[str, ...]
    at: Mapping[str, Mapping[int, Share]]
    nothing: Share
    advised: Share
    shown: Share
    precision: Share
    distance: Percentiles
    seconds: Percentiles
    lost: int
    not_reproduced: int


NO_RANKING = Ranking((), 0.0, shown=False, advised=False, rank={})


def rows(results: Sequence[Result], selector: str, by: Sequence[str]) -> list[Row]:
    """Return the numbers of each group of results that share the attributes `by`, in order of first appearance."""
    groups: dict[tuple[str, ...], list[Result]] = {}
    for result in results:
        groups.setdefault(tuple(str(getattr(result, name)) for name in by), []).append(result)
    return [_row(dict(zip(by, key, strict=True)), group, selector) for key, group in groups.items()]


def share(flags: Iterable[bool]) -> Share:
    """Return the share of true flags with its interval."""
    values = list(flags)
    hits, n = sum(values), len(values)
    if not n:
        return Share(0, 0, 0.0, 0.0)
    return Share(hits, n, _binomial_quantile(n, hits / n, 0.025) / n, _binomial_quantile(n, hits / n, 0.975) / n)


def percentiles(values: Iterable[float]) -> Percentiles:
    """Return the median, the 95th percentile and the maximum, each a value that was measured, and the mean."""
    ordered = sorted(values)
    if not ordered:
        return Percentiles(None, None, None)
    p50, p95, most = (ordered[max(0, math.ceil(q * len(ordered)) - 1)] for q in (0.5, 0.95, 1.0))
    return Percentiles(p50, p95, most, sum(ordered) / len(ordered))


def curve(results: Sequence[Result], selector: str) -> list[tuple[float, float, float]]:
    """Return (threshold, coverage, precision) for every threshold that shows one more first candidate."""
    scored = sorted(_confidences(results, selector), reverse=True)
    points, right = [], 0
    for shown, (confidence, hit) in enumerate(scored, 1):
        right += hit
        if shown == len(scored) or scored[shown][0] != confidence:
            points.append((confidence, shown / len(results), right / shown))
    return points


def reliability(results: Sequence[Result], selector: str, bins: int = 10) -> list[tuple[float, float, int]]:
    """Return (mean confidence, share right, cases) of the first candidates in bins of equal width."""
    binned: dict[int, list[tuple[float, bool]]] = {}
    for confidence, hit in _confidences(results, selector):
        binned.setdefault(min(bins - 1, int(confidence * bins)), []).append((confidence, hit))
    return [
        (sum(c for c, _ in group) / len(group), sum(h for _, h in group) / len(group), len(group))
        for _, group in sorted(binned.items())
    ]


def _confidences(results: Sequence[Result], selector: str) -> list[tuple[float, bool]]:
    rankings = [(r.method, r.rankings.get(selector, NO_RANKING)) for r in results]
    return [(k.confidence, k.rank.get(method) == 1) for method, k in rankings if k.order]


def _row(group: Mapping[str, str], results: Sequence[Result], selector: str) -> Row:
    rankings = [r.rankings.get(selector, NO_RANKING) for r in results]
    pairs = list(zip(results, rankings, strict=True))
    methods = dict.fromkeys(m for r in results for m in r.methods)
    return Row(
        group=group,
        n=len(results),
        judged_by=tuple(dict.fromkeys(r.method for r in results)),
        at={"": _at(results, selector, lambda r: r.method)}
        | {m: _at([r for r in results if m in r.methods], selector, lambda _, m=m: m) for m in methods},  # type: ignore[misc]  # a default argument has no type
        nothing=share(not k.shown and not k.advised for k in rankings),
        advised=share(k.advised for k in rankings),
        shown=share(k.shown for k in rankings),
        precision=share(k.rank.get(r.method) == 1 for r, k in pairs if k.shown),
        distance=percentiles(r.proposals[k.order[0]].distance for r, k in pairs if k.order),
        seconds=percentiles(r.seconds for r in results if r.seconds is not None),
        lost=sum(r.seconds is None for r in results),
        not_reproduced=sum(not r.reproduced for r in results),
    )


def _at(results: Sequence[Result], selector: str, method: Callable[[Result], str]) -> dict[int, Share]:
    ranks = [r.rankings.get(selector, NO_RANKING).rank.get(method(r)) for r in results]
    return {k: share(rank is not None and rank <= k for rank in ranks) for k in (1, 3, 10)}


def _binomial_quantile(n: int, p: float, q: float) -> int:
    """Return the smallest count whose cumulative binomial probability reaches `q`."""
    if p in {0.0, 1.0}:
        return round(n * p)
    total = 0.0
    for k in range(n + 1):
        ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
        total += math.exp(ways + k * math.log(p) + (n - k) * math.log1p(-p))
        if total >= q:
            return k
    return n
