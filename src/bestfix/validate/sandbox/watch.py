"""What children use that no limit of the kernel bounds: how many processes there are, and the machine's memory."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from bestfix.validate.sandbox.libc import MACHINE
from bestfix.validate.sandbox.syscalls import ALLOWED, numbers

__all__ = ["Memory", "State", "descendants", "state"]

_SLACK = 64 << 20
_THREADS = 17
"""The place of the number of threads in /proc/pid/stat, after the name."""
_FUTEX_PRIVATE = 128


@dataclass(slots=True)
class Memory:
    """The machine's free memory, as it was and as it is."""

    before: int = field(default_factory=lambda: _meminfo("MemAvailable"))
    total: int = field(default_factory=lambda: _meminfo("MemTotal"))

    @property
    def short(self) -> bool:
        """Whether less than a twentieth is left and it was taken since."""
        left = _meminfo("MemAvailable")
        return left < self.total // 20 and left < self.before - _SLACK


def descendants(pid: int, limit: int) -> list[int]:
    """Return the processes that a process has started and that are alive; no further than just above `limit`."""
    found: list[int] = []
    todo = deque([pid])
    while todo and len(found) <= limit:
        children = _children(todo.popleft())
        found += children
        todo += children
    return found


@dataclass(frozen=True, slots=True)
class State:
    """What a process does.

    Attributes:
        asleep: whether it waits for something.
        stuck: whether that is another of its threads, while it has none: it will wait for ever.
    """

    asleep: bool = False
    stuck: bool = False


def state(pid: int) -> State:
    """Return what a process does."""
    try:
        before = _status(pid)
        stuck = before == (b"S", b"1") and _waits_for_a_thread(pid)
        return State(before[0] == b"S", stuck and _status(pid) == before)  # what it waits for may have started between
    except (OSError, IndexError, ValueError):  # it has ended meanwhile
        return State()


def _status(pid: int) -> tuple[bytes, bytes]:
    """Return what a process does, in a letter, and how many threads it has."""
    fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    return fields[0], fields[_THREADS]


def _waits_for_a_thread(pid: int) -> bool:
    """Whether it waits for a futex (`linux/futex.h`) of its own memory, with no end."""
    call, *arguments = Path(f"/proc/{pid}/syscall").read_text(encoding="ascii").split()
    if call != str(numbers(ALLOWED, MACHINE)["futex"]):
        return False
    _, operation, _, timeout = (int(argument, 16) for argument in arguments[:4])
    return bool(operation & _FUTEX_PRIVATE) and not timeout


def _children(pid: int) -> list[int]:
    found: list[int] = []
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (thread / "children").read_bytes().split())
    except OSError:  # it has ended, or this kernel does not list children
        pass
    return found


def _meminfo(name: str) -> int:
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
    except OSError:
        return 0
    return 1024 * int(text.partition(f"{name}:")[2].split()[0])
