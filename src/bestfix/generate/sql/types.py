"""Types that do not go together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bestfix.core import Candidate, DatabaseContext, Edit, Language, Report
from bestfix.generate.base import repair
from bestfix.generate.sql.likeness import words
from bestfix.generate.sql.site import Site, sql_site

__all__ = ["aggregated_text", "casts", "literal_type", "type_name"]

_ARITHMETIC = frozenset(["+", "-", "*", "/", "%", "||"])
_COMPARING = frozenset(["=", "==", "<>", "!=", "<", ">", "<=", ">=", "LIKE", "ILIKE", "~~", "IN"])
_MEASURES = frozenset(
    [
        "amount",
        "price",
        "cost",
        "qty",
        "quantity",
        "num",
        "number",
        "total",
        "score",
        "rate",
        "percent",
        "age",
        "year",
        "point",
        "size",
        "sale",
        "value",
    ]
)
_NUMERIC = re.compile(r"INT|NUM|DEC|FLOAT|DOUBLE|REAL|SERIAL")
_TYPES = {
    "FLOAT64": "DOUBLE PRECISION", "FLOAT32": "REAL", "INT64": "BIGINT", "DOUBLE": "DOUBLE PRECISION", "STRING": "TEXT",
    "DATETIME": "TIMESTAMP", "DATETIME2": "TIMESTAMP", "NUMBER": "NUMERIC", "SIGNED": "INTEGER", "UNSIGNED": "INTEGER",
    "INT32": "INTEGER", "NVARCHAR": "VARCHAR", "VARCHAR2": "VARCHAR", "BOOL": "BOOLEAN", "TINYINT": "SMALLINT",
    "BIGNUMERIC": "NUMERIC", "BYTES": "BYTEA", "MEDIUMINT": "INTEGER", "LONG": "BIGINT", "CHARACTER": "VARCHAR",
}  # fmt: skip


@repair("TypeMismatch", "Conversion", "UnknownFunction", "FunctionArguments", language=Language.SQL)
def literal_type(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Write a literal as the column that it is compared with holds it.

    Why: numbers are kept as text, booleans as numbers.
    Example: `WHERE year = 2014`, year being text → `WHERE year = '2014'`
    Safety: safe for equality; an order of texts is not that of numbers.
    """
    site = sql_site(report, context)
    edits, safe, booleans = [], True, []
    for index in range(1, len(site.tokens) - 1):
        if site.query.word(index) not in _COMPARING:
            continue
        for other, literal in ((index - 1, index + 1), (index + 1, index - 1)):
            kind, token = _column_type(site, other), site.tokens[literal]
            if kind is None:
                continue
            if token.kind == "number" and re.search(r"CHAR|TEXT|STRING", kind):
                edits.append(Edit(token.start, token.end, f"'{token.text}'"))
                safe &= site.query.word(index) in {"=", "==", "<>", "!=", "IN"} or len(token.text) > 3
            elif token.text in {"0", "1"} and "BOOL" in kind:
                booleans.append(Edit(token.start, token.end, "TRUE" if token.text == "1" else "FALSE"))
            elif token.kind == "string" and _NUMERIC.search(kind) and re.fullmatch(r"'-?\d+(\.\d+)?'", token.text):
                edits.append(Edit(token.start, token.end, token.text.strip("'")))
    if edits and site.error.type != "UnknownFunction":
        yield site.fix(*edits, reason="the column holds another type than the literal", prior=0.85 if safe else 0.45)
    if booleans:
        yield site.fix(*booleans, reason="the column holds booleans", prior=0.9)


def _column_type(site: Site, index: int) -> str | None:
    """Return the type of the column that token `index` names."""
    if not 0 <= index < len(site.tokens) or not site.tokens[index].identifier:
        return None
    qualifier = site.tokens[index - 2].name.lower() if site.query.word(index - 1) == "." else None
    for relation, column in site.owners(site.tokens[index].name, site.query.select_at(index)):
        if qualifier is None or site.label_name(relation) == qualifier:
            return column.type
    return None


