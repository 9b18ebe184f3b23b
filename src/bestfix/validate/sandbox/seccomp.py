"""The filter on system calls: a short program that the kernel runs before each call of a child.

It is written in classic BPF (`linux/filter.h`, `linux/seccomp.h`): instructions of an operation, two relative jumps and
a constant, over one accumulator and the record of the call, which starts with its number and the machine's name.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from bestfix.validate.sandbox.libc import MACHINE, syscall
from bestfix.validate.sandbox.syscalls import ALLOWED, CHECKED, LAST, MACHINES, numbers

__all__ = ["available", "filter_program", "install"]

_SET_MODE_FILTER, _ACTION_AVAILABLE = 1, 2
_SPECULATION_ALLOWED = 4
"""Without this flag, kernels before 5.16 slow the child down."""

_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_EQUAL, _GREATER, _AT_LEAST, _ANY_BIT = 0x15, 0x25, 0x35, 0x45
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_REFUSE, _UNKNOWN = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS

Code = list[tuple[int, int, int, int]]

_CLONE_FORBIDDEN: Final = 0x7E028000
"""`CLONE_PARENT`, which would make a child of the session itself, and `CLONE_NEW…`: new namespaces."""
_FCNTL: Final = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1031, 1032, 1034)
"""Duplicates, flags, locks, sizes of pipes; not the ones that send signals or hold up other processes (leases)."""
_IOCTL: Final = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""TCGETS and TIOCGWINSZ (is it a terminal?), FIONREAD, FIONBIO, FIONCLEX, FIOCLEX."""
_PRCTL: Final = (3, 15, 16, 21, 23, 30, 38, 39, 0x53564D41)
"""Names, reading, `no_new_privs`, naming memory."""
_SET_PDEATHSIG, _SIGKILL = 1, 9
_AF_UNIX, _SOCK_STREAM = 1, 1
_TRUNCATE, _ACCESS_MODE = 0o1000, 3


def available() -> bool:
    """Return whether the kernel filters system calls, and this machine's calls are known."""
    if MACHINE not in MACHINES:
        return False
    try:
        syscall(
            numbers(CHECKED, MACHINE)["seccomp"], _ACTION_AVAILABLE, 0, ctypes.byref(ctypes.c_uint32(_REFUSE & ~0xFFFF))
        )
    except OSError:
        return False
    return True


def install(program: bytes) -> None:
    """Filter the calls of this thread, and of what it starts later, for good; `no_new_privs` must be set."""
    buffer = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    syscall(numbers(CHECKED, MACHINE)["seccomp"], _SET_MODE_FILTER, _SPECULATION_ALLOWED, header)


@lru_cache
def filter_program(machine: str = MACHINE, *, own_pid: int | None = None) -> bytes:
    """Return the filter.

    Args:
        machine: the processor's name.
        own_pid: the only process that may be sent signals; `None` where Landlock keeps them inside.
    """
    known = numbers(CHECKED, machine)
    code: Code = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, MACHINES[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_GREATER, 0, 1, LAST),
        (_RETURN, 0, 0, _UNKNOWN),
    ]
    for name, rule in _rules(own_pid).items():
        if name in known:
            code += [(_EQUAL, 0, len(rule), known[name]), *rule]
    code += _in_ranges(numbers(ALLOWED, machine).values())
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)


def _rules(own_pid: int | None) -> dict[str, Code]:
    """Return what decides on the calls that are allowed with some arguments."""
    signals = [(_RETURN, 0, 0, _ALLOW)] if own_pid is None else _one_of(0, (own_pid,))
    return {
        "clone": _none_of(0, _CLONE_FORBIDDEN),
        "clone3": [(_RETURN, 0, 0, _UNKNOWN)],  # its flags are out of sight; `clone` is used instead
        "openat2": [(_RETURN, 0, 0, _UNKNOWN)],
        "fcntl": _one_of(1, _FCNTL),
        "ioctl": _one_of(1, _IOCTL),
        "kill": signals,
        "tgkill": signals,
        "tkill": signals,
        "open": _no_truncated_reading(1),
        "openat": _no_truncated_reading(2),
        "prctl": _attributes(),
        "prlimit64": _one_of(0, (0,)),
        "sched_setaffinity": _one_of(0, (0,)),
        "seccomp": _one_of(0, (_SET_MODE_FILTER, _ACTION_AVAILABLE)),
        "socketpair": _a_stream_to_itself(),
    }


def _argument(place: int) -> tuple[int, int, int, int]:
    """Load the low half of an argument: these arguments are all ints or flags."""
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * place)


def _one_of(place: int, values: tuple[int, ...]) -> Code:
    jumps = [(_EQUAL, len(values) - index, 0, value) for index, value in enumerate(values)]
    return [_argument(place), *jumps, (_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]


def _none_of(place: int, bits: int) -> Code:
    return [_argument(place), (_ANY_BIT, 0, 1, bits), (_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]


def _no_truncated_reading(place: int) -> Code:
    """Refuse O_TRUNC to those who do not open for writing: Landlock before ABI 3 does not see it."""
    return [
        _argument(place),
        (_ANY_BIT, 0, 4, _TRUNCATE),
        (_AND, 0, 0, _ACCESS_MODE),
        (_EQUAL, 2, 0, 1),
        (_EQUAL, 1, 0, 2),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]


def _attributes() -> Code:
    """Allow some attributes of a process, and to die with its parent, but not to outlive it."""
    rest = _one_of(0, _PRCTL)
    dying = _one_of(1, (_SIGKILL,))
    return [_argument(0), (_EQUAL, 0, len(dying), _SET_PDEATHSIG), *dying, *rest]


def _a_stream_to_itself() -> Code:
    """Allow a pair of connected streams, which no address can be sent to."""
    return [
        _argument(0),
        (_EQUAL, 0, 3, _AF_UNIX),
        _argument(1),
        (_AND, 0, 0, 0xF),
        (_EQUAL, 1, 0, _SOCK_STREAM),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]


def _in_ranges(allowed: Iterable[int]) -> Code:
    """Allow these numbers and refuse all others."""
    code: Code = []
    for first, last in _ranges(sorted(allowed)):
        code += [
            (_AT_LEAST, 1, 0, first),
            (_RETURN, 0, 0, _REFUSE),
            (_GREATER, 1, 0, last),
            (_RETURN, 0, 0, _ALLOW),
        ]
    return [*code, (_RETURN, 0, 0, _REFUSE)]


def _ranges(ordered: list[int]) -> Iterable[tuple[int, int]]:
    """Yield the first and last of each run of neighbours."""
    first = previous = ordered[0]
    for number in ordered[1:]:
        if number != previous + 1:
            yield first, previous
            first = number
        previous = number
    yield first, previous
