"""What code in a child tries with memory: the session's, and the machine's."""

import ctypes
import mmap
import multiprocessing
import os
import time
from multiprocessing import shared_memory

import numpy as np
import pytest

from bestfix.core.deadline import Deadline
from bestfix.validate.sandbox import Limits, mappings, run_apart, supervisor


def test_shared_memory_becomes_private(session, apart):
    before = session.state
    array = np.memmap(session.folder / "mapped.bin", dtype="u1", mode="r+")
    number, lock = multiprocessing.Value("i", 5), multiprocessing.Lock()

    def attack():
        session.anonymous[:4] = session.mapped[:4] = session.block.buf[:4] = b"evil"
        array[:] = 7
        array.flush()
        session.mapped.flush()
        number.value = 6
        lock.acquire()
        return bytes(session.mapped[:4]), int(array[5000]), number.value

    assert apart(attack).answer == rb"(b'evil', 7, 6)"
    assert session.state == before
    assert number.value == 5
    assert lock.acquire(block=False)
    assert array[0] == ord("m")


def test_a_block_cannot_be_opened_again_by_its_name(session, apart):
    before = session.state
    ended = apart(lambda: shared_memory.SharedMemory(session.block.name))
    assert ended.why.startswith("it raised PermissionError")
    assert session.state == before


def test_a_mapped_file_that_was_deleted_or_replaced_stays_as_it_is_seen(tmp_path, apart):
    path = tmp_path / "data"
    path.write_bytes(b"old" * 5000)
    with path.open("r+b") as file:
        mapped = mmap.mmap(file.fileno(), 0)
    path.rename(tmp_path / "elsewhere")
    path.write_bytes(b"new" * 5000)

    def work():
        mapped[:3] = b"xxx"
        return bytes(mapped[3:6])

    assert apart(work).answer == b"b'old'"
    (tmp_path / "elsewhere").unlink()
    assert apart(work).answer == b"b'old'"
    (tmp_path / "elsewhere (deleted)").write_bytes(b"new" * 5000)
    assert apart(work).answer == b"b'old'"
    assert mapped[:3] == b"old"


def test_what_only_looks_like_the_mapped_file_is_not_taken_for_it(tmp_path, monkeypatch, apart):
    """Where files are numbered differently (layered file systems), the kernel's own list decides."""
    path = tmp_path / "data"
    path.write_bytes(b"old" * 5000)
    with path.open("r+b") as file:
        mapped = mmap.mmap(file.fileno(), 0)
    real = os.fstat
    monkeypatch.setattr(mappings.os, "fstat", lambda fd: os.stat_result([0] * 10) if fd > 2 else real(fd))
    assert mapped[:3] == b"old"

    def work():
        mappings.make_private(mappings.own_maps())
        mapped[:3] = b"xxx"
        return bytes(mapped[:6])

    assert run_apart([work], Deadline.after(5), confined=False)[0].answer == b"xxxold"
    assert mapped[:3] == b"old"


def test_memory_of_a_device_or_too_much_of_it_is_refused(monkeypatch, apart):
    big = mmap.mmap(-1, 1 << 20)
    monkeypatch.setattr(mappings, "COPIED", 1 << 16)
    assert apart(lambda: 1).why.startswith("the session shares memory that cannot be copied: /dev/zero")
    big.close()
    [mapping] = mappings._shared(b"7f0000000000-7f0000001000 rw-s 00000000 00:06 1 /dev/nvidia0\n")
    assert not mappings._remapped(mapping)
    assert not mappings._copyable(mapping)


def test_system_v_memory(apart):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmat.restype = ctypes.c_void_p
    number = libc.shmget(0, 4096, 0o1600)
    place = libc.shmat(number, None, 0)
    libc.shmctl(number, 0, None)  # it goes with its last user
    ctypes.memmove(place, b"ours", 4)

    def attack():
        ctypes.memmove(place, b"evil", 4)
        return libc.shmat(number, None, 0) in {-1, 2**64 - 1}, ctypes.string_at(place, 4)

    assert apart(attack).answer == rb"(True, b'evil')"
    assert ctypes.string_at(place, 4) == b"ours"
    libc.shmdt(ctypes.c_void_p(place))


def test_fifty_gigabytes_are_not_given(apart):
    assert apart(lambda: bytearray(50 << 30)).why.startswith("it raised MemoryError")
    assert apart(lambda: np.ones(50 << 27)).why.startswith("it raised")


def test_memory_piece_by_piece(apart):
    def grow():
        kept = []
        while True:
            kept.append(bytearray(8 << 20))

    assert apart(grow, limits=Limits(memory=64 << 20)).why.startswith("it raised MemoryError")


def test_children_end_when_the_machine_runs_short(monkeypatch, apart):
    monkeypatch.setattr(supervisor.Memory, "short", property(lambda _: True))
    assert apart(lambda: time.sleep(60)).why == "the machine ran short of memory"


@pytest.mark.parametrize("way", ["print", "write", "c"])
def test_a_gigabyte_of_output(apart, way):
    def flood():
        chunk = "x" * (1 << 20)
        for _ in range(1 << 10):
            if way == "print":
                print(chunk)  # noqa: T201 - the attack
            elif way == "write":
                os.write(1, chunk.encode())
            else:
                ctypes.CDLL(None).write(2, chunk.encode(), len(chunk))
        return "done"

    ended = apart(flood, limits=Limits(output=1000))
    assert len(ended.output) <= 2000
    assert ended.answer == b"'done'"


def test_what_is_printed_comes_back(apart):
    def speak():
        print("out")  # noqa: T201 - it is caught
        os.system("true")
        os.write(2, b"err\n")
        return input("name? ")

    ended = apart(speak)
    assert ended.output == "out\nerr\nname? "
    assert ended.why.startswith("it raised EOFError")
