"""What this machine has of what the sandbox needs."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from bestfix.validate.sandbox import landlock, seccomp

__all__ = ["Capabilities", "capabilities"]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What this machine can do.

    Attributes:
        platform: the system and its processor, such as `"linux x86_64"`.
        landlock: the version of the kernel's Landlock; 0 without it.
        seccomp: whether the kernel filters system calls, and they are known for this processor.
        missing: what is needed and not here, one line each.
    """

    platform: str
    landlock: int = 0
    seccomp: bool = False
    missing: tuple[str, ...] = ()

    @property
    def full(self) -> bool:
        """Whether code that nobody has checked can be run."""
        return not self.missing


def capabilities() -> Capabilities:
    """Return what this machine can do."""
    name = f"{sys.platform} {platform.machine()}"
    if sys.platform != "linux":
        return Capabilities(name, missing=(f"it needs Linux, and this is {sys.platform}",))
    abi, filters = landlock.abi(), seccomp.available()
    missing: list[str] = []
    if not abi:
        missing.append("the kernel has no Landlock (it came with Linux 5.13), or it is switched off")
    if not filters:
        missing.append(f"the kernel filters no system calls, or they are not known for {platform.machine()}")
    if not Path("/proc/self/maps").exists():
        missing.append("/proc is not mounted")
    return Capabilities(name, abi, filters, tuple(missing))
