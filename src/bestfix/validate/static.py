"""Checks that run nothing: the fixed text parses, it names nothing that does not exist, the error cannot come again."""

from __future__ import annotations

import re
import time

from bestfix.core import Candidate, Context, Kind, Language, Outcome, Report, Source, Verdict
from bestfix.lang.python import compiles, gains_escapes, parsed, scope
from bestfix.lang.python.cell import masked
from bestfix.lang.python.change import Change, changed_lines

__all__ = ["check"]

LONG = 6_000
"""Characters of a source above which only what changes is checked."""


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
    tree = parsed(source.text) if runtime else None
    change = changed_lines(source.text, text, candidate.patch.edits, tree)
    long = len(text) > LONG
    alone = long and tree is not None and masked(source.text) == source.text
    if (error := compiles(change.after if alone else text, pasted=runtime)) is not None:
        note = f"line {error.lineno}: {error.msg}"
        return Verdict(parses=False, outcome=Outcome.BROKEN, notes=(note,), seconds=time.perf_counter() - started)
    if gains_escapes(source.text, text):
        note = "code becomes a magic or a shell command"
        return Verdict(parses=False, outcome=Outcome.BROKEN, notes=(note,), seconds=time.perf_counter() - started)
    unresolved = _undefined(context, source.text, text, change)
    notes = [f"{name!r} is not defined" for name in unresolved]
    recurs = None
    if runtime and source.name == report.failing.name:
        problem = _recurrence(report, context, change, text)
        recurs = problem is not None
        notes += [problem] if problem else []
    return Verdict(
        parses=True,
        unresolved=unresolved,
        recurs=recurs,
        outcome=Outcome.BROKEN if recurs or (runtime and unresolved) else Outcome.UNVERIFIED,
        notes=tuple(notes),
        seconds=time.perf_counter() - started,
    )


def _undefined(context: Context, before: str, after: str, change: Change) -> tuple[str, ...]:
    """Return the names that the new version uses, the old one did not, and nothing defines.

    The scopes are only analysed when the changed lines leave a doubt.
    """
    known = context.names()
    doubtful = {name for name in change.added if name not in known and not scope.is_implicit(name)}
    if len(after) > LONG:
        return tuple(sorted(name for name in doubtful if not _stands_in(name, before) and _only_read(name, change)))
    unbound = any(_stands_in(name, after) for name in change.removed)
    if not doubtful and not unbound:
        return ()
    new = scope.unresolved(after) - scope.unresolved(before)
    return tuple(sorted(name for name in new if name not in known))


def _stands_in(name: str, text: str) -> bool:
    return name in text and re.search(rf"\b{re.escape(name)}\b", text) is not None


def _only_read(name: str, change: Change) -> bool:
    """Whether the changed lines, as far as they parse alone, read the name without defining it."""
    return name in scope.unresolved(change.after)


def _recurrence(report: Report, context: Context, change: Change, text: str) -> str | None:
    """Return why a version of the failing source must raise the original error again, when its text tells."""
    if change.start > _running_until(report):
        return "what it changes comes after the failing line"
    name = report.error.details.get("name", "")
    if report.error.type == "NameError" and name and name not in context.names():
        again = len(text) <= LONG and _stands_in(name, text) and name in scope.unresolved(text)
        return f"{name!r} is still not defined" if again else None
    if report.error.type == "AttributeError" and name:
        return _missing_attribute(context, name, change)
    return None


def _running_until(report: Report) -> int:
    """Return where the statement ends that was running at the top level; the end of the text when none is known."""
    frames = (f for f in report.error.frames if f.source == report.failing.name and f.function == "<module>")
    line = next((frame.lineno for frame in frames), None)
    tree = parsed(report.code)
    if line is None or tree is None:
        return len(report.code)
    here = next((s for s in tree.root.body if s.lineno <= line <= (s.end_lineno or line)), None)
    return tree.span(here).end if here else len(report.code)


def _missing_attribute(context: Context, name: str, change: Change) -> str | None:
    """Return that the attribute put in the place of a missing one is missing too."""
    subject = context.subject()
    if subject is None or subject.kind is Kind.MODULE or subject.has("__getattr__") or subject.has(name):
        return None
    head, _, tail = change.before.partition(f".{name}")
    new = change.after.removeprefix(f"{head}.").removesuffix(tail)
    delegated = subject.kind is Kind.FUNCTION and new in {"__func__", "__self__"}
    if f"{head}.{new}{tail}" != change.after or not new.isidentifier() or subject.has(new) or delegated:
        return None
    return f"{new!r} is no attribute of it either"
