"""What children use that no limit of the kernel bounds: how many processes there are, and the machine's memory."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Memory", "descendants", "sleeps"]

_SLACK = 64 << 20


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


def descendants(pid: int, limit: int) -> int:
    """Return how many processes a process has started that are alive; counting stops above `limit`."""
    found, todo = 0, deque([pid])
    while todo and found <= limit:
        children = _children(todo.popleft())
        found += len(children)
        todo.extend(children)
    return found


def sleeps(pid: int) -> bool:
    """Whether the process waits for something."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] == b"S"
    except (OSError, IndexError):
        return False


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
