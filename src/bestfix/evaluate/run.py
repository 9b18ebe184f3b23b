"""Every case in a bounded child: workers forked from this warmed process, one killed at a time costs one case."""

from __future__ import annotations

import gc
import importlib
import os
import re
import signal
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, Pipe, wait

from bestfix.config import Settings
from bestfix.core import Language
from bestfix.evaluate.cases import Case
from bestfix.evaluate.child import ChildError, in_child, limit_memory
from bestfix.evaluate.judge import Result, judged
from bestfix.evaluate.sql import database_servers
from bestfix.generate.base import load_repairs
from bestfix.rank.selectors import load_selector

__all__ = ["run_cases"]

BATCH = 50
"""Cases that one worker takes, so that what leaks between syntax cases stays bounded."""
CASE_SECONDS = 180.0
"""How long a case may take, the trials of all its candidates together."""
_HEAVY = ("numpy", "scipy", "matplotlib", "pandas", "seaborn", "sklearn", "statsmodels", "polars")
_IMPORT = re.compile(r"^\s*(?:import|from)\s+([\w.]+)", re.MULTILINE)


@dataclass(slots=True)
class _Worker:
    """A child that works through a batch of cases and reports each start and each result."""

    pid: int
    reader: Connection
    todo: deque[Case]
    deadline: float
    ended: bool = False

    def result(self) -> Result:
        """Return the result that is ready to be read; that the case is lost when the worker has died."""
        try:
            result: Result = self.reader.recv()
        except (EOFError, OSError):
            return self._lost("its process died")
        self.todo.popleft()
        self.deadline = time.monotonic() + CASE_SECONDS
        if not self.todo:
            self._end()
        return result

    def overdue(self) -> Result | None:
        """Return that the case is lost, and end the worker, when it has had its time."""
        return self._lost(f"it took longer than {CASE_SECONDS:g} s") if time.monotonic() >= self.deadline else None

    def _lost(self, note: str) -> Result:
        self._end()
        return Result.failed(self.todo.popleft(), note)

    def _end(self) -> None:
        """End the worker and everything that it has started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.reader.close()
        self.ended = True


def run_cases(
    cases: Sequence[Case],
    selectors: Sequence[str],
    *,
    jobs: int = 1,
    settings: Settings | None = None,
    done: Callable[[Result], None] = lambda _: None,
) -> list[Result]:
    """Return the result of every case, in their order; `done` is told of each as it comes.

    A case that takes too long, crashes or eats memory has a result that says so, and costs no other case anything.

    Raises:
        ModelError: when a selector cannot be loaded.
    """
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    os.environ["MPLBACKEND"] = "Agg"
    for language in Language:
        load_repairs(language)
    for name in selectors:
        load_selector(name)
    settings = settings or Settings()
    if settings.asks_model:
        _load_client(settings)
    gc.freeze()
    judge = partial(judged, selectors=tuple(selectors), settings=settings)
    results: dict[str, Result] = {}
    with database_servers(cases), tempfile.TemporaryDirectory(prefix="bestfix-eval-") as folder:
        for result in _supervised(deque(_batches(cases)), jobs, judge, folder):
            results[result.id] = result
            done(result)
    return [results[case.id] for case in cases]


def _load_client(settings: Settings) -> None:
    """Import here, once, what every case would import to ask a model."""
    library = ("anthropic",) if settings.llm.provider == "anthropic" else ("openai", "openai.resources.chat")
    wanted = (*library, "anyio._backends._asyncio", "bestfix.generate.llm.pool") if settings.network else ()
    for name in ("bestfix.consult", *wanted):
        with suppress(ImportError):
            importlib.import_module(name)


def _batches(cases: Sequence[Case]) -> Iterator[deque[Case]]:
    """Yield batches of cases that need the same heavy modules, the slowest first."""
    groups: dict[tuple[str, ...], list[Case]] = {}
    for case in cases:
        groups.setdefault(_heavy_imports(case.setup), []).append(case)
    for _, group in sorted(groups.items(), key=lambda item: -len(item[0])):
        for start in range(0, len(group), BATCH):
            yield deque(group[start : start + BATCH])


def _heavy_imports(setup: str) -> tuple[str, ...]:
    tops = {name.partition(".")[0] for name in _IMPORT.findall(setup)}
    return tuple(name for name in _HEAVY if name in tops)


def _supervised(
    batches: deque[deque[Case]], jobs: int, judge: Callable[[Case], Result], folder: str
) -> Iterator[Result]:
    """Keep `jobs` workers busy and yield their results; replace a worker that dies or hangs."""
    workers: list[_Worker] = []
    while batches or workers:
        while batches and len(workers) < jobs:
            workers.append(_started(batches.popleft(), judge, folder))
        soonest = max(0.0, min(w.deadline for w in workers) - time.monotonic())
        ready = wait([w.reader for w in workers], soonest)
        for worker in list(workers):
            result = worker.result() if worker.reader in ready else worker.overdue()
            if result is not None:
                yield result
            if worker.ended:
                workers.remove(worker)
                if worker.todo:
                    batches.appendleft(worker.todo)


def _started(batch: deque[Case], judge: Callable[[Case], Result], folder: str) -> _Worker:
    reader, writer = Pipe(duplex=False)
    pid = os.fork()
    if pid == 0:
        try:
            os.setsid()
            reader.close()
            tempfile.tempdir = folder
            _work(batch, judge, writer)
        finally:
            os._exit(0)
    writer.close()
    return _Worker(pid, reader, batch, time.monotonic() + CASE_SECONDS)


def _work(batch: deque[Case], judge: Callable[[Case], Result], writer: Connection) -> None:
    for name in _heavy_imports(batch[0].setup):
        with suppress(ImportError):
            importlib.import_module(name)
    for case in batch:
        if not case.text_only:
            try:
                result = in_child(partial(judge, case), seconds=CASE_SECONDS)
            except ChildError as error:
                result = Result.failed(case, str(error))
        else:
            limit_memory()
            result = judge(case)
        writer.send(result)
