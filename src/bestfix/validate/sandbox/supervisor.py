"""Tasks in forked children of this process, side by side, watched, and ended in time whatever they do."""

from __future__ import annotations

import os
import select
import shutil
import signal
import sys
import tempfile
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bestfix.core.deadline import Deadline
from bestfix.validate.sandbox.child import Setting, live
from bestfix.validate.sandbox.limits import Limits
from bestfix.validate.sandbox.messages import Inbox

__all__ = ["Ended", "run_apart"]

GRACE = 0.02
"""Seconds that a killed child is waited for here before a thread waits for it instead."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a task in a child ended.

    Attributes:
        answer: what it returned; anything at all where the task ran code that means harm. `None` without an answer.
        why: why there is no answer, for the user; empty with one.
        output: the beginning of what it printed.
        seconds: how long it took.
    """

    answer: bytes | None
    why: str = ""
    output: str = ""
    seconds: float = 0.0


def run_apart(
    tasks: Sequence[Callable[[], bytes]],
    deadline: Deadline,
    limits: Limits = Limits(),  # noqa: B008 - it is frozen
    *,
    jobs: int | None = None,
    confined: bool = True,
) -> list[Ended]:
    """Run each task in a copy-on-write child of this process and return how each ended, in their order.

    A child sees everything that this process holds and changes nothing of it. At the deadline, children that still run
    are killed with all that they have started.

    Args:
        tasks: what to run; each returns its answer.
        deadline: when the answers are no longer wanted.
        limits: how much each child may use.
        jobs: how many children run side by side; as many as there are processors by default.
        confined: whether a child gives up its rights before the task begins; `False` is for code of our own.
    """
    jobs = jobs or len(os.sched_getaffinity(0))
    setting = Setting(limits, confined)
    ended: list[Ended | None] = [None] * len(tasks)
    waiting = deque(enumerate(tasks))
    running: list[_Child] = []
    try:
        while (waiting or running) and not deadline.passed:
            while waiting and len(running) < jobs and not deadline.passed:
                index, task = waiting.popleft()
                try:
                    running.append(_Child.started(index, task, setting))
                except OSError as error:
                    ended[index] = Ended(None, f"no process could be started: {error}")
            for child in _ready(running, deadline):
                child.read()
                if child.finished:
                    running.remove(child)
                    ended[child.index] = child.end()
    finally:
        for child in running:
            child.kill()
        for child in running:
            ended[child.index] = child.end(late=True)
    return [one or Ended(None, "there was no time left for it") for one in ended]


@dataclass(slots=True)
class _Child:
    """A child that runs."""

    index: int
    pid: int
    answer: Inbox
    output: Inbox
    folder: Path
    started_at: float = field(default_factory=time.monotonic)

    @classmethod
    def started(cls, index: int, task: Callable[[], bytes], setting: Setting) -> _Child:
        folder = Path(tempfile.mkdtemp(prefix="bestfix-"))
        answer, output = Inbox.opened(setting.limits.answer), Inbox.opened(setting.limits.output)
        try:
            pid = _forked()
        except OSError:
            for inbox in (answer, output):
                inbox.close()
            folder.rmdir()
            raise
        if pid == 0:
            live(task, setting, answer.writer, output.writer, folder)
        answer.only_read()
        output.only_read()
        return cls(index, pid, answer, output, folder)

    @property
    def finished(self) -> bool:
        return self.answer.complete or self.answer.ended

    def read(self) -> None:
        self.output.read()
        self.answer.read()

    def kill(self) -> None:
        """End the child and all that it has started: they cannot leave its process group."""
        for end in (os.killpg, os.kill):
            with suppress(ProcessLookupError, PermissionError):
                end(self.pid, signal.SIGKILL)

    def end(self, *, late: bool = False) -> Ended:
        """Return how the child ended, after ending it."""
        seconds = time.monotonic() - self.started_at
        if self.answer.ended and not self.answer.complete:
            status = _status(self.pid, GRACE)  # before killing: how it died by itself is worth knowing
            self.kill()
        else:
            self.kill()
            status = _status(self.pid, GRACE)
        self.output.read()
        answer, why = self.answer.message()
        if late:
            answer, why = None, "it did not end in time"
        elif answer is None and not why:
            why = _ending(status)
        result = Ended(answer, why, self.output.text, seconds)
        self.answer.close()
        self.output.close()
        if status is None:
            threading.Thread(target=self._bury, daemon=True).start()
        else:
            shutil.rmtree(self.folder, ignore_errors=True)
        return result

    def _bury(self) -> None:
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)
        shutil.rmtree(self.folder, ignore_errors=True)


def _forked() -> int:
    """Fork. The warning that other threads are lost in the child is answered by the deadline."""
    if sys.version_info >= (3, 12):
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=__name__.replace(".", r"\."))
    return os.fork()


def _ready(running: Sequence[_Child], deadline: Deadline) -> list[_Child]:
    """Wait for the first children that have something to read, or for the deadline."""
    poller = select.poll()
    owners: dict[int, _Child] = {}
    for child in running:
        for inbox in (child.answer, child.output):
            if not inbox.ended:
                poller.register(inbox.reader, select.POLLIN)
                owners[inbox.reader] = child
    ready = poller.poll(1000 * deadline.left + 1)
    return list({id(owners[fd]): owners[fd] for fd, _ in ready}.values())


def _status(pid: int, seconds: float) -> int | None:
    """Return the exit status of a child that is dying; `None` when it takes longer than `seconds`."""
    until = time.monotonic() + seconds
    pause = 0.0002
    while True:
        try:
            done, status = os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:  # something else in this process has waited for it
            return 0
        if done:
            return status
        if time.monotonic() > until:
            return None
        time.sleep(pause)
        pause = min(2 * pause, 0.005)


def _ending(status: int | None) -> str:
    if status is None:
        return "it closed its answer and went on"
    if os.WIFSIGNALED(status):
        return f"it was ended by {signal.Signals(os.WTERMSIG(status)).name}"
    return f"it left with status {os.waitstatus_to_exitcode(status)} and no answer"
