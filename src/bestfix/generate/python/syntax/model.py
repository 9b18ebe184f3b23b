"""The learned judge of token edits: weights of abstract features, read once from the data file beside this module."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from bestfix.generate.python.syntax.proposals import Proposal
from bestfix.generate.python.syntax.sites import BALANCES, Sites

__all__ = ["Model", "Row", "Table", "from_data", "load_model", "site_kind", "using"]


REMEMBERED = 30_000
"""Sums that are kept at most."""
Row = tuple[float, ...]
"""A number for each template of a kind of site, in the order of its columns."""


@dataclass(frozen=True, slots=True)
class Table:
    """The weights by which one kind of site is judged.

    Attributes:
        columns: the place of each template in a row.
        rows: for each feature the weights for or against every template.
        zero: the row of a feature that says nothing.
    """

    columns: Mapping[str, int]
    rows: Mapping[str, Row]
    zero: Row

    def total(self, features: Sequence[str]) -> Row:
        """Return the sum of the rows of some features."""
        rows = [self.rows[name] for name in features if name in self.rows]
        return tuple(map(sum, zip(*rows, strict=True))) if rows else self.zero


@dataclass(frozen=True)
class Model:
    """A log-linear model.

    Attributes:
        messages: the short name of each class of parser messages.
        tables: the weights by the kind of site: `g` a gap, `t` an item, `s` a span, `B` the balance of brackets.
        judge: for each feature of a text that compiles its weight.
        memo: sums of weights of features that go together, by what they were made of; bounded.
    """

    messages: Mapping[str, str]
    tables: Mapping[str, Table]
    judge: Mapping[str, float]
    memo: dict[tuple[str, ...], Row] = field(default_factory=dict)

    def scores(self, sites: Sites, site: str) -> Row:
        """Return the score of every template at a site, in the order of the columns of its table."""
        known = sites.scores.get(site)
        if known is None:
            table = self.tables[site[0]]
            parts = [self._part(table, names, key) for key, names in sites.parts(site)]
            known = sites.scores[site] = parts[0] if len(parts) == 1 else tuple(map(sum, zip(*parts, strict=True)))
        return known

    def _part(self, table: Table, names: Callable[[], Sequence[str]], key: tuple[str, ...]) -> Row:
        """Return the summed weights of some features, and keep them for the next place that is the same."""
        found = self.memo.get(key) if key else None
        if found is None:
            found = table.total(names())
            if len(self.memo) >= REMEMBERED:
                self.memo.clear()
            if key:
                self.memo[key] = found
        return found

    def at(self, sites: Sites, template: str, site: str) -> float:
        """Return the score of a template at a site."""
        column = self.tables[site[0]].columns.get(template)
        return 0.0 if column is None else self.scores(sites, site)[column]

    def score(self, sites: Sites, proposal: Proposal) -> float:
        """Return the score of a proposal: the sum over its parts."""
        return sum([self.at(sites, template, site) for template, site in proposal.parts])


_IN_PLACE: ContextVar[Model | None] = ContextVar("model", default=None)


def load_model() -> Model:
    """Return the model that is in use: the one that ships with the package, unless another one stands in for it."""
    return _IN_PLACE.get() or _shipped()


@contextmanager
def using(model: Model) -> Iterator[None]:
    """Let a model stand in for the shipped one, in this thread."""
    token = _IN_PLACE.set(model)
    try:
        yield
    finally:
        _IN_PLACE.reset(token)


@lru_cache(maxsize=1)
def _shipped() -> Model:
    return from_data(json.loads(files(__package__ or "").joinpath("model.json").read_text("utf-8")))


def from_data(data: Mapping[str, Mapping[str, Any]]) -> Model:
    """Return the model that plain data describe."""
    sparse: dict[str, dict[str, dict[str, float]]] = {"g": {}, "t": {}, "s": {}, "B": {}}
    for feature, weights in data["weights"].items():
        for template, weight in weights.items():
            kind = "B" if feature in BALANCES else site_kind(template)
            sparse[kind].setdefault(feature, {})[template] = weight
    tables = {kind: _table(rows) for kind, rows in sparse.items()}
    judge = {f"{t}|{f}" if t else f: weight for t, weights in data["judge"].items() for f, weight in weights.items()}
    return Model(data["messages"], tables, judge)


def _table(sparse: Mapping[str, Mapping[str, float]]) -> Table:
    """Return the table of weights that are given by feature and template."""
    columns = {template: i for i, template in enumerate(dict.fromkeys(t for row in sparse.values() for t in row))}
    zero = (0.0,) * len(columns)
    return Table(columns, {feature: tuple(row.get(t, 0.0) for t in columns) for feature, row in sparse.items()}, zero)


def site_kind(template: str) -> str:
    """Return the kind of site that a template is judged by."""
    if template.startswith("ins ") or (template.startswith("wrap") and " " in template):
        return "g"
    return "s" if template in {"run", "quote"} or template.startswith("wrap") else "t"
