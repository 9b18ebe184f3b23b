"""HTTP connections on which the head of a request must arrive in time, and must be small."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["PatientProtocol"]

_SECONDS = 10.0
"""How long the head of a request may take from its first byte, and the first byte from the connection."""
_BYTES = 64 << 10
"""What of a head is taken in before it is complete."""


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's own protocol, which by itself waits for ever for a head that has begun, and takes in all of it."""

    _slow: asyncio.TimerHandle | None = None
    _begun = 0

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
        elif not self.transport.is_closing():
            self._begun += len(data)
            if self._begun > _BYTES:
                self.send_400_response("The head of the request is too large.")

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop to wait."""
        self._forget()
        super().connection_lost(exc)

    def _is_served(self) -> bool:
        """Whether a request has a head and no complete answer yet."""
        return self.cycle is not None and not self.cycle.response_complete

    def _expect(self) -> None:
        self._begun = 0
        self._slow = self.loop.call_later(_SECONDS, self._close)

    def _forget(self) -> None:
        if self._slow is not None:
            self._slow.cancel()
            self._slow = None

    def _close(self) -> None:
        self._slow = None
        if not self._is_served() and not self.transport.is_closing():
            self.transport.close()
