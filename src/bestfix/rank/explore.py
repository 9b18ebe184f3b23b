"""Now and then another candidate that is nearly as good is shown, so that what users make of it can be learned.

Off unless the setting `explore` says otherwise. The probability with which each candidate was shown is kept with the
decision; from it, what another ranking would have brought can be estimated without showing it (docs/training.md).
"""

from __future__ import annotations

from collections.abc import Sequence

from bestfix.core import Scored
from bestfix.rank.policy import utility

__all__ = ["NEAR", "explored"]

NEAR = 0.1
"""How much less probable than the best one a candidate may be to be shown in its place."""


def explored(
    best_first: Sequence[Scored], threshold: float, explore: float, draw: float
) -> tuple[tuple[Scored, ...], tuple[float, ...]]:
    """Return the candidates with the one that the lot fell on first, and the probability of each to be that one.

    The best one keeps `1 - explore`; the rest is shared alike by those that are nearly as good, worth showing by
    themselves, and no advice. Where there are none the order stays, and there are no probabilities.

    Args:
        best_first: the candidates, the most probable first; the first one is to be shown.
        threshold: the least probability at which a candidate is shown.
        explore: the probability with which another one is shown, 0 to 1.
        draw: a number that is uniform between 0 and 1; the same number gives the same choice.
    """
    best, *others = best_first
    near = [s for s in others if _near(s, best, threshold)]
    if not explore or not near:
        return tuple(best_first), ()
    chances = {id(s): explore / len(near) for s in near} | {id(best): 1 - explore}
    shown = near[int(draw / explore * len(near))] if draw < explore else best
    order = (shown, *(s for s in best_first if s is not shown))
    return order, tuple(chances.get(id(s), 0.0) for s in order)


def _near(scored: Scored, best: Scored, threshold: float) -> bool:
    p = scored.p_accept or 0.0
    worth = utility(p, threshold) >= 0 and not scored.candidate.patch.display_only
    return worth and p >= (best.p_accept or 0.0) - NEAR
