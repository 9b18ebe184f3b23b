"""What is wrong in a Python text: it does not parse, or names what nothing defines."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bestfix.capture import LiveContext, report_syntax
from bestfix.config import Settings
from bestfix.core import Decision, ErrorInfo, Frame, Language, Report, Source, Span
from bestfix.engine import QuickFix
from bestfix.generate.python.reading import usage
from bestfix.lang.python import Tree, compiles, parsed
from bestfix.lang.python.scope import unresolved
from bestfix.lang.text import SIZE_LIMIT, Lines
from bestfix.surfaces.lsp.findings import Finding

__all__ = ["findings"]


def findings(source: Source, settings: Settings) -> Iterator[Finding]:
    """Yield the syntax error of a text, or else each name that it reads and nothing in it or in Python defines."""
    if len(source.text) > SIZE_LIMIT:
        return
    if compiles(source.text) is not None:
        report = report_syntax(source)
        span = report.error.span or Span(0, 0)
        yield Finding(report.error.type, report.error.message, (span,), partial(_decision, report, settings))
        return
    if (tree := parsed(source.text)) is None:
        return
    for name in sorted(unresolved(source.text), key=source.text.find):
        if spans := _places(tree, name):
            report = _unknown_name(source, name, spans[0])
            yield Finding("NameError", report.error.message, spans, partial(_decision, report, settings))


def _places(tree: Tree, name: str) -> tuple[Span, ...]:
    """Return every place that reads a name that nothing defines."""
    node = usage.name_at(tree, None, name)
    return tuple(sorted(map(tree.span, usage.occurrences(tree, node)))) if node is not None else ()


def _unknown_name(source: Source, name: str, span: Span) -> Report:
    """Return the report of the failure that running the text would meet at `span`."""
    message, lineno = f"name {name!r} is not defined", Lines(source.text).lineno(span.start)
    frame = Frame(source.name, "<module>", lineno, span)
    bases = ("Exception", "BaseException")
    error = ErrorInfo("NameError", message, bases, span, lineno, (frame,), {"name": name})
    return Report(Language.PYTHON, source, error)


def _decision(report: Report, settings: Settings) -> Decision:
    return QuickFix(settings).fix(report, LiveContext.of({}))
