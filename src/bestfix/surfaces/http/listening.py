"""The socket on which several worker processes take connections."""

from __future__ import annotations

import socket
from collections.abc import Callable
from multiprocessing.reduction import DupFd
from typing import Any

__all__ = ["SharedListener"]


class SharedListener(socket.socket):
    """A listening socket that takes in one connection each time that it is looked at.

    asyncio accepts all that wait when it is told of one, so that the worker process that is first gets the connections
    of all clients that come at once, and keeps them; the others stay idle. Taken one by one, they go to whoever has the
    time to ask for the next.
    """

    _has_taken = False

    @classmethod
    def of(cls, bound: socket.socket) -> SharedListener:
        """Return a listener in the place of a socket, which is then no more to be used."""
        return cls(fileno=bound.detach())

    def accept(self) -> tuple[socket.socket, Any]:
        """Take in a connection, and none at the call after that.

        Raises:
            BlockingIOError: at every second call, and when no connection waits.
        """
        if self._has_taken:
            self._has_taken = False
            raise BlockingIOError
        taken = super().accept()
        self._has_taken = True
        return taken

    def __reduce__(self) -> tuple[Callable[[Any], SharedListener], tuple[Any]]:
        """Go to a process that is being started, as multiprocessing sends sockets."""
        return _arrived, (DupFd(self.fileno()),)


def _arrived(descriptor: Any) -> SharedListener:
    return SharedListener(fileno=descriptor.detach())
