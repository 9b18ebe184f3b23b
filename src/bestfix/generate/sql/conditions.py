"""Join conditions: columns that are no keys of the two relations, and joins without a condition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bestfix.core import Candidate, DatabaseContext, Edit, Language, Report
from bestfix.generate.base import repair
from bestfix.generate.sql.joins import links
from bestfix.generate.sql.likeness import like
from bestfix.generate.sql.site import Reference, Site, sql_site
from bestfix.lang.sql import Relation, Select

__all__ = ["join_condition", "key_of_join", "using_keys"]

_NO_CONDITION = frozenset(["CROSS", "NATURAL", ",", "POSITIONAL", "LATERAL"])


@dataclass(frozen=True, slots=True)
class _Equation:
    """Two columns that a join condition compares."""

    left: Reference
    right: Reference


@repair("UnknownColumn", "UnknownAlias", "AmbiguousColumn", language=Language.SQL)
def key_of_join(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Join two relations by the columns that refer to each other.

    Why: a key is called otherwise on the other side, or a column is taken for the key.
    Example: `FROM orders o JOIN people p ON o.people = p.id` → `FROM orders o JOIN people p ON o.person_id = p.id`
    Safety: safe along a foreign key, or a column that is called after the other table and its key.
    """
    site = sql_site(report, context)
    folded = site.name.lower()
    for select in site.query.selects:
        for equation in _equations(site, select):
            for wrong, other in ((equation.left, equation.right), (equation.right, equation.left)):
                if folded not in {site.tokens[i].name.lower() for i in (wrong.index, wrong.qualifier) if i is not None}:
                    continue
                yield from _linked(site, wrong, other)


def _equations(site: Site, select: Select) -> Iterator[_Equation]:
    """Yield the comparisons of one column with another in the join conditions of a select."""
    uses = {use.index: use for use in site.references(select)}
    for relation in select.relations:
        for index in range(*(relation.on or (0, 0))):
            if site.query.word(index) not in {"=", "=="} or index - 1 not in uses:
                continue
            after = index + 3 if site.query.word(index + 2) == "." else index + 1
            if after in uses:
                yield _Equation(uses[index - 1], uses[after])


def _linked(site: Site, wrong: Reference, other: Reference) -> Iterator[Candidate]:
    """Yield the candidates that put the key in the place of a wrong side; else the keys on both sides."""
    name = site.tokens[wrong.index].name
    for near in _owners(site, other):
        for far in _owners(site, wrong, others=near):
            one, two = site.table(far), site.table(near)
            for left, right, p in links(one, two) if one and two else ():
                target = f"{site.label(far)}.{site.quoted(left)}"
                reason = f"`{one.name}` and `{two.name}` are joined by `{left}` and `{right}`" if one and two else ""
                edits = [_replaced(site, wrong, target)]
                if right.lower() == site.tokens[other.index].name.lower():
                    yield site.fix(*edits, reason=reason, prior=p * (0.85 + 0.12 * like(name, left)))
                    continue
                edits.append(_replaced(site, other, f"{site.label(near)}.{site.quoted(right)}"))
                likely = p * (0.95 if site.error.type == "AmbiguousColumn" else 0.8)
                yield site.fix(*edits, reason=reason, prior=likely, unsafe=True)


def _owners(site: Site, use: Reference, *, others: Relation | None = None) -> list[Relation]:
    """Return the relations that a use of a column may be of: the one that it names, else those that have it, or any."""
    relations = [r for r in use.select.relations if r is not others and site.table(r) is not None]
    if use.qualifier is not None:
        label = site.tokens[use.qualifier].name.lower()
        return [r for r in relations if site.label_name(r) == label] or relations
    having = [r for r, _ in site.owners(site.tokens[use.index].name, use.select) if r in relations]
    return relations if others else having


def _replaced(site: Site, use: Reference, text: str) -> Edit:
    return site.edit(use.index if use.qualifier is None else use.qualifier, use.index + 1, text)


@repair("UnknownColumn", language=Language.SQL)
def using_keys(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Join by the keys of both relations where USING names a column that only one has.

    Why: the key is called otherwise in the table that it belongs to.
    Example: `FROM orders JOIN people USING (person_id)` → `FROM orders JOIN people ON orders.person_id = people.id`
    Safety: safe along a foreign key.
    """
    site = sql_site(report, context)
    for select in site.query.selects:
        for relation in select.relations:
            close = site.query.closing.get(relation.end + 1) if site.query.word(relation.end) == "USING" else None
            named = {site.tokens[i].name.lower() for i in range(relation.end + 2, close or 0)}
            if close is None or site.name.lower() not in named:
                continue
            for condition, p in _conditions(site, select, relation):
                edit = site.edit(relation.end, close + 1, f"ON {condition}")
                reason = f"`{site.name}` is not a column of both relations"
                yield site.fix(edit, reason=reason, prior=0.95 * p)


@repair("Syntax", "Incomplete", language=Language.SQL)
def join_condition(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Say by which keys two relations are joined.

    Why: SQLite and MySQL join all with all where the condition is forgotten.
    Example: `FROM orders JOIN people WHERE …` → `FROM orders JOIN people ON orders.person_id = people.id WHERE …`
    Safety: unsafe; every combination of rows may have been meant.
    """
    site = sql_site(report, context)
    at = site.index or 0
    bare = any(r.end == at and _unconditional(site, r) for s in site.query.selects for r in s.relations)
    if bare and site.query.word(at) in {"AND", "OR", "WITH"}:
        yield site.fix(site.edit(at, at + 1, "ON"), reason="a join condition begins with ON", prior=0.85)
    unjoined = [
        Edit.insert(site.tokens[r.alias].start, "JOIN ") for s in site.query.selects for r in s.relations
        if r.on and r.join is None and r.alias is not None and site.catalog.table(site.tokens[r.alias].name)
    ]  # fmt: skip
    if unjoined:
        yield site.fix(*unjoined, reason="a condition belongs to a JOIN", prior=0.95)
    if site.dialect in {"sqlite", "mysql"}:
        return
    for select in site.query.selects:
        edits, likely = [], 1.0
        for relation in select.relations:
            words = {site.query.word(i) for i in range(relation.join or 0, relation.start)}
            if (
                relation.join is None
                or relation.on
                or words & _NO_CONDITION
                or site.query.word(relation.end) == "USING"
            ):
                continue
            condition, p = next(_conditions(site, select, relation), ("", 0.0))
            edits += [site.insert_after(relation.end - 1, f" ON {condition}")] if condition else []
            likely = min(likely, p)
        if edits:
            yield site.fix(*edits, reason="a join needs a condition", prior=0.9 * likely, unsafe=True)


def _unconditional(site: Site, relation: Relation) -> bool:
    """Whether a relation is joined by JOIN, and nothing says how."""
    if relation.join is None or relation.on or site.query.word(relation.end) == "USING":
        return False
    return not _NO_CONDITION & {site.query.word(i) for i in range(relation.join, relation.start)}


def _conditions(site: Site, select: Select, relation: Relation) -> Iterator[tuple[str, float]]:
    """Yield the conditions by which a relation can be joined to those before it, and how likely each is."""
    table = site.table(relation)
    for earlier in select.relations:
        own = site.table(earlier)
        if earlier.start >= relation.start or own is None or table is None:
            continue
        for left, right, p in links(own, table):
            one = f"{site.label(earlier)}.{site.quoted(left)}"
            yield f"{one} = {site.label(relation)}.{site.quoted(right)}", p
