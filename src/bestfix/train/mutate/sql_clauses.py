"""Clauses that are missing or in the wrong place, functions of other engines, types that do not fit, lost tokens."""

from __future__ import annotations

import random
import re
from dataclasses import replace

from bestfix.lang.sql import Clause, Select
from bestfix.lang.sql.tokens import AGGREGATES, RESERVED
from bestfix.train.mutate.base import chosen, other_words, slip
from bestfix.train.mutate.statement import SqlMutator, Statement

__all__ = ["SQL_CLAUSES"]

_FORMS = (
    (r"\bLIMIT (\d+)\s*$", r"FETCH FIRST \1 ROWS"), (r"^SELECT (.*) LIMIT (\d+)\s*$", r"SELECT TOP \2 \1"),
    (r"\|\|", "+"), (r"\bCAST\((.+?) AS (\w+)\)", r"CONVERT(\2, \1)"), (r"<>|!=", "=!"), (r" = ", " === "),
    (r" = ", " LIKE = "), (r"\bIS NOT NULL", "NOT NULL"), (r"\bIS NULL", "= IS NULL"), (r">=", "=>"), (r"<=", "=<"),
    (r"\bNOT (\w+) IN\b", r"\1 IS NOT IN"), (r"\bBETWEEN (\S+) AND (\S+)", r"BETWEEN (\1, \2)"),
    (r"\bCOUNT\(DISTINCT (\w+(?:\.\w+)?)\)", r"COUNT(DISTINCT(\1), 1)"), (r"\bLIKE '", "CONTAINS '"),
    (r"\bINTERSECT\b", "INTERSECTION"), (r"\bEXCEPT\b", "MINUS"), (r"\bORDER BY\b", "SORT BY"),
    (r"\bAS (\w+)", r"AS '\1' ,"), (r"\bDESC\b", "DESCENDING"), (r"\bJOIN (.+?) ON\b", r"JOIN \1 WHERE"),
    (r"\bAS (INTEGER|INT|VARCHAR|TEXT|DOUBLE|DATE)\b", r"AS \1_T"), (r"\bUNION\b", "UNION SELECT"),
)  # fmt: skip
"""What SQL writes, as a pattern, and what people write."""


def _clause(statement: Statement, rng: random.Random, *names: str) -> tuple[Select, Clause] | None:
    """Return one of the clauses of some names."""
    return chosen([(s, c) for s in statement.query.selects for c in s.clauses.values() if c.name in names], rng)


def dropped_join(statement: Statement, rng: random.Random) -> Statement | None:
    """Use the columns of a table and do not join it."""
    relation = chosen([r for r in statement.relations if r.join is not None], rng)
    if relation is None or relation.join is None:
        return None
    return statement.without(relation.join, relation.on[1] if relation.on else relation.end)


def dropped_grouping(statement: Statement, rng: random.Random) -> Statement | None:
    """Leave out GROUP BY, or one of what it groups by."""
    site = _clause(statement, rng, "GROUP BY")
    if site is None:
        return None
    clause = site[1]
    items = statement.query.split(clause.start, clause.end)
    if len(items) < 2 or rng.random() < 0.3:
        return statement.without(clause.keyword, clause.end)
    return statement.without(items[0].start, items[1].start)


def ungrouped_item(statement: Statement, rng: random.Random) -> Statement | None:
    """Ask for a column beside an aggregate, and do not group by it."""
    sites = [s for s in statement.query.selects if s.items and set(_words(statement, s)) & AGGREGATES]
    select, column = chosen(sites, rng), chosen(statement.columns, rng)
    if select is None or column is None:
        return None
    first = select.items[0].start
    return statement.put(first, first + 1, f"{statement.query.span(*column)}, {statement.tokens[first].text}")


def _words(statement: Statement, select: Select) -> list[str]:
    return [statement.query.word(i) for item in select.items for i in range(item.start, item.end)]


