"""The Python door: `bestfix.fix`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bestfix.capture import LiveContext, Origins, causes, failing_frame, leading, report_exception, report_syntax
from bestfix.config import Settings
from bestfix.core import Cell, Decision, Report, Source
from bestfix.engine import QuickFix
from bestfix.validate.running import Runner, Trials

__all__ = ["fix"]


def fix(  # noqa: PLR0913 - one keyword for each thing that may be known of a failure
    code: str,
    *,
    error: BaseException | None = None,
    namespace: Mapping[str, Any] | None = None,
    name: str = "<cell>",
    sources: Mapping[str, Source] | None = None,
    cells: Sequence[Cell] = (),
    settings: Settings | None = None,
) -> Decision:
    """Return the fix for code that failed, or the decision to show nothing.

    Where nothing is to be said of an error that was raised `from` another one, the other one is fixed.

    Args:
        code: the failing cell or script, as the user wrote it; IPython syntax is welcome.
        error: the exception that it raised, with its traceback; `None` for code that does not compile.
        namespace: the globals of the session that it ran in; the traceback's own where not given.
        name: the file name that the code was compiled under.
        sources: further texts of the user's by the file name they were compiled under, such as earlier cells.
        cells: the other cells of the notebook.
        settings: how to behave; the user's own settings where not given.

    Raises:
        ValueError: when no error is given and the code compiles.
    """
    settings = settings or Settings.load()
    failing = Source(name, code)
    if error is None:
        return QuickFix(settings).fix(report_syntax(failing), LiveContext.of(namespace or {}, notebook=cells))
    origins = Origins(failing, sources)
    decision = _of_error(error, origins, namespace, cells, settings)
    for cause in causes(error, origins) if decision.shown is None else ():
        inner = _of_error(cause, origins, namespace, cells, settings)
        if inner.shown is not None or (inner.ranked and not decision.ranked):
            return replace(inner, seconds=decision.seconds + inner.seconds)
    return decision


def _of_error(
    error: BaseException,
    origins: Origins,
    namespace: Mapping[str, Any] | None,
    cells: Sequence[Cell],
    settings: Settings,
) -> Decision:
    """Return the fix of what one error says, whatever it was raised from."""
    frame = failing_frame(error, origins)
    if namespace is None:
        namespace = frame.f_globals if frame else {}
    if (decision := _of_statement(error, origins, namespace, settings)) is not None:
        return decision
    report = report_exception(error, origins.failing, sources=origins.sources)
    context = LiveContext.of(namespace, leading(error, origins)[-1], frame=frame, notebook=cells)
    return QuickFix(settings).fix(report, context, runner=_runner(report, error, origins, cells, settings))


def _runner(
    report: Report, error: BaseException, origins: Origins, cells: Sequence[Cell], settings: Settings
) -> Runner | None:
    """Return what runs the candidates for an error, when that is wanted."""
    return None if settings.verify == "static" else Trials.of(report, error, origins, cells)


def _of_statement(
    error: BaseException, origins: Origins, namespace: Mapping[str, Any], settings: Settings
) -> Decision | None:
    """Return the fix of the SQL statement that a database refused, when the error is of that kind."""
    from bestfix.capture.embedded import find_statement

    statement = find_statement(error, origins, namespace)
    if statement is None:
        return None
    from bestfix.embedded import fix_statement

    return fix_statement(statement, settings)
