"""How Python cases fail, and how what runs is checked: a live session, forked for every candidate."""

from __future__ import annotations

import builtins
import linecache
import math
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, TracebackType
from typing import Any

from bestfix.api import fix
from bestfix.capture.namespace import LiveContext
from bestfix.config import Settings
from bestfix.core import Cell, Decision, ErrorInfo, Language, Report, Source
from bestfix.engine import QuickFix
from bestfix.evaluate.cases import Case
from bestfix.evaluate.child import ChildError, in_child
from bestfix.lang.python import compiles, masked
from bestfix.lang.python.quiet import quietly

__all__ = ["Attempt", "PythonSession"]

CELL, SETUP = "<cell>", "<setup>"
SECONDS = 10.0
"""How long a failing cell, or a candidate with its test, may run."""
UNHURRIED = 120.0
"""How long a failing cell and its fix may take when the work is counted in steps."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a failure led to.

    Attributes:
        decision: what the engine decided.
        reproduced: whether the case failed here as it was recorded.
        note: how it failed here, where that differs.
    """

    decision: Decision
    reproduced: bool = True
    note: str = ""


@dataclass
class PythonSession:
    """A Python session in which a case fails and its candidates are tried; it lives in a child of its own."""

    case: Case
    settings: Settings
    namespace: dict[str, Any] = field(default_factory=lambda: {"__name__": "__main__", "__builtins__": builtins})

    @classmethod
    @contextmanager
    def opened(cls, case: Case, settings: Settings) -> Iterator[PythonSession]:
        """Open the session in a copy of the case's folder and run the code before the failing cell."""
        session = cls(case, settings)
        with _copy_of(case.folder):
            if case.setup:
                session._run(SETUP, case.setup)
            yield session

    def attempt(self) -> Attempt:
        """Let the case fail and return what the engine makes of it."""
        if not self.case.runs:
            return self._at_compile_time()
        return in_child(self._at_run_time, seconds=SECONDS if math.isfinite(self.settings.deadline) else UNHURRIED)

    def before_trials(self) -> None:
        """Run what only the test needs."""
        if setup := self.case.record["check"].get("test_setup"):
            self._run("<test setup>", setup)

    def passes(self, method: str, text: str) -> bool:
        """Whether a candidate runs and, for `tests`, passes the case's test."""
        test = self.case.record["check"].get("test", "") if method == "tests" else ""

        def trial() -> bool:
            with _copy_of(Path.cwd()):
                self._run(CELL, text)
                if test:
                    self._run("<test>", test)
            return True

        try:
            return in_child(trial, seconds=SECONDS)
        except ChildError:
            return False

    def _at_compile_time(self) -> Attempt:
        if compiles(self.case.code) is None:
            return Attempt(self._from_record(), reproduced=False, note="the code compiles here")
        return Attempt(self._fix(None))

    def _at_run_time(self) -> Attempt:
        with _copy_of(Path.cwd()):
            error = self._failure()
            if error is None:
                return Attempt(self._from_record(), reproduced=False, note="the code runs here")
            decision = self._fix(error)
        if not self.case.error or self.case.error in {c.__name__ for c in type(error).__mro__}:
            return Attempt(decision)
        return Attempt(decision, reproduced=False, note=f"here it raises {type(error).__name__}")

    def _fix(self, error: BaseException | None) -> Decision:
        return fix(
            self.case.code,
            error=error,
            namespace=self.namespace,
            name=CELL,
            sources={SETUP: Source(SETUP, self.case.setup)} if self.case.setup else {},
            cells=self._cells(),
            settings=self.settings,
        )

    def _failure(self) -> BaseException | None:
        try:
            self._run(CELL, self.case.code)
        except BaseException as error:  # noqa: BLE001 - the failing code may raise anything
            return error.with_traceback(_from_cell(error.__traceback__))
        return None

    def _from_record(self) -> Decision:
        """Return the decision for the error as it was recorded, without a session."""
        recorded = self.case.record["error"]
        kind = getattr(builtins, self.case.error, Exception)
        info = ErrorInfo(
            type=self.case.error or "Exception",
            message=str(recorded.get("message", "")),
            bases=tuple(c.__name__ for c in kind.__mro__[1:]),
            lineno=recorded.get("lineno"),
            details={"name": recorded["name"]} if recorded.get("name") else {},
            traceback=str(recorded.get("traceback", "")),
        )
        report = Report(Language.PYTHON, Source(CELL, self.case.code), info)
        return QuickFix(self.settings).fix(report, LiveContext.of(self.namespace, notebook=self._cells()))

    def _cells(self) -> tuple[Cell, ...]:
        before = (Cell("setup", self.case.setup, ran=True),) if self.case.setup else ()
        return before + self.case.cells

    def _run(self, name: str, text: str) -> None:
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        exec(_compiled(name, text), self.namespace)  # noqa: S102 - running the case is the purpose


def _from_cell(tb: TracebackType | None) -> TracebackType | None:
    """Return the part of a traceback that starts in the cell."""
    while tb is not None and tb.tb_frame.f_code.co_filename != CELL:
        tb = tb.tb_next
    return tb


def _compiled(name: str, text: str) -> CodeType:
    plain = masked(text)
    return quietly(lambda same: compile(plain, same, "exec", dont_inherit=True), name)


@contextmanager
def _copy_of(original: Path | None) -> Iterator[None]:
    """Work in a temporary folder that holds a copy of `original`."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        if original is not None:
            shutil.copytree(original, name, dirs_exist_ok=True)
        os.chdir(name)
        try:
            yield
        finally:
            os.chdir(here)
