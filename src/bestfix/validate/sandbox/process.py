"""A child as its supervisor sees it: started, read from, ended, buried."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bestfix.validate.sandbox.child import Setting, live
from bestfix.validate.sandbox.ended import Ended
from bestfix.validate.sandbox.folder import remove
from bestfix.validate.sandbox.forking import BusyError, fork
from bestfix.validate.sandbox.messages import Inbox
from bestfix.validate.sandbox.watch import State, descendants, state

__all__ = ["Process"]

GRACE = 0.2
"""Seconds from the end of its answer's pipe to the end of a child, so that one that dies can say how."""
MANY = 1000
"""Processes that are ended one by one at most; the group that they are in ends with the outermost child."""


@dataclass(slots=True)
class Process:
    """A child that runs a task.

    Attributes:
        index: which task.
        pid: its process, which leads the group of all that it starts.
        answer: where its answer comes.
        output: where what it prints comes.
        folder: where alone it can write.
        state: what it did when it was last looked at.
    """

    index: int
    pid: int
    answer: Inbox
    output: Inbox
    folder: Path
    state: State = State()
    _status: int | None = None
    _mute: float = 0.0
    _began: float = field(default_factory=time.monotonic)

    @classmethod
    def started(cls, index: int, task: Callable[[], bytes], setting: Setting) -> Process:
        """Start a child.

        Raises:
            OSError: when there is no room for a process, a pipe or a folder.
            BusyError: when other threads of the session are computing.
        """
        folder = Path(tempfile.mkdtemp(prefix="bestfix-"))
        inboxes: list[Inbox] = []
        try:
            inboxes += [Inbox.opened(setting.limits.answer), Inbox.opened(2 * setting.limits.output)]
            pid = fork()
        except (OSError, BusyError):
            for inbox in inboxes:
                inbox.close()
            folder.rmdir()
            raise
        answer, output = inboxes
        if pid == 0:
            live(task, setting, answer.writer, output.writer, folder)
        answer.only_read()
        output.only_read()
        return cls(index, pid, answer, output, folder)

    @property
    def answered(self) -> bool:
        """Whether its whole answer is there."""
        return self.answer.complete

    @property
    def finished(self) -> bool:
        """Whether nothing more is to be expected of it: it has answered, or cannot any more and has had time to end."""
        if self.answer.complete or not self.answer.ended:
            return self.answer.complete
        self._mute = self._mute or time.monotonic()
        return _exited(self.pid) or time.monotonic() > self._mute + GRACE

    def read(self) -> None:
        """Take what it has sent."""
        self.output.read()
        self.answer.read()

    def look(self) -> None:
        """See what it does."""
        self.state = state(self.pid)

    def crowded(self, limit: int) -> bool:
        """Whether it has started more processes than it may."""
        return len(descendants(self.pid, limit)) > limit

    def kill(self) -> None:
        """End the child and all that it has started, which cannot leave its process group."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # a child of a child has no group of its own
            for pid in (*descendants(self.pid, MANY), self.pid):
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)

    def end(self, why: str = "") -> Ended:
        """Return how it ended, or that it was ended because of `why`."""
        seconds = time.monotonic() - self._began
        self.read()
        answer, refusal = (None, why) if why else self.answer.message()
        if answer is None and not refusal:
            by_itself = _exited(self.pid)
            self.kill()  # before it is waited for: until then its number is nobody else's
            refusal = _ending(self._status if by_itself and self._dead else None)
        self.answer.close()
        self.output.close()
        return Ended(answer, refusal, self.output.text, seconds)

    @property
    def gone(self) -> bool:
        """Whether neither its process nor its folder is left; asking sees to both, where that takes no time."""
        if not self._dead:
            return False
        with suppress(OSError):
            self.folder.rmdir()
        return not self.folder.exists()

    @property
    def _dead(self) -> bool:
        if self._status is None:
            self._status = _status(self.pid, os.WNOHANG)
        return self._status is not None

    def bury(self) -> None:
        """Wait for its process to go and remove its folder."""
        if self._status is None:
            self._status = _status(self.pid, 0)
        remove(self.folder)


def _status(pid: int, options: int) -> int | None:
    """Return the exit status of a process; `None` when it has none yet."""
    try:
        done, status = os.waitpid(pid, options)
    except ChildProcessError:  # something else in this process has waited for it
        return 0
    return status if done else None


def _exited(pid: int) -> bool:
    """Whether a process has ended, without waiting for it."""
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def _ending(status: int | None) -> str:
    if status is None:
        return "it closed its answer and went on"
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        known = {one.value: one.name for one in signal.Signals}  # not those for real time
        return f"it was ended by {known.get(number, f'signal {number}')}"
    return f"it left with status {os.waitstatus_to_exitcode(status)} and no answer"
