"""A function in a forked child: bounded in time and memory, its output discarded, only its result comes back."""

from __future__ import annotations

import os
import pickle
import resource
import select
import signal
import time
from collections.abc import Callable
from typing import TypeVar

__all__ = ["ChildError", "in_child", "limit_memory"]

T = TypeVar("T")

MEMORY = 6 << 30
"""Bytes of address space that a child may have."""


class ChildError(RuntimeError):
    """A child gave no result: it was killed at its time limit, crashed, or raised."""


def in_child(function: Callable[[], T], *, seconds: float, memory: int = MEMORY) -> T:
    """Return what `function` returns in a forked child of this process.

    The child sees this process as it is now and changes nothing in it. Its standard streams are the null device.

    Raises:
        ChildError: when it takes longer than `seconds`, dies, or raises.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _run(function, writer, seconds, memory)
    os.close(writer)
    try:
        data = _read(reader, time.monotonic() + seconds)
    finally:
        os.close(reader)
        if data is None:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    if data is None:
        raise ChildError(f"it took longer than {seconds:g} s")
    if not data:
        raise ChildError(_ending(status))
    succeeded, value = pickle.loads(data)  # noqa: S301 - written by our own child
    if not succeeded:
        raise ChildError(value)
    return value  # type: ignore[no-any-return]  # a pickle has no type


def limit_memory(memory: int = MEMORY) -> None:
    """Bound the address space of this process."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _run(function: Callable[[], object], writer: int, seconds: float, memory: int) -> None:
    """Send the result of `function` to the parent and end the process, whatever happens."""
    try:
        _silence()
        limit_memory(memory)
        cpu = int(seconds) + 2
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
        try:
            result = (True, function())
        except BaseException as error:  # noqa: BLE001 - foreign code may raise anything, SystemExit too
            result = (False, f"{type(error).__name__}: {_text(error)}")
        with os.fdopen(writer, "wb") as stream:
            stream.write(pickle.dumps(result))
    finally:
        os._exit(0)


def _text(error: BaseException) -> str:
    try:
        return str(error)[:1000]
    except Exception as failure:  # noqa: BLE001 - a foreign __str__ may raise anything
        return f"<no message: {type(failure).__name__}>"


def _silence() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)


def _read(reader: int, until: float) -> bytes | None:
    """Return everything that the child writes, or `None` when it has not finished in time."""
    parts: list[bytes] = []
    while select.select([reader], [], [], max(0.0, until - time.monotonic()))[0]:
        part = os.read(reader, 1 << 20)
        if not part:
            return b"".join(parts)
        parts.append(part)
    return None


def _ending(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"it was ended by {signal.Signals(os.WTERMSIG(status)).name}"
    return "it ended without a result"
