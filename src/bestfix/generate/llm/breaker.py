"""A circuit breaker: an endpoint that fails again and again is left alone for a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bestfix.generate.llm.errors import CircuitOpenError, KeyRefusedError, LLMError, RateLimitedError

__all__ = ["Breaker"]

FAILURES = 3
"""Failures in a row, none begun before the last one was known, that open the circuit."""
PAUSE = 5.0
"""Seconds that it stays open at first; twice as long after each probe that fails."""
LONGEST_PAUSE = 300.0


@dataclass(slots=True)
class Breaker:
    """The state of one endpoint: closed, open until a moment, or half open while one request probes it.

    Requests that were under way together count as one failure, since one outage explains them all. It is used on one
    thread.

    Attributes:
        clock: the time in seconds.
        failures: failures in a row.
        reason: the last failure; empty when the endpoint works.
    """

    clock: Callable[[], float] = time.monotonic
    failures: int = 0
    reason: str = ""
    _failed_at: float = field(default=float("-inf"), init=False)
    _open_until: float = field(default=float("-inf"), init=False)
    _held_until: float = field(default=float("-inf"), init=False)
    _pause: float = field(default=PAUSE, init=False)
    _probe: float | None = field(default=None, init=False)

    @property
    def closed(self) -> bool:
        """Whether requests go through freely."""
        return self.failures < FAILURES

    @property
    def held(self) -> float:
        """Seconds that the endpoint wants to be left alone, by its rate limit."""
        return max(0.0, self._held_until - self.clock())

    def hold(self, seconds: float) -> None:
        """Leave the endpoint alone for so long, as it asked."""
        self._held_until = max(self._held_until, self.clock() + seconds)

    def admit(self) -> float:
        """Let a request through and return the moment, which its outcome is reported with.

        Raises:
            CircuitOpenError: when the endpoint is left alone.
        """
        now = self.clock()
        if not self.closed:
            if now < self._open_until:
                raise CircuitOpenError(f"left alone for {self._open_until - now:.0f} s more, since {self._story}")
            if self._probe is not None:
                raise CircuitOpenError(f"another request finds out whether it works again, since {self._story}")
            self._probe = now
        return now

    def succeeded(self) -> bool:
        """Report an answer, of whatever quality; return whether that closed the circuit."""
        reopened = not self.closed
        self.failures, self.reason, self._probe, self._pause = 0, "", None, PAUSE
        return reopened

    def failed(self, admitted: float, error: LLMError) -> bool:
        """Report a failure; return whether it opened the circuit."""
        now = self.clock()
        if admitted < self._failed_at:
            return False
        was_closed = self.closed
        self.failures = FAILURES if isinstance(error, KeyRefusedError) else self.failures + 1
        self.reason = f"{type(error).__name__}: {error}"
        self._failed_at = now
        self._probe = None
        if self.closed:
            return False
        self._open_until = now + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        return was_closed

    def abandoned(self, admitted: float) -> None:
        """Report that a request was given up by us, which says nothing of the endpoint."""
        if self._probe == admitted:
            self._probe = None

    def limited(self) -> RateLimitedError:
        """Return the error of a request that would come before the endpoint's limit allows it."""
        return RateLimitedError(f"the rate limit allows no request for {self.held:.1f} s more", status=429)

    @property
    def _story(self) -> str:
        return f"{self.failures} requests failed in a row, the last by {self.reason}"
