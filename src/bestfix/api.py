"""The Python doors: `bestfix.fix`, and `bestfix.stream` for who wants to see the first answer at once."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from bestfix.capture import LiveContext, Origins, causes, failing_frame, leading, report_exception, report_syntax
from bestfix.config import Settings
from bestfix.core import Cell, Decision, Report, Source
from bestfix.engine import QuickFix
from bestfix.generate.llm.dialogue import Dialogue
from bestfix.validate.running import Runner, Trials

__all__ = ["fix", "stream"]

Decisions = Generator[Decision, None, None]


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
    decisions = stream(
        code, error=error, namespace=namespace, name=name, sources=sources, cells=cells, settings=settings
    )
    *_, last = decisions
    return last


def stream(  # noqa: PLR0913 - one keyword for each thing that may be known of a failure
    code: str,
    *,
    error: BaseException | None = None,
    namespace: Mapping[str, Any] | None = None,
    name: str = "<cell>",
    sources: Mapping[str, Source] | None = None,
    cells: Sequence[Cell] = (),
    settings: Settings | None = None,
    dialogue: Dialogue = Dialogue(),
) -> Decisions:
    """Yield the fix for code that failed as far as it is known; only the last decision is not `pending`.

    Without a language model there is one decision. With one, the repairs answer at once, and better decisions follow as
    the model's answers come. Closing the generator closes the requests.

    Args:
        code: the failing cell or script, as for `fix`.
        error: the exception that it raised.
        namespace: the globals of the session that it ran in.
        name: the file name that the code was compiled under.
        sources: further texts of the user's by the file name they were compiled under.
        cells: the other cells of the notebook.
        settings: how to behave; the user's own settings where not given.
        dialogue: what was tried before, and how patiently answers are awaited.

    Raises:
        ValueError: when no error is given and the code compiles.
    """
    settings = settings or Settings.load()
    failing = Source(name, code)
    if error is None:
        report, context = report_syntax(failing), LiveContext.of(namespace or {}, notebook=cells)
        runner = _runner(report, None, Origins(failing, sources), namespace, cells, settings, dialogue)
        yield from QuickFix(settings).stream(report, context, runner=runner, dialogue=dialogue)
        return
    origins = Origins(failing, sources)
    decisions = _of_error(error, origins, namespace, cells, settings, dialogue)
    first = next(decisions)
    for cause in causes(error, origins) if first.shown is None else ():
        others = _of_error(cause, origins, namespace, cells, settings, dialogue)
        other = next(others)
        if other.shown is not None or (other.ranked and not first.ranked):
            decisions.close()
            decisions, first = others, replace(other, seconds=first.seconds + other.seconds)
            break
        others.close()
    with closing(decisions):
        yield first
        yield from decisions


def _of_error(  # noqa: PLR0913, PLR0917 - what is known of a failure
    error: BaseException,
    origins: Origins,
    namespace: Mapping[str, Any] | None,
    cells: Sequence[Cell],
    settings: Settings,
    dialogue: Dialogue,
) -> Decisions:
    """Yield the fixes of what one error says, whatever it was raised from."""
    frame = failing_frame(error, origins)
    if namespace is None:
        namespace = frame.f_globals if frame else {}
    for decision in _of_statement(error, origins, namespace, settings, dialogue):
        yield decision
        if not decision.pending:
            return
    report = report_exception(error, origins.failing, sources=origins.sources)
    context = LiveContext.of(namespace, leading(error, origins)[-1], frame=frame, notebook=cells)
    runner = _runner(report, error, origins, namespace, cells, settings, dialogue)
    yield from QuickFix(settings).stream(report, context, runner=runner, dialogue=dialogue)


def _runner(  # noqa: PLR0913, PLR0917 - what is known of a failure
    report: Report,
    error: BaseException | None,
    origins: Origins,
    namespace: Mapping[str, Any] | None,
    cells: Sequence[Cell],
    settings: Settings,
    dialogue: Dialogue,
) -> Runner | None:
    """Return what runs the candidates for an error, when that is wanted and there is a session to run them in."""
    if settings.verify == "static":
        return None
    running = Trials.of(report, error, origins, cells) if error is not None else None
    if running is None and report.failing.name == origins.failing.name and report.error.is_a("SyntaxError"):
        running = Trials.uncompiled(report, namespace, origins.sources, cells)
    if running is not None:
        running.gone_on = dialogue.gone_on
    return running


def _of_statement(
    error: BaseException, origins: Origins, namespace: Mapping[str, Any], settings: Settings, dialogue: Dialogue
) -> Decisions:
    """Yield the fixes of the SQL statement that a database refused; without a last one where there is none."""
    from bestfix.capture.embedded import find_statement

    statement = find_statement(error, origins, namespace)
    if statement is not None:
        from bestfix.embedded import stream_statement

        yield from stream_statement(statement, settings, dialogue)
