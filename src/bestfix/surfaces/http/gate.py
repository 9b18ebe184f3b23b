"""A bounded number of threads with a bounded queue before them: what comes beyond both is refused at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread

from bestfix.surfaces.http.problems import busy

__all__ = ["Gate"]

T = TypeVar("T")


class Gate:
    """Lets so much work into threads at a time.

    Args:
        name: what is done there, for people.
        running: how many threads work at a time.
        waiting: how many requests may wait for one.
    """

    def __init__(self, name: str, running: int, waiting: int) -> None:
        self.name = name
        self._most, self._inside = running + waiting, 0
        self._limiter = anyio.CapacityLimiter(running)

    @property
    def running(self) -> int:
        """How many threads work."""
        return int(self._limiter.borrowed_tokens)

    @property
    def waiting(self) -> int:
        """How many requests wait."""
        return self._inside - self.running

    async def run(self, work: Callable[[], T]) -> T:
        """Return what `work` returns, from a thread; a caller that is cancelled waits for a thread that has begun.

        Raises:
            Problem: when too many requests wait.
        """
        if self._inside >= self._most:
            raise busy(f"too many requests wait for {self.name}; ask again in a second")
        self._inside += 1
        try:
            return await anyio.to_thread.run_sync(work, limiter=self._limiter)
        finally:
            self._inside -= 1
