"""How far the best candidate is ahead: of what a model wrote and nobody has tried, and of what has not come yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bestfix.core import Applicability, Outcome, Scored

__all__ = ["guarded", "settled"]

SURE = 0.85
"""From this probability on, a repair's candidate that is proven is waited no longer for a better one."""
WRITTEN = 0.9
"""The same for what a model wrote: one answer alone does not reach it."""
UNTRIED = 0.9
"""The same for a repair's candidate that could not be tried."""
_PROVEN = frozenset({Outcome.RAN_CLEAN, Outcome.BINDS})


def guarded(best_first: Sequence[Scored], threshold: float) -> tuple[Scored, ...]:
    """Return the candidates so that none that a model wrote, and that did not run clean, is before a confident repair.

    Args:
        best_first: the candidates, the most probable first.
        threshold: the probability from which a repair is confident.
    """
    own = max((s.p_accept or 0.0 for s in best_first if not s.candidate.model), default=0.0)
    if own < threshold:
        return tuple(best_first)
    capped = [s if _may_lead(s) else replace(s, p_accept=min(s.p_accept or 0.0, own)) for s in best_first]
    return tuple(sorted(capped, key=lambda s: (-(s.p_accept or 0.0), not _may_lead(s))))


def settled(best_first: Sequence[Scored], threshold: float, awaited: int) -> bool:
    """Whether nothing that is still awaited can overtake the best candidate.

    That is so when nothing is awaited; when the best is proven and sure; and when it is proven, good enough to be
    shown, and has so many votes that the awaited ones could not bring another one level. A repair's must be safe, too.

    Args:
        best_first: the candidates, the most probable first.
        threshold: the probability from which a candidate is shown.
        awaited: how many questions have no answer yet.
    """
    if not awaited or not best_first:
        return not awaited
    best, *others = best_first
    p, proven = best.p_accept or 0.0, best.verdict.outcome in _PROVEN
    unsafe = best.candidate.patch.applicability is not Applicability.SAFE and not best.candidate.model
    if unsafe or best.verdict.hides:
        return False
    if proven and p >= (WRITTEN if best.candidate.model else SURE):
        return True
    if p >= UNTRIED and best.verdict.outcome is Outcome.UNVERIFIED and not best.candidate.model:
        return True
    rivals = max((_votes(other) for other in others), default=0)
    return proven and p >= threshold and _votes(best) > rivals + awaited


def _may_lead(scored: Scored) -> bool:
    return not scored.candidate.model or scored.verdict.outcome in _PROVEN


def _votes(scored: Scored) -> int:
    return len(scored.candidate.votes) or 1
