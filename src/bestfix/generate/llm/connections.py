"""What all clients of a process share: one thread with an event loop, and one pool of HTTP connections."""

from __future__ import annotations

import threading
from functools import cache, cached_property
from typing import TYPE_CHECKING

from bestfix.generate.llm.background import Background, in_children

if TYPE_CHECKING:
    import httpx2

    from bestfix.generate.llm.client import Client
    from bestfix.generate.llm.endpoint import Endpoint
    from bestfix.generate.llm.once import Once

__all__ = ["THREAD", "Connections", "connections"]

THREAD = "bestfix-llm"
"""The name of the thread."""


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
        from bestfix.generate.llm.pool import pool

        client = pool()
        self.background.at_close(client.aclose)
        return client


@cache
def connections() -> Connections:
    """Return what the clients of this process share; a child of a fork gets its own."""
    made = Connections()
    in_children(connections.cache_clear)
    return made


connections()  # while the module is imported, which one thread alone does
