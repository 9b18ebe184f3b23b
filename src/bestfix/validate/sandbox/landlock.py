"""Landlock, the Linux security module by which a process gives up its own rights.

A right that the ruleset *handles* is refused everywhere but beneath the paths that a rule grants it for; what an older
kernel cannot handle is refused by the system call filter. See `linux/landlock.h`.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from pathlib import Path

from bestfix.validate.sandbox.libc import syscall

__all__ = ["SCOPED", "abi", "restrict"]

SCOPED = 6
"""The version that keeps signals inside."""

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446  # the same numbers on every architecture
_VERSION = 1
_PATH_BENEATH = 1
_UNLOGGED = 1
"""What is refused fills no audit log."""

_WRITE_FILE, _READ_FILE = 1 << 1, 1 << 2
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_READ_DIR, _REFER, _TRUNCATE = 1 << 3, 1 << 13, 1 << 14
_FILESYSTEM = ((1, 0x1FFF & ~_READ_DIR), (2, _REFER), (3, _TRUNCATE), (5, 1 << 15))
"""Rights over files by the ABI that brought them; listing folders stays free."""
_FOLDER = _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _REFER | _TRUNCATE
_TCP = 0b11
_SCOPES = 0b11
_DEVICES = ("null", "zero", "full", "random", "urandom")


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("access", ctypes.c_uint64), ("parent", ctypes.c_int32))


def abi() -> int:
    """Return the version of the kernel's Landlock; 0 when it has none, or it is switched off."""
    try:
        return syscall(_CREATE, None, 0, _VERSION)
    except OSError:
        return 0


def restrict(folder: Path, version: int) -> None:
    """Give up, for good, writing outside `folder`, reading devices, TCP, and signals to processes outside.

    `no_new_privs` must be set. Only this thread, and what it starts later, is restricted.
    """
    handled = sum(rights for since, rights in _FILESYSTEM if version >= since)
    ruleset = _Ruleset(handled, _TCP if version >= 4 else 0, _SCOPES if version >= SCOPED else 0)
    size = 24 if version >= SCOPED else 16 if version >= 4 else 8
    fd = syscall(_CREATE, ctypes.byref(ruleset), size, 0)
    try:
        for path, rights in _granted(folder):
            _grant(fd, path, rights & handled)
        syscall(_RESTRICT, fd, _UNLOGGED if version >= 7 else 0)
    finally:
        os.close(fd)


def _granted(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield what stays allowed: reading everywhere but in /dev, and the private folder."""
    yield str(folder), _FOLDER | _READ_FILE
    for entry in os.scandir("/"):
        if entry.name != "dev":
            yield entry.path, _READ_FILE
    for name in _DEVICES:
        yield f"/dev/{name}", _READ_FILE | (_WRITE_FILE | _TRUNCATE if name == "null" else 0)


def _grant(ruleset: int, path: str, rights: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rule = _PathBeneath(rights, parent)
        syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(parent)
