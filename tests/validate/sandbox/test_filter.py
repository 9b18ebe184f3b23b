"""The filter on system calls, run by an interpreter of its instructions, as the kernel of either machine would."""

import errno
import struct

import pytest

from bestfix.validate.sandbox import seccomp
from bestfix.validate.sandbox.syscalls import ALLOWED, CHECKED, LAST, MACHINES, numbers

ALLOW, KILL = 0x7FFF0000, 0x80000000
REFUSED, UNKNOWN = 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS


def decide(program, arch, number, arguments=()):
    """Run classic BPF over the record of a call."""
    words = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    record = struct.pack("<IIQ6Q", number, arch, 0, *words)
    place = accumulator = 0
    while True:
        code, then, otherwise, constant = struct.unpack_from("<HBBI", program, 8 * place)
        place += 1
        match code:
            case 0x20:
                [accumulator] = struct.unpack_from("<I", record, constant)
            case 0x54:
                accumulator &= constant
            case 0x06:
                return constant
            case _:
                holds = {
                    0x15: accumulator == constant,
                    0x25: accumulator > constant,
                    0x35: accumulator >= constant,
                    0x45: bool(accumulator & constant),
                }[code]
                place += then if holds else otherwise


@pytest.fixture(params=MACHINES)
def machine(request):
    """A processor: its name, the kernel's number for it, the filter."""
    name = request.param
    return name, MACHINES[name], seccomp.filter_program(name)


def test_exactly_the_listed_calls_are_allowed(machine):
    name, arch, program = machine
    listed = set(numbers(ALLOWED, name).values())
    checked = set(numbers(CHECKED, name).values())
    for number in range(LAST + 1):
        if number not in checked:
            assert decide(program, arch, number) == (ALLOW if number in listed else REFUSED), number


def test_no_call_is_listed_twice(machine):
    name, _, _ = machine
    listed = [*numbers(ALLOWED, name).values(), *numbers(CHECKED, name).values()]
    assert len(listed) == len(set(listed))


def test_unknown_calls_do_not_exist(machine):
    _, arch, program = machine
    assert {decide(program, arch, n) for n in (LAST + 1, 1000, 0x40000001, 0xFFFFFFFF)} == {UNKNOWN}


def test_calls_of_another_machine_end_the_process(machine):
    _, arch, program = machine
    assert {decide(program, other, 0) for other in {0x40000003, 0x40000028, *MACHINES.values()} - {arch}} == {KILL}


@pytest.mark.parametrize(
    ("call", "arguments", "expected"),
    [
        ("clone", (17,), ALLOW),  # fork
        ("clone", (0x3D0F00,), ALLOW),  # a thread
        ("clone", (0x8000 | 17,), REFUSED),  # a child of the session
        *[("clone", (1 << bit | 17,), REFUSED) for bit in (17, 25, 26, 27, 28, 29, 30)],  # new namespaces
        ("clone3", (), UNKNOWN),
        ("openat2", (), UNKNOWN),
        ("openat", (0, 0, 0o1101), ALLOW),  # to write, create, truncate: for Landlock to say
        ("openat", (0, 0, 0o1002), ALLOW),
        ("openat", (0, 0, 0), ALLOW),
        ("openat", (0, 0, 0o1000), REFUSED),
        ("openat", (0, 0, 0o1003), REFUSED),
        ("fcntl", (9, 6), ALLOW),  # a lock
        *[("fcntl", (9, command), REFUSED) for command in (8, 10, 15, 1024, 1026, 1033)],
        ("ioctl", (9, 0x5401), ALLOW),
        *[("ioctl", (9, command), REFUSED) for command in (0x5412, 0x541C, 0x540E, 0x40049409, 0xC0204601)],
        ("prctl", (15,), ALLOW),
        ("prctl", (1, 9), ALLOW),
        ("prctl", (1, 0), REFUSED),  # not to die with the session
        *[("prctl", (option,), REFUSED) for option in (4, 8, 24, 35, 36, 59)],
        ("prlimit64", (0, 7), ALLOW),
        ("prlimit64", (4242, 7), REFUSED),
        ("seccomp", (1,), ALLOW),
        ("seccomp", (3,), REFUSED),
        ("socketpair", (1, 1 | 0o2000000), ALLOW),
        ("socketpair", (1, 2), REFUSED),
        ("socketpair", (16, 1), REFUSED),
        ("sched_setaffinity", (4242,), REFUSED),
    ],
)
def test_some_calls_depend_on_their_arguments(machine, call, arguments, expected):
    name, arch, program = machine
    assert decide(program, arch, numbers(CHECKED, name)[call], arguments) == expected


def test_signals_go_nowhere_else_where_landlock_does_not_keep_them(machine):
    name, arch, _ = machine
    program = seccomp.filter_program(name, own_pid=4242)
    for call in ("kill", "tkill", "tgkill"):
        number = numbers(CHECKED, name)[call]
        assert decide(program, arch, number, (4242, 9)) == ALLOW
        assert {decide(program, arch, number, (pid, 9)) for pid in (1, 0, 2**32 - 1)} == {REFUSED}
