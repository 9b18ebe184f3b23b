"""Show the best candidate, or nothing when that is worth more to the user."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from bestfix.core import Failure, Habit, Report, Scored
from bestfix.rank.selectors import SHIPPED, ModelError, Selector, alternatives, load_selector

__all__ = ["chosen", "decide", "leaning", "ranked", "ranked_by", "utility"]

FALLBACK = "first"
"""The selector that takes the place of one that cannot be loaded."""
PSEUDO_CASES = 20
"""Fixes that a user's history must outweigh before it counts as much as what was expected."""
LEANING = 1.0
"""The most that a history moves the log-odds: what is surest is shown to everyone, so that a habit can change."""


def ranked_by(
    name: str, report: Report, candidates: Sequence[Scored], models: str = ""
) -> tuple[tuple[Scored, ...], tuple[Failure, ...]]:
    """Return the candidates as the named selector ranks them, and what was wrong with it.

    A promoted model that cannot be used gives way to the one that comes with the package, and that one to `FALLBACK`.

    Args:
        name: the selector.
        report: the failure.
        candidates: what is ranked.
        models: the folder of promoted models; empty for the user's.
    """
    selector, failures = chosen(name, models)
    return ranked(selector, report, candidates), failures


def chosen(name: str, models: str = "") -> tuple[Selector, tuple[Failure, ...]]:
    """Return the selector that is used where one is named, and what was wrong with better ones; see `ranked_by`."""
    failures: list[Failure] = []
    try:
        names = alternatives(name, models)
    except ModelError as error:
        failures.append(_failure(name, error))
        names = (f"{name}:{SHIPPED}",)
    for each in names:
        try:
            return load_selector(each), tuple(failures)
        except ModelError as error:
            failures.append(_failure(each, error))
    return load_selector(FALLBACK), tuple(failures)


def _failure(name: str, error: ModelError) -> Failure:
    return Failure(f"selector {name}", f"ModelError: {error}")


def ranked(selector: Selector, report: Report, candidates: Sequence[Scored]) -> tuple[Scored, ...]:
    """Return the candidates that nothing rules out, with their probabilities, the most probable first."""
    usable = [scored for scored in candidates if scored.verdict.acceptable]
    scores = selector(report, usable) if usable else ()
    scored = [replace(s, p_accept=p.accept, p_success=p.success) for s, p in zip(usable, scores, strict=True)]
    return tuple(sorted(scored, key=lambda s: -(s.p_accept or 0.0)))


def utility(p: float, threshold: float) -> float:
    """Return what showing a fix is worth that is right with probability `p`, a right one being worth 1.

    The threshold says what a wrong one costs: as much as `threshold` right ones gain for `1 - threshold` of them, so
    that the worth is positive above it.
    """
    return p - (1 - p) * threshold / (1 - threshold) if threshold < 1 else p - 1


def leaning(habit: Habit) -> float:
    """Return what a user's habit adds to the log-odds of showing a fix: below 0 where shown ones are left alone.

    The rate at which fixes were taken is drawn to the expected rate by `PSEUDO_CASES` cases that went as expected (the
    mean of a beta distribution); the answer is the distance between the two, in log-odds, and at most `LEANING`.
    """
    if habit.shown <= 0:
        return 0.0
    expected = min(max(habit.expected / habit.shown, 0.05), 0.95)
    rate = (habit.taken + PSEUDO_CASES * expected) / (habit.shown + PSEUDO_CASES)
    return min(max(_log_odds(rate) - _log_odds(expected), -LEANING), LEANING)


def decide(
    best_first: Sequence[Scored],
    threshold: float,
    habit: Habit = Habit(),
) -> tuple[Scored | None, str]:
    """Return the candidate to show and its reason, or `None` and why nothing is shown.

    Args:
        best_first: the candidates, the most probable first.
        threshold: the least probability at which one is shown.
        habit: how the user takes what is shown for such errors; it moves what is shown, never the order.
    """
    if not best_first:
        return None, "no fix was found"
    best = best_first[0]
    p = best.p_accept or 0.0
    if utility(_moved(p, leaning(habit)), threshold) >= 0:
        return best, best.candidate.reason
    if utility(p, threshold) >= 0:
        return None, "you left most fixes for such errors alone"
    return None, f"the best fix is only {p:.0%} likely to be right"


def _moved(p: float, offset: float) -> float:
    """Return a probability whose log-odds are moved; one that is certain stays."""
    if not offset or not 0 < p < 1:
        return p
    return 1 / (1 + math.exp(-_log_odds(p) - offset))


def _log_odds(p: float) -> float:
    return math.log(p / (1 - p))
