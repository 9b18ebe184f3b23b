"""The shape of a query that need not be valid: its selects, their clauses, relations and items, by token."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from bestfix.lang.sql.tokens import Token, tokenized

__all__ = ["Clause", "Item", "Query", "Relation", "Select", "compared_nulls"]

_STARTS = {
    "SELECT", "FROM", "WHERE", "HAVING", "WINDOW", "QUALIFY", "LIMIT", "OFFSET", "FETCH", "SET", "UPDATE", "RETURNING",
    "INTO", "VALUES",
}  # fmt: skip
_SET_OPERATORS = ("UNION", "INTERSECT", "EXCEPT", "MINUS")
_JOIN_WORDS = frozenset([
    "JOIN", "INNER", "LEFT", "RIGHT", "FULL", "OUTER", "CROSS", "NATURAL", "ASOF", "LATERAL", "SEMI", "ANTI",
    "POSITIONAL",
])  # fmt: skip
_OPENERS = frozenset(["SELECT", "UPDATE", "DELETE", "INSERT"])


@dataclass(slots=True)
class Clause:
    """A clause by its token numbers: its keyword starts at `keyword`, its body is `start:end`."""

    name: str
    keyword: int
    start: int
    end: int


@dataclass(slots=True)
class Item:
    """One of the expressions between commas, tokens `start:end`, its alias included."""

    start: int
    end: int
    alias: int | None = None


@dataclass(slots=True)
class Relation:
    """A table, sub-query or function in FROM: tokens `start:end` without what joins it.

    Attributes:
        names: the tokens of its dotted name; empty for a sub-query.
        alias: the token of its alias.
        select: the sub-query.
        on: the condition that joins it, its `ON` left out.
        join: the token at which its join starts (`LEFT`, `JOIN` or the comma); `None` for the first.
    """

    start: int
    end: int
    names: tuple[int, ...] = ()
    alias: int | None = None
    select: Select | None = None
    on: tuple[int, int] | None = None
    join: int | None = None


@dataclass(slots=True, eq=False)
class Select:
    """A SELECT, or the UPDATE, DELETE or INSERT that stands for one: tokens `start:end`."""

    start: int
    end: int
    depth: int
    parent: Select | None = None
    clauses: dict[str, Clause] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    following: Select | None = None
    """The next member of the set operation that this one belongs to."""

    def clause_at(self, index: int) -> Clause | None:
        """Return the clause that token `index` belongs to."""
        return next((c for c in self.clauses.values() if c.keyword <= index < c.end), None)


class Query:
    """A statement as tokens and as a tree of selects."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = tokenized(text)
        self.starts = [t.start for t in self.tokens]
        self.depths, self.closing = _nested(self.tokens)

    def index_at(self, offset: int) -> int | None:
        """Return the number of the token that covers or follows `offset`."""
        index = bisect.bisect_right(self.starts, offset) - 1
        if index >= 0 and self.tokens[index].end > offset:
            return index
        return index + 1 if index + 1 < len(self.tokens) else None

    def word(self, index: int) -> str:
        """Return the token in upper case when it is a name or operator, else the empty string."""
        if not 0 <= index < len(self.tokens):
            return ""
        token = self.tokens[index]
        return token.upper if token.kind in {"name", "op"} else ""

    def span(self, start: int, end: int) -> str:
        """Return the text of the tokens `start:end`."""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end] if start < end else ""

    def split(self, start: int, end: int) -> list[Item]:
        """Return the parts between the commas of `start:end` that are inside no parentheses of it."""
        if start >= end:
            return []
        depth = min(self.depths[start:end])
        cuts = [i for i in range(start, end) if self.tokens[i].text == "," and self.depths[i] == depth]
        return [Item(a, b) for a, b in zip([start, *(c + 1 for c in cuts)], [*cuts, end], strict=True) if a < b]

    def select_at(self, index: int) -> Select | None:
        """Return the innermost select that holds token `index`."""
        return self._innermost[index] if 0 <= index < len(self._innermost) else None

    @cached_property
    def _innermost(self) -> list[Select | None]:
        """The innermost select of each token."""
        found: list[Select | None] = [None] * len(self.tokens)
        for select in sorted(self.selects, key=lambda s: s.start - s.end):
            found[select.start : select.end] = [select] * (select.end - select.start)
        return found

    @cached_property
    def selects(self) -> list[Select]:
        """Every select, in the order of their text."""
        found = [Select(i, self._select_end(i), self.depths[i]) for i in range(len(self.tokens)) if self._opens(i)]
        for select in found:
            outer = [s for s in found if s.start < select.start and s.end >= select.end and s.depth < select.depth]
            select.parent = max(outer, key=lambda s: s.start) if outer else None
            self._fill_clauses(select)
        self._link(found)
        for select in found:
            self._fill_items(select)
            select.relations = list(self._relations(select, found))
        return found

    @cached_property
    def ctes(self) -> dict[str, tuple[Select | None, list[str]]]:
        """The select and the column names of each common table expression, by its name in lower case."""
        found: dict[str, tuple[Select | None, list[str]]] = {}
        for index, token in enumerate(self.tokens):
            before = self.word(index - 1)
            if not token.identifier or before not in {"WITH", "RECURSIVE", ","}:
                continue
            at, columns = index + 1, list[str]()
            if self.word(at) == "(" and (close := self.closing.get(at)):
                columns = [self.tokens[i].name for i in range(at + 1, close) if self.tokens[i].identifier]
                at = close + 1
            if self.word(at) != "AS":
                continue
            at += 1
            while self.word(at) in {"NOT", "MATERIALIZED"}:
                at += 1
            if self.word(at) == "(":
                found[token.name.lower()] = (next((s for s in self.selects if s.start > at), None), columns)
        return found

    def _opens(self, index: int) -> bool:
        word = self.word(index)
        if word == "SELECT" or (word == "FROM" and self._begins(index)):
            return True
        first = index == 0 or self.word(index - 1) in {";", ")"}
        return word in _OPENERS and first

    def _begins(self, index: int) -> bool:
        """Whether the FROM at `index` begins a query that has no SELECT."""
        before = self.word(index - 1)
        inside = before == "(" and not (index > 1 and self.tokens[index - 2].identifier)
        if index and before != ";" and not inside:
            return False
        end = self.closing.get(index - 1, len(self.tokens))
        return not any(self.word(i) == "SELECT" and self.depths[i] == self.depths[index] for i in range(index, end))

    def _select_end(self, start: int) -> int:
        depth = self.depths[start]
        for index in range(start + 1, len(self.tokens)):
            if self.depths[index] < depth:
                return index
            ends = self.word(index) in _SET_OPERATORS or self.word(index) == ";"
            if self.depths[index] == depth and ends and not self._in_star(index):
                return index
            if self.word(index) == "SELECT" and self.word(start) == "INSERT":
                return index
        return len(self.tokens)

    def _in_star(self, index: int) -> bool:
        """Whether EXCEPT follows a star, as in `* EXCEPT (a)`."""
        return self.word(index) == "EXCEPT" and self.word(index - 1) == "*" and self.word(index + 1) == "("

    def _fill_clauses(self, select: Select) -> None:
        marks: list[tuple[str, int, int]] = []
        for index in range(select.start, select.end):
            if self.depths[index] != select.depth or self.tokens[index].kind != "name":
                continue
            word = self.tokens[index].upper
            if word in {"GROUP", "ORDER"} and self.word(index + 1) == "BY":
                marks.append((f"{word} BY", index, index + 2))
            elif word in _STARTS and not self._is_no_clause(index, select):
                marks.append((word, index, index + 1))
        ends = [*(m[1] for m in marks[1:]), select.end] if marks else []
        for (name, keyword, start), end in zip(marks, ends, strict=True):
            select.clauses.setdefault(name, Clause(name, keyword, start, max(start, end)))

    def _is_no_clause(self, index: int, select: Select) -> bool:
        """Whether a clause's word is something else: `DISTINCT FROM`, a column called `offset`."""
        word = self.word(index)
        if word in {"INTO", "VALUES"}:
            return self.word(select.start) != "INSERT" or index + 1 >= select.end
        if word == "FROM" and self.word(index - 1) == "DISTINCT" and self.word(index - 2) in {"IS", "NOT"}:
            return True
        if word == "SELECT" and index != select.start:
            return True
        if word not in {"OFFSET", "WINDOW", "FETCH", "SET"}:
            return False
        return index + 1 == len(self.tokens) or self.word(index + 1) in {",", ".", "FROM", "="}

    def _link(self, found: list[Select]) -> None:
        for select in found:
            following = (s for s in found if s.start > select.end and s.depth == select.depth)
            nearest = next(following, None)
            if nearest and select.end < len(self.tokens) and self.word(select.end) in _SET_OPERATORS:
                select.following = nearest

    def _fill_items(self, select: Select) -> None:
        clause = select.clauses.get("SELECT")
        if clause is None:
            return
        start = clause.start
        if self.word(start) in {"DISTINCT", "ALL"}:
            start += 1
        if self.word(start) == "TOP" and start + 1 < clause.end and self.tokens[start + 1].kind == "number":
            start += 2
        if self.word(start) == "ON" and self.word(start + 1) == "(":
            start = self.closing.get(start + 1, start) + 1
        for item in self.split(start, clause.end):
            item.alias = self._alias(item)
            select.items.append(item)

    def _alias(self, item: Item) -> int | None:
        last = item.end - 1
        token = self.tokens[last]
        if last == item.start or not (token.identifier or token.kind == "string"):
            return None
        before = self.tokens[last - 1]
        if before.is_word("AS"):
            return last
        ends = before.text in {")", "]"} or before.kind in {"number", "string", "quoted"} or before.identifier
        return last if ends and before.text != "." and not before.is_word("END_", "INTERVAL") else None

    def _relations(self, select: Select, found: list[Select]) -> Iterator[Relation]:
        for name in ("UPDATE", "INTO", "FROM"):
            clause = select.clauses.get(name)
            if clause is None:
                continue
            at, join = clause.start, None
            if name == "INTO":
                yield Relation(at, at + 1, (at,))
                continue
            while at < clause.end:
                word = self.word(at)
                if word == "," or word in _JOIN_WORDS:
                    join = at if join is None else join
                    at += 1
                    continue
                relation, at = self._relation(at, clause.end, found)
                if relation is None:
                    at += 1
                    continue
                relation.join, join = join, None
                at = self._condition(relation, at, clause.end, select)
                yield relation

    def _relation(self, at: int, end: int, found: list[Select]) -> tuple[Relation | None, int]:
        start, token = at, self.tokens[at]
        names: list[int] = []
        inner: Select | None = None
        if token.text == "(":
            close = self.closing.get(at, end - 1)
            inner = next((s for s in found if at < s.start < close), None)
            if inner is None:
                return None, at
            at = close + 1
        elif token.identifier:
            names.append(at)
            at += 1
            while at + 1 < end and self.tokens[at].text == "." and self.tokens[at + 1].kind in {"name", "quoted"}:
                names.append(at + 1)
                at += 2
            if self.word(at) == "(":
                at = self.closing.get(at, end - 1) + 1
                names = []
        else:
            return None, at
        alias: int | None = None
        if self.word(at) == "AS" and at + 1 < end:
            at += 1
        if at < end and self.tokens[at].identifier and self.tokens[at].upper not in _JOIN_WORDS:
            alias, at = at, at + 1
        if alias is not None and self.word(at) == "(":
            at = self.closing.get(at, end - 1) + 1
        return Relation(start, at, tuple(names), alias, inner), at

    def _condition(self, relation: Relation, at: int, end: int, select: Select) -> int:
        if self.word(at) == "USING":
            return self.closing.get(at + 1, at) + 1
        if self.word(at) != "ON":
            return at
        start = at = at + 1
        while at < end:
            joins = self.word(at) in _JOIN_WORDS or self.word(at) == ","
            function = self.word(at) in {"LEFT", "RIGHT"} and self.word(at + 1) == "("
            if self.depths[at] == select.depth and joins and not function:
                break
            at += 1
        relation.on = (start, at)
        return at


