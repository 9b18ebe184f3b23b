"""Tasks in forked children of this process, side by side, watched, and ended in time whatever they do."""

from __future__ import annotations

import math
import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bestfix.core.deadline import Deadline
from bestfix.validate.sandbox import seccomp
from bestfix.validate.sandbox.capabilities import capabilities
from bestfix.validate.sandbox.child import Setting
from bestfix.validate.sandbox.ended import Ended
from bestfix.validate.sandbox.forking import BusyError
from bestfix.validate.sandbox.limits import Limits
from bestfix.validate.sandbox.process import Process
from bestfix.validate.sandbox.watch import Memory

__all__ = ["run_apart"]

TICK = 0.02
"""Seconds between two looks at what the children use."""
MOMENT = 0.001
"""Seconds between two looks at a child that is dying."""
PATIENCE = 30
"""Seconds on the clock that a child may take for each of its processor time, where no deadline is set."""
CROWD = 4
"""Children for each processor at most, when others sleep."""


def run_apart(  # noqa: PLR0913 - what bounds the children, each by its name
    tasks: Sequence[Callable[[], bytes]],
    deadline: Deadline,
    limits: Limits = Limits(),
    *,
    jobs: int | None = None,
    patience: float = math.inf,
    confined: bool = True,
) -> list[Ended]:
    """Run each task in a copy-on-write child of this process and return how each ended, in their order.

    A child sees everything that this process holds and changes nothing of it. At the deadline, children that still run
    are killed with all that they have started. A task may itself run others apart: restrictions only add up.

    Args:
        tasks: what to run; each returns its answer.
        deadline: when the answers are no longer wanted; where it is endless, children are bounded by their limits, and
            those that wait instead of computing by `PATIENCE`.
        limits: how much each child may use.
        jobs: how many children compute side by side; by default as many as there are processors, or as the variable
            `PYTHON_CPU_COUNT` says, by which Python 3.13 is told the same.
        patience: seconds that the others have, beyond the time that the first task took, once that has ended.
        confined: whether a child gives up its rights before the task begins; `False` is for code that is trusted.
    """
    able = capabilities()
    if confined and not able.full:
        return [Ended(None, able.missing[0])] * len(tasks)
    _warm()
    deadline = Deadline.after(PATIENCE * limits.cpu * len(tasks)) if deadline.endless else deadline
    crew = _Crew(Setting(limits, confined, able.landlock), jobs or _processors(), deadline, patience)
    return crew.run(tasks)


def _processors() -> int:
    stated = os.environ.get("PYTHON_CPU_COUNT", "")
    return int(stated) if stated.isdecimal() and int(stated) else len(os.sched_getaffinity(0))


@dataclass(slots=True)
class _Crew:
    """The children of one call; `price` is how long starting the last one took."""

    setting: Setting
    jobs: int
    deadline: Deadline
    patience: float = math.inf
    running: list[Process] = field(default_factory=list)
    dead: list[Process] = field(default_factory=list)
    ended: dict[int, Ended] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)
    price: float = 0.0

    def run(self, tasks: Sequence[Callable[[], bytes]]) -> list[Ended]:
        waiting = deque(enumerate(tasks))
        look = 0.0
        try:
            while (self.running or (waiting and self.deadline.left > self.price)) and not self.deadline.passed:
                while waiting and self._room and self.deadline.left > self.price:
                    self._start(*waiting.popleft())
                for process in _ready(self.running, min(self.deadline.left, TICK)):
                    process.read()
                self._collect([p for p in self.running if p.finished])
                if time.monotonic() >= look:
                    self._look()
                    look = time.monotonic() + TICK
        finally:
            self._collect(list(self.running), why="it did not end in time")
            self._bury()
        return [self.ended.get(index, Ended(None, "there was no time left for it")) for index in range(len(tasks))]

    @property
    def _room(self) -> bool:
        awake = sum(not process.state.asleep for process in self.running)
        return awake < self.jobs and len(self.running) < CROWD * self.jobs

    def _start(self, index: int, task: Callable[[], bytes]) -> None:
        began = time.monotonic()
        try:
            self.running.append(Process.started(index, task, self.setting))
        except OSError as error:
            self.ended[index] = Ended(None, f"no process could be started: {error}")
        except BusyError as error:
            self.ended[index] = Ended(None, str(error))
        self.price = time.monotonic() - began

    def _look(self) -> None:
        """End the children that use more than they may."""
        if self.running and self.memory.short:
            self._collect(list(self.running), why="the machine ran short of memory")
        for process in self.running:
            process.look()
        self.dead = [process for process in self.dead if not process.gone]
        stuck = [process for process in self.running if process.state.stuck]
        self._collect(stuck, why="it waits for a thread that a copy of the session does not have")
        crowded = [p for p in self.running if p.crowded(self.setting.limits.processes)]
        self._collect(crowded, why=f"it started more than {self.setting.limits.processes} processes")

    def _collect(self, processes: Sequence[Process], why: str = "") -> None:
        """End children, together, and keep how they ended."""
        for process in processes:
            if why or process.answered:
                process.kill()
        for process in processes:
            self.ended[process.index] = ended = process.end(why)
            if process.index == 0:
                self.deadline = self.deadline.within(ended.seconds + self.patience)
            self.running.remove(process)
            self.dead.append(process)

    def _bury(self) -> None:
        """Leave neither a zombie nor a folder; a thread sees to what takes time."""
        late = [process for process in self.dead if not process.gone]
        if late:
            threading.Thread(target=_bury, args=(late,), name="bestfix-bury").start()


def _bury(processes: Sequence[Process]) -> None:
    for process in processes:
        process.bury()


def _warm() -> None:
    """Do here, once, what every child would do again."""
    import fcntl  # noqa: F401 - children use it, and inherit it loaded
    import resource  # noqa: F401 - children use it, and inherit it loaded

    if seccomp.available():
        seccomp.filter_program()


def _ready(running: Sequence[Process], seconds: float) -> list[Process]:
    """Return the children that have something to be read, waiting for the first one."""
    if any(process.answer.ended for process in running):
        seconds = min(seconds, MOMENT)
    poller = select.poll()
    owners: dict[int, Process] = {}
    for process in running:
        for inbox in (process.answer, process.output):
            if not inbox.ended:
                poller.register(inbox.reader, select.POLLIN)
                owners[inbox.reader] = process
    ready = poller.poll(1000 * seconds + 1)
    return list({owners[fd].index: owners[fd] for fd, _ in ready}.values())
