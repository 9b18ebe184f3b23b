"""What all clients of a process share: one thread with an event loop, and one pool of HTTP connections."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from functools import cache, cached_property
from typing import TYPE_CHECKING

from bestfix.generate.llm.background import Background, in_children
from bestfix.generate.llm.errors import TooLongError

if TYPE_CHECKING:
    import httpx2

    from bestfix.generate.llm.client import Client
    from bestfix.generate.llm.endpoint import Endpoint
    from bestfix.generate.llm.once import Once

__all__ = ["THREAD", "Connections", "connections"]

THREAD = "bestfix-llm"
"""The name of the thread."""

LONGEST_BODY = 4_000_000
"""Bytes of one answer that are read at most."""
CONNECTIONS = 256
IDLE_CONNECTIONS = 16
IDLE_SECONDS = 120.0


class Connections:
    """The thread and the pool; both come into being when they are first used.

    Attributes:
        background: the thread with the event loop.
        clients: the client of each endpoint.
        once: the same clients, asked each question once.
    """

    def __init__(self) -> None:
        self.clients: dict[Endpoint, Client] = {}
        self.once: dict[Endpoint, Once] = {}
        self.background = Background(THREAD)
        self._lock = threading.Lock()

    def http(self) -> httpx2.AsyncClient:
        """Return the pool, which is for the thread of the event loop alone."""
        with self._lock:
            return self._http

    def close(self) -> None:
        """Close every connection and end the thread; clients that are asked for later start anew."""
        self.background.close()
        self.clients.clear()
        self.once.clear()
        self.__dict__.pop("_http", None)

    @cached_property
    def _http(self) -> httpx2.AsyncClient:
        """A pool that follows no redirection, and asks no proxy for this machine: a prompt goes where the user said."""
        import httpx2

        client = httpx2.AsyncClient(
            timeout=None,
            limits=httpx2.Limits(
                max_connections=CONNECTIONS, max_keepalive_connections=IDLE_CONNECTIONS, keepalive_expiry=IDLE_SECONDS
            ),
            headers={"accept-encoding": "identity"},
            follow_redirects=False,
            mounts=dict.fromkeys(("all://localhost", "all://127.0.0.1", "all://[::1]")),
            event_hooks={"response": [_bound]},
        )
        self.background.at_close(client.aclose)
        return client


@cache
def connections() -> Connections:
    """Return what the clients of this process share; a child of a fork gets its own."""
    made = Connections()
    in_children(connections.cache_clear)
    return made


async def _bound(response: httpx2.Response) -> None:
    """Have a body end with an error when it is too long."""
    import httpx2

    body = response.stream

    class Bounded(httpx2.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            read = 0
            async for chunk in body:  # type: ignore[union-attr]
                read += len(chunk)
                if read > LONGEST_BODY:
                    raise TooLongError(f"the answer goes on after {LONGEST_BODY:,} bytes")
                yield chunk

        async def aclose(self) -> None:
            await body.aclose()  # type: ignore[union-attr]

    response.stream = Bounded()
