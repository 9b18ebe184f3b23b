"""The pool of HTTP connections; importing this imports the HTTP library."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass

import httpx2

from bestfix.generate.llm.errors import TooLongError

__all__ = ["pool"]

LONGEST_BODY = 4_000_000
"""Bytes of one answer that are read at most."""
CONNECTIONS = 256
IDLE_CONNECTIONS = 16
IDLE_SECONDS = 120.0
HERE = ("all://localhost", "all://127.0.0.1", "all://[::1]")
"""Addresses of this machine, for which no proxy is asked."""


def pool() -> httpx2.AsyncClient:
    """Return a new pool. It follows no redirection: a prompt goes where the user said, or nowhere."""
    return httpx2.AsyncClient(
        timeout=None,
        limits=httpx2.Limits(
            max_connections=CONNECTIONS, max_keepalive_connections=IDLE_CONNECTIONS, keepalive_expiry=IDLE_SECONDS
        ),
        headers={"accept-encoding": "identity"},
        follow_redirects=False,
        mounts=dict.fromkeys(HERE),
        event_hooks={"response": [_bound]},
    )


async def _bound(response: httpx2.Response) -> None:
    if isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = _Bounded(response.stream)


@dataclass(slots=True)
class _Bounded(httpx2.AsyncByteStream):
    """A body that ends with an error when it is too long."""

    body: httpx2.AsyncByteStream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = 0
        chunks: AsyncIterable[bytes] = self.body
        async for chunk in chunks:
            read += len(chunk)
            if read > LONGEST_BODY:
                raise TooLongError(f"the answer goes on after {LONGEST_BODY:,} bytes")
            yield chunk

    async def aclose(self) -> None:
        await self.body.aclose()
