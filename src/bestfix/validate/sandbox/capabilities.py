"""What this machine has of what the sandbox needs."""

from __future__ import annotations

import sys
from dataclasses import dataclass

__all__ = ["Capabilities", "capabilities"]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What this machine can do.

    Attributes:
        platform: `sys.platform`.
        landlock: the version of the kernel's Landlock; 0 without it.
        missing: what is needed and not here, one line each.
    """

    platform: str
    landlock: int
    missing: tuple[str, ...]

    @property
    def full(self) -> bool:
        """Whether candidates can be run."""
        return not self.missing


def capabilities() -> Capabilities:
    """Return what this machine can do."""
    if sys.platform != "linux":
        return Capabilities(sys.platform, 0, (f"the sandbox needs Linux, this is {sys.platform}",))
    from bestfix.validate.sandbox.landlock import abi

    version = abi()
    missing = () if version else ("the kernel has no Landlock (Linux 5.13), or it is switched off",)
    return Capabilities(sys.platform, version, missing)