def aggregate_condition(statement: Statement, rng: random.Random) -> Statement | None:
    """Put a condition on an aggregate into WHERE."""
    site = _clause(statement, rng, "HAVING")
    if site is not None:
        select, having = site
        condition = statement.query.span(having.start, having.end)
        grouping, where = select.clauses.get("GROUP BY"), select.clauses.get("WHERE")
        if where is None and grouping is not None:
            rest = statement.query.span(grouping.keyword, having.keyword)
            return statement.put(grouping.keyword, having.end, f"WHERE {condition} {rest}")
        return statement.put(having.keyword, having.keyword + 1, "WHERE")
    index = chosen([i for i in statement.functions if statement.tokens[i].upper in AGGREGATES], rng)
    if index is None or (end := statement.query.closing.get(index + 1)) is None:
        return None
    call = statement.query.span(index, end + 1)
    return statement.put(index, end + 1, rng.choice([f"MAX({call})", f"SUM({call})"]))


def swapped_clauses(statement: Statement, rng: random.Random) -> Statement | None:
    """Write two clauses in the wrong order."""
    sites = [
        (a, b) for s in statement.query.selects
        for a, b in zip(list(s.clauses.values())[1:], list(s.clauses.values())[2:], strict=False) if a.end == b.keyword
    ]  # fmt: skip
    site = chosen(sites, rng)
    if site is None:
        return None
    first, second = (statement.query.span(c.keyword, c.end) for c in site)
    return statement.put(site[0].keyword, site[1].end, f"{second} {first}")


def dropped_sign(statement: Statement, rng: random.Random) -> Statement | None:
    """Lose a comma, a parenthesis, a dot or a sign."""
    index = chosen([i for i, t in enumerate(statement.tokens) if t.kind == "op"], rng)
    return None if index is None else statement.without(index, index + 1)


def added_sign(statement: Statement, rng: random.Random) -> Statement | None:
    """Write a comma or a parenthesis too many."""
    sites = [i for i, t in enumerate(statement.tokens) if t.kind in {"name", "quoted"} or t.text == ")"]
    index = chosen(sites, rng)
    if index is None:
        return None
    sign = rng.choice([",", ",", ")", ";", "("])
    return statement.put(index, index + 1, statement.tokens[index].text + sign)


def dropped_word(statement: Statement, rng: random.Random) -> Statement | None:
    """Lose a word of the grammar."""
    sites = [i for i, t in enumerate(statement.tokens) if t.kind == "name" and t.upper in RESERVED]
    index = chosen(sites, rng)
    return None if index is None else statement.without(index, index + 1)


def misspelt_sql_word(statement: Statement, rng: random.Random) -> Statement | None:
    """Miswrite a word of the grammar."""
    sites = [i for i, t in enumerate(statement.tokens) if t.kind == "name" and t.upper in RESERVED]
    index = chosen(sites, rng)
    return None if index is None else statement.put(index, index + 1, slip(statement.tokens[index].text, rng))


def lost_end(statement: Statement, rng: random.Random) -> Statement | None:
    """Lose the quote that ends a text, or what follows the last operator."""
    texts = [i for i, t in enumerate(statement.tokens) if t.kind == "string"]
    index = chosen(texts, rng)
    if index is not None:
        return statement.put(index, index + 1, statement.tokens[index].text[:-1])
    operators = [
        i for i, t in enumerate(statement.tokens) if t.text in {"=", "<", ">", ","} or t.is_word("BY", "AND", "ON")
    ]
    index = chosen(operators, rng)
    return None if index is None else statement.without(index + 1, len(statement.tokens))


def other_form(statement: Statement, rng: random.Random) -> Statement | None:
    """Write it as another engine would, or as nobody does."""
    sites = [(m, new) for old, new in _FORMS for m in re.finditer(old, statement.code, re.IGNORECASE | re.DOTALL)]
    site = chosen(sites, rng)
    if site is None:
        return None
    match, new = site
    return replace(statement, code=statement.code[: match.start()] + match.expand(new) + statement.code[match.end() :])


