"""Checks that run nothing: the fixed text parses, and it names nothing that does not exist."""

from __future__ import annotations

import time

from bestfix.core import Candidate, Context, Language, Outcome, Report, Source, Verdict
from bestfix.lang.python import compiles, scope

__all__ = ["check"]


def check(report: Report, context: Context, candidate: Candidate, source: Source, text: str) -> Verdict:
    """Return what the text of a candidate shows.

    Args:
        report: the failure.
        context: what the failing program could see.
        candidate: the candidate.
        source: the source that it edits.
        text: that source with the candidate's edits made.
    """
    started = time.perf_counter()
    if report.language is not Language.PYTHON or candidate.patch.display_only:
        return Verdict(seconds=time.perf_counter() - started)
    runtime = not report.error.is_a("SyntaxError")
    if (error := compiles(text, pasted=runtime)) is not None:
        note = f"line {error.lineno}: {error.msg}"
        return Verdict(parses=False, outcome=Outcome.BROKEN, notes=(note,), seconds=time.perf_counter() - started)
    new = scope.unresolved(text) - scope.unresolved(source.text)
    unresolved = tuple(sorted(new - set(context.names()))) if new else ()
    recurs = _recurs(report, context, source, text)
    notes = tuple(f"{name!r} is not defined" for name in unresolved)
    broken = recurs or (runtime and bool(unresolved))
    return Verdict(
        parses=True,
        unresolved=unresolved,
        recurs=recurs,
        outcome=Outcome.BROKEN if broken else Outcome.UNVERIFIED,
        notes=notes,
        seconds=time.perf_counter() - started,
    )


def _recurs(report: Report, context: Context, source: Source, text: str) -> bool | None:
    """Say whether the original error must come again, when the text alone tells."""
    error = report.error
    if error.is_a("NameError") and not error.is_a("UnboundLocalError") and (name := error.details.get("name")):
        return name in scope.unresolved(text) and name not in context.names() and source.name == report.failing.name
    return None
