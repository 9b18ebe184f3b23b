"""A session with everything that code could want to harm, and what it looks like from outside."""

from __future__ import annotations

import mmap
import os
import select
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing import shared_memory
from pathlib import Path
from typing import Any

import pytest

from bestfix.core.deadline import Deadline
from bestfix.validate.sandbox import Ended, Limits, capabilities, run_apart

SECONDS = 10.0


@pytest.fixture(autouse=True, scope="session")
def able() -> None:
    """These tests mean nothing on a machine that cannot confine: they fail there and say why."""
    if missing := capabilities().missing:
        pytest.fail(f"the sandbox cannot be tested here: {'; '.join(missing)}")


@pytest.fixture(autouse=True)
def buried() -> None:
    """Wait for what is still being closed of the children of the test before."""
    for thread in threading.enumerate():
        if thread.name == "bestfix-bury":
            thread.join(SECONDS)


@dataclass
class Session:
    """A session: files, what it holds open, what it shares, what it knows."""

    folder: Path
    known: dict[str, list[int]] = field(default_factory=lambda: {"numbers": [1, 2, 3]})

    def __post_init__(self) -> None:
        self.file = self.folder / "data.csv"
        self.file.write_text("a,b\n1,2\n")
        self.inner = self.folder / "inner"
        self.inner.mkdir()
        (self.inner / "notes.txt").write_text("keep")
        os.setxattr(self.file, "user.origin", b"session")
        self.reading = self.file.open("rb", buffering=0)
        self.reading.read(3)
        self.writing = (self.folder / "log.txt").open("w+b", buffering=0)
        self.writing.write(b"begun\n")
        self.socket, self.peer = socket.socketpair()
        self.datagram, self.datagram_peer = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.pipe = os.pipe()
        self.event = os.eventfd(0, os.EFD_NONBLOCK)
        self.poller = select.epoll()
        self.poller.register(self.pipe[0], select.EPOLLIN)
        for fd in (self.peer, self.datagram_peer):
            fd.setblocking(False)
        os.set_blocking(self.pipe[0], False)
        self.anonymous = mmap.mmap(-1, 4096)
        self.anonymous[:4] = b"mine"
        with (self.folder / "mapped.bin").open("w+b") as file:
            file.write(b"m" * 8192)
            file.flush()
            self.mapped = mmap.mmap(file.fileno(), 8192)
        self.block = shared_memory.SharedMemory(create=True, size=64)
        self.block.buf[:4] = b"ours"

    def close(self) -> None:
        for thing in (self.reading, self.writing, self.socket, self.peer, self.datagram, self.datagram_peer):
            thing.close()
        for fd in (*self.pipe, self.event):
            os.close(fd)
        for shared in (self.poller, self.anonymous, self.mapped, self.block):
            shared.close()
        self.block.unlink()

    @property
    def state(self) -> dict[str, Any]:
        """Everything that must stay as it is."""
        return {
            "files": {str(path): _look(path) for path in sorted(self.folder.rglob("*"))},
            "offsets": [os.lseek(file.fileno(), 0, os.SEEK_CUR) for file in (self.reading, self.writing)],
            "flags": [os.get_blocking(fd) for fd in (self.pipe[0], self.pipe[1], self.socket.fileno())],
            "arrived": [_received(self.peer), _received(self.datagram_peer), _read(self.pipe[0]), _read(self.event)],
            "polled": self.poller.poll(0),
            "memory": [bytes(self.anonymous[:8]), bytes(self.mapped[:8]), bytes(self.block.buf[:8])],
            "known": repr(self.known),
            "process": (os.getcwd(), os.getpriority(os.PRIO_PROCESS, 0), os.sched_getaffinity(0), os.getsid(0)),
            "environment": dict(os.environ),
            "handlers": [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)],
        }


def _look(path: Path) -> tuple[Any, ...]:
    status = path.lstat()
    content = path.read_bytes() if path.is_file() else b""
    attributes = [(name, os.getxattr(path, name)) for name in os.listxattr(path)]
    return status.st_mode, status.st_uid, status.st_mtime_ns, status.st_nlink, status.st_size, content, attributes


def _received(one: socket.socket) -> bytes | None:
    try:
        return one.recv(100)
    except BlockingIOError:
        return None


def _read(fd: int) -> bytes | None:
    try:
        return os.read(fd, 100)
    except BlockingIOError:
        return None


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session to attack."""
    one = Session(tmp_path)
    yield one
    one.close()


Apart = Callable[..., Ended]


@pytest.fixture
def apart() -> Apart:
    """Run one task apart; what it raises stands in `why`, what it returns in `answer`."""

    def run(task: Callable[[], object], seconds: float = SECONDS, limits: Limits = Limits()) -> Ended:  # noqa: B008 - it is frozen
        [ended] = run_apart([lambda: repr(task()).encode()], Deadline.after(seconds), limits)
        return ended

    return run
