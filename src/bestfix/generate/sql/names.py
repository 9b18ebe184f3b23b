"""Names that have to be quoted: words of the grammar, names with a space, names that begin with a digit."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from bestfix.core import Candidate, Catalog, DatabaseContext, Edit, Language, Report
from bestfix.generate.base import repair
from bestfix.generate.similar import near
from bestfix.generate.sql.site import Site, sql_site
from bestfix.generate.sql.slips import place
from bestfix.lang.sql import quoted
from bestfix.lang.sql.tokens import KEYWORDS, RESERVED

__all__ = ["reserved_name"]

_DIGIT = "a name that begins with a digit is quoted"


@repair("Syntax", "UnknownColumn", "UnknownTable", "UnknownType", language=Language.SQL)
def reserved_name(report: Report, context: DatabaseContext) -> Iterator[Candidate]:
    """Quote a name that is a word of the grammar, or that has a space.

    Why: the schema has such names, or an alias was made of two words.
    Example: `SELECT order FROM t` → `SELECT "order" FROM t`
    Safety: safe.
    """
    site = sql_site(report, context)
    at = place(site)
    for index in (at, at - 1, at - 2):
        if not 0 <= index < len(site.tokens) or site.tokens[index].kind != "name":
            continue
        token = site.tokens[index]
        known = bool(site.catalog.having(token.text)) or site.catalog.table(token.text) is not None
        dotted = "." in {site.query.word(index - 1), site.query.word(index + 1)} or site.query.word(index - 1) == "AS"
        if report.error.type == "Syntax" and not (token.upper in {"SELECT", "FROM"} and not dotted):
            here = known and (index == at or token.upper in KEYWORDS)
            prior = 0.9 if here or dotted else 0.4 if known else 0.15 if token.upper in RESERVED else 0.1
            spelt = next((t.by_name[token.text.lower()].name for t in site.catalog.having(token.text)), token.text)
            edits = [
                Edit(t.start, t.end, quoted(spelt, site.dialect, force=True)) for i, t in enumerate(site.tokens)
                if t.upper == token.upper and (i == index or "." in {site.query.word(i - 1), site.query.word(i + 1)})
            ]  # fmt: skip
            yield site.fix(*edits, reason=f"`{token.text}` is a word of the grammar", prior=prior)
    yield from _spaced(site, at)
    yield from _numbered(site)


@lru_cache(maxsize=4)
def _folded_names(catalog: Catalog) -> dict[str, str]:
    """Return the names of columns and tables by their letters and digits alone."""
    tables = catalog.tables()
    names = {c.name for t in tables[:2000] for c in t.columns} | {t.name for t in tables[:5000]}
    return {"".join(n.lower().replace("_", " ").split()): n for n in names}


def _numbered(site: Site) -> Iterator[Candidate]:
    """Yield the candidates that quote the names which begin with a digit."""
    folded = _folded_names(site.catalog)
    known: list[Edit] = []
    for index in range(len(site.tokens) - 1):
        number, word = site.tokens[index], site.tokens[index + 1]
        if number.kind != "number" or word.kind != "name" or number.end != word.start:
            continue
        name = number.text + word.text
        if found := folded.get("".join(name.lower().split("_"))):
            known.append(site.edit(index, index + 2, site.quoted(found)))
            continue
        named = site.query.word(index - 1) in {"AS", "FROM", "JOIN", ".", "INTO", "UPDATE"}
        edit = site.edit(index, index + 2, site.quoted(name))
        yield site.fix(edit, reason=_DIGIT, prior=0.9 if named else 0.6)
        for match in near(name, list(folded.values()), limit=2, least=0.6):
            edit = site.edit(index, index + 2, site.quoted(match.name))
            yield site.fix(edit, reason=f"there is no `{name}`; `{match.name}` is", prior=0.9 * match.score)
    if known:
        yield site.fix(*known, reason=_DIGIT, prior=0.97)


def _spaced(site: Site, at: int) -> Iterator[Candidate]:
    """Yield the candidates that join the words near the error to one name."""
    folded = _folded_names(site.catalog)
    for start in range(max(0, at - 4), min(len(site.tokens), at + 1)):
        for end in range(start + 2, min(start + 5, len(site.tokens) + 1)):
            part = site.tokens[start:end]
            if any(t.kind not in {"name", "number"} or t.upper in RESERVED for t in part):
                break
            found = folded.get("".join(t.text.lower().replace("_", "") for t in part))
            if found:
                edit = site.edit(start, end, site.quoted(found))
                yield site.fix(edit, reason=f"`{found}` is one name", prior=0.9)
            elif site.query.word(start - 1) == "AS" and end > at > start and site.error.type == "Syntax":
                edit = site.edit(start, end, f'"{site.query.span(start, end)}"')
                yield site.fix(edit, reason="a name with a space stands in double quotes", prior=0.5)
