"""Selectors side by side on the same candidates: what each finds, how true its probabilities are, what it costs."""

from __future__ import annotations

import bisect
import itertools
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bestfix.evaluate.judge import Ranking, Result
from bestfix.evaluate.metrics import NO_RANKING, Percentiles, Share, percentiles, share
from bestfix.rank.selectors import load_selector

__all__ = ["Compared", "Gain", "compared", "figures", "limits"]

BASELINES = ("first", "majority")
"""The selectors that the others are compared with, where they are among them."""
COVERED = 0.6
"""The share of cases shown at which precisions are compared."""


@dataclass(frozen=True, slots=True)
class Gain:
    """How much oftener one selector is right at 1 than another on the same cases, with the 95 % interval.

    The interval is that of the paired bootstrap in the limit of many cases, where the mean difference is normal.
    """

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{100 * self.mean:+.1f} ({100 * self.low:+.1f} to {100 * self.high:+.1f})"


@dataclass(frozen=True, slots=True)
class Compared:
    """The numbers of one selector.

    Attributes:
        name: the selector.
        at_1: the share of cases whose first candidate is right; under `""` of all.
        closed: how much of the way from choosing at random to always choosing right it goes.
        gains: over each of `BASELINES`.
        accept, success: the area under the ROC curve of its probabilities over all candidates; `None` without them.
        error: the expected calibration error of the first candidates.
        precision: of the `COVERED` share of cases that it is surest of, those where it is right.
        coverage: the greatest share of cases, surest first, of which 95 % are right.
        seconds: what ordering one case's candidates takes.
        size: bytes of its model.
    """

    name: str
    at_1: Mapping[str, Share]
    closed: float | None
    gains: Mapping[str, Gain]
    accept: float | None
    success: float | None
    error: float
    precision: float | None
    coverage: float
    seconds: Percentiles
    size: int


def compared(results: Sequence[Result], selectors: Sequence[str]) -> list[Compared]:
    """Return the numbers of each selector on the cases that judge a candidate."""
    judged = [r for r in results if r.method not in {"nothing", "advice"}]
    return [_compared(judged, name, selectors) for name in selectors] if judged else []


def limits(results: Sequence[Result]) -> tuple[float, float]:
    """Return the shares of cases that are right at 1 when chosen at random, and when chosen by an oracle."""
    chances = [sum(r.right.values()) / len(r.right) if r.right else 0.0 for r in results]
    return _mean(chances), _mean([float(any(r.right.values())) for r in results])


def figures() -> Mapping[str, Any]:
    """Return what the fitting of the shipped models found; empty where no model is shipped."""
    from bestfix.rank.selectors.learned import MODELS

    try:
        found: dict[str, Any] = json.loads((MODELS / "figures.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _compared(results: Sequence[Result], name: str, selectors: Sequence[str]) -> Compared:
    hits = _hits(results, name)
    sources = dict.fromkeys(f"{r.source} {r.tier}" for r in results)
    at_1 = {s: share(h for h, r in zip(hits, results, strict=True) if f"{r.source} {r.tier}" == s) for s in sources}
    low, high = limits(results)
    rankings = [r.rankings.get(name, NO_RANKING) for r in results]
    sure = [(k.confidence, h) for k, h in zip(rankings, hits, strict=True) if k.order]
    return Compared(
        name=name,
        at_1={"": share(hits), **at_1},
        closed=(_mean(hits) - low) / (high - low) if high > low else None,
        gains={other: _gain(hits, _hits(results, other)) for other in BASELINES if other in selectors},
        accept=_area(results, name, lambda s: s[0], lambda r: r.right),
        success=_area(results, name, lambda s: s[1], lambda r: r.ran),
        error=_calibration_error(sure),
        precision=_precision(sure, round(COVERED * len(results))),
        coverage=_covered(sure, 0.95) / len(results),
        seconds=percentiles(k.seconds for k in rankings if k.order),
        size=getattr(load_selector(name), "size", 0),
    )


def _hits(results: Iterable[Result], name: str) -> list[bool]:
    return [r.rankings.get(name, NO_RANKING).rank.get(r.method) == 1 for r in results]


def _gain(mine: Sequence[bool], theirs: Sequence[bool]) -> Gain:
    differences = [a - b for a, b in zip(mine, theirs, strict=True)]
    mean = _mean(differences)
    spread = 1.96 * math.sqrt(max(_mean([d * d for d in differences]) - mean * mean, 0.0) / len(differences))
    return Gain(mean, mean - spread, mean + spread)


def _area(
    results: Iterable[Result],
    name: str,
    score: Callable[[tuple[float | None, float | None]], float | None],
    truth: Callable[[Result], Mapping[int, bool]],
) -> float | None:
    """Return how often a candidate of which something is true scores above one of which it is not."""
    pairs = [
        (value, true)
        for r in results
        for index, true in truth(r).items()
        if (value := _score(r.rankings.get(name, NO_RANKING), index, score)) is not None
    ]
    negative = sorted(value for value, true in pairs if not true)
    positive = [value for value, true in pairs if true]
    if not negative or not positive:
        return None
    below = sum(bisect.bisect_left(negative, v) + bisect.bisect_right(negative, v) for v in positive)
    return below / (2 * len(negative) * len(positive))


def _score(
    ranking: Ranking, index: int, score: Callable[[tuple[float | None, float | None]], float | None]
) -> float | None:
    return score(ranking.scores[index]) if index < len(ranking.scores) else None


def _calibration_error(sure: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Return how far stated and true shares are apart on average, in bins of equal width."""
    gaps = [0.0] * bins
    for confidence, hit in sure:
        gaps[min(int(confidence * bins), bins - 1)] += confidence - hit
    return sum(map(abs, gaps)) / len(sure) if sure else 0.0


def _precision(sure: Sequence[tuple[float, bool]], shown: int) -> float | None:
    """Return the share that is right of so many cases, the surest first; those that are equally sure count alike."""
    if not 0 < shown <= len(sure):
        return None
    right, left = 0.0, shown
    for alike in _alike(sure):
        taken = min(len(alike), left)
        right, left = right + taken * _mean(alike), left - taken
    return right / shown


def _covered(sure: Sequence[tuple[float, bool]], least: float) -> int:
    """Return how many cases some threshold shows so that at least a share of them is right."""
    best = right = shown = 0
    for alike in _alike(sure):
        right, shown = right + sum(alike), shown + len(alike)
        if right >= least * shown:
            best = shown
    return best


def _alike(sure: Sequence[tuple[float, bool]]) -> Iterator[list[bool]]:
    """Yield whether they are right of all cases that are equally sure, the surest first."""
    ordered = sorted(sure, key=lambda one: -one[0])
    for _, group in itertools.groupby(ordered, key=lambda one: one[0]):
        yield [hit for _, hit in group]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
