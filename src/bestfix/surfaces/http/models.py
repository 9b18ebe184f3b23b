"""The documents of the service that are not the wire's own."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bestfix.core import Action

__all__ = [
    "CatalogDocument", "ColumnDocument", "ConnectionDocument", "ConnectionsDocument", "EventRequest", "FailedStatement",
    "HistoryDocument", "NewConnection", "PageDocument", "PastDocument", "ResultDocument", "RunRequest", "SpanDocument",
    "StatementDocument", "StatementsDocument", "StatementsRequest", "TableDocument",
]  # fmt: skip

Kind = Literal["duckdb", "sqlite", "postgres"]
Row = list[Any]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SpanDocument(_Model):
    """Characters of a text: code points from `start` up to but not including `end`."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)


class NewConnection(_Model):
    """A database to connect to."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "Shop", "kind": "postgres", "target": "postgresql://reader:secret@db.example.com:5432/shop"},
                {"name": "Sales", "kind": "duckdb", "target": "sales.duckdb"},
            ]
        }
    )

    name: str = Field(min_length=1, max_length=100, description="what the user calls it")
    kind: Kind
    target: str = Field(min_length=1, max_length=2000, description="the file's path, or PostgreSQL's URL")


class ConnectionDocument(_Model):
    """A database that a user has connected to; its password is never told."""

    id: str
    name: str
    kind: Kind
    target: str = Field(description="where it is, without a password")
    warnings: list[str] = Field(default=[], description="what is better changed, such as a role that may write")


class ConnectionsDocument(_Model):
    """A user's connections, the sample database first."""

    connections: list[ConnectionDocument]


class ColumnDocument(_Model):
    """A column: its name, and its type as the engine calls it (empty where the engine does not say)."""

    name: str
    type: str = ""


class ForeignKeyDocument(_Model):
    """Columns that refer to those of another table."""

    columns: list[str]
    table: str
    references: list[str]


class TableDocument(_Model):
    """A table or view."""

    name: str
    schema_name: str = Field(alias="schema")
    view: bool
    columns: list[ColumnDocument]
    primary_key: list[str]
    foreign_keys: list[ForeignKeyDocument]


class CatalogDocument(_Model):
    """What a database holds; `dialect` and `tables` are as in the wire's `catalog`."""

    dialect: str
    tables: list[TableDocument]
    functions: list[str]


class StatementsRequest(_Model):
    """A text of SQL."""

    code: str
    dialect: Kind = "duckdb"


class StatementDocument(SpanDocument):
    """One statement of a text."""

    reads: bool = Field(description="whether it begins as a statement that only reads")


class StatementsDocument(_Model):
    """The statements of a text, in order."""

    statements: list[StatementDocument]


class RunRequest(_Model):
    """A statement to run."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"connection": "sample", "code": "SELECT name, joined FROM customers", "limit": 3}]
        }
    )

    connection: str = Field(max_length=100, description="the connection's id")
    code: str = Field(description="one statement")
    confirm: bool = Field(default=False, description="run it even if it writes")
    limit: int = Field(default=200, ge=0, le=10_000, description="rows of the first page")


class FailedStatement(_Model):
    """The error of a statement; `message` is what `POST /v1/fix` wants as `error.message`."""

    type: str
    message: str
    span: SpanDocument | None = Field(description="the characters of `code` that it is about")


class PageDocument(_Model):
    """Rows of a result. A value is null, true or false, a number, a text, or a list or object of these."""

    offset: int
    rows: list[Row]
    known: int = Field(description="rows that the result has, as far as they were fetched")
    complete: bool = Field(description="whether that is all")
    cut: bool = Field(description="whether there were more rows than the service keeps")
    again: bool = Field(default=False, description="whether the statement was run again for this page")


class ResultDocument(_Model):
    """How a statement went. One that failed has an `error`, one that gave rows `columns` and a `page`."""

    id: str = Field(description="the id of the result, and of the statement in the history")
    columns: list[ColumnDocument] = []
    page: PageDocument | None = None
    affected: int | None = Field(default=None, description="rows that a statement changed, where the engine says")
    wrote: bool = Field(default=False, description="whether it was run as a statement that may write")
    seconds: float
    error: FailedStatement | None = None


class PastDocument(_Model):
    """A statement that was run."""

    id: str
    connection: str
    code: str
    started: dt.datetime
    seconds: float
    rows: int | None
    error: str
    wrote: bool


class HistoryDocument(_Model):
    """Statements that were run, the newest first."""

    statements: list[PastDocument]


class EventRequest(_Model):
    """What became of a fix."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"failure": "…", "action": "accepted", "candidate": 0}]})

    failure: str = Field(max_length=200, description="the id that the answer of `POST /v1/fix` had as `failure`")
    action: Action
    candidate: int | None = Field(default=None, ge=0, description="the number of the fix in `ranked`")
