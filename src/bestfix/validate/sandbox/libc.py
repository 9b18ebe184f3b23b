"""The C library's calls that Python lacks, raising `OSError` as `os` does."""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import sys
from functools import lru_cache

__all__ = ["MACHINE", "end_with_parent", "libc", "prctl", "syscall"]

MACHINE = platform.machine()
"""The processor's name: `x86_64`, `aarch64`, …"""


@lru_cache(maxsize=1)
def libc() -> ctypes.CDLL:
    """Return the C library, with the types of what is called here."""
    library = ctypes.CDLL(None, use_errno=True)
    size, number = ctypes.c_size_t, ctypes.c_int
    library.syscall.restype = ctypes.c_long
    library.mmap.restype = library.mremap.restype = size
    library.mmap.argtypes = (size, size, number, number, number, ctypes.c_long)
    library.munmap.argtypes = (size, size)
    library.mremap.argtypes = (size, size, size, number, size)
    return library


def syscall(number: int, *arguments: object) -> int:
    """Make a system call; integers are passed as 64 bits."""
    words = [ctypes.c_ulong(a & _WORD) if isinstance(a, int) else a for a in arguments]
    return _checked(libc().syscall(ctypes.c_long(number), *words))


def prctl(option: int, *arguments: object) -> int:
    """Change or read an attribute of this process."""
    words = [ctypes.c_ulong(a & _WORD) if isinstance(a, int) else a for a in arguments]
    padding = [ctypes.c_ulong(0)] * (4 - len(words))
    return _checked(libc().prctl(option, *words, *padding))


def end_with_parent(parent: int, sent: signal.Signals = signal.SIGKILL) -> None:
    """Have Linux send this process a signal when the one that it works for ends, however that ends."""
    if sys.platform != "linux":
        return
    prctl(_PDEATHSIG, sent)
    if os.getppid() != parent:
        os.kill(os.getpid(), sent)


_PDEATHSIG = 1
_WORD = (1 << 64) - 1


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
