"""What a user's actions say of a candidate: whether it was kept, whether it ran, and how much that counts.

| what happened | kept | weight | because |
|---|---|---|---|
| taken, and it ran or nothing more is known | yes | 1 | the user's own judgement |
| taken, and it failed again | yes | 0.5 | right for the error, or a step on the wrong way |
| taken, then changed before it ran | yes | 0.5 | a good start is not yet a right fix |
| taken, then undone | no | 1 | seen, tried and refused |
| dismissed | no | 1 | seen and refused |
| ignored | no | 0.3 | many were never looked at |
| shown, and nothing more | not known | 0 | the session ended |
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from bestfix.core import Action

__all__ = ["Fate", "fate_of"]

_TAKEN = frozenset({Action.ACCEPTED, Action.ACCEPTED_AND_RUN, Action.EDITED_AFTER})
_HALF = frozenset({Action.FAILED_AGAIN, Action.EDITED_AFTER})
HALF, IGNORED = 0.5, 0.3
"""The weights of what is ambiguous, and of what may not have been looked at."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a candidate that was shown.

    Attributes:
        kept: 1 when the user kept it, 0 when not.
        ran: 1 when it ran to its end, 0 when it failed, `nan` when neither is known.
        weight: how much that says.
    """

    kept: float
    ran: float
    weight: float


def fate_of(actions: Iterable[Action]) -> Fate | None:
    """Return the fate that actions about one candidate, in the order of time, come to; `None` when nothing is known."""
    done = frozenset(actions)
    edited = Action.EDITED_AFTER in done
    ran = math.nan
    if not edited:  # what ran then was the user's own text
        ran = 1.0 if Action.RAN_CLEAN in done else 0.0 if Action.FAILED_AGAIN in done else math.nan
    if Action.UNDONE in done:
        return Fate(0.0, ran, 1.0)
    if done & _TAKEN:
        return Fate(1.0, ran, HALF if done & _HALF else 1.0)
    if Action.DISMISSED in done:
        return Fate(0.0, math.nan, 1.0)
    return Fate(0.0, math.nan, IGNORED) if Action.IGNORED in done else None
