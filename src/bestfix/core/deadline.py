"""Time as an argument: how long the work may still take."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

__all__ = ["Deadline"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock, in seconds, after which results are no longer wanted.

    Where it is infinitely far, no part of the work has one: what is done then is counted in steps alone, so that it is
    the same on a fast machine and on a busy one.
    """

    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """Return the deadline `seconds` from now."""
        return cls(time.monotonic() + seconds)

    @classmethod
    def never(cls) -> Deadline:
        """Return the deadline of work that is counted in steps."""
        return cls(math.inf)

    @property
    def endless(self) -> bool:
        """Whether it never comes."""
        return self.at == math.inf

    def within(self, seconds: float) -> Deadline:
        """Return the earlier of this deadline and the one `seconds` from now; an endless one stays."""
        return self if self.endless else Deadline(min(self.at, time.monotonic() + seconds))

    def anew(self, seconds: float) -> Deadline:
        """Return the deadline `seconds` from now, also where this one has passed; an endless one stays."""
        return self if self.endless else Deadline.after(seconds)

    @property
    def left(self) -> float:
        """The seconds that are left; 0 when it has passed."""
        return max(0.0, self.at - time.monotonic())

    @property
    def passed(self) -> bool:
        """Whether it has passed."""
        return time.monotonic() >= self.at