def _nested(tokens: list[Token]) -> tuple[list[int], dict[int, int]]:
    """Return how deep in parentheses each token is, and the number of the `)` that closes each `(`."""
    depths, closing, opened = [], {}, list[int]()
    for index, token in enumerate(tokens):
        if token.kind == "op" and token.text in ")]" and opened:
            closing[opened.pop()] = index
        depths.append(len(opened))
        if token.kind == "op" and token.text in "([":
            opened.append(index)
    return depths, closing


def compared_nulls(query: Query) -> list[int]:
    """Return the tokens NULL that a condition compares by `=` or `<>`, which holds for no row."""
    signs = {"=", "==", "<>", "!="}
    nulls = (i for i in range(2, len(query.tokens)) if query.word(i) == "NULL" and query.word(i - 1) in signs)
    return [index for index in nulls if _in_condition(query, index)]


def _in_condition(query: Query, index: int) -> bool:
    select = query.select_at(index)
    clause = select.clause_at(index) if select else None
    opening = max((o for o, close in query.closing.items() if o < index < close), default=0)
    called = opening > 0 and query.tokens[opening - 1].identifier
    conditional = clause is not None and clause.name in {"FROM", "WHERE", "HAVING", "QUALIFY"}
    before = (query.word(i) for i in range(index - 1, 0, -1))
    return not called and (conditional or next((w for w in before if w in {"WHEN", "THEN", "ELSE", ","}), "") == "WHEN")
