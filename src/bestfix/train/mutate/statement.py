"""A query that is being broken, and what the mutators of SQL need to find their way in it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bestfix.lang.sql import Query, Relation, Token
from bestfix.lang.sql.tokens import KEYWORDS

__all__ = ["SqlMutator", "Statement"]


@dataclass(frozen=True)
class Statement:
    """A query that is being broken.

    Attributes:
        code: its text.
        others: further identifiers of its database.
        dialect: that of its database: `sqlite` or `duckdb`.
        intended: the text that is right.
    """

    code: str
    others: Sequence[str] = ()
    dialect: str = "duckdb"
    intended: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "intended", self.intended or self.code)

    @cached_property
    def query(self) -> Query:
        """The query by its tokens."""
        return Query(self.code)

    @property
    def tokens(self) -> Sequence[Token]:
        """The tokens of the query."""
        return self.query.tokens

    @cached_property
    def identifiers(self) -> Sequence[int]:
        """The numbers of the tokens that name tables, columns and aliases."""
        return [i for i, t in enumerate(self.tokens) if t.identifier and not self._is_word(i)]

    @cached_property
    def functions(self) -> Sequence[int]:
        """The numbers of the tokens that name functions."""
        return [
            i for i, t in enumerate(self.tokens[:-1])
            if t.kind == "name" and self.query.word(i + 1) == "(" and self.tokens[i + 1].start == t.end
        ]  # fmt: skip

    @cached_property
    def relations(self) -> Sequence[Relation]:
        """The tables of all FROM clauses."""
        return [relation for select in self.query.selects for relation in select.relations]

    @cached_property
    def qualified(self) -> Sequence[int]:
        """The numbers of the identifiers with `.` and another one behind them, outside FROM."""
        named = {i for r in self.relations for i in r.names}
        return [i for i in self.identifiers if self.query.word(i + 1) == "." and i not in named]

    @cached_property
    def columns(self) -> Sequence[tuple[int, int]]:
        """The columns outside FROM and aliases, each with its qualifier, as tokens `first:last`."""
        others = {i for r in self.relations for i in range(r.start, r.end)}
        others |= {item.alias for select in self.query.selects for item in select.items if item.alias is not None}
        return [
            (i - 2 * (self.query.word(i - 1) == "."), i + 1)
            for i in self.identifiers if i not in others and self.query.word(i + 1) != "."
        ]  # fmt: skip

    def _is_word(self, index: int) -> bool:
        token = self.tokens[index]
        return token.kind == "name" and (token.upper in KEYWORDS or self.query.word(index + 1) == "(")

    def put(self, first: int, last: int, text: str) -> Statement:
        """Return the query with other characters in the place of the tokens from `first` up to `last`."""
        start, end = self.tokens[first].start, self.tokens[last - 1].end
        return replace(self, code=self.code[:start] + text + self.code[end:])

    def without(self, first: int, last: int) -> Statement:
        """Return the query without the tokens from `first` up to `last`; what stood around them stays apart."""
        before, after = self.code[: self.tokens[first].start], self.code[self.tokens[last - 1].end :]
        spaced = not before or before[-1].isspace()
        return replace(self, code=(before + (after.lstrip() if spaced else after)).rstrip())


SqlMutator = Callable[[Statement, random.Random], Statement | None]
"""Breaks a query at a place that chance chooses; `None` where it has none."""
