"""Forking a process that has other threads.

Libraries prepare for a fork and wait for their own threads to be idle. OpenBLAS does so while other threads of the
session multiply matrices, and may wait for ever: the session would hang. So while another Python thread computes
outside the interpreter there is no fork. None can begin to before the fork is over, since looking and forking keep the
lock of the interpreter.
"""

from __future__ import annotations

import ctypes
import os
import threading
import time
from functools import lru_cache

from bestfix.lang.python.quiet import quietly

__all__ = ["BusyError", "fork"]

PAUSES = (0.001, 0.004, 0.015)
"""Seconds to wait for other threads to end what they compute."""


class BusyError(RuntimeError):
    """Other threads of the session are computing."""


def fork() -> int:
    """Fork; that other threads are lost in the child is known, and the warning about it not for the user.

    Raises:
        BusyError: when other threads go on computing.
        OSError: when there is no room for another process.
    """
    for pause in (*PAUSES, None):
        if not _others_compute():
            return quietly(lambda _: os.fork(), __name__)
        if pause is not None:
            time.sleep(pause)
    raise BusyError("other threads of the session are computing")


def _others_compute() -> bool:
    own = threading.get_native_id()
    return any(_runs(one.native_id) for one in threading.enumerate() if one.native_id not in {own, None})


def _runs(thread: int | None) -> bool:
    """Whether a thread is running, although this one has the interpreter's lock."""
    libc = _holding_the_lock()
    fd = libc.open(f"/proc/self/task/{thread}/stat".encode(), os.O_RDONLY | os.O_CLOEXEC)
    if fd < 0:
        return False
    buffer = ctypes.create_string_buffer(512)
    libc.read(fd, buffer, len(buffer))
    libc.close(fd)
    return buffer.value.rpartition(b")")[2].split()[:1] == [b"R"]


@lru_cache(maxsize=1)
def _holding_the_lock() -> ctypes.PyDLL:
    """Return the C library, called without letting another Python thread run meanwhile."""
    return ctypes.PyDLL(None)
