"""The place of a failure in a query, and what can be seen from there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bestfix.core import Candidate, Catalog, Column, DatabaseContext, Edit, ErrorInfo, Report, Source, Table
from bestfix.core.edit import Applicability
from bestfix.lang.sql import Item, Query, Relation, Select, Token, quoted

__all__ = ["Reference", "Site", "sql_site"]


@lru_cache(maxsize=64)
def _query(text: str) -> Query:
    return Query(text)


def sql_site(report: Report, context: DatabaseContext) -> Site:
    """Return the place of the failure."""
    return Site(_query(report.code), context.catalog(), report.error, report.failing)


@dataclass(frozen=True, slots=True)
class Reference:
    """A use of a column: the token of its name, that of its qualifier, and the select that it stands in."""

    index: int
    qualifier: int | None
    select: Select


@lru_cache(maxsize=256)
def _references(query: Query, select: Select) -> tuple[Reference, ...]:
    own = {i for r in select.relations for i in range(r.start, r.end) if r.select is None}
    aliases = {item.alias for item in select.items}
    found = []
    for index in range(select.start, select.end):
        token, after = query.tokens[index], query.word(index + 1)
        if index in own or index in aliases or query.select_at(index) is not select or not token.identifier:
            continue
        call = after == "(" and token.kind != "quoted"
        typed = index + 1 < len(query.tokens) and query.tokens[index + 1].kind == "string"
        if after != "." and not call and not typed:
            qualifier = index - 2 if query.word(index - 1) == "." and index >= 2 else None
            found.append(Reference(index, qualifier, select))
    return tuple(found)


@dataclass(frozen=True)
class Site:
    """A query that failed, its error and its database's catalog."""

    query: Query
    catalog: Catalog
    error: ErrorInfo
    source: Source

    @property
    def tokens(self) -> list[Token]:
        """The tokens of the query."""
        return self.query.tokens

    @property
    def dialect(self) -> str:
        """The dialect of the engine."""
        return self.catalog.dialect

    @property
    def name(self) -> str:
        """The name that the error is about."""
        return self.error.details.get("name", "")

    @cached_property
    def index(self) -> int | None:
        """The number of the token that the error is about."""
        return self.query.index_at(self.error.span.start) if self.error.span else None

    @cached_property
    def select(self) -> Select | None:
        """The innermost select that holds the error; the first where its place is not known."""
        if self.index is not None and (found := self.query.select_at(self.index)):
            return found
        return self.query.selects[0] if self.query.selects else None

    def quoted(self, name: str) -> str:
        """Return a name as an identifier of the engine."""
        return quoted(name, self.dialect)

    def label(self, relation: Relation) -> str:
        """Return what the query calls a relation, as it may be written before a dot."""
        if relation.alias is not None:
            return self.tokens[relation.alias].text
        return self.tokens[relation.names[-1]].text if relation.names else ""

    def label_name(self, relation: Relation) -> str:
        """Return what the query calls a relation, in lower case and without quotes."""
        at = relation.alias if relation.alias is not None else relation.names[-1] if relation.names else None
        return self.tokens[at].name.lower() if at is not None else ""

    def table(self, relation: Relation) -> Table | None:
        """Return the catalog's table that a relation names."""
        names = [self.tokens[i].name for i in relation.names]
        if not names or (len(names) == 1 and names[0].lower() in self.query.ctes):
            return None
        return self.catalog.table(names[-1], names[-2] if len(names) > 1 else "")

    def columns(self, relation: Relation, within: tuple[Select, ...] = ()) -> list[Column] | None:
        """Return the columns of a relation; `None` where they cannot be known, as those of one that reads itself."""
        if relation.select is not None:
            return self.outputs(relation.select, within)
        if relation.names:
            if found := self.query.ctes.get(self.tokens[relation.names[0]].name.lower()):
                select, named = found
                return [Column(n) for n in named] or (self.outputs(select, within) if select else None)
            if table := self.table(relation):
                return list(table.columns)
        return None

    def outputs(self, select: Select, within: tuple[Select, ...] = ()) -> list[Column] | None:
        """Return the columns that a select gives; `None` where a star hides them."""
        if select in within:
            return None
        found: list[Column] = []
        for item in select.items:
            if self.tokens[item.end - 1].text == "*" and item.end - item.start in {1, 3}:
                for relation in select.relations:
                    columns = self.columns(relation, (*within, select))
                    if columns is None:
                        return None
                    if item.end - item.start == 1 or self.label_name(relation) == self.tokens[item.start].name.lower():
                        found += columns
            else:
                found.append(Column(self.output_name(item)))
        return found

    def output_name(self, item: Item) -> str:
        """Return the name of an output column, as far as the text gives it one."""
        last = self.tokens[item.alias if item.alias is not None else item.end - 1]
        return last.name if last.identifier else self.tokens[item.start].name

    def visible(self, select: Select | None) -> Iterator[tuple[Relation, list[Column] | None]]:
        """Yield the relations that a select's expressions can see with their columns, its own first."""
        while select is not None:
            for relation in select.relations:
                yield relation, self.columns(relation)
            select = select.parent

    def owners(self, column: str, select: Select | None) -> list[tuple[Relation, Column]]:
        """Return the visible relations that have a column of that name."""
        folded, found = column.lower(), []
        for relation, columns in self.visible(select):
            match = next((c for c in columns or () if c.name.lower() == folded), None)
            if match:
                found.append((relation, match))
        return found

    def references(self, select: Select) -> tuple[Reference, ...]:
        """Return the uses of columns in a select, those of its sub-queries left out."""
        return _references(self.query, select)

    def resolves(self, reference: Reference) -> bool:
        """Whether a use of a column names one that is there; what cannot be known counts as there."""
        name = self.tokens[reference.index].name.lower()
        label = self.tokens[reference.qualifier].name.lower() if reference.qualifier is not None else None
        for relation, columns in self.visible(reference.select):
            named = label is None or label == self.label_name(relation)
            if named and (columns is None or any(c.name.lower() == name for c in columns)):
                return True
        if label is not None:
            return False
        return any(
            item.alias is not None and self.tokens[item.alias].name.lower() == name for item in reference.select.items
        )

    def failing_reference(self) -> Reference | None:
        """Return the use of a column that the error is about: the one it points to, else the first that is wrong."""
        folded = self.name.lower()
        found = [
            r for s in self.query.selects for r in self.references(s) if self.tokens[r.index].name.lower() == folded
        ]
        pointed = next((r for r in found if r.index == self.index), None)
        if pointed is not None and (self.dialect != "sqlite" or not self.resolves(pointed)):
            return pointed
        table = self.error.details.get("table", "").lower()
        wrong = [r for r in found if not self.resolves(r)]
        named = [r for r in wrong if r.qualifier is not None and self.tokens[r.qualifier].name.lower() == table]
        return next(iter([*named, *wrong, *found]), None)

    def cast(self, start: int, end: int, kind: str) -> str:
        """Return the tokens `start:end` cast to a type, as `x::type` where the engine has that and `x` is simple."""
        text, last = self.query.span(start, end), self.tokens[end - 1]
        name = last.identifier and (end - start == 1 or (end - start == 3 and self.query.word(start + 1) == "."))
        call = self.tokens[start].identifier and self.query.closing.get(start + 1) == end - 1
        colons = self.dialect in {"duckdb", "postgres"} and (
            name or call or (last.kind == "string" and end - start == 1)
        )
        return f"{text}::{kind}" if colons else f"CAST({text} AS {kind})"

    def edit(self, start: int, end: int, text: str) -> Edit:
        """Return the edit that replaces the tokens `start:end`."""
        return Edit(self.tokens[start].start, self.tokens[end - 1].end, text)

    def insert_after(self, index: int, text: str) -> Edit:
        """Return the edit that inserts `text` after a token."""
        return Edit.insert(self.tokens[index].end, text)

    def fix(self, *edits: Edit, reason: str, prior: float, unsafe: bool = False) -> Candidate:
        """Return a candidate of the query."""
        applicability = Applicability.UNSAFE if unsafe else Applicability.SAFE
        return Candidate.edit(self.source, *edits, reason=reason, prior=prior, applicability=applicability)

    def qualifiers(self) -> Sequence[int]:
        """Return the tokens that stand before a dot."""
        return [i for i in range(len(self.tokens) - 1) if self.tokens[i + 1].text == "." and self.tokens[i].identifier]
