"""What the one who waits for a fix says to the one who looks for it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from bestfix.core import Attempt

__all__ = ["Dialogue"]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What was tried before, and how patiently answers are awaited.

    Attributes:
        previous: fixes for the same failure that were tried or rejected before.
        patience: seconds after which, while answers are awaited, the same decision comes again, so that one who follows
            the decisions can do other things in between; 0 never waits.
        gone_on: says whether the session has gone on since the failure, so that nothing can be tried in it any more.
    """

    previous: tuple[Attempt, ...] = ()
    patience: float = math.inf
    gone_on: Callable[[], bool] = bool
