"""How to join a table to those that a query reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bestfix.core import ForeignKey, Table
from bestfix.generate.sql.likeness import words
from bestfix.generate.sql.site import Site
from bestfix.lang.sql import Relation, Select

__all__ = ["Path", "links", "paths"]


@dataclass(frozen=True, slots=True)
class Path:
    """A way to join a table.

    Attributes:
        table: the table that is joined.
        text: what is inserted after the relations.
        label: what the table is called then.
        p: how likely it is the way.
    """

    table: Table
    text: str
    label: str
    p: float


def paths(site: Site, select: Select, table: Table, alias: str = "") -> Iterator[Path]:
    """Yield the ways to join `table`: by a key directly, else through one table between; the likeliest first."""
    if any(site.table(r) is table for r in select.relations):
        return
    direct = list(_direct(site, select, table, alias))
    yield from direct
    if direct and direct[0].p > 0.5:
        return
    for between in _between(site, table):
        if between is table or any(site.table(r) is between for r in select.relations):
            continue
        last = next(iter(links(between, table)), None)
        first = next(_direct(site, select, between), None) if last and last[2] > 0.5 else None
        if first and last and first.p > 0.5:
            left, right, p = last
            name = site.quoted(table.name)
            condition = f"{site.quoted(between.name)}.{site.quoted(left)} = {name}.{site.quoted(right)}"
            yield Path(table, f"{first.text} JOIN {name} ON {condition}", name, 0.6 * first.p * p)


def _between(site: Site, table: Table) -> Sequence[Table]:
    """Return the tables that may stand between: all, or of very many those that share a column with `table`."""
    tables = site.catalog.tables()
    if len(tables) <= 300:
        return tables
    sharing = {id(t): t for column in table.columns for t in site.catalog.having(column.name)[:20]}
    return list(sharing.values())[:60]


def _direct(site: Site, select: Select, table: Table, alias: str = "") -> Iterator[Path]:
    name = site.quoted(table.name)
    label = alias or name
    joined = f" JOIN {name}{f' AS {alias}' if alias else ''}"
    starred = any(site.tokens[item.end - 1].text == "*" for item in select.items)
    for relation in select.relations:
        own = site.table(relation)
        if own is None:
            continue
        for left, right, p in links(own, table):
            likely = p * _place(relation)
            if left.lower() == right.lower() and not starred:
                yield Path(table, f"{joined} USING ({site.quoted(right)})", label, likely)
                likely *= 0.3
            condition = f"{site.label(relation)}.{site.quoted(left)} = {label}.{site.quoted(right)}"
            yield Path(table, f"{joined} ON {condition}", label, likely)


def _place(relation: Relation) -> float:
    return 1.0 if relation.join is None else 0.9


def links(own: Table, other: Table) -> list[tuple[str, str, float]]:
    """Return the pairs of columns by which two tables can be joined, and how likely each is."""
    found: list[tuple[str, str, float]] = []
    found += [(key.columns[0], key.references[0], 1.0) for key in _keys(own, other)]
    found += [(key.references[0], key.columns[0], 1.0) for key in _keys(other, own)]
    if found:
        return found
    found = [*_named_keys(own, other), *((b, a, p) for a, b, p in _named_keys(other, own))]
    for folded, column in own.by_name.items():
        same = other.by_name.get(folded)
        if same and folded != "id" and (folded.endswith(("id", "code", "key", "no"))):
            keyed = folded in {k.lower() for k in (*own.primary_key, *other.primary_key)}
            found.append((column.name, same.name, 0.8 if keyed else 0.45))
    return sorted(found, key=lambda f: -f[2])[:2]


def _keys(own: Table, other: Table) -> list[ForeignKey]:
    """Return the foreign keys of one column by which a table refers to another."""
    named = (k for k in own.foreign_keys if k.table.lower() == other.name.lower())
    return [k for k in named if len(k.columns) == 1 and k.references]


def _named_keys(own: Table, other: Table) -> Iterator[tuple[str, str, float]]:
    """Yield the columns that are called after another table and its key (`CountryCode`: `country`, `Code`)."""
    table = words(other.name)
    for key in other.primary_key or [c.name for c in other.columns[:1]]:
        for column in own.columns:
            if column.name.lower() != key.lower() and words(column.name) in {table + words(key), (*table, "id")}:
                yield column.name, key, 0.85
