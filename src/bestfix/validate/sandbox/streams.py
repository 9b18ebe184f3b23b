"""What a child prints goes to its supervisor, bounded; nothing comes in."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import Any

__all__ = ["flush", "own_streams"]


class _Bounded(io.RawIOBase):
    """A descriptor that takes `limit` bytes and loses the rest."""

    def __init__(self, fd: int, limit: int) -> None:
        self._fd = fd
        self._left = limit

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._fd

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        kept = view[: self._left]
        self._left -= len(kept)
        while kept:
            kept = kept[os.write(self._fd, kept) :]
        return len(view)


def own_streams(limit: int) -> None:
    """Replace Python's standard streams: nothing comes in, and `limit` bytes of each go out to 1 and 2."""
    sys.stdin = sys.__stdin__ = io.TextIOWrapper(io.BytesIO())  # type: ignore[misc]  # a forked child replaces its own streams
    for name, fd in (("stdout", 1), ("stderr", 2)):
        buffer = io.BufferedWriter(_Bounded(fd, limit))
        stream = io.TextIOWrapper(buffer, encoding="utf-8", errors="backslashreplace", line_buffering=True)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def flush() -> None:
    """Send what is still held back."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):  # foreign code may have put anything there
            stream.flush()