@repair("TypeMismatch", "Conversion", "FunctionArguments", language=Language.SQL)
def casts(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Cast one side of a comparison to the type of the other.

    Why: this engine compares only what has one type.
    Example: `WHERE a.code = b.id` → `WHERE a.code = CAST(b.id AS TEXT)`
    Safety: safe towards text; towards numbers it fails on texts that are none.
    """
    site = sql_site(report, context)
    if site.error.type == "FunctionArguments" and site.name.isidentifier():
        return
    at = _operator(site)
    if at is None:
        return
    if site.query.word(at) in {"LIKE", "ILIKE", "GLOB"}:
        start, end = _operand(site, at, -1) or (at, at)
        kind = "VARCHAR" if site.dialect == "duckdb" else "TEXT"
        edit = site.edit(start, end, site.cast(start, end, kind))
        yield site.fix(edit, reason="LIKE compares texts", prior=0.9)
        return
    left, right = _operand(site, at, -1), _operand(site, at, 1)
    if left is None or right is None:
        return
    ordered = site.query.word(at) in {"<", ">", "<=", ">="}
    for number, (start, end) in enumerate((left, right)):
        text = site.query.span(start, end)
        numeric = _is_number(site, (left, right)[1 - number], ("right", "left")[number])
        targets = [("TEXT" if site.dialect != "duckdb" else "VARCHAR", 0.25 if ordered or numeric else 0.5)]
        if numeric:
            targets.append(("NUMERIC" if site.dialect != "duckdb" else "DOUBLE", 0.6 if ordered else 0.35))
        for kind, prior in targets:
            lenient = site.dialect == "duckdb" and kind == "DOUBLE"
            cast = f"TRY_CAST({text} AS {kind})" if lenient else site.cast(start, end, kind)
            yield site.fix(
                site.edit(start, end, cast),
                reason=f"`{text}` is compared with another type",
                prior=prior,
                unsafe=kind != "TEXT",
            )


def _operator(site: Site) -> int | None:
    """Return the comparison that the error points to or stands nearest to."""
    index = site.index
    if index is None:
        column = site.error.details.get("column", "").lower()
        index = next((i for i, t in enumerate(site.tokens) if column and t.name.lower() == column), None)
    if index is None:
        return None
    wanted = _COMPARING | _ARITHMETIC if site.error.type == "FunctionArguments" else _COMPARING
    near = [i for i in range(max(0, index - 3), min(len(site.tokens), index + 12)) if site.query.word(i) in wanted]
    if column := site.error.details.get("column", "").lower():
        held = [i for i in range(1, len(site.tokens) - 1) if site.query.word(i) in wanted and _beside(site, i, column)]
        near = held or near
    return min(near, key=lambda i: abs(i - index) if i <= index else i - index + 0.5, default=None)


def _beside(site: Site, at: int, column: str) -> bool:
    """Whether one operand of an operator is the column, and the other is of another type."""
    spans = [s for s in (_operand(site, at, -1), _operand(site, at, 1)) if s]
    if not any(site.tokens[end - 1].name.lower() == column for _, end in spans):
        return False
    kinds = {_column_type(site, end - 1) or site.tokens[end - 1].kind for _, end in spans}
    return len(kinds) > 1


def _operand(site: Site, at: int, side: int) -> tuple[int, int] | None:
    """Return the tokens of the operand on one side of an operator."""
    index = at + side
    if not 0 <= index < len(site.tokens):
        return None
    if side < 0 and site.tokens[index].text == ")":
        opening = next((o for o, c in site.query.closing.items() if c == index), None)
        if opening is None:
            return None
        return (opening - 1 if opening and site.tokens[opening - 1].identifier else opening), at
    if side > 0 and (close := site.query.closing.get(index)):
        return index, close + 1
    if side > 0 and (close := site.query.closing.get(index + 1)) and site.query.word(index + 1) == "(":
        return index, close + 1
    if side < 0:
        return (index - 2 if site.query.word(index - 1) == "." else index), at
    return index, index + (3 if site.query.word(index + 1) == "." else 1)


def _is_number(site: Site, span: tuple[int, int], side: str) -> bool:
    token = site.tokens[span[1] - 1]
    kind = _column_type(site, span[1] - 1) or site.error.details.get(side, "").upper()
    return token.kind == "number" or bool(_NUMERIC.search(kind))


@repair("FunctionArguments", "UnknownFunction", language=Language.SQL)
def aggregated_text(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Aggregate texts as numbers, or count them.

    Why: numbers are kept as text, or counting was meant.
    Example: `SELECT sum(price) FROM t`, price being text → `SELECT sum(CAST(price AS NUMERIC)) FROM t`
    Safety: unsafe; texts that are no numbers fail or are left out.
    """
    site = sql_site(report, context)
    index = site.index
    if index is None or site.tokens[index].upper not in {"SUM", "AVG", "TOTAL", "MEDIAN"}:
        return
    close = site.query.closing.get(index + 1)
    if close is None:
        return
    argument = site.query.span(index + 2, close)
    if argument == "*" or not argument:
        yield site.fix(site.edit(index, close + 1, "COUNT(*)"), reason="only COUNT takes `*`", prior=0.6, unsafe=True)
        for item in _numeric_columns(site):
            edit = site.edit(index + 2, close, item) if argument else Edit.insert(site.tokens[close].start, item)
            yield site.fix(edit, reason="the function takes a column", prior=0.25, unsafe=True)
        return
    lenient = site.dialect == "duckdb"
    cast = f"TRY_CAST({argument} AS DOUBLE)" if lenient else site.cast(index + 2, close, "NUMERIC")
    numeric = bool(_MEASURES & set(words(argument)))
    prior = 0.55 if numeric else 0.45
    yield site.fix(site.edit(index + 2, close, cast), reason=f"`{argument}` holds text", prior=prior, unsafe=True)
    if site.tokens[index].upper == "SUM":
        yield site.fix(site.edit(index, index + 1, "COUNT"), reason=f"`{argument}` holds text", prior=0.48, unsafe=True)
        edit = site.edit(index, close + 1, f"COUNT(DISTINCT {argument})")
        yield site.fix(edit, reason=f"`{argument}` holds text", prior=0.3, unsafe=True)


def _numeric_columns(site: Site) -> list[str]:
    found = [c for _, columns in site.visible(site.select) for c in columns or () if _NUMERIC.search(c.type)]
    return [site.quoted(c.name) for c in found[:4]]


@repair("UnknownType", "Syntax", language=Language.SQL)
def type_name(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Call a type as this engine calls it.

    Why: every engine has its own names for types.
    Example: `CAST(x AS FLOAT64)` → `CAST(x AS DOUBLE PRECISION)`
    Safety: safe.
    """
    site = sql_site(report, context)
    edits = []
    for index, token in enumerate(site.tokens):
        after = site.query.word(index - 1) in {"AS", "::"} and token.kind == "name"
        new = _TYPES.get(token.upper) if after else None
        if new is None or (site.error.type == "UnknownType" and token.upper != site.name.upper()):
            continue
        if site.query.word(index - 1) == "AS" and site.query.word(index + 1) not in {")", "("}:
            continue
        if token.upper == "DOUBLE" and (site.query.word(index + 1) == "PRECISION" or site.dialect == "duckdb"):
            continue
        edits.append(
            Edit(token.start, token.end, "DOUBLE" if new == "DOUBLE PRECISION" and site.dialect == "duckdb" else new)
        )
    if edits:
        yield site.fix(
            *edits,
            reason="this engine has another name for the type",
            prior=0.95 if site.error.type == "UnknownType" else 0.6,
        )
