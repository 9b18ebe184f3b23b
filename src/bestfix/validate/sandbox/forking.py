"""Forking a process that has other threads.

Libraries prepare for a fork and wait for their own threads to be idle. OpenBLAS does so while other threads of the
session multiply matrices, and may wait for ever: the session would hang. So there is no fork while another Python
thread computes outside the interpreter, or waits to get in. Where none waits, none gets in before the fork is over:
looking and forking keep the interpreter's lock, and who comes meanwhile asks for it only after milliseconds.
"""

from __future__ import annotations

import ctypes
import os
import threading
import time
from functools import lru_cache

from bestfix.lang.python.quiet import quietly
from bestfix.validate.sandbox.libc import MACHINE
from bestfix.validate.sandbox.syscalls import ALLOWED, MACHINES, numbers

__all__ = ["BusyError", "fork"]

FUTEX = numbers(ALLOWED, MACHINE)["futex"] if MACHINE in MACHINES else -1
OURS = "bestfix-"
"""How the names of our own threads begin."""
RUNTIME = 1 << 20
"""Bytes that the interpreter's state has at most."""
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
    """Whether another Python thread computes; those of bestfix, which multiply no matrices, do not count."""
    own = threading.get_native_id()
    others = (one for one in threading.enumerate() if one.native_id not in {own, None})
    return any(_computes(one.native_id) for one in others if not one.name.startswith(OURS))


def _computes(thread: int | None) -> bool:
    """Whether a thread runs, although this one has the interpreter's lock, or waits for that lock."""
    libc = _holding_the_lock()
    fd = libc.open(f"/proc/self/task/{thread}/syscall".encode(), os.O_RDONLY | os.O_CLOEXEC)
    if fd < 0:
        return False
    buffer = ctypes.create_string_buffer(256)
    libc.read(fd, buffer, len(buffer))
    libc.close(fd)
    call, *arguments = buffer.value.split() or [b""]
    if call != b"%d" % FUTEX:
        return call == b"running"
    address, _, _, timeout = (int(argument, 16) for argument in arguments[:4])
    return bool(timeout) and 0 <= address - _runtime() < RUNTIME


@lru_cache(maxsize=1)
def _runtime() -> int:
    """Return where the interpreter keeps its state, and in it its lock."""
    return ctypes.addressof(ctypes.c_char.in_dll(ctypes.pythonapi, "_PyRuntime"))


@lru_cache(maxsize=1)
def _holding_the_lock() -> ctypes.PyDLL:
    """Return the C library, called without letting another Python thread run meanwhile."""
    return ctypes.PyDLL(None)
