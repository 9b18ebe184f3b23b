"""What a child of a privileged session gives up, and that it is the first to go when memory runs out."""

from __future__ import annotations

import struct
from contextlib import suppress
from pathlib import Path

from bestfix.validate.sandbox.libc import MACHINE, syscall

__all__ = ["drop_capabilities", "volunteer"]

_CAPSET = {"x86_64": 126, "aarch64": 91}
_VERSION_3 = 0x20080522
_DAC_READ_SEARCH = 1 << 2


def drop_capabilities() -> None:
    """Keep none of root's powers but to read what root can read, so that a fix meets the same files."""
    header = struct.pack("Ii", _VERSION_3, 0)
    held = _effective() & _DAC_READ_SEARCH
    syscall(_CAPSET[MACHINE], header, struct.pack("6I", held, held, 0, 0, 0, 0))


def volunteer() -> None:
    """Be the process that the kernel ends when memory runs out, before the session."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _effective() -> int:
    status = Path("/proc/self/status").read_text(encoding="utf-8", errors="replace")
    return int(status.partition("CapEff:")[2].split()[0], 16)
