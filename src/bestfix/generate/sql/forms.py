"""Constructs of a fixed form with a part missing: WITH, CASE, tests for NULL, statements that change rows."""

from __future__ import annotations

from collections.abc import Iterator

from bestfix.core import Candidate, DatabaseContext, Edit, Language, Report
from bestfix.generate.base import repair
from bestfix.generate.sql.site import Site, sql_site
from bestfix.lang.sql import compared_nulls
from bestfix.lang.sql.tokens import RESERVED

__all__ = ["case_form", "change_form", "list_form", "null_comparison", "null_form", "with_form"]

_NEAR = 4
_EQUAL = frozenset(["=", "=="])
_UNEQUAL = frozenset(["<>", "!="])


@repair("Syntax", "Incomplete", language=Language.SQL)
def with_form(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Write a common table expression as `name AS (query)`.

    Why: its form resembles that of a sub-query, with the name in front.
    Example: `WITH a (SELECT x FROM t) SELECT * FROM a` → `WITH a AS (SELECT x FROM t) SELECT * FROM a`
    Safety: safe.
    """
    site = sql_site(report, context)
    if not site.tokens or site.query.word(0) != "WITH":
        return
    edits = []
    for index in range(1, len(site.tokens) - 2):
        word, named = site.query.word(index + 1), site.query.word(index - 1) in {"WITH", "RECURSIVE", ","}
        if named and word == "(" and site.query.word(index + 2) in {"SELECT", "WITH", "VALUES"}:
            edits.append(site.insert_after(index, " AS"))
    if edits:
        yield site.fix(*edits, reason="a common table expression is written `name AS (query)`", prior=0.96)
    yield from _opened(site)


def _opened(site: Site) -> Iterator[Candidate]:
    """Yield the candidates for `WITH a AS SELECT … SELECT …`."""
    starts = [i for i in range(len(site.tokens)) if site.query.word(i) == "SELECT" and not site.query.depths[i]]
    if len(starts) > 1 and site.query.word(starts[0] - 1) == "AS":
        end = starts[1] - 1 - (site.query.word(starts[1] - 1) == ")")
        edits = [Edit.insert(site.tokens[starts[0]].start, "("), site.edit(end, end + 1, f"{site.tokens[end].text})")]
        if site.query.word(starts[1] - 1) == ")":
            edits = edits[:1]
        yield site.fix(*edits, reason="the query of a common table expression stands in parentheses", prior=0.95)


@repair("Syntax", "Incomplete", language=Language.SQL)
def case_form(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Write what is missing of `CASE WHEN … THEN … ELSE … END`.

    Why: CASE has more words than other expressions.
    Example: `SELECT CASE WHEN a > 1 THEN 'x' ELSE 'y' FROM t` → `SELECT CASE WHEN a > 1 THEN 'x' ELSE 'y' END FROM t`
    Safety: safe.
    """
    site = sql_site(report, context)
    for index in range(len(site.tokens)):
        if site.query.word(index) != "CASE":
            continue
        end = _case_end(site, index)
        words = [site.query.word(i) for i in range(index, end)]
        if "WHEN" not in words and "THEN" in words:
            yield site.fix(site.insert_after(index, " WHEN"), reason="CASE needs WHEN", prior=0.95)
        at = site.index
        if words.count("WHEN") > words.count("THEN") and at is not None and index < at <= end:
            yield site.fix(Edit.insert(site.tokens[at].start, "THEN "), reason="WHEN needs THEN", prior=0.9)
        if site.query.word(end) != "END" and "THEN" in words:
            yield site.fix(site.insert_after(end - 1, " END"), reason="CASE is closed by END", prior=0.95)


def _case_end(site: Site, start: int) -> int:
    """Return the token that ends a CASE: its END, or the one that cannot belong to it."""
    depth, nested = site.query.depths[start], 0
    for index in range(start + 1, len(site.tokens)):
        word = site.query.word(index)
        if site.query.depths[index] < depth:
            return index
        if site.query.depths[index] > depth:
            continue
        nested += (word == "CASE") - (word == "END" and nested > 0)
        if not nested and word in {"END", "FROM", "AS", ",", ";", "GROUP", "ORDER", "WHERE", "HAVING"}:
            return index
    return len(site.tokens)


@repair("Syntax", "Incomplete", "UnknownColumn", language=Language.SQL)
def null_form(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Test for NULL by `IS NULL` or `IS NOT NULL`.

    Why: NULL is not compared, and the words stand in a fixed order.
    Example: `WHERE a NOT IS NULL` → `WHERE a IS NOT NULL`
    Safety: safe.
    """
    site = sql_site(report, context)
    edits = []
    at = site.index if site.index is not None else len(site.tokens)
    for index, token in enumerate(site.tokens):
        if not token.is_word("NULL", "EMPTY") or abs(at - index) > _NEAR:
            continue
        start = index
        while start > 1 and site.query.word(start - 1) in {"IS", "NOT"} | _EQUAL | _UNEQUAL:
            start -= 1
        words = [site.query.word(i) for i in range(start, index)]
        negated = "NOT" in words or bool(_UNEQUAL & set(words))
        form = f"IS {'NOT ' * negated}NULL"
        if token.is_word("EMPTY"):
            form = "<> ''" if negated else "= ''"
        plain = words in (["IS"], ["IS", "NOT"], ["="]) or (words == ["NOT"] and not _operand(site, start - 1))
        if words and (token.is_word("EMPTY") or not plain):
            edits.append(site.edit(start, index + 1, form))
    if edits:
        yield site.fix(*edits, reason="NULL is tested by `IS NULL` or `IS NOT NULL`", prior=0.95)


@repair("NullComparison", language=Language.SQL)
def null_comparison(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Test for NULL by IS where it is compared with a sign.

    Why: nothing is equal to NULL, and nothing unequal: such a condition holds for no row.
    Example: `WHERE a = NULL` → `WHERE a IS NULL`
    Safety: safe; the condition chose no row.
    """
    site = sql_site(report, context)
    edits = [
        Edit(site.tokens[i - 1].start, site.tokens[i - 1].end, "IS NOT" if site.query.word(i - 1) in _UNEQUAL else "IS")
        for i in compared_nulls(site.query)
    ]
    if edits:
        yield site.fix(*edits, reason="nothing is equal to NULL; IS tests for it", prior=0.97)


def _operand(site: Site, index: int) -> bool:
    token = site.tokens[index]
    return token.kind in {"name", "quoted"} and token.upper not in RESERVED


@repair("Syntax", "UnknownTable", "UnknownColumn", language=Language.SQL)
def list_form(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Write a list for IN in parentheses, a range with AND, DISTINCT once.

    Why: other languages write lists in brackets, and ranges with a comma or a word.
    Example: `WHERE a IN [1, 2]` → `WHERE a IN (1, 2)`
    Safety: safe.
    """
    site = sql_site(report, context)
    for index in range(1, len(site.tokens)):
        word, before = site.query.word(index), site.query.word(index - 1)
        if before == "IN" and word in {"[", "{"}:
            closes = {"[": "]", "{": "}"}[word]
            end = next((i for i in range(index, len(site.tokens)) if site.tokens[i].text == closes), None)
            if end is not None:
                edits = [site.edit(index, index + 1, "("), site.edit(end, end + 1, ")")]
                yield site.fix(*edits, reason="a list stands in parentheses", prior=0.96)
        if word == "DISTINCT" and before == "," and site.query.depths[index] == 0:
            edit = Edit(site.tokens[index].start, site.tokens[min(index + 1, len(site.tokens) - 1)].start)
            yield site.fix(edit, reason="DISTINCT is for the whole row, and written once", prior=0.9)
        if word in {",", "TO"} and "BETWEEN" in {site.query.word(index - 2), site.query.word(index - 3)}:
            reason = "the ends of a range are joined by AND"
            yield site.fix(Edit(site.tokens[index - 1].end, site.tokens[index].end, " AND"), reason=reason, prior=0.97)
        if word == "&":
            yield site.fix(site.edit(index, index + 1, "AND"), reason="conditions are joined by AND", prior=0.8)


@repair("Syntax", "Incomplete", "UnknownColumn", "UnknownTable", language=Language.SQL)
def change_form(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Write what is missing of INSERT INTO, UPDATE … SET or DELETE FROM.

    Why: each statement has its own small words.
    Example: `DELETE t WHERE a = 1` → `DELETE FROM t WHERE a = 1`
    Safety: safe; the rows that are changed are those that the query names.
    """
    site = sql_site(report, context)
    if len(site.tokens) < 3:
        return
    verb, second = site.query.word(0), site.query.word(1)
    table = site.catalog.table(site.tokens[1].name)
    if verb == "DELETE" and second == "*":
        edit = Edit(site.tokens[0].end, site.tokens[1].end, "" if site.query.word(2) == "FROM" else " FROM")
        yield site.fix(edit, reason="DELETE takes whole rows, and no columns", prior=0.96)
    if verb in {"DELETE", "INSERT"} and second not in {"FROM", "INTO", "OR", "*"} and site.tokens[1].identifier:
        word = "FROM" if verb == "DELETE" else "INTO"
        edit = site.insert_after(0, f" {word}")
        yield site.fix(edit, reason=f"{verb} is followed by {word}", prior=0.95 if table else 0.7)
    if verb == "UPDATE" and second in {"FROM", "TABLE", "INTO"}:
        yield site.fix(
            Edit(site.tokens[0].end, site.tokens[1].end), reason="UPDATE names its table at once", prior=0.95
        )
    if verb == "UPDATE" and "SET" not in {t.upper for t in site.tokens}:
        at = next((i for i in range(2, len(site.tokens)) if site.query.word(i) == "="), 3) - 1
        edit = Edit.insert(site.tokens[at].start, "SET ")
        yield site.fix(edit, reason="UPDATE needs SET", prior=0.95)
    if verb == "INSERT" and second == "INTO":
        yield from _named_columns(site)


def _named_columns(site: Site) -> Iterator[Candidate]:
    """Yield the candidates that put the columns of an INSERT, or its values, in parentheses."""
    values = next((i for i in range(len(site.tokens)) if site.query.word(i) in {"VALUES", "SELECT"}), None)
    if values is None:
        return
    if values > 3 and site.query.word(3) != "(" and site.query.word(3) != ".":
        edits = [Edit.insert(site.tokens[3].start, "("), site.insert_after(values - 1, ")")]
        yield site.fix(*edits, reason="the columns stand in parentheses", prior=0.95)
    if site.query.word(values) == "VALUES" and site.query.word(values + 1) != "(" and values + 1 < len(site.tokens):
        last = len(site.tokens) - 1 - (site.tokens[-1].text == ";")
        closed = [] if site.tokens[last].text == ")" else [site.insert_after(last, ")")]
        edit = Edit.insert(site.tokens[values + 1].start, "(")
        yield site.fix(edit, *closed, reason="the values stand in parentheses", prior=0.95)
