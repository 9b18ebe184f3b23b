"""How much a child may use."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much each child may use.

    Attributes:
        cpu: seconds of processor time.
        memory: bytes of address space beyond what the session has already.
        file: bytes of a file in the private folder.
        processes: how many processes a child may start at once.
        output: bytes of what it prints that are kept.
        answer: bytes that its answer may have.
    """

    cpu: float = 10.0
    memory: int = 2 << 30
    file: int = 64 << 20
    processes: int = 32
    output: int = 64 << 10
    answer: int = 1 << 20

    def impose(self) -> None:
        """Bound this process and what it starts; a bound that is lower already stays."""
        import resource

        seconds = max(1, round(self.cpu + 0.5))
        _bound(resource.RLIMIT_CPU, seconds)
        _bound(resource.RLIMIT_AS, _address_space() + self.memory)
        _bound(resource.RLIMIT_FSIZE, self.file)
        _bound(resource.RLIMIT_CORE, 0)


def _bound(kind: int, value: int) -> None:
    import resource

    _, hard = resource.getrlimit(kind)
    lower = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (lower, lower))


def _address_space() -> int:
    """Return the bytes of address space that this process has."""
    pages = int(Path("/proc/self/statm").read_bytes().split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")
