"""HTTP connections on which the head of a request must arrive in time."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["PatientProtocol"]

_SECONDS = 10.0
"""How long the head of a request may take from its first byte, and the first byte from the connection."""


class PatientProtocol(H11Protocol):
    """uvicorn's own protocol, which by itself waits for ever for a head that has begun."""

    _slow: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Start to wait for a request."""
        super().connection_made(transport)
        self._expect()

    def data_received(self, data: bytes) -> None:
        """Take in bytes; the wait is over when they complete a head."""
        if self._slow is None and not self._is_served():
            self._expect()
        super().data_received(data)
        if self._is_served():
            self._forget()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop to wait."""
        self._forget()
        super().connection_lost(exc)

    def _is_served(self) -> bool:
        """Whether a request has a head and no complete answer yet."""
        return self.cycle is not None and not self.cycle.response_complete

    def _expect(self) -> None:
        self._slow = self.loop.call_later(_SECONDS, self._close)

    def _forget(self) -> None:
        if self._slow is not None:
            self._slow.cancel()
            self._slow = None

    def _close(self) -> None:
        self._slow = None
        if not self._is_served() and not self.transport.is_closing():
            self.transport.close()
