"""Columns that are not where the query looks for them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bestfix.core import Candidate, DatabaseContext, Edit, Language, Report
from bestfix.generate.base import repair
from bestfix.generate.sql.likeness import like
from bestfix.generate.sql.site import Reference, Site, sql_site
from bestfix.lang.sql import Select

__all__ = [
    "ambiguous", "ambiguous_reference", "dotted", "near_column", "other_alias", "outer_alias", "output_alias",
    "relation_as_column",
]  # fmt: skip

_LEAST = 0.03
"""How likely a column is meant by a name that is nothing like it."""


@repair("UnknownColumn", "UnknownAlias", language=Language.SQL)
def near_column(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Use the column that was meant: a near one of the relations that the query reads.

    Why: columns are mistyped, or remembered almost right.
    Example: `SELECT nmae FROM people` → `SELECT name FROM people`
    Safety: safe when the names are near; every use of the wrong name is corrected.
    """
    site = sql_site(report, context)
    use = site.failing_reference()
    if use is None:
        return
    name = site.tokens[use.index].name
    label = site.tokens[use.qualifier].name.lower() if use.qualifier is not None else None
    shared = _column_counts(site, use)
    scored: dict[tuple[str, str], float] = {}
    for relation, columns in site.visible(use.select):
        other = label is not None and label != site.label_name(relation)
        for column in columns or ():
            score = like(name, column.name, table=site.label_name(relation)) * (0.6 if other else 1.0)
            target = site.label(relation) if other or (label is None and shared[column.name.lower()] > 1) else ""
            key = (column.name, target)
            scored[key] = max(scored.get(key, 0.0), score)
    best = sorted(scored.items(), key=lambda kv: -kv[1])[:12]
    for (column_name, target), likely in best:
        score = max(likely, _LEAST)
        if column_name.lower() == name.lower() and not target:
            continue
        edits = list(_renamed(site, use, site.quoted(column_name), target))
        yield site.fix(
            *edits, reason=f"there is no column `{name}`; `{column_name}` is", prior=score, unsafe=score < 0.5
        )


def _column_counts(site: Site, use: Reference) -> dict[str, int]:
    counts: dict[str, int] = {}
    for _, columns in site.visible(use.select):
        for column in columns or ():
            counts[column.name.lower()] = counts.get(column.name.lower(), 0) + 1
    return counts


def _renamed(site: Site, use: Reference, text: str, label: str) -> Iterator[Edit]:
    """Yield the edits that rename a wrong column in every place where the same is wrong."""
    name = site.tokens[use.index].name.lower()
    qualifier = site.tokens[use.qualifier].name.lower() if use.qualifier is not None else None
    for select in site.query.selects:
        for other in site.references(select):
            token = site.tokens[other.index]
            named = site.tokens[other.qualifier].name.lower() if other.qualifier is not None else None
            if token.name.lower() != name or named != qualifier:
                continue
            if other.index != use.index and site.resolves(other):
                continue
            yield Edit(token.start, token.end, text)
            if label and other.qualifier is not None:
                yield site.edit(other.qualifier, other.qualifier + 1, label)
            elif label:
                yield Edit.insert(token.start, f"{label}.")