def foreign_function(statement: Statement, rng: random.Random) -> Statement | None:
    """Call a function by the name that another engine has for it, or miswrite it."""
    index = chosen(statement.functions, rng)
    if index is None:
        return None
    name = statement.tokens[index].text
    others = other_words("sql_functions").get(name.upper(), ())
    word = rng.choice(others) if others and rng.random() < 0.75 else slip(name, rng)
    return statement.put(index, index + 1, word)


def wrapped_column(statement: Statement, rng: random.Random) -> Statement | None:
    """Apply a function of another engine to a column, where one of this engine was meant."""
    place = chosen(statement.columns, rng)
    if place is None:
        return None
    wrong, right = rng.choice(sorted(other_words("sql_wrapped").items()))
    column, meant = statement.query.span(*place), right[statement.dialect == "duckdb"]
    intended = statement.put(*place, meant.replace("{0}", column)).code
    return replace(statement.put(*place, wrong.replace("{0}", column)), intended=intended)


def other_arguments(statement: Statement, rng: random.Random) -> Statement | None:
    """Call a function with an argument too many, or without one."""
    index = chosen(statement.functions, rng)
    if index is None or (end := statement.query.closing.get(index + 1)) is None:
        return None
    items = statement.query.split(index + 2, end)
    if items and rng.random() < 0.5:
        return statement.without(items[-1].start - (len(items) > 1), items[-1].end)
    inner = statement.query.span(index + 2, end)
    return statement.put(index + 1, end + 1, f"({inner}, {rng.choice(['1', '2', chr(39) + 'a' + chr(39)])})")


def other_type(statement: Statement, rng: random.Random) -> Statement | None:
    """Compare or add values of types that do not fit."""
    index = chosen([i for i, t in enumerate(statement.tokens) if t.kind in {"number", "string"}], rng)
    if index is None:
        return None
    token = statement.tokens[index]
    if token.kind == "number":
        text = rng.choice([f"'{token.text} years'", "'abc'", "DATE '2020-01-01'", f"'{token.text}' || 1"])
    else:
        text = rng.choice(["1", f"{token.text} + 1", "TRUE", f"({token.text}, 1)"])
    return statement.put(index, index + 1, text)


def aggregated_column(statement: Statement, rng: random.Random) -> Statement | None:
    """Compute with a column, whatever its type, where an aggregate has no place."""
    column = chosen(statement.columns, rng)
    if column is None:
        return None
    return statement.put(*column, f"{rng.choice(['AVG', 'SUM', 'MAX', 'COUNT'])}({statement.query.span(*column)})")


def rows_for_value(statement: Statement, rng: random.Random) -> Statement | None:
    """Compare with `=` to a query that gives several rows, or compare two columns of it."""
    sites = [i for i, t in enumerate(statement.tokens) if t.is_word("IN") and statement.query.word(i + 1) == "("]
    index = chosen(sites, rng)
    return None if index is None else statement.put(index, index + 1, "=")


def other_columns(statement: Statement, rng: random.Random) -> Statement | None:
    """Ask for one column more in a part of a set operation or in a sub-query."""
    sites = [s for s in statement.query.selects if s.items and (s.following or s.parent)]
    select = chosen(sites, rng)
    if select is None:
        return None
    first = select.items[0].start
    return statement.put(first, first + 1, f"1, {statement.tokens[first].text}")


SQL_CLAUSES: tuple[SqlMutator, ...] = (
    dropped_join, dropped_grouping, ungrouped_item, aggregate_condition, swapped_clauses, dropped_sign, added_sign,
    dropped_word, misspelt_sql_word, lost_end, other_form, foreign_function, wrapped_column, other_arguments,
    other_type, aggregated_column, rows_for_value, other_columns,
)  # fmt: skip
