"""Show the best candidate, or nothing when it is not good enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bestfix.core import Report, Scored
from bestfix.rank.selectors import Selector

__all__ = ["decide", "ranked"]


def ranked(selector: Selector, report: Report, candidates: Sequence[Scored]) -> tuple[Scored, ...]:
    """Return the candidates that nothing rules out, with their probabilities, the most probable first."""
    usable = [scored for scored in candidates if scored.verdict.acceptable]
    scores = selector(report, usable) if usable else ()
    scored = [replace(s, p_accept=p.accept, p_success=p.success) for s, p in zip(usable, scores, strict=True)]
    return tuple(sorted(scored, key=lambda s: -(s.p_accept or 0.0)))


def decide(best_first: Sequence[Scored], threshold: float) -> tuple[Scored | None, str]:
    """Return the candidate to show and its reason, or `None` and why nothing is shown."""
    if not best_first:
        return None, "no fix was found"
    best = best_first[0]
    if (best.p_accept or 0.0) < threshold:
        return None, f"the best fix is only {best.p_accept or 0.0:.0%} likely to be right"
    return best, best.candidate.reason
