"""What code in a child tries with processes: the session's, and its own."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from bestfix.core.deadline import Deadline
from bestfix.validate.sandbox import Limits, landlock, run_apart


def waits(condition, seconds=5.0):
    """Whether a condition comes true."""
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)
    return condition()


def named(mark):
    """Return the processes that carry a mark in their name."""
    found = []
    for path in Path("/proc").glob("[0-9]*/comm"):
        try:
            if path.read_text().strip() == mark:
                found.append(path.parent.name)
        except OSError:
            continue
    return found


def rename(mark):
    ctypes.CDLL(None).prctl(15, mark.encode(), 0, 0, 0)


@pytest.mark.parametrize("abi", [5, None])
def test_nobody_outside_is_signalled(session, apart, monkeypatch, abi):
    if abi is not None:
        monkeypatch.setattr(landlock, "abi", lambda: abi)
    before, parent = session.state, os.getpid()
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    libc = ctypes.CDLL(None, use_errno=True)

    def sent(function, *arguments):
        if function(*arguments) == -1:
            raise OSError(ctypes.get_errno(), "refused")

    attacks = {
        "kill the session": lambda: os.kill(parent, signal.SIGKILL),
        "interrupt the session": lambda: os.kill(parent, signal.SIGINT),
        "look for the session": lambda: os.kill(parent, 0),
        "kill its group": lambda: os.killpg(os.getpgid(parent), signal.SIGKILL),
        "kill another": lambda: os.kill(other.pid, signal.SIGKILL),
        "kill everybody": lambda: os.kill(-1, signal.SIGKILL),
        "kill a thread": lambda: sent(
            libc.syscall, 234 if sys.maxsize and os.uname().machine == "x86_64" else 131, parent, parent, 9
        ),
        "through a descriptor": lambda: signal.pidfd_send_signal(os.pidfd_open(parent), signal.SIGKILL),
        "queue": lambda: sent(libc.sigqueue, parent, 9, 0),
        "own a file's signals": lambda: own_signals(parent),
        "slow it down": lambda: os.setpriority(os.PRIO_PROCESS, parent, 19),
        "bind it": lambda: os.sched_setaffinity(parent, {0}),
        "limit it": lambda: limit(parent),
        "trace it": lambda: sent(libc.ptrace, 16, parent, 0, 0),
        "its memory": lambda: os.open(f"/proc/{parent}/mem", os.O_RDWR),
        "read its memory": lambda: os.open(f"/proc/{parent}/mem", os.O_RDONLY),
        "be the one to go": lambda: Path(f"/proc/{parent}/oom_score_adj").write_text("1000"),
    }

    def attack():
        answers = {}
        for name, one in attacks.items():
            try:
                one()
            except OSError as error:
                answers[name] = error.errno
            else:
                answers[name] = "POSSIBLE"
        return answers

    ended = apart(attack)
    if abi == 5:
        assert ended.answer is not None, ended.why
    if ended.answer is not None:
        assert "POSSIBLE" not in ended.answer.decode().replace("'kill everybody': 'POSSIBLE'", "")
    assert other.poll() is None
    other.kill()
    other.wait()
    assert session.state == before


def own_signals(parent):
    import fcntl

    reader, writer = os.pipe()
    fcntl.fcntl(reader, fcntl.F_SETOWN, parent)
    fcntl.fcntl(reader, fcntl.F_SETFL, os.O_ASYNC)
    os.write(writer, b"x")


def limit(parent):
    import resource

    resource.prlimit(parent, resource.RLIMIT_NOFILE, (3, 3))


def test_no_shell(session, apart):
    before = session.state

    def attack():
        answers = []
        for command in (["/bin/sh", "-c", "echo"], [sys.executable, "-c", "1"]):
            try:
                subprocess.run(command, check=False)
            except OSError as error:
                answers.append(type(error).__name__)
            else:
                answers.append("POSSIBLE")
        answers.append(os.system("touch /tmp/bestfix-was-here"))  # 127: there is no shell
        return answers

    answer = apart(attack).answer.decode()
    assert "POSSIBLE" not in answer
    assert ", 0]" not in answer
    assert not Path("/tmp/bestfix-was-here").exists()
    assert session.state == before


def test_a_fork_bomb_ends(apart):
    def bomb():
        rename("bestfix-bomb")
        while True:
            try:
                os.fork()
            except OSError:
                time.sleep(0.001)

    started = time.monotonic()
    ended = apart(bomb, 3.0, Limits(processes=8))
    assert ended.answer is None
    assert ended.why == "it started more than 8 processes"
    assert time.monotonic() - started < 3
    assert waits(lambda: not named("bestfix-bomb"))


def test_what_was_started_ends_with_the_task(apart):
    def leave_behind():
        if os.fork() == 0:
            if os.fork() == 0:
                rename("bestfix-left")
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                time.sleep(60)
            os._exit(0)
        threading.Thread(target=time.sleep, args=(60,)).start()
        time.sleep(0.05)
        return "left"

    assert apart(leave_behind).answer == b"'left'"
    assert waits(lambda: not named("bestfix-left"))


def test_a_session_or_group_of_its_own_is_no_way_out(apart):
    def flee():
        ways = (os.setsid, os.setpgrp, lambda: os.setpgid(0, 0), lambda: os.setpgid(0, os.getppid()))
        return [refused(way) for way in ways]

    def refused(way):
        try:
            way()
        except OSError:
            return True
        return False

    assert apart(flee).answer == b"[True, True, True, True]"


def test_sleeping_for_ever_ends_at_the_deadline(apart):
    started = time.monotonic()
    assert apart(lambda: time.sleep(1e6), 0.2).why == "it did not end in time"
    assert time.monotonic() - started < 2


def test_a_task_that_refuses_to_end_is_ended(apart):
    def stubborn():
        for number in range(1, 32):
            if number not in {signal.SIGKILL, signal.SIGSTOP}:
                signal.signal(number, signal.SIG_IGN)
        while True:
            pass

    assert apart(stubborn, 0.2).why == "it did not end in time"


def test_stopping_oneself_is_no_way_to_stay(apart):
    assert apart(lambda: os.kill(os.getpid(), signal.SIGSTOP), 0.5).why == "it did not end in time"


def test_leaving_early_is_no_answer(session, apart):
    before = session.state
    assert apart(lambda: os._exit(0)).why == "it left with status 0 and no answer"
    assert apart(lambda: os.abort()).why.startswith("it was ended by SIG")
    assert apart(lambda: ctypes.string_at(0)).why == "it was ended by SIGSEGV"
    assert apart(lambda: os.kill(os.getpid(), 40)).why == "it was ended by signal 40"
    assert apart(lambda: sys.exit(3)).why == "it raised SystemExit: 3"
    assert session.state == before


def test_the_objects_of_the_session_stay(session, apart):
    before = session.state

    def change():
        session.known["numbers"].append(4)
        session.known.clear()
        os.environ["BESTFIX_CHILD"] = "1"
        os.chdir("/")
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.umask(0)
        return len(session.known)

    assert apart(change).answer == b"0"
    assert session.state == before


def test_a_child_dies_with_the_session():
    script = (
        "import os, sys, time, ctypes\nfrom bestfix.core.deadline import Deadline\n"
        "from bestfix.validate.sandbox import run_apart\n"
        "def task():\n    ctypes.CDLL(None).prctl(15, b'bestfix-orphan', 0, 0, 0)\n    time.sleep(60)\n"
        "run_apart([task], Deadline.after(60))"
    )
    session = subprocess.Popen([sys.executable, "-c", script])
    assert waits(lambda: named("bestfix-orphan"), 20)
    session.kill()
    session.wait()
    assert waits(lambda: not named("bestfix-orphan"))


def test_tasks_inside_tasks():
    def inner(text):
        print("inner")  # noqa: T201 - it is caught
        return text.encode()

    def outer():
        ended = run_apart([lambda: inner("a"), lambda: inner("b"), lambda: time.sleep(60)], Deadline.after(2))
        return repr([(one.answer, one.output, one.why) for one in ended]).encode()

    [ended] = run_apart([outer], Deadline.after(20))
    assert eval(ended.answer) == [(b"a", "inner\n", ""), (b"b", "inner\n", ""), (None, "", "it did not end in time")]


def test_what_an_inner_task_started_ends_with_it():
    def inner():
        if os.fork() == 0:
            rename("bestfix-inner")
        time.sleep(60)
        return b""

    def outer():
        run_apart([inner], Deadline.after(1))
        return b"%d" % waits(lambda: all(map(dead, named("bestfix-inner"))))

    assert run_apart([outer], Deadline.after(20))[0].answer == b"1"


def dead(pid):
    """Whether a process has ended, waited for or not."""
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True
