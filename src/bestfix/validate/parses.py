"""Check a query without its database: it parses in its dialect, and the catalog has what it names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from bestfix.core import Catalog, ErrorInfo, Outcome, Span
from bestfix.lang.sql import Masked, masked
from bestfix.lang.text import Lines
from bestfix.validate.explain import statement_error

if TYPE_CHECKING:
    from sqlglot import exp
    from sqlglot.optimizer.scope import Scope

__all__ = ["Parser"]

_PSEUDO = frozenset([
    "current_date", "current_timestamp", "current_time", "current_user", "session_user", "system_user", "sysdate",
    "systimestamp", "localtime", "localtimestamp", "user", "level", "rownum", "rowid", "default", "_partitiontime",
    "_partitiondate", "_table_suffix", "input__file__name", "value", "key", "pos", "col",
])  # fmt: skip
"""Names without parentheses that are no columns of a table."""


@dataclass(frozen=True)
class Parser:
    """Tells what speaks against a statement where no connection can be asked.

    It takes more than the engine does: it knows no types and no grouping, and of a table that the catalog lacks
    nothing. A name that the engine did not complain of is taken for known, but for a column of a table that is.

    Attributes:
        catalog: what the database holds.
        query: the statement that failed.
        reported: what the engine said of it.
    """

    catalog: Catalog
    query: str
    reported: ErrorInfo
    outcome: ClassVar[Outcome] = Outcome.UNVERIFIED

    @property
    def dialect(self) -> str:
        """The dialect of the engine."""
        return self.catalog.dialect

    @property
    def untried(self) -> str:
        """Why the engine itself was not asked."""
        return f"no connection: it parses as {self.dialect}, and its names are those of the catalog"

    @cached_property
    def reads(self) -> bool:
        """Whether the parser's view of the dialect is the engine's, as far as the failing query tells."""
        syntax = self.reported.type in {"Syntax", "Incomplete", "UnterminatedQuote", "LimitComma"}
        return syntax or not isinstance(self._parsed(masked(self.query, self.dialect)), ErrorInfo)

    def error(self, text: str) -> ErrorInfo | None:
        """Return what speaks against a statement, its span in `text`; `None` when nothing does."""
        if (refused := statement_error(text)) is not None:
            return refused
        mask = masked(text, self.dialect)
        tree = self._parsed(mask)
        if isinstance(tree, ErrorInfo):
            return tree if self.reads else None
        if tree is None:
            return None
        excused = self._excused
        return next((e for e in self._unknown(tree, mask) if e.details["name"].lower() not in excused), None)

    @cached_property
    def _excused(self) -> frozenset[str]:
        """The names that the failing query uses, the catalog lacks, and the engine knows."""
        mask = masked(self.query, self.dialect)
        tree = self._parsed(mask)
        if tree is None or isinstance(tree, ErrorInfo):
            return _PSEUDO
        meant = {self.reported.details.get("name", "").lower(), self.reported.details.get("table", "").lower()}
        doubtful = {e.details["name"].lower() for e in self._unknown(tree, mask) if "table" not in e.details}
        return _PSEUDO | (doubtful - meant)

    def _parsed(self, mask: Masked) -> exp.Expr | ErrorInfo | None:
        """Return the tree of a statement, or why it has none; `None` for a dialect that is not known."""
        import sqlglot
        from sqlglot.errors import ParseError, SqlglotError, TokenError

        try:
            return sqlglot.parse_one(mask.text, read=self.dialect)
        except ParseError as error:
            return _syntax_error(mask, error.errors[0] if error.errors else {})
        except TokenError:
            end = len(mask.text)
            return ErrorInfo("UnterminatedQuote", "a quote is never closed", ("SqlError",), Span(end, end))
        except (SqlglotError, ValueError):
            return None

    def _unknown(self, tree: exp.Expr, mask: Masked) -> Iterator[ErrorInfo]:
        """Yield an error for each name that nothing has."""
        from sqlglot import exp
        from sqlglot.errors import SqlglotError
        from sqlglot.optimizer.scope import traverse_scope

        if not self.catalog.tables():
            return
        named = {cte.alias_or_name.lower() for cte in tree.find_all(exp.CTE)}
        for table in tree.find_all(exp.Table):
            if isinstance(table.this, exp.Identifier) and table.name.lower() not in named and not self._table(table):
                yield _missing("UnknownTable", table.this, mask)
        try:
            scopes: Sequence[Scope] = traverse_scope(tree)
        except SqlglotError:
            return
        for scope in scopes:
            for column in scope.columns:
                if isinstance(column.this, exp.Identifier) and (kind := self._problem(column, scope)):
                    at = column.args["table"] if kind == "UnknownAlias" else column.this
                    yield _missing(kind, at, mask, table=column.table)

    def _table(self, table: exp.Table) -> Any:
        return self.catalog.table(table.name, table.db) or self.catalog.table(table.name)

    def _problem(self, column: exp.Column, scope: Scope) -> str:
        """Return the class of error that a use of a column is; empty where it is none, or may be none."""
        from sqlglot import exp

        name, label = column.name.lower(), column.table.lower()
        unsure = False
        at: Scope | None = scope
        while at is not None:
            for alias, source in at.sources.items():
                columns = self._columns(source)
                unsure |= columns is None
                if alias.lower() == label and columns is not None:
                    return "" if name in columns else "UnknownColumn"
                if columns is not None and (label or name) in columns:
                    return ""
            if not label and isinstance(at.expression, exp.Query) and name in _aliases(at.expression):
                return ""
            at = at.parent
        return "" if unsure else "UnknownAlias" if label else "UnknownColumn"

    def _columns(self, source: Any) -> set[str] | None:
        """Return the columns of a source, in lower case; `None` where they cannot be known."""
        from sqlglot import exp
        from sqlglot.optimizer.scope import Scope

        if isinstance(source, exp.Table):
            table = self._table(source)
            return set(table.by_name) if table is not None and table.by_name else None
        if not isinstance(source, Scope) or not isinstance(source.expression, exp.Query):
            return None
        outputs = source.outer_columns or source.expression.named_selects
        return None if "*" in outputs or not all(outputs) else {name.lower() for name in outputs}


def _aliases(query: exp.Query) -> set[str]:
    return {item.alias.lower() for item in query.selects if item.alias}


def _syntax_error(mask: Masked, said: dict[str, Any]) -> ErrorInfo:
    """Return what sqlglot's parser stumbled over; it names the last column of the token."""
    near = str(said.get("highlight") or "")
    span = None
    if said.get("line") and said.get("col"):
        end = Lines(mask.text).offset(int(said["line"]), int(said["col"]))
        span = Span(mask.back(max(end - len(near), 0)), mask.back(end))
    return ErrorInfo("Syntax", str(said.get("description", "")), ("SqlError",), span, details={"near": near})


def _missing(kind: str, name: Any, mask: Masked, *, table: str = "") -> ErrorInfo:
    details = {"name": str(name.name)} | ({"table": table} if table and kind == "UnknownColumn" else {})
    start, end = name.meta.get("start"), name.meta.get("end")
    span = None if start is None or end is None else Span(mask.back(start), mask.back(end + 1))
    message = f"{kind}: there is no `{name.name}`"
    return ErrorInfo(kind, message, ("SqlError",), span, details=details)
