"""Children side by side, their answers, and what is left of them."""

import _thread
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from bestfix.core.deadline import Deadline
from bestfix.validate.sandbox import Ended, Limits, capabilities, landlock, run_apart


def test_answers_come_in_the_order_of_the_tasks():
    tasks = [lambda k=k: (time.sleep(0.02 * (5 - k)), b"%d" % k)[1] for k in range(5)]
    assert [one.answer for one in run_apart(tasks, Deadline.after(10), jobs=3)] == [b"0", b"1", b"2", b"3", b"4"]


def test_no_tasks():
    assert run_apart([], Deadline.after(1)) == []


def test_sleepers_make_room():
    started = time.monotonic()
    run_apart([lambda: (time.sleep(0.5), b"")[1]] * 4, Deadline.after(10), jobs=1)
    assert time.monotonic() - started < 1.5


def test_what_is_not_reached_says_so():
    ended = run_apart([lambda: time.sleep(9)] * 9, Deadline.after(0.1), jobs=1)
    assert {one.why for one in ended} == {"it did not end in time", "there was no time left for it"}
    assert run_apart([lambda: b""], Deadline(0.0)) == [Ended(None, "there was no time left for it")]


def test_the_first_says_how_long_the_others_may_take():
    tasks = [lambda: b"first", lambda: time.sleep(30), lambda: b"late"]
    first, slow, late = run_apart(tasks, Deadline.after(60), jobs=2, patience=1)
    assert (first.answer, late.answer) == (b"first", b"late")
    assert slow == Ended(None, "it did not end in time", "", slow.seconds)


def garbage(data):
    """Write to every descriptor there is, and go."""
    for fd in range(3, 64):
        try:
            os.write(fd, data)
        except OSError:
            continue
    os._exit(0)


@pytest.mark.parametrize(
    "data", [b"", b"A", b"A\xff\xff\xff\xff", b"A\xff\xff\xff\xffshort", b"\0" * 50, b"Z" * 10_000, b"F\xff\0\0\0x"]
)
def test_an_answer_that_is_none(data):
    [ended] = run_apart([lambda: garbage(data)], Deadline.after(5))
    assert ended.answer is None
    assert ended.why


def test_who_cannot_answer_any_more_is_not_waited_for():
    def mute():
        os.closerange(3, 100)
        time.sleep(60)

    started = time.monotonic()
    ended = run_apart([mute, lambda: b"x"], Deadline.after(30), jobs=1)
    assert [one.why for one in ended] == ["it closed its answer and went on", ""]
    assert time.monotonic() - started < 10


def test_a_long_answer_is_not_taken():
    ended = run_apart([lambda: bytes(1000), lambda: bytes(1001)], Deadline.after(5), Limits(answer=1000))
    assert ended[0].answer == bytes(1000)
    assert ended[1].why == "its answer of 1001 bytes is too long"


def test_an_answer_followed_by_noise():
    def noisy():
        def noise():
            while True:
                garbage_to_all()

        threading.Thread(target=noise, daemon=True).start()
        time.sleep(0.05)
        return b"answer"

    def garbage_to_all():
        for fd in range(3, 64):
            try:
                os.write(fd, b"noise")
            except OSError:
                continue

    [ended] = run_apart([noisy], Deadline.after(5))
    assert ended.answer is None or b"answer" in ended.answer


def test_a_process_that_cannot_be_started(monkeypatch):
    def full():
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", full)
    before = os.listdir("/proc/self/fd")
    [ended] = run_apart([lambda: b""], Deadline.after(5))
    assert ended.why.startswith("no process could be started")
    assert os.listdir("/proc/self/fd") == before


def test_without_landlock_nothing_runs(monkeypatch):
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    assert not capabilities().full
    [ended] = run_apart([lambda: os._exit(1)], Deadline.after(5))
    assert "Landlock" in ended.why


def test_a_task_that_is_trusted_may_write(tmp_path):
    [ended] = run_apart([lambda: b"%d" % (tmp_path / "new").write_text("x")], Deadline.after(5), confined=False)
    assert ended.answer == b"1"
    assert (tmp_path / "new").exists()


def zombies():
    """Return the dead children of this process that nothing has waited for."""
    children = Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split()
    return [child for child in children if ") Z " in Path(f"/proc/{child}/stat").read_text()]


def test_nothing_is_left_of_children():
    before = (sorted(os.listdir("/proc/self/fd")), threading.active_count())
    for _ in range(4):
        tasks = [lambda: b"x", lambda: os._exit(1), lambda: 1 / 0, lambda: os.abort(), lambda: b"y"] * 8
        run_apart(tasks, Deadline.after(60))
    until = time.monotonic() + 5
    while threading.active_count() > before[1] and time.monotonic() < until:
        time.sleep(0.01)
    assert sorted(os.listdir("/proc/self/fd")) == before[0]
    assert threading.active_count() <= before[1]
    assert not zombies()


def test_an_interrupt_of_the_session_ends_the_children():
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Timer(0.3, _thread.interrupt_main).start()
    try:
        with pytest.raises(KeyboardInterrupt):
            run_apart([lambda: time.sleep(60)] * 2, Deadline.after(20))
    finally:
        signal.signal(signal.SIGINT, handler)
    time.sleep(0.1)
    assert not zombies()


def test_a_session_that_ends_at_once_leaves_no_folder(tmp_path):
    script = (
        "from bestfix.core.deadline import Deadline\nfrom bestfix.validate.sandbox import run_apart\n"
        "def loop():\n    while True:\n        pass\n"
        "run_apart([loop] * 2, Deadline.after(0.3))\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env={**os.environ, "TMPDIR": str(tmp_path)})
    assert not list(tmp_path.iterdir())


def test_from_any_thread_and_several_at_once():
    found = {}

    def work(number):
        [found[number]] = run_apart([lambda: b"%d" % number], Deadline.after(30))

    threads = [threading.Thread(target=work, args=(number,), name=f"bestfix-{number}") for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(found[number].answer, found[number].why) for number in range(4)] == [(b"%d" % n, "") for n in range(4)]


def test_as_many_children_compute_side_by_side_as_the_variable_says(monkeypatch):
    monkeypatch.setenv("PYTHON_CPU_COUNT", "1")

    def busy():
        began = time.monotonic()
        while time.process_time() < 0.05:
            pass
        return f"{began} {time.monotonic()}".encode()

    ended = run_apart([busy, busy], Deadline.after(60))
    (_, first), (second, _) = (map(float, one.answer.split()) for one in ended)
    assert first <= second
