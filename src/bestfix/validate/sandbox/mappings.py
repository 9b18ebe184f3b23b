"""Memory that a fork does not copy: shared mappings become private ones, or the task is not run.

A file's mapping is made again over the same addresses, private: pages are copied when they are written, not before.
Memory that only processes share (`multiprocessing`, System V) is copied. What a device shares cannot be either.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bestfix.validate.sandbox.libc import libc

__all__ = ["SharedMemoryError", "make_private", "own_maps"]

COPIED = 64 << 20
"""Bytes of shared memory that are copied at most."""
_LINE = re.compile(rb"(\w+)-(\w+) (.)(.)(.)s (\w+) (\w+):(\w+) (\d+) *(.*)")
_MEMORY = ("/dev/zero (deleted)", "/dev/shm/", "/SYSV", "/memfd:")  # noqa: S108 - nothing is made there
"""What memory without a file, POSIX and System V shared memory are called."""
_MAY_MOVE, _TO = 1, 2
_FAILED = ctypes.c_size_t(-1).value


class SharedMemoryError(RuntimeError):
    """The session shares memory that no copy can be made of."""


@dataclass(frozen=True, slots=True)
class _Mapping:
    """A line of /proc/self/maps."""

    start: int
    size: int
    protection: int
    offset: int
    file: tuple[int, int]
    path: str


def own_maps() -> bytes:
    """Return the kernel's list of the mappings of this process."""
    return Path("/proc/self/maps").read_bytes()


def make_private(maps: bytes) -> None:
    """Make every shared mapping of this process, which has no other thread, its own.

    Raises:
        SharedMemoryError: when one cannot be.
    """
    copied = 0
    for mapping in _shared(maps):
        if _remapped(mapping):
            continue
        copied += mapping.size
        if not _copyable(mapping) or copied > COPIED:
            raise SharedMemoryError(f"the session shares memory that cannot be copied: {mapping.path or 'unnamed'}")
        _copy(mapping)


def _shared(maps: bytes) -> Iterator[_Mapping]:
    for line in _lines(maps):
        start, end, offset = (int(line[group], 16) for group in (1, 2, 6))
        bits = ((3, b"r", mmap.PROT_READ), (4, b"w", mmap.PROT_WRITE), (5, b"x", mmap.PROT_EXEC))
        protection = sum(bit for group, letter, bit in bits if line[group] == letter)
        path = re.sub(rb"\\([0-7]{3})", lambda code: bytes([int(code[1], 8)]), line[10])
        file = os.makedev(int(line[7], 16), int(line[8], 16)), int(line[9])
        yield _Mapping(start, end - start, protection, offset, file, os.fsdecode(path))


def _lines(maps: bytes) -> Iterator[re.Match[bytes]]:
    """Yield the lines of shared mappings; a line is looked at only where what each of them has is in it."""
    at = 0
    while (at := maps.find(b"s ", at)) >= 0:
        start = maps.rfind(b"\n", 0, at) + 1
        at = maps.find(b"\n", at)
        if (line := _LINE.match(maps, start)) is not None:
            yield line
        if at < 0:
            return


def _remapped(mapping: _Mapping) -> bool:
    """Map the same part of the same file again, privately; return whether that was possible."""
    if not mapping.path.startswith("/") or (mapping.path.startswith("/dev/") and not mapping.path.startswith(_MEMORY)):
        return False
    try:
        fd = os.open(mapping.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        if not _same_file(mapping, fd):
            return False
        fresh = _map(mapping.size, mapping.protection, mmap.MAP_PRIVATE, fd, mapping.offset)
        return fresh != _FAILED and _moved(fresh, mapping)
    finally:
        os.close(fd)


def _same_file(mapping: _Mapping, fd: int) -> bool:
    """Whether a descriptor is of the file that was mapped, and not of one that took its name."""
    found = os.fstat(fd)
    if (found.st_dev, found.st_ino) == mapping.file:
        return True
    fresh = _map(mapping.size, mmap.PROT_READ, mmap.MAP_SHARED, fd, mapping.offset)
    if fresh == _FAILED:
        return False
    try:  # layered file systems number files in another way here
        return any(other.start == fresh and other.file == mapping.file for other in _shared(own_maps()))
    finally:
        libc().munmap(fresh, mapping.size)


def _copyable(mapping: _Mapping) -> bool:
    """Whether it is memory and no device."""
    return mapping.path.startswith(_MEMORY) or mapping.path.endswith(" (deleted)")


def _copy(mapping: _Mapping) -> None:
    """Put a copy of the memory in its place."""
    if not mapping.protection & mmap.PROT_READ:
        raise SharedMemoryError("the session shares memory that cannot be read")
    fresh = _map(mapping.size, mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)
    if fresh == _FAILED:
        raise SharedMemoryError("the session shares memory that there is no room to copy")
    ctypes.memmove(fresh, mapping.start, mapping.size)
    if not _moved(fresh, mapping):
        raise SharedMemoryError("the session shares memory that could not be replaced")


def _map(size: int, protection: int, flags: int, fd: int, offset: int) -> int:
    place: int = libc().mmap(0, size, protection, flags, fd, offset)
    return place


def _moved(fresh: int, mapping: _Mapping) -> bool:
    """Move what is mapped at `fresh` over another mapping, which ends."""
    moved: int = libc().mremap(fresh, mapping.size, mapping.size, _MAY_MOVE | _TO, mapping.start)
    return moved == mapping.start
