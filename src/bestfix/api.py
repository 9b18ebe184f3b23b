"""The Python door: `bestfix.fix`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bestfix.capture import LiveContext, Origins, failing_frame, leading, report_exception, report_syntax
from bestfix.config import Settings
from bestfix.core import Cell, Decision, Source
from bestfix.engine import QuickFix

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
    failing = Source(name, code)
    if error is None:
        report, context = report_syntax(failing), LiveContext.of(namespace or {}, notebook=cells)
    else:
        report = report_exception(error, failing, sources=sources)
        origins = Origins(failing, sources)
        frame = failing_frame(error, origins)
        if namespace is None:
            namespace = frame.f_globals if frame else {}
        if (decision := _of_statement(error, origins, namespace, settings)) is not None:
            return decision
        context = LiveContext.of(namespace, leading(error, origins)[-1], frame=frame, notebook=cells)
    return QuickFix(settings or Settings.load()).fix(report, context)


def _of_statement(
    error: BaseException, origins: Origins, namespace: Mapping[str, Any], settings: Settings | None
) -> Decision | None:
    """Return the fix of the SQL statement that a database refused, when the error is of that kind."""
    from bestfix.capture.embedded import find_statement

    statement = find_statement(error, origins, namespace)
    if statement is None:
        return None
    from bestfix.embedded import fix_statement

    return fix_statement(statement, settings or Settings.load())
