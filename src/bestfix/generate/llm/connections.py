"""What all clients of a process share: one thread with an event loop, and one pool of HTTP connections."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from bestfix.generate.llm.background import Background, in_children

if TYPE_CHECKING:
    import httpx2

    from bestfix.generate.llm.endpoint import Endpoint

__all__ = ["Connections", "connections"]

T = TypeVar("T")


class Connections:
    """The thread and the pool; both come into being when they are first used.

    Attributes:
        background: the thread with the event loop.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[type[Any], Endpoint], Any] = {}
        self.background = Background()
        self._lock = threading.Lock()

    def kept(self, kind: type[T], endpoint: Endpoint, make: Callable[[], T]) -> T:
        """Return the one object of a kind that there is for an endpoint, made when it is first asked for."""
        found: T | None = self._kept.get((kind, endpoint))
        return self._kept.setdefault((kind, endpoint), make()) if found is None else found

    def http(self) -> httpx2.AsyncClient:
        """Return the pool, which is for the thread of the event loop alone."""
        with self._lock:
            return self._http

    def close(self) -> None:
        """Close every connection and end the thread; clients that are asked for later start anew."""
        self.background.close()
        self._kept.clear()
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
