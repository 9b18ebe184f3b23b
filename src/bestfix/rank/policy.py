"""Show the best candidate, or nothing when that is worth more to the user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bestfix.core import Failure, Report, Scored
from bestfix.rank.selectors import SHIPPED, ModelError, Selector, alternatives, load_selector

__all__ = ["chosen", "decide", "ranked", "ranked_by", "utility"]

FALLBACK = "first"
"""The selector that takes the place of one that cannot be loaded."""


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


def decide(best_first: Sequence[Scored], threshold: float) -> tuple[Scored | None, str]:
    """Return the candidate to show and its reason, or `None` and why nothing is shown."""
    if not best_first:
        return None, "no fix was found"
    best = best_first[0]
    if utility(best.p_accept or 0.0, threshold) < 0:
        return None, f"the best fix is only {best.p_accept or 0.0:.0%} likely to be right"
    return best, best.candidate.reason
