"""The C library's calls that Python lacks, raising `OSError` as `os` does."""

from __future__ import annotations

import ctypes
import os
import platform

__all__ = ["MACHINE", "prctl", "syscall"]

MACHINE = platform.machine()
"""The processor's name: `x86_64`, `aarch64`, …"""

_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.syscall.restype = ctypes.c_long
_LIBC.prctl.restype = ctypes.c_int


def syscall(number: int, *arguments: object) -> int:
    """Make a system call; integers are passed as 64 bits."""
    words = [ctypes.c_ulong(a & _WORD) if isinstance(a, int) else a for a in arguments]
    return _checked(_LIBC.syscall(ctypes.c_long(number), *words))


def prctl(option: int, *arguments: object) -> int:
    """Change or read an attribute of this process."""
    words = [ctypes.c_ulong(a & _WORD) if isinstance(a, int) else a for a in arguments]
    padding = [ctypes.c_ulong(0)] * (4 - len(words))
    return _checked(_LIBC.prctl(option, *words, *padding))


_WORD = (1 << 64) - 1


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
