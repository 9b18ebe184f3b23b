"""What a prompt may say of a failure, already redacted, with the way back to the user's text."""

from __future__ import annotations

import builtins
import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from bestfix.capture.redact import RestoreError, Shown, Veil, names_in, placeholders, shown
from bestfix.core import Attempt, Catalog, Context, DatabaseContext, Language, Report, Source
from bestfix.generate.llm import sections
from bestfix.generate.llm.budget import Section
from bestfix.generate.llm.schema import Nearby, described
from bestfix.generate.llm.session import Session
from bestfix.lang.sql import Query
from bestfix.lang.text import Lines

__all__ = ["Briefing", "BriefingError", "brief"]

BUDGET = 6_000
"""Tokens of a request at most, its answer left out."""


class BriefingError(ValueError):
    """A failure cannot be put into a prompt; the message says why."""


@dataclass(frozen=True)
class Briefing:
    """What the prompts may say; built once a failure and shared by all strategies.

    Attributes:
        report: the failure as it is, for what stays here: prompts never read it.
        texts: the sources that a fix may edit, the likeliest first, each with what is shown of it.
        focus: the line of the first text, as it is shown, at which the failure is (1-based); 0 where not known.
        sections: the sections by name, the most needed first.
        veil: what is hidden.
        budget: tokens of a request at most, its answer left out.
        refusal: why there can be no prompt; empty when there can.
    """

    report: Report
    texts: tuple[tuple[Source, Shown], ...] = ()
    focus: int = 0
    sections: Mapping[str, Section] = field(default_factory=dict)
    veil: Veil = field(default_factory=lambda: Veil(lambda _: False))
    budget: int = BUDGET
    refusal: str = ""

    @property
    def nonce(self) -> str:
        """A word that nothing in the sections can hold, since it is made from all of them."""
        digest = hashlib.sha256()
        for section in self.sections.values():
            for item in section.items:
                digest.update(item.encode("utf-8", "surrogatepass"))
        return digest.hexdigest()[:10]


def brief(
    report: Report,
    context: Context,
    *,
    values: bool = False,
    budget: int = BUDGET,
    previous: Sequence[Attempt] = (),
) -> Briefing:
    """Return the briefing of a failure.

    Args:
        report: the failure.
        context: what the failing program could see.
        values: whether literals, comments and small values go along (level `with-values`); secrets never do.
        budget: tokens of a request at most, its answer left out.
        previous: fixes that were tried before.
    """
    if report.language is Language.SQL:
        return _of_query(report, cast("DatabaseContext", context).catalog(), values, budget, previous)
    return _of_python(report, context, values, budget, previous)


def _sources(report: Report) -> list[Source]:
    """Return the sources that a fix may edit: that of the innermost frame first."""
    found = {source.name: source for source in (report.innermost[0], report.failing)}
    return list(found.values())


def _of_python(report: Report, context: Context, values: bool, budget: int, previous: Sequence[Attempt]) -> Briefing:
    sources, details = _sources(report), report.error.details
    line = _failing_line(report)
    mentioned = _mentioned(report, sources, line)
    session = Session(context, mentioned, details.get("name", "") or details.get("key", "").strip("'\""), line)
    schema = session.schema_names()
    visible = context.names()
    names = frozenset(visible) if isinstance(visible, tuple | list) else visible
    words = schema | set(mentioned) | {report.error.type, *report.error.bases} | set(vars(builtins))
    cells = [cell for cell in context.cells() if all(cell.text != source.text for source in sources)]
    taken = _taken(report, [*(source.text for source in sources), *(cell.text for cell in cells)])
    veil = Veil(lambda word: word in words or word in names, taken, values)
    briefing = _begun(report, sources, veil, budget, previous)
    if briefing.refusal:
        return briefing
    found = {
        **briefing.sections,
        "session": Section("session", tuple(session.items(veil)), 0.25),
        "other cells": sections.earlier(cells, mentioned[:40], veil),
    }
    return _finished(briefing, found, sorted(schema))


def _of_query(report: Report, catalog: Catalog, values: bool, budget: int, previous: Sequence[Attempt]) -> Briefing:
    query = Query(report.code)
    words, functions = set(names_in(report.code, Language.SQL)), catalog.functions()
    veil = Veil(_in_catalog(catalog, words, functions), _taken(report, [report.code]), values)
    briefing = _begun(report, [report.failing], veil, budget, previous)
    if briefing.refusal:
        return briefing
    nearby = Nearby(query, catalog, report.error)
    tables = [(table, nearby.columns(table)) for table in nearby.tables()]
    lines = tuple(described(table, columns, veil) for table, columns in tables)
    names = {table.name for table, _ in tables} | {column.name for _, columns in tables for column in columns}
    dialect = {"dialect": Section("dialect", (catalog.dialect,), 0.05)} if catalog.dialect.isidentifier() else {}
    return _finished(
        briefing, {**briefing.sections, **dialect, "catalog": Section("catalog", lines, 0.4)}, sorted(names)
    )


def _in_catalog(catalog: Catalog, words: Collection[str], functions: Collection[str]) -> Callable[[str], bool]:
    def known(word: str) -> bool:
        return (
            word in words or word.lower() in functions or catalog.table(word) is not None or bool(catalog.having(word))
        )

    return known


def _begun(report: Report, sources: Sequence[Source], veil: Veil, budget: int, previous: Sequence[Attempt]) -> Briefing:
    """Return a briefing with the sections that every failure has."""
    try:
        texts = tuple((source, shown(source.text, report.language, veil)) for source in sources)
    except RestoreError as error:
        return Briefing(report, veil=veil, budget=budget, refusal=str(error))
    source, span, lineno = report.innermost
    lines = Lines(source.text.rstrip())
    number = lineno or (lines.lineno(span.start) if span else 0) or (len(lines) == 1)
    focus = sections.shown_lineno(source, texts[0][1], number) if number else 0
    found = {
        "code": sections.code("code", texts[0][1], focus, 0.6, needed=True),
        "error": sections.failure(report, texts, veil),
        "tried before": sections.attempts(previous, texts[0][1], report.language, veil),
    }
    for _, text in texts[1:]:
        found["calling cell"] = sections.code("calling cell", text, 0, 0.3)
    return Briefing(report, texts, focus, found, veil, budget)


def _finished(briefing: Briefing, found: Mapping[str, Section], names: Sequence[str]) -> Briefing:
    """Return the briefing with all its sections, what is hidden explained."""
    seen = "\n".join(found["error"].items)
    return Briefing(
        briefing.report,
        briefing.texts,
        briefing.focus,
        {**found, "hidden texts": sections.legend(briefing.veil, seen, names)},
        briefing.veil,
        briefing.budget,
    )


def _failing_line(report: Report) -> str:
    source, span, lineno = report.innermost
    lines = Lines(source.text)
    return lines.line(lineno or (lines.lineno(span.start) if span else 1))


def _mentioned(report: Report, sources: Sequence[Source], line: str) -> list[str]:
    """Return the names of the failing code, those of the failing line first."""
    found = dict.fromkeys(names_in(line, Language.PYTHON))
    for each in sources:
        found |= dict.fromkeys(names_in(each.text, Language.PYTHON))
    if report.error.is_a("NameError", "ImportError"):
        found |= dict.fromkeys(re.findall(r"\w+", report.error.details.get("name", "")))
    return list(found)


def _taken(report: Report, shown_texts: Iterable[str]) -> Callable[[str], bool]:
    """Return whether a placeholder stands in one of the user's texts that are shown."""
    return placeholders("\n".join([report.error.message, *shown_texts])).__contains__
