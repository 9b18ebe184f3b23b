"""The Python doors to SQL: `bestfix.fix_sql`, and `stream_sql` for who wants to see the first answer at once."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any

from bestfix.capture.catalog import SqlContext
from bestfix.capture.catalog.database import Database
from bestfix.capture.catalog.stored import StoredCatalog
from bestfix.capture.catalog.told import catalog_of_error
from bestfix.capture.sql_error import report_sql
from bestfix.config import Settings
from bestfix.core import Catalog, Decision, Edit, ErrorInfo, Language, Report, Scored, Source, Span
from bestfix.core.tracing import stage
from bestfix.engine import QuickFix
from bestfix.generate.llm.dialogue import Dialogue
from bestfix.lang.sql import Query, compared_nulls
from bestfix.lang.sql.statements import OTHER_STATEMENTS, first_words, is_script, query_part, statements
from bestfix.validate.explain import Binder, binding
from bestfix.validate.parses import Parser
from bestfix.validate.querying import Queries

__all__ = ["fix_sql", "stream_sql"]

Decisions = Generator[Decision, None, None]


def fix_sql(  # noqa: PLR0913 - one keyword for each thing that may be known of a failure
    query: str,
    *,
    error: BaseException | str | None = None,
    connection: Any = None,
    catalog: Catalog | None = None,
    dialect: str | None = None,
    name: str = "<query>",
    settings: Settings | None = None,
) -> Decision:
    """Return the fix for a query that failed, or the decision to show nothing.

    The database is only asked to bind statements, and an open transaction stays as it is. Queries that read run on a
    confined copy of a database that lives in this process (DuckDB, SQLite), unless `verify` is `static`.

    Args:
        query: the failing statement, as the user wrote it, with its parameters and templates.
        error: the engine's exception or message; found by binding where not given.
        connection: the database: a native, DB-API or SQLAlchemy connection, an engine or a URL; give a
            `bestfix.capture.catalog.database.Database` to keep its catalog between calls.
        catalog: what the database holds, where there is no connection.
        dialect: the SQL dialect; that of the connection or catalog where not given.
        name: what the query is called in the diff.
        settings: how to behave; the user's own settings where not given.

    Raises:
        ValueError: when neither an error nor a connection is given, or the query binds and no error is given.
    """
    decisions = stream_sql(
        query, error=error, connection=connection, catalog=catalog, dialect=dialect, name=name, settings=settings
    )
    *_, last = decisions
    return last


def stream_sql(  # noqa: PLR0913 - one keyword for each thing that may be known of a failure
    query: str,
    *,
    error: BaseException | str | None = None,
    connection: Any = None,
    catalog: Catalog | None = None,
    dialect: str | None = None,
    name: str = "<query>",
    settings: Settings | None = None,
    dialogue: Dialogue = Dialogue(),
) -> Decisions:
    """Yield the fix for a query as far as it is known; only the last decision is not `pending`.

    The arguments are those of `fix_sql`.

    Raises:
        ValueError: when neither an error nor a connection is given, or the query binds and no error is given.
    """
    engine, source = QuickFix(settings or Settings.load()), Source(name, query)
    if connection is None:
        if error is None:
            raise ValueError("fix_sql needs the error, or a connection to find it with")
        spoken = dialect or (catalog.dialect if catalog is not None else "duckdb")
        report = report_sql(source, error, spoken)
        known = catalog or catalog_of_error(query, report.error, spoken)
        parser = Parser(catalog or StoredCatalog(spoken), query, report.error)
        yield from engine.stream(report, SqlContext(database=known), binder=parser, dialogue=dialogue)
        return
    database = Database.of(connection)
    context = SqlContext(database=catalog or database.catalog())
    with binding(database) as binder:
        part = _failing_part(query, binder, error)
        failing = Source(name, query[part.start : part.end])
        with stage("capture"):
            report = Report(Language.SQL, failing, _failure(failing, error, binder))
        trusted = binder if _agrees(report.error, error) else None
        runs = trusted is not None and engine.settings.verify == "sandbox"
        runner = Queries.of(report, database) if runs else None
        for decision in engine.stream(report, context, binder=trusted, runner=runner, dialogue=dialogue):
            yield _placed(decision, source, part)


def _failing_part(query: str, binder: Binder, error: BaseException | str | None) -> Span:
    """Return where the query that fails stands in a text that may be a script, or hold more than a query."""
    whole = Span(0, len(query))
    parts = statements(query, binder.dialect) if is_script(query, binder.dialect) else [whole]
    queries = [_within(part, query_part(query[part.start : part.end])) for part in parts]
    if len(parts) == 1:
        return queries[0]
    said = report_sql(Source("<query>", query), error, binder.dialect).error if error else None
    created = {word for part in parts for word in _created(query[part.start : part.end])}
    for part in queries:
        found = binder.error(query[part.start : part.end]) if not _is_other(query, part) else None
        alike = found and (said is None or said.type in {found.type, "DatabaseError"})
        made = found and found.type == "UnknownTable" and found.details.get("name", "").lower() in created
        if alike and not made:
            return part
    return whole


def _within(part: Span, inner: Span) -> Span:
    return Span(part.start + inner.start, part.start + inner.end)


def _is_other(query: str, part: Span) -> bool:
    """Whether a statement of a script is none that can be bound, such as a CREATE."""
    return first_words(query[part.start : part.end], 1)[0] in OTHER_STATEMENTS


def _created(statement: str) -> list[str]:
    """Return the words of what a statement creates: its name is one of them."""
    words = first_words(statement, 9)
    return [word.lower() for word in words] if words[:1] == ("CREATE",) else []


def _placed(decision: Decision, source: Source, part: Span) -> Decision:
    """Return a decision about a part of a text as one about the whole."""
    if part == Span(0, len(source.text)):
        return decision
    ranked = tuple(_moved(scored, source, part) for scored in decision.ranked)
    shown = ranked[0] if decision.shown else None
    sources = {**decision.sources, source.name: source.text}
    report = _whole(decision.report, source, part) if decision.report else None
    return replace(decision, ranked=ranked, shown=shown, sources=sources, report=report)


def _whole(report: Report, source: Source, part: Span) -> Report:
    """Return a report of a part of a text as one of the whole."""
    span = report.error.span
    moved = Span(span.start + part.start, span.end + part.start) if span else None
    return replace(report, failing=source, error=replace(report.error, span=moved))


def _moved(scored: Scored, source: Source, part: Span) -> Scored:
    patch = scored.candidate.patch
    edits = tuple(Edit(e.start + part.start, e.end + part.start, e.text) for e in patch.edits)
    candidate = replace(scored.candidate, patch=replace(patch, edits=edits))
    text = source.text[: part.start] + scored.text + source.text[part.end :]
    return replace(scored, candidate=candidate, text=text)


def _failure(source: Source, error: BaseException | str | None, binder: Binder) -> ErrorInfo:
    """Return the error: as binding finds it, which knows its place best, or as it was given."""
    bound = binder.error(source.text)
    if bound is not None:
        return bound
    if error is None and (nulls := compared_nulls(shape := Query(source.text))):
        token = shape.tokens[nulls[0]]
        return ErrorInfo("NullComparison", "nothing is equal to NULL", ("SqlError",), Span(token.start, token.end))
    if error is None:
        raise ValueError("the query binds: there is no error to fix")
    return report_sql(source, error, binder.dialect).error


def _agrees(found: ErrorInfo, given: BaseException | str | None) -> bool:
    """Whether binding sees the same database as the user: not one whose temporary tables it cannot see."""
    return given is None or found.type != "UnknownTable" or found.details.get("name", "") in str(given)
