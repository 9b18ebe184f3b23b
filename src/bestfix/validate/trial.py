"""What happens in the child: a changed program runs on a copy of the session, and what it met is written down."""

from __future__ import annotations

import ast
import asyncio
import json
import linecache
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from types import CodeType
from typing import Any

from bestfix.capture import LiveContext, Origins, failing_frame, leading, report_exception
from bestfix.core import Candidate, Cell, Context, ErrorInfo, Report, Source
from bestfix.core.document import encoded
from bestfix.lang.python.scope import bound_names
from bestfix.validate.quiet import Stop, hush
from bestfix.validate.recode import only_bodies_differ, qualified_names, recode
from bestfix.validate.steps import Plan, Program

__all__ = ["Change", "Live", "Ran", "Then", "Trial"]


@dataclass(frozen=True)
class Live:
    """What of a session a trial needs.

    Attributes:
        space: the globals that the failing source ran in.
        sources: the user's texts by the file name they were compiled under.
        shell: the `InteractiveShell`, when there is one.
        cells: the other cells of the notebook.
    """

    space: dict[str, Any]
    sources: Mapping[str, Source] = field(default_factory=dict)
    shell: Any = None
    cells: Sequence[Cell] = ()


@dataclass(frozen=True)
class Change:
    """A source before and after an edit, and what of it is to run.

    Attributes:
        before: as it ran.
        after: as it is to run; the same one where nothing was changed.
        plan: which of its statements run.
        space: the globals that it runs in.
    """

    before: Program
    after: Program
    plan: Plan
    space: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ran:
    """How a trial ended.

    Attributes:
        error: what the program raised; `None` when it ran to its end or was stopped.
        step: the index of the statement of the failing source that was running last; -1 before its first.
        stopped: why the program could not be followed further.
        value: kind and shape of the last expression's value.
        onward: the candidates for that error, found in the state that it left.
    """

    error: ErrorInfo | None = None
    step: int = 0
    stopped: str = ""
    value: str = ""
    onward: tuple[Candidate, ...] = ()


Then = Callable[[Report, Context], Sequence[Candidate]]
"""Finds candidates, still in the child, for the error that a program met."""


@dataclass(frozen=True)
class Trial:
    """A task of a confined child.

    Attributes:
        live: the session.
        changes: the sources to run, the failing one last.
        then: what finds candidates in the state that an error leaves.
    """

    live: Live
    changes: tuple[Change, ...]
    then: Then | None = None

    def __call__(self) -> bytes:
        """Run and return, as JSON, a `Ran`."""
        hush(self.live.shell)
        *others, failing = self.changes
        for other in others:
            ran = self._run(other)
            if ran.error is not None or ran.stopped:
                ran = replace(ran, step=-1)
                break
        else:
            ran = self._run(failing)
        return json.dumps(encoded(ran), default=str).encode("utf-8", "backslashreplace")

    def _run(self, change: Change) -> Ran:
        """Run the statements of one source."""
        step = 0
        value: object = None
        try:
            done = self._prepare(change)
            for step in _steps(change, done):
                value = _executed(change.after, step, change.space, self._flags(change.after))
        except Stop as stop:
            return Ran(step=step, stopped=str(stop))
        except SystemExit as error:
            if error.code not in {None, 0}:
                return self._met(change, step, error)
        except BaseException as error:  # noqa: BLE001 - the user's code may raise anything
            return self._met(change, step, error)
        return Ran(step=step, value=described(value))

    def _flags(self, program: Program) -> int:
        session = getattr(getattr(self.live.shell, "compile", None), "flags", 0)
        return program.flags | session | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT

    def _prepare(self, change: Change) -> set[str]:
        """Let what the source has defined already be as its new text defines it; return the functions that now are."""
        source, text = change.after.source, change.after.tree.text
        linecache.cache[source.name] = (len(text), None, text.splitlines(keepends=True), source.name)
        for name in bound_names(change.before.source.text) - bound_names(change.after.source.text):
            change.space.pop(name, None)
        origins = Origins(change.before.source, self.live.sources)

        def is_old(code: CodeType) -> bool:
            found = origins.of_code(code)
            return found is not None and found.name == source.name

        code = compile(change.after.tree.root, source.name, "exec", self._flags(change.after), dont_inherit=True)
        return recode(change.space, code, is_old)

    def _met(self, change: Change, step: int, error: BaseException) -> Ran:
        """Return what is known of an error that the program met."""
        changed = {c.after.source.name: c.after.source for c in self.changes}
        origins = Origins(change.after.source, ChainMap(changed, self.live.sources))  # type: ignore[arg-type]  # a ChainMap only reads its second map
        report = report_exception(error, origins.failing, sources=origins.sources)
        if self.then is None:
            return Ran(report.error, step)
        part, frame = leading(error, origins)[-1], failing_frame(error, origins)
        context = LiveContext.of(change.space, part, frame=frame, notebook=self.live.cells)
        return Ran(report.error, step, onward=tuple(self.then(report, context)))


def _steps(change: Change, done: set[str]) -> Iterator[int]:
    """Yield the statements to run; a definition whose functions have their new code already need not."""
    old = {(type(s), getattr(s, "name", None)): s for s in change.before.body}
    for index in change.plan.early:
        statement = change.after.body[index]
        before = old.get((type(statement), getattr(statement, "name", None)))
        known = before is not None and only_bodies_differ(before, statement)
        if not known or not done.issuperset(qualified_names(statement)):
            yield index
    yield from range(change.plan.start, len(change.after.body))


def _executed(program: Program, index: int, space: dict[str, Any], flags: int) -> object:
    """Run a statement as IPython does; return its value when it is an expression."""
    statement = program.body[index]
    if isinstance(statement, ast.Expr):
        tree: ast.Expression | ast.Module = ast.Expression(statement.value)
    else:
        tree = ast.Module([statement], [])
    mode = "eval" if isinstance(tree, ast.Expression) else "exec"
    code = compile(tree, program.source.name, mode, flags, dont_inherit=True)
    value = eval(code, space)  # noqa: S307 - running the user's own statement is the purpose
    return _awaited(value) if code.co_flags & 0x80 else value


def _awaited(coroutine: Any) -> object:
    """Return what a coroutine comes to, on an event loop of its own."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    return loop.run_until_complete(coroutine)


def described(value: object) -> str:
    """Return the kind and shape of a value, such as `"DataFrame (0, 3)"`; empty for `None`."""
    if value is None:
        return ""
    shape: object = ""
    with suppress(Exception):  # properties and lengths are the user's code
        found = getattr(value, "shape", None)
        if type(found) is tuple and all(type(n) is int for n in found):
            shape = f" {found}"
        elif isinstance(value, list | tuple | dict | set | str):
            shape = f" ({len(value)},)"
    return f"{type(value).__name__}{shape}"[:100]
