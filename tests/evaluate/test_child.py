"""Bounded children."""

import os
import signal
import time
from pathlib import Path

import pytest

from bestfix.evaluate.child import ChildError, in_child


def test_the_result_comes_back_and_nothing_else_does():
    seen = []

    def work():
        seen.append(1)
        os.chdir("/")
        return {"answer": 42}

    here = Path.cwd()
    assert in_child(work, seconds=5) == {"answer": 42}
    assert not seen
    assert Path.cwd() == here


def test_what_takes_too_long_is_killed():
    started = time.monotonic()
    with pytest.raises(ChildError, match="did not end in time"):
        in_child(lambda: time.sleep(30), seconds=0.2)
    assert time.monotonic() - started < 5


def test_an_exception_has_its_name():
    def work():
        raise SystemExit("no")

    with pytest.raises(ChildError, match="SystemExit: no"):
        in_child(work, seconds=5)


def test_a_death_is_told():
    with pytest.raises(ChildError, match="no answer"):
        in_child(lambda: os._exit(3), seconds=5)
    with pytest.raises(ChildError, match="SIGKILL"):
        in_child(lambda: os.kill(os.getpid(), signal.SIGKILL), seconds=5)


def test_memory_is_bounded():
    with pytest.raises(ChildError, match="MemoryError"):
        in_child(lambda: bytearray(4 << 30), seconds=5, memory=2 << 30)
