"""What a forked child inherits open: each file descriptor becomes one of its own, or a dead one of the same kind.

A duplicate shares more with the session than the file: its offset, its locks, its flags, the bytes in the pipe, the
other end of the connection. So nothing that was inherited stays.
"""

from __future__ import annotations

import os
import select
import socket
import stat
from collections.abc import Container
from contextlib import suppress
from pathlib import Path

__all__ = ["replace_inherited"]

_STATELESS = {(1, 3), (1, 5), (1, 7), (1, 8), (1, 9)}
"""The devices null, zero, full, random and urandom, which remember nothing."""


def replace_inherited(keep: Container[int]) -> None:
    """Replace every descriptor but those in `keep`."""
    null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    for fd in [int(entry.name) for entry in os.scandir("/proc/self/fd")]:
        if fd == null or fd in keep:
            continue
        with suppress(OSError):  # the descriptor of the listing itself is gone by now
            _replace(fd, null)
    os.close(null)


def _replace(fd: int, null: int) -> None:
    found = os.fstat(fd)
    if stat.S_ISCHR(found.st_mode) and (os.major(found.st_rdev), os.minor(found.st_rdev)) in _STATELESS:
        return
    other = _own(fd, found.st_mode)
    os.dup2(null if other is None else other, fd, inheritable=os.get_inheritable(fd))
    if other is not None:
        os.close(other)


def _own(fd: int, mode: int) -> int | None:
    """Return a descriptor of this process's own to stand for `fd`; `None` when it can only be the null device."""
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return _reopened(fd)
    if stat.S_ISSOCK(mode):
        return _dead_socket()
    if stat.S_ISFIFO(mode):
        return _dead_pipe(fd)
    link = str(Path(f"/proc/self/fd/{fd}").readlink())
    if "[eventpoll]" in link:
        return _empty_epoll()
    if "[eventfd]" in link:
        return os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
    return None


def _reopened(fd: int) -> int | None:
    """Return the same file, opened for reading, at the same place."""
    try:
        own = os.open(f"/proc/self/fd/{fd}", os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return None
    with suppress(OSError):
        os.lseek(own, os.lseek(fd, 0, os.SEEK_CUR), os.SEEK_SET)
    return own


def _dead_socket() -> int:
    """Return a socket whose peer is gone: reading ends, writing fails."""
    ours, theirs = socket.socketpair()
    theirs.close()
    return ours.detach()


def _dead_pipe(fd: int) -> int:
    """Return the end of a pipe whose other end is gone."""
    import fcntl

    reader, writer = os.pipe()
    if fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
        os.close(writer)
        return reader
    os.close(reader)
    return writer


def _empty_epoll() -> int:
    poller = select.epoll()
    fd = os.dup(poller.fileno())
    poller.close()
    return fd
