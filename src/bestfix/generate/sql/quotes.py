"""Quotes: strings that the engine takes for identifiers, and identifiers that it takes for others."""

from __future__ import annotations

from collections.abc import Iterator

from bestfix.core import Candidate, Column, DatabaseContext, Edit, Language, Report
from bestfix.generate.base import repair
from bestfix.generate.similar import near
from bestfix.generate.sql.site import Site, sql_site
from bestfix.lang.sql import Token

__all__ = ["bare_text", "curly_quotes", "quoted_names", "requote", "requote_one", "unquote_brackets"]

_COMPARING = frozenset([
    "=", "==", "<>", "!=", "<", ">", "<=", ">=", "LIKE", "ILIKE", "GLOB", "IN", "BETWEEN", "||", "~", "~*", "!~",
])  # fmt: skip


@repair(
    "UnknownColumn", "UnknownTable", "UnknownAlias", "Syntax", "UnterminatedQuote", "Conversion", language=Language.SQL
)
def requote(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Put strings into single quotes, and give quoted identifiers the case that they have.

    Why: in standard SQL double quotes are for identifiers, whose case then counts; SQLite and MySQL are laxer.
    Example: `WHERE name = "Ada"` → `WHERE name = 'Ada'`
    Safety: safe; every quoted text is read as what the database has, an identifier where there is one.
    """
    site = sql_site(report, context)
    edits = [e for token in site.tokens if (e := _edit(site, token)) is not None]
    if not edits or site.dialect in {"mysql", "bigquery", "databricks", "spark"}:
        return
    failing = site.index is not None and site.tokens[site.index].kind == "quoted"
    literal = any(e.text.startswith("'") for e in edits)
    reason = (
        "strings stand in single quotes; double quotes are for identifiers"
        if literal
        else "quoted identifiers keep their case"
    )
    yield site.fix(*edits, reason=reason, prior=0.95 if failing else 0.5)


@repair("UnknownColumn", "Conversion", "AmbiguousColumn", "GroupBy", language=Language.SQL)
def requote_one(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Put the one text that the error is about into single quotes, though an identifier has its name.

    Why: a value may be spelt like a column.
    Example: `WHERE kind = "name"` → `WHERE kind = 'name'`
    Safety: unsafe; the identifier may have been meant.
    """
    site = sql_site(report, context)
    if site.index is None or site.tokens[site.index].kind != "quoted":
        return
    token = site.tokens[site.index]
    prior = 0.6 if site.index and site.tokens[site.index - 1].upper in _COMPARING else 0.2
    yield site.fix(
        Edit(token.start, token.end, _literal(token.name)),
        reason="a string stands in single quotes",
        prior=prior,
        unsafe=True,
    )


@repair("Syntax", "UnknownColumn", "UnterminatedQuote", "Incomplete", language=Language.SQL)
def curly_quotes(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Write typographic quotes as plain ones.

    Why: the query was copied from a document or a message.
    Example: `WHERE name = “Ada”` → `WHERE name = 'Ada'`
    Safety: safe.
    """
    site = sql_site(report, context)
    strings = [t for t in site.tokens if t.kind == "string"]
    edits = [
        Edit(at, at + 1, "'") for at, char in enumerate(site.query.text)
        if char in "‘’“”‚„´" and not any(t.start < at < t.end for t in strings)  # noqa: RUF001 - the quotes that are meant
    ]  # fmt: skip
    if edits:
        yield site.fix(*edits, reason="a string stands in plain quotes", prior=0.97)


@repair("UnknownColumn", "Syntax", language=Language.SQL)
def bare_text(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Put quotes around a text that a column is compared with.

    Why: what is compared looks like a word, not like a string.
    Example: `WHERE city = Paris` → `WHERE city = 'Paris'`
    Safety: safe where no column has a name like it.
    """
    site = sql_site(report, context)
    for index in range(2, len(site.tokens)):
        token = site.tokens[index]
        wanted = site.error.type == "Syntax" or token.name.lower() == site.name.lower()
        if not (wanted and token.kind == "name" and token.identifier) or site.query.word(index + 1) in {".", "("}:
            continue
        if site.query.word(index - 1) not in _COMPARING | {"(", ","} or site.owners(
            token.name, site.query.select_at(index)
        ):
            continue
        end = index + 1
        while end < len(site.tokens) and site.tokens[end].kind in {"name", "number"} and site.tokens[end].identifier:
            end += 1
        compared = _compared(site, index)
        if compared is None or (site.error.type == "Syntax" and end == index + 1):
            continue
        known = [c.name for _, columns in site.visible(site.query.select_at(index)) for c in columns or ()]
        near_column = near(token.name, known, limit=1, least=0.75)
        text = site.query.span(index, end)
        edit = site.edit(index, end, _literal(text))
        prior = 0.4 if near_column else 0.9 if _holds_text(compared) else 0.6
        yield site.fix(edit, reason=f"`{text}` is no column; a text stands in quotes", prior=prior)


def _compared(site: Site, index: int) -> Column | None:
    """Return the column that the value at token `index`, or the list that it is in, is compared with."""
    at = index - 1
    if site.query.word(at) in {"(", ","}:
        opening = max((o for o, close in site.query.closing.items() if o < index < close), default=0)
        at = opening - 1
    if at < 1 or site.query.word(at) not in _COMPARING:
        return None
    at -= 1 + (site.query.word(at - 1) == "NOT")
    owners = site.owners(site.tokens[at].name, site.query.select_at(at)) if site.tokens[at].identifier else []
    return owners[0][1] if owners else None


def _holds_text(column: Column) -> bool:
    return not column.type or any(kind in column.type for kind in ("CHAR", "TEXT", "STRING", "CLOB", "ENUM"))


@repair("Syntax", language=Language.SQL)
def quoted_names(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Put names into double quotes that stand in single ones.

    Why: SQLite and MySQL take a string for an alias or a column.
    Example: `SELECT a AS 'Total sum' FROM t` → `SELECT a AS "Total sum" FROM t`
    Safety: safe.
    """
    site = sql_site(report, context)
    edits = []
    for index, token in enumerate(site.tokens):
        before, after = site.query.word(index - 1), site.query.word(index + 1)
        if token.kind != "string" or token.text[0] != "'":
            continue
        if before == "." or after == "." or (before == "AS" and after in {",", "FROM", ")", ""}):
            spelt = _spelt(site, index, token.name) if before == "." else None
            name = site.quoted(spelt) if spelt else '"' + token.name.replace('"', '""') + '"'
            edits.append(Edit(token.start, token.end, name))
    if edits:
        yield site.fix(*edits, reason="names stand in double quotes", prior=0.9)


@repair("Syntax", "UnknownColumn", "UnknownTable", "Incomplete", language=Language.SQL)
def unquote_brackets(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Write identifiers in backticks or brackets as this engine does.

    Why: MySQL quotes identifiers with backticks, SQL Server with brackets.
    Example: `SELECT [Name] FROM t` → `SELECT "Name" FROM t`
    Safety: safe.
    """
    site = sql_site(report, context)
    if site.dialect in {"mysql", "bigquery", "databricks", "spark"}:
        return
    edits = [Edit(t.start, t.end, _identifier(site, t)) for t in site.tokens if t.text.startswith("`")]
    edits = [] if site.dialect == "sqlite" else edits
    for index in range(len(site.tokens) - 2):
        opening, token, closing = site.tokens[index : index + 3]
        if opening.text == "[" and closing.text == "]" and token.identifier and site.dialect != "sqlite":
            before = site.tokens[index - 1] if index else None
            if before is None or not (before.identifier and before.end == opening.start):
                edits.append(Edit(opening.start, closing.end, _identifier(site, token)))
    if edits:
        yield site.fix(*edits, reason="this engine quotes identifiers with double quotes", prior=0.95)


def _edit(site: Site, token: Token) -> Edit | None:
    """Return the edit that writes a quoted token as what it names, or as a string; `None` where it is right."""
    if token.kind != "quoted" or token.text[0] != '"':
        return None
    index = site.tokens.index(token)
    if _is_new_name(site, index):
        return None
    spelt = _spelt(site, index, token.name)
    if spelt is None:
        return None if _is_identifier(site, index, token.name) else Edit(token.start, token.end, _literal(token.name))
    if spelt == token.name or site.dialect != "postgres":
        return None
    return Edit(token.start, token.end, site.quoted(spelt))


def _is_new_name(site: Site, index: int) -> bool:
    return any(index == item.alias for s in site.query.selects for item in s.items) or any(
        index == r.alias for s in site.query.selects for r in s.relations
    )


def _is_identifier(site: Site, index: int, name: str) -> bool:
    """Whether a quoted text that names nothing still has to be an identifier."""
    before, after = site.query.word(index - 1), site.query.word(index + 1)
    if before in {".", "FROM", "JOIN", "BY", "INTO", "UPDATE"} or after == ".":
        return True
    if before in _COMPARING:
        return False
    select = site.query.select_at(index)
    known = [c.name for _, columns in site.visible(select) for c in columns or ()]
    return bool(near(name, known, limit=1, least=0.75))


def _spelt(site: Site, index: int, name: str) -> str | None:
    """Return how the identifier that a quoted text names is spelt in the catalog or the query."""
    folded = name.lower()
    after, before = site.query.word(index + 1), site.query.word(index - 1)
    tables = [t.name for t in site.catalog.tables() if t.name.lower() == folded]
    labels = [site.label_name(r) for s in site.query.selects for r in s.relations if site.label_name(r) == folded]
    if before in {"FROM", "JOIN", "INTO", "UPDATE"} or after == ".":
        aliases = [site.tokens[r.alias].name for s in site.query.selects for r in s.relations if r.alias is not None]
        spelt = [a for a in aliases if a.lower() == folded]
        return next(iter([*tables, *spelt, *labels]), None)
    select = site.query.select_at(index)
    owned = [column.name for _, column in site.owners(name, select)]
    outputs = [site.tokens[i.alias].name for s in site.query.selects for i in s.items if i.alias is not None]
    named = [o for o in outputs if o.lower() == folded]
    anywhere = [t.by_name[folded].name for t in site.catalog.having(name)] if before not in _COMPARING else []
    return next(iter([*owned, *named, *anywhere]), None)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _identifier(site: Site, token: Token) -> str:
    spelt = _spelt(site, site.tokens.index(token), token.name)
    return site.quoted(spelt or token.name) if site.dialect != "postgres" or spelt else site.quoted(token.name.lower())
