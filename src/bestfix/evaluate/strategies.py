"""What each strategy of asking a model is worth: its own success, what it has in common with others, and its cost."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb

from bestfix.core import Asked
from bestfix.evaluate.judge import Result
from bestfix.evaluate.metrics import Percentiles, Share, percentiles, share

__all__ = ["Overlap", "StrategyRow", "oracle", "overlaps", "strategy_rows"]

_BY_ADVICE = frozenset({"nothing", "advice"})
"""Methods by which no candidate is right."""


@dataclass(frozen=True, slots=True)
class StrategyRow:
    """The numbers of one strategy.

    Attributes:
        name: the strategy.
        asked: cases in which it asked.
        answered: of these, those with an answer.
        usable: of these, those with an answer that holds a fix.
        right: of these, those whose fix is right: its own success.
        alone: cases that it alone of all strategies has right.
        answers: answers in all.
        tokens: tokens of a question and its answers, per case that was answered.
        seconds: the time until the last answer.
    """

    name: str
    asked: int
    answered: Share
    usable: Share
    right: Share
    alone: int
    answers: int
    tokens: Percentiles
    seconds: Percentiles


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much two strategies have in common: cases that both have right, and cases that either has."""

    one: str
    other: str
    both: int
    either: int


def strategy_rows(results: Sequence[Result]) -> list[StrategyRow]:
    """Return the numbers of each strategy that asked, in order of first appearance."""
    judged = _judged(results)
    right = _right(judged)
    rows = []
    for name in _names(judged):
        asked = [(r.id, a) for r in judged for a in r.asked if a.strategy == name]
        others = set().union(*(ids for other, ids in right.items() if other != name))
        rows.append(
            StrategyRow(
                name=name,
                asked=len(asked),
                answered=share(bool(a.answers) for _, a in asked),
                usable=share(bool(a.usable) for _, a in asked),
                right=share(id_ in right[name] for id_, _ in asked),
                alone=len(right[name] - others),
                answers=sum(a.answers for _, a in asked),
                tokens=percentiles(_tokens(a) for _, a in asked if a.answers and _tokens(a)),
                seconds=percentiles(a.seconds for _, a in asked if a.seconds is not None),
            )
        )
    return rows


def overlaps(results: Sequence[Result]) -> list[Overlap]:
    """Return what each pair of strategies has in common."""
    right = _right(_judged(results))
    return [
        Overlap(one, other, len(right[one] & right[other]), len(right[one] | right[other]))
        for one, other in itertools.combinations(right, 2)
    ]


def oracle(results: Sequence[Result]) -> dict[int, float]:
    """Return for each k the share of cases of which k answers, drawn at random, hold a right one.

    It is the unbiased estimate `1 - C(n - c, k) / C(n, k)` for n answers with c right ones; a case with fewer than k
    answers counts with those that it has.
    """
    counts = [_counts(result) for result in _judged(results)]
    most = max((n for n, _ in counts), default=0)
    return {k: sum(_holds(n, c, k) for n, c in counts) / len(counts) for k in range(1, most + 1)}


def _holds(n: int, c: int, k: int) -> float:
    """Return the probability that k of n answers hold one of c right ones."""
    k = min(k, n)
    return 1 - comb(n - c, k) / comb(n, k) if n else 0.0


def _counts(result: Result) -> tuple[int, int]:
    """Return how many answers came, and how many of them are right."""
    right = sum(result.proposals[index].answers for index, is_right in result.written.items() if is_right)
    came = sum(asked.answers for asked in result.asked)
    return max(came, right), right


def _judged(results: Iterable[Result]) -> list[Result]:
    """Return the results of cases in which a model was asked for a fix that can be right."""
    return [result for result in results if result.asked and result.method not in _BY_ADVICE]


def _names(results: Iterable[Result]) -> list[str]:
    return list(dict.fromkeys(asked.strategy for result in results for asked in result.asked))


def _right(results: Sequence[Result]) -> Mapping[str, set[str]]:
    """Return the cases that each strategy has right, by their ids."""
    found: dict[str, set[str]] = {name: set() for name in _names(results)}
    for result in results:
        for index in (index for index, is_right in result.written.items() if is_right):
            for vote in result.proposals[index].votes:
                if vote.startswith("llm.") and (name := vote.removeprefix("llm.")) in found:
                    found[name].add(result.id)
    return found


def _tokens(asked: Asked) -> int:
    return (asked.prompt_tokens or 0) + (asked.completion_tokens or 0)
