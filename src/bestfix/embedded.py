"""SQL inside another text: its fixes, made edits of the text that it is written in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from typing import Any

from bestfix.capture.catalog.database import Database
from bestfix.capture.embedded import Statement
from bestfix.capture.sql_error import error_info
from bestfix.config import Settings
from bestfix.core import Candidate, Decision, Edit, EditError, ErrorInfo, Patch, Scored, Source, Verdict
from bestfix.generate.llm.dialogue import Dialogue
from bestfix.lang.python import compiles
from bestfix.lang.python.literals import Literal
from bestfix.lang.sql import tokenized
from bestfix.lang.sql.statements import statements
from bestfix.sql import Decisions, stream_sql
from bestfix.validate.explain import binding

__all__ = ["relocated", "stream_statement"]

Check = Callable[[str], bool]
"""Says whether a new source may be proposed."""
_SURE = 0.95


def stream_statement(
    statement: Statement,
    settings: Settings,
    dialogue: Dialogue = Dialogue(),
) -> Decisions:
    """Yield the fixes of a statement as edits of the text that it is written in; no last one where there is none.

    The user's transaction stays as it is, and nothing but binding is asked of the database.
    """
    source = statement.source
    database = _database(statement)
    literal = _failing(statement, database)
    broken = compiles(source.text) is not None
    for decision in _decisions(statement, literal, database, settings, dialogue):
        advice = None if decision.ranked else _of_transaction(statement)
        if advice is not None:
            yield advice
            return
        if decision.ranked or decision.pending:
            yield relocated(decision, literal, source, check=lambda text: broken or compiles(text) is None)


def _of_transaction(statement: Statement) -> Decision | None:
    """Return the advice for a statement that is right, in a transaction that an earlier one has aborted."""
    said = error_info(statement.literal.value, statement.error, _dialect(statement.error))
    if said.type != "TransactionAborted":
        return None
    source, reason = statement.source, "an earlier statement failed and aborted the transaction: roll it back first"
    advice = Scored(Candidate.advice(source, reason=reason, prior=_SURE), Verdict(), source.text, _SURE)
    return Decision(advice, reason, (advice,), {source.name: source.text})


def _decisions(
    statement: Statement, literal: Literal, database: Database | None, settings: Settings, dialogue: Dialogue
) -> Decisions:
    """Yield the decisions about a statement; unbound where a part is not known that the binding depends on."""
    query, error = literal.value, statement.error
    dialect, catalog = statement.dialect or _dialect(error), None
    try:
        if database is not None:
            if _sees_alike(database, query, error, guessed=literal.guessed):
                bound = stream_sql(query, error=error, connection=database, settings=settings, dialogue=dialogue)
                first = next(bound)
                with closing(bound):
                    yield first
                    yield from bound
                return
            dialect, catalog = database.dialect, database.catalog() if literal.guessed else None
    except Exception:  # noqa: BLE001 - a connection may be closed, busy or broken; what the error says is still known
        catalog = None
    yield from stream_sql(query, error=error, catalog=catalog, dialect=dialect, settings=settings, dialogue=dialogue)


def _failing(statement: Statement, database: Database | None) -> Literal:
    """Return the one of several statements in a text that failed."""
    whole = statement.literal
    dialect = database.dialect if database is not None else ""
    several = [whole.within(span) for span in statements(whole.value, dialect)]
    if len(several) < 2:
        return whole
    for literal in several:
        with suppress(Exception):  # a connection may be closed, busy or broken
            if database is not None and _binds_alike(database, literal.value, statement.error):
                return literal
    said = error_info(whole.value, statement.error, dialect or _dialect(statement.error))
    name = said.details.get("name") or said.details.get("near") or ""
    return next((part for part in several if name and name.lower() in part.value.lower()), whole)


def _sees_alike(database: Database, query: str, error: BaseException, *, guessed: bool) -> bool:
    """Whether binding can be trusted: not where parts are guessed and matter, nor where it misses a table."""
    bound, given = _bound(database, query), error_info(query, error, database.dialect)
    if guessed:
        return bound is not None and _said(bound) == _said(given)
    return bound is None or bound.type != "UnknownTable" or given.type == "UnknownTable"


def _binds_alike(database: Database, query: str, error: BaseException) -> bool:
    """Whether the database says of a query what it said of the one that was sent."""
    bound = _bound(database, query)
    return bound is not None and _said(bound) == _said(error_info(query, error, database.dialect))


def _bound(database: Database, query: str) -> ErrorInfo | None:
    with binding(database) as binder:
        return binder.error(query)


def _said(error: ErrorInfo) -> tuple[str, str | None, str | None]:
    return error.type, error.details.get("name"), error.details.get("near")


def _database(statement: Statement) -> Database | None:
    if statement.connection is None:
        return None
    try:
        database = Database.of(statement.connection)
    except Exception:  # noqa: BLE001 - every driver has its own exceptions for what is closed or cannot be reached
        return None
    frames = _frames(statement) if database.dialect == "duckdb" else {}
    return Database(_Sighted(database.connection, frames), "duckdb") if frames else database


def _frames(statement: Statement) -> Mapping[str, Any]:
    """Return the data frames that a statement names; all of them where it names a table that there is not."""
    text = statement.literal.value
    if error_info(text, statement.error, "duckdb").type == "UnknownTable":
        return statement.frames
    words = {token.name.lower() for token in tokenized(text)}
    return {name: frame for name, frame in statement.frames.items() if name.lower() in words}


def _dialect(error: BaseException) -> str:
    """Return the dialect of the driver that raised an error."""
    inner = getattr(error, "orig", None) or error
    root = type(inner).__module__.partition(".")[0]
    return {"sqlite3": "sqlite", "psycopg": "postgres", "psycopg2": "postgres", "pymysql": "mysql"}.get(root, "duckdb")


@dataclass(frozen=True, slots=True)
class _Sighted:
    """A DuckDB connection whose duplicates see the user's data frames, as `duckdb.sql` does.

    Attributes:
        connection: the user's connection.
        frames: data frames by name.
    """

    connection: Any
    frames: Mapping[str, Any]

    def cursor(self) -> Any:
        """Return a duplicate that has the frames for views; nobody else sees them."""
        cursor = self.connection.cursor()
        for name, frame in self.frames.items():
            with suppress(Exception):  # a frame with what DuckDB cannot read is no table
                cursor.register(name, frame)
        return cursor

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)


def relocated(decision: Decision, literal: Literal, source: Source, check: Check = lambda _: True) -> Decision:
    """Return a decision about a text as one about the source that the text is written in.

    Args:
        decision: the decision about `literal.value`.
        literal: where each character of the text is written.
        source: what it is written in.
        check: says whether a new source may be proposed.
    """
    moved = [(scored, _moved(scored, literal, source, check)) for scored in decision.ranked]
    shown = next((after for before, after in moved if before is decision.shown), None)
    reason = decision.reason if shown is not None or decision.shown is None else "the fix cannot be written there"
    kept = [(before, after) for before, after in moved if after is not None]
    chances = zip(decision.propensities, moved, strict=False)
    return replace(
        decision,
        shown=shown,
        reason=reason,
        ranked=tuple(after for _, after in kept),
        unmoved=tuple(before for before, _ in kept),
        propensities=tuple(chance for chance, (_, after) in chances if after is not None),
        sources={source.name: source.text},
    )


def _moved(scored: Scored, literal: Literal, source: Source, check: Check) -> Scored | None:
    """Return a candidate as an edit of the source; `None` where it cannot be written there."""
    candidate = scored.candidate
    edits: list[Edit] = []
    for edit in candidate.patch.edits:
        if (found := literal.edits(edit)) is None:
            return None
        edits += found
    try:
        patch = Patch(source.name, tuple(edits), candidate.patch.applicability)
        text = patch.apply(source.text)
    except EditError:
        return None
    if text == source.text or not check(text):
        return None
    return replace(scored, candidate=replace(candidate, patch=patch), text=text)