@repair("UnknownColumn", "UnknownAlias", language=Language.SQL)
def other_alias(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Look for the column in the relation of the query that has it.

    Why: with several relations their aliases are mixed up.
    Example: `SELECT o.name FROM orders o JOIN people p ON …` → `SELECT p.name FROM …`
    Safety: safe where one relation alone has the column.
    """
    site = sql_site(report, context)
    use = site.failing_reference() if site.error.type == "UnknownColumn" else _use_of_alias(site)
    if use is None or use.qualifier is None:
        return
    name, label = site.tokens[use.index].name, site.tokens[use.qualifier].name
    owners = [(r, c) for r, c in site.owners(name, use.select) if site.label_name(r) != label.lower()]
    for number, (relation, _) in enumerate(owners):
        target = site.label(relation)
        if not target:
            continue
        named = 0.15 if relation.names and site.tokens[relation.names[-1]].name.lower() == label.lower() else 0.0
        edits = [site.edit(use.qualifier, use.qualifier + 1, target)]
        reason = f"`{name}` is a column of `{target}`, not of `{label}`"
        prior = (0.8 if len(owners) == 1 else 0.6 / (number + 1)) + named
        if not named and site.catalog.table(label) is not None and not _is_key(site, name):
            prior *= 0.7
        yield site.fix(*edits, reason=reason, prior=prior)
        together = [
            site.edit(r.qualifier, r.qualifier + 1, target)
            for s in site.query.selects
            for r in site.references(s)
            if r.qualifier is not None
            and site.tokens[r.qualifier].name.lower() == label.lower()
            and not site.resolves(r)
        ]
        if len(together) > 1:
            yield site.fix(*together, reason=reason, prior=prior * 0.9)


def _is_key(site: Site, name: str) -> bool:
    """Whether a column of that name is the key, or part of it, of a table."""
    return any(name.lower() in {k.lower() for k in table.primary_key} for table in site.catalog.having(name))


def _use_of_alias(site: Site) -> Reference | None:
    folded = site.name.lower()
    for select in site.query.selects:
        for use in site.references(select):
            if (
                use.qualifier is not None
                and site.tokens[use.qualifier].name.lower() == folded
                and not site.resolves(use)
            ):
                return use
    return None


@repair("UnknownColumn", "UnknownTable", "Syntax", language=Language.SQL)
def dotted(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Put a dot between a relation and its column.

    Why: another sign was hit, or the dot twice.
    Example: `SELECT t,name FROM people AS t` → `SELECT t.name FROM people AS t`
    Safety: safe; the relation has the column, and no column is called like the relation.
    """
    site = sql_site(report, context)
    edits = []
    for index in range(len(site.tokens) - 1):
        end = _dotted_column(site, index)
        select = site.query.select_at(index)
        label = site.tokens[index].name.lower()
        if end is None or not site.tokens[index].identifier or site.owners(label, select):
            continue
        held = any(site.label_name(r) == label for r, _ in site.owners(site.tokens[end].name, select))
        if held and not any(r.start <= index < r.end for r in (select.relations if select else ())):
            edits.append(Edit(site.tokens[index].end, site.tokens[end].start, "."))
    if edits:
        yield site.fix(*edits, reason="a relation and its column are joined by a dot", prior=0.93)


def _dotted_column(site: Site, index: int) -> int | None:
    """Return the token of the column whose relation token `index` may be, when something else than a dot is between."""
    sign, after = site.query.word(index + 1), site.query.word(index + 2)
    if sign in {",", ":", "-"} or sign == after == ".":
        return index + 2 + (sign == ".") if index + 2 + (sign == ".") < len(site.tokens) else None
    named = site.error.type == "UnknownColumn" and site.tokens[index].name.lower() == site.name.lower()
    return index + 1 if named and site.tokens[index + 1].identifier else None


@repair("AmbiguousColumn", language=Language.SQL)
def ambiguous(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Say which relation's column is meant.

    Why: two joined tables share a name, most often the one they are joined by.
    Example: `SELECT id FROM a JOIN b ON a.id = b.id` → `SELECT a.id FROM …`
    Safety: safe where the query compares the two columns for equality; otherwise the choice matters.
    """
    site = sql_site(report, context)
    name = site.name.lower()
    uses = [
        r for s in site.query.selects for r in site.references(s)
        if r.qualifier is None and site.tokens[r.index].name.lower() == name and len(site.owners(name, s)) > 1
        and len({id(x) for x, _ in site.owners(name, s) if x in s.relations}) > 1
    ]  # fmt: skip
    if not uses:
        return
    select = uses[0].select
    yield from _using(site, uses, select)
    owners = [(r, c) for r, c in site.owners(name, select) if r in select.relations and site.label(r)]
    labels = [site.label(r) for r, _ in owners]
    own = [u for u in uses if u.select is select]
    for number, label in enumerate(labels):
        edits = [Edit.insert(site.tokens[u.index].start, f"{_side(site, u, labels, label)}.") for u in own]
        prior = (0.75 if number == 0 else 0.5 / number) + 0.1 * _weight(site, label, name)
        reason = f"`{site.name}` is a column of several relations; this is that of `{label}`"
        yield site.fix(*edits, reason=reason, prior=min(prior, 0.95))


def _using(site: Site, uses: list[Reference], select: Select) -> Iterator[Candidate]:
    """Yield the candidate that writes `ON x = x` as `USING (x)`, after which `x` alone is not ambiguous."""
    named, edits = {u.index for u in uses}, []
    for relation in select.relations:
        start, end = relation.on or (0, 0)
        if end - start == 3 and {start, end - 1} <= named and site.query.word(start + 1) == "=":
            edits.append(site.edit(start - 1, end, f"USING ({site.tokens[start].text})"))
    if edits and not any(site.tokens[item.end - 1].text == "*" for item in select.items):
        prior = 0.95 if len(uses) > 2 * len(edits) else 0.7
        yield site.fix(*edits, reason=f"`{site.name}` is the same in both relations", prior=prior)


def _side(site: Site, use: Reference, labels: list[str], label: str) -> str:
    """Return the label for one use of an ambiguous column: another where it is compared with that of `label`."""
    others = [other for other in labels if other != label] or [label]
    if _compared_with(site, use.index) == label.lower():
        return others[0]
    name = site.tokens[use.index].name.lower()
    joined = next((r for r in use.select.relations if r.on and r.on[0] <= use.index < r.on[1]), None)
    right = site.label(joined) if joined else others[-1]
    if site.query.word(use.index - 1) == "=" and site.tokens[use.index - 2].name.lower() == name:
        return right
    if (
        site.query.word(use.index + 1) == "="
        and site.tokens[min(use.index + 2, len(site.tokens) - 1)].name.lower() == name
    ):
        return next(other for other in (label, *others) if other != right)
    return label


def _compared_with(site: Site, index: int) -> str:
    """Return the qualifier of the column on the other side of `=` from token `index`."""
    if site.query.word(index + 1) == "=" and site.query.word(index + 3) == ".":
        return site.tokens[index + 2].name.lower()
    if site.query.word(index - 1) == "=" and site.query.word(index - 3) == ".":
        return site.tokens[index - 4].name.lower()
    return ""


@repair("AmbiguousColumn", "AmbiguousTable", language=Language.SQL)
def ambiguous_reference(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Write one of the names that the engine offers for an ambiguous one.

    Why: two schemas or an outer query have the same name.
    Example: `SELECT t.a FROM s.t, u.t` → `SELECT s.t.a FROM s.t, u.t`
    Safety: unsafe; the choice matters.
    """
    site = sql_site(report, context)
    offered = re.findall(r"[\w.\"]+\.[\w\"]+", report.error.details.get("candidates", ""))
    uses = [
        i for i, t in enumerate(site.tokens) if t.name.lower() == site.name.lower() and site.query.word(i - 1) != "."
    ]
    if report.error.type == "AmbiguousTable":
        uses = [i for i in uses if site.query.word(i + 1) == "."]
    else:
        uses = [i for i in uses if i == site.index] or uses[:1]
    for number, text in enumerate(offered):
        edits = [site.edit(i, i + 1, text) for i in uses]
        if edits:
            reason = f"`{site.name}` may be several things; this is `{text}`"
            yield site.fix(*edits, reason=reason, prior=0.45 - 0.1 * number, unsafe=True)


@repair("AggregateMisuse", "GroupBy", "SubqueryRows", language=Language.SQL)
def outer_alias(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Take a column from the sub-query's own relation, not from one outside that has the same columns.

    Why: an alias of the outer query slips into the inner one.
    Example: `… t2.a > (SELECT max(t2.a) FROM t)` → `… t2.a > (SELECT max(a) FROM t)`
    Safety: safe; the inner relation has the column.
    """
    site = sql_site(report, context)
    edits = []
    for select in site.query.selects:
        if select.parent is None:
            continue
        own = {site.label_name(r) for r in select.relations}
        for use in site.references(select):
            if use.qualifier is None or site.tokens[use.qualifier].name.lower() in own:
                continue
            if any(r in select.relations for r, _ in site.owners(site.tokens[use.index].name, select)):
                edits.append(site.edit(use.qualifier, use.qualifier + 2, ""))
    if edits:
        yield site.fix(*edits, reason="the sub-query has the column itself", prior=0.8)


def _weight(site: Site, label: str, name: str) -> int:
    """Return how often the query names the column with that label outside of join conditions."""
    joined = {i for s in site.query.selects for r in s.relations if r.on for i in range(*r.on)}
    return sum(
        1 for i, t in enumerate(site.tokens)
        if t.name.lower() == name and i > 1 and i not in joined and site.tokens[i - 2].text == label
    )  # fmt: skip


@repair("UnknownFunction", "FunctionArguments", "TypeMismatch", "Conversion", language=Language.SQL)
def relation_as_column(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Take a column where a relation's name stands for one.

    Why: the column is thought to be called like its table.
    Example: `SELECT max(death) FROM death` → `SELECT max(killed) FROM death`
    Safety: unsafe; which column is a guess.
    """
    site = sql_site(report, context)
    for select in site.query.selects:
        for use in site.references(select):
            name = site.tokens[use.index].name
            relation = next((r for r in select.relations if site.label_name(r) == name.lower()), None)
            if use.qualifier is not None or relation is None or site.owners(name, select):
                continue
            same = [r.index for r in site.references(select) if site.tokens[r.index].name.lower() == name.lower()]
            for number, column in enumerate((site.columns(relation) or [])[:8]):
                measured = re.search("INT|NUM|DEC|DOUBLE|FLOAT|REAL", column.type) and not _is_key(site, column.name)
                score = max(like(name, column.name, table=name), 0.3 if measured else 0.1) - 0.01 * number
                edits = [site.edit(i, i + 1, site.quoted(column.name)) for i in same]
                yield site.fix(*edits, reason=f"`{name}` is a table here", prior=score, unsafe=True)
            return


@repair("UnknownColumn", language=Language.SQL)
def output_alias(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Repeat the expression where its alias is not visible.

    Why: WHERE, GROUP BY and the other items of a SELECT are read before its aliases are given.
    Example: `SELECT a + b AS s FROM t WHERE s > 3` → `… WHERE (a + b) > 3`
    Safety: safe; the expression is the one that the alias names.
    """
    site = sql_site(report, context)
    use = site.failing_reference()
    if use is None or use.qualifier is not None:
        return
    name = site.tokens[use.index].name.lower()
    for item in use.select.items:
        if item.alias is None or site.tokens[item.alias].name.lower() != name:
            continue
        end = item.alias - 1 if site.tokens[item.alias - 1].is_word("AS") else item.alias
        text = site.query.span(item.start, end)
        text = text if end - item.start == 1 or site.query.closing.get(item.start + 1) == end - 1 else f"({text})"
        edit = site.edit(use.index, use.index + 1, text)
        yield site.fix(edit, reason=f"the alias `{site.name}` is not visible here", prior=0.9)
