"""Columns and rows of tables that are not there under that name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from bestfix.core import Candidate, Context, Edit, Key, Report, Value
from bestfix.generate.base import repair
from bestfix.generate.python.reading.site import Site, short
from bestfix.generate.python.writing.edits import quoted
from bestfix.generate.similar import Match, near, shortened

__all__ = [
    "column_of_query", "column_position", "columns_in_one_list", "index_level", "missing_axis", "near_column",
    "row_label", "rows_of_apply",
]  # fmt: skip

_FRAMES = frozenset({"pandas.DataFrame", "polars.DataFrame", "polars.LazyFrame"})
_COLUMN_ERRORS = ("KeyError", "ColumnNotFoundError", "ValueError", "InvalidIndexError", "SchemaError")


def _missing(site: Site) -> list[str]:
    """Return the texts that the message says are no columns."""
    message = site.message
    if found := re.search(r'unable to find (?:column|field) "(.*?)"', message):
        return [found[1]]
    if found := re.search(r"[Cc]ould not interpret (?:value|input) [`'](.*?)[`']", message):
        return [found[1]]
    if found := re.fullmatch(r'"(.*?)" not found', message):
        return [found[1]]
    if not site.report.error.is_a("KeyError", "ValueError"):
        return []
    if found := re.search(r"Columns? not found: (.*)", message):
        return re.findall(r"'(.*?)'", found[1])
    if found := re.search(
        r"\[(.*?)\](?:, dtype.*?)? (?:not in index|are in the \[|not found in axis|do not exist)", message, re.DOTALL
    ):
        return re.findall(r"'(.*?)'", found[1])
    if found := re.search(r'[\'"](?:Column\(s\) )?\[(.*?)\]', message):
        return re.findall(r"'(.*?)'", found[1])
    if found := re.fullmatch(r"'(.*)'", message, re.DOTALL):
        return [found[1]]
    written = {n.value for n in ast.walk(site.statement) if isinstance(n, ast.Constant)}
    told = re.findall(r"'(.*?)'", re.sub(r"dtype='\w+'", "", message))
    return [name for name in told if name in written] if site.report.error.is_a("KeyError") else []


def _frames(site: Site) -> Iterator[tuple[str, Value]]:
    """Yield the tables that the failing statement names."""
    seen: set[str] = set()
    for node in ast.walk(site.statement):
        if isinstance(node, ast.Name) and node.id not in seen:
            seen.add(node.id)
            found = site.context.value(node.id)
            if found is not None and found.type_name in _FRAMES:
                yield node.id, found
            elif found is not None and "DataFrameGroupBy" in found.type_name:
                yield from ((n, v) for n, v in _all_frames(site))


def _all_frames(site: Site) -> Iterator[tuple[str, Value]]:
    for name in site.names():
        found = site.context.value(name)
        if found is not None and found.type_name in _FRAMES and not name.startswith("_"):
            yield name, found


def _columns(site: Site) -> tuple[str, list[Key]]:
    """Return the table that the failure is about, and its columns; of several the columns of all."""
    names: list[str] = []
    columns: dict[Key, None] = {}
    for name, frame in _frames(site):
        names.append(name)
        columns.update(dict.fromkeys(frame.keys()))
    if found := re.search(r"valid columns: \[(.*?)\]", site.message):
        columns.update(dict.fromkeys(re.findall(r'"(.*?)"', found[1])))
    return ", ".join(names), list(columns)


def _literals(site: Site, text: str) -> list[ast.Constant]:
    """Return the literals of a text in the failing expression, or in the statement, or assigned to its names."""
    for root in (site.node, site.statement):
        found = [n for n in ast.walk(root) if isinstance(n, ast.Constant) and n.value == text]
        if found:
            return found
    values = [a.value for n in site.inside(ast.Name) if isinstance(n, ast.Name) for a in site.assignments(n.id)]
    return [n for value in values for n in ast.walk(value) if isinstance(n, ast.Constant) and n.value == text]


@repair(*_COLUMN_ERRORS)
def near_column(report: Report, context: Context) -> Iterator[Candidate]:
    """Use the column that was meant: a near one that the table has.

    Why: column names are mistyped, or their case, spaces or plural are remembered wrongly.
    Example: `df["Prise"]` → `df["Price"]`
    Safety: safe.
    """
    site = Site.of(report, context)
    missing = _missing(site) if site is not None else []
    if site is None or not missing:
        return
    table, columns = _columns(site)
    names = [c for c in columns if isinstance(c, str)]
    if any(name in names for name in missing):
        return
    best = {name: _alike(name, names) for name in missing}
    first = missing[0]
    for number, match in enumerate(best[first]):
        edits = [site.replace(n, quoted(match.name, site.text(n))) for n in _literals(site, first)]
        for name in missing[1:] if number == 0 else ():
            edits += [
                site.replace(n, quoted(best[name][0].name, site.text(n))) for n in _literals(site, name) if best[name]
            ]
        if number == 0 and len(missing) == 1:
            edits += _others(site, table, names)
        if edits:
            reason = f"`{table}` has no column {first!r}; it has {match.name!r}"
            yield site.fix(*edits, reason=reason, prior=0.3 + 0.65 * match.score)


def _alike(name: str, columns: Sequence[str]) -> list[Match]:
    """Return the columns that a name may stand for: a slip of it, what it is short for, or remotely like it."""
    found = {m.name: m for m in (*near(name, columns, least=0.45, limit=3), *shortened(name, columns)[:2])}
    return sorted(found.values(), key=lambda m: -m.score)


@repair("UndefinedVariableError")
def column_of_query(report: Report, context: Context) -> Iterator[Candidate]:
    """Name the column that was meant, or mark a variable of the session, inside a query in quotes.

    Why: nothing completes names inside quotes; `query` and `eval` want `@` before a variable.
    Example: `df.query("prise > 3")` → `df.query("price > 3")`
    Safety: safe.
    """
    site = Site.of(report, context)
    found = site.search(r"name '(\w+)' is not defined", "is not defined") if site is not None else None
    if site is None or found is None:
        return
    word = found[1]
    table, columns = _columns(site)
    new = [(m.name, 0.3 + 0.65 * m.score) for m in _alike(word, [c for c in columns if isinstance(c, str)])]
    if context.value(word) is not None:
        new.insert(0, (f"@{word}", 0.93))
    for name, prior in new:
        written = name if name.lstrip("@").isidentifier() else f"`{name}`"
        edits = [
            Edit(start + m.start(), start + m.end(), written)
            for node in ast.walk(site.statement)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            for start in [site.tree.span(node).start]
            for m in re.finditer(rf"(?<![\w@`]){re.escape(word)}(?!\w)", site.text(node))
        ]
        if edits:
            reason = f"`{word}` is no column of `{table}`; `{name}` is" if name[0] != "@" else f"`{word}` is a variable"
            yield site.fix(*edits, reason=reason, prior=prior)


def _others(site: Site, table: str, names: list[str]) -> list[Edit]:
    """Return the edits of further columns of the table, in the same scope, that are just as surely mistyped."""
    edits = []
    for node in ast.walk(site.scope):
        match node:
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str(text)) as key, ctx=ast.Load()):
                if name == table and node is not site.node and text not in names and not _made(site, table, text):
                    matches = near(text, names, least=0.8, limit=1)
                    edits += [site.replace(key, quoted(m.name, site.text(key))) for m in matches]
    return edits


def _made(site: Site, table: str, column: str) -> bool:
    """Whether the text assigns the column."""
    return any(
        isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store) and site.text(n.value) == table
        and isinstance(n.slice, ast.Constant) and n.slice.value == column
        for n in site.tree.nodes(ast.Subscript)
    )  # fmt: skip


@repair("KeyError")
def index_level(report: Report, context: Context) -> Iterator[Candidate]:
    """Take a level of the index as what it is, not as a column.

    Why: grouping and `set_index` move columns into the index.
    Example: `totals["city"]` → `totals.reset_index()["city"]`
    Safety: safe.
    """
    site = Site.of(report, context)
    missing = _missing(site) if site is not None else []
    if site is None or len(missing) != 1 or not isinstance(site.node, ast.Subscript):
        return
    owner = site.node.value
    found = site.exact(owner)
    if found is None or not found.type_name.startswith("pandas.") or missing[0] not in found.index_labels()[:10]:
        return
    levels = found.attribute("index")
    name, text = missing[0], site.atom(owner)
    reason = f"{name!r} is a level of the index, not a column"
    if isinstance(site.node.slice, ast.Constant) and name not in _row_labels(found):
        del levels
        yield site.fix(site.replace(owner, f"{text}.reset_index()"), reason=reason, prior=0.75)
        edit = site.replace(site.node, f"{text}.index.get_level_values({site.text(site.node.slice)})")
        yield site.fix(edit, reason=reason, prior=0.5)


def _row_labels(frame: Value) -> Sequence[Key]:
    """Return the labels of the rows, without the names of the index's levels."""
    labels, length = frame.index_labels(), frame.length()
    return labels[-length:] if length and length <= len(labels) else labels


@repair("KeyError", "TypeError", "ValueError", "IndexingError")
def row_label(report: Report, context: Context) -> Iterator[Candidate]:
    """Take rows by label with `loc` and by position with `iloc`.

    Why: brackets alone take columns; `loc` and `iloc` are mixed up.
    Example: `df.loc[0]` with text labels → `df.iloc[0]`
    Safety: safe.
    """
    site = Site.of(report, context)
    if site is None or not isinstance(site.node, ast.Subscript):
        return
    owner, key = site.node.value, site.node.slice
    if isinstance(owner, ast.Attribute) and owner.attr in {"loc", "iloc"}:
        yield from _other_indexer(site, owner, key)
        return
    frame, label = site.exact(owner), site.literal(key)
    if frame is None or frame.type_name not in {"pandas.DataFrame", "pandas.Series"}:
        return
    reason = "brackets alone take columns"
    at = site.tree.span(owner).end
    rows = list(_row_labels(frame))
    if label is not None and label in rows and rows != list(range(len(rows))):
        yield site.fix(Edit.insert(at, ".loc"), reason=f"{reason}; {label!r} is the label of a row", prior=0.85)
    elif isinstance(label, int) and (frame.length() or 0) > label:
        yield site.fix(Edit.insert(at, ".iloc"), reason=f"{reason}; {label} is a position", prior=0.5)


def _other_indexer(site: Site, owner: ast.Attribute, key: ast.expr) -> Iterator[Candidate]:
    parts = key.elts if isinstance(key, ast.Tuple) else [key]
    texts = any(isinstance(site.literal(p), str) for p in parts)
    numbers = all(isinstance(p, ast.Slice) or isinstance(site.literal(p), int) for p in parts)
    end = site.tree.span(owner).end
    if owner.attr == "iloc" and texts:
        reason = "`iloc` takes positions, `loc` labels"
        yield site.fix(Edit(end - 4, end, "loc"), reason=reason, prior=0.9)
    elif owner.attr == "loc" and numbers:
        yield site.fix(Edit(end - 3, end, "iloc"), reason="`loc` takes labels, `iloc` positions", prior=0.8)
    frame = site.exact(owner.value)
    label = site.literal(key)
    if owner.attr == "loc" and frame is not None and isinstance(label, str) and label in list(frame.keys()):
        edit = Edit.insert(site.tree.span(key).start, ":, ")
        yield site.fix(edit, reason=f"{label!r} is a column: rows come first", prior=0.8)


@repair("KeyError", "InvalidIndexError", "TypeError")
def columns_in_one_list(report: Report, context: Context) -> Iterator[Candidate]:
    """Take several columns with a list of them, or rows and columns with `loc` or `iloc`.

    Why: brackets with a comma are one key.
    Example: `df["a", "b"]` → `df[["a", "b"]]`
    Safety: safe.
    """
    site = Site.of(report, context)
    match site.node if site is not None else None:
        case ast.Subscript(value=owner, slice=ast.Tuple(elts=parts) as key):
            pass
        case _:
            return
    if site is None or (site.kind(owner) not in _FRAMES and "GroupBy" not in site.kind(owner)):
        return
    at = site.tree.span(owner).end
    values = [site.literal(p) for p in parts]
    if all(isinstance(v, str) for v in values):
        edit = site.replace(key, f"[{site.text(key)}]")
        yield site.fix(edit, reason="several columns are taken with a list", prior=0.9)
    elif all(isinstance(v, int) or isinstance(p, ast.Slice) for p, v in zip(parts, values, strict=True)):
        yield site.fix(Edit.insert(at, ".iloc"), reason="positions are taken with `iloc`", prior=0.9)
    else:
        yield site.fix(Edit.insert(at, ".loc"), reason="rows and columns are taken with `loc`", prior=0.85)


@repair("KeyError")
def column_position(report: Report, context: Context) -> Iterator[Candidate]:
    """Take a column by its position, where its labels are text.

    Why: columns are counted elsewhere.
    Example: `df[0]` → `df.iloc[:, 0]`
    Safety: unsafe; a row may have been meant.
    """
    site = Site.of(report, context)
    if site is None or not isinstance(site.node, ast.Subscript):
        return
    owner, position = site.node.value, site.literal(site.node.slice)
    frame = site.exact(owner)
    if frame is None or frame.type_name != "pandas.DataFrame" or not isinstance(position, int):
        return
    columns = list(frame.keys())
    if 0 <= position < len(columns) and all(isinstance(c, str) for c in columns):
        text = f"{site.text(owner)}.iloc[:, {site.text(site.node.slice)}]"
        yield site.fix(site.replace(site.node, text), reason="the columns have names", prior=0.4, safe=False)


@repair("KeyError")
def missing_axis(report: Report, context: Context) -> Iterator[Candidate]:
    """Drop columns, not rows.

    Why: `drop` takes rows unless it is told otherwise.
    Example: `df.drop("a")` → `df.drop(columns="a")`
    Safety: safe where the label is a column.
    """
    site = Site.of(report, context)
    match site.node if site is not None else None:
        case ast.Call(func=ast.Attribute(attr="drop"), args=[labels], keywords=keywords):
            pass
        case _:
            return
    if site is None or any(k.arg in {"axis", "columns", "index"} for k in keywords):
        return
    missing, (_, columns) = _missing(site), _columns(site)
    if missing and all(name in columns for name in missing):
        edit = Edit.insert(site.tree.span(labels).start, "columns=")
        yield site.fix(edit, reason=f"{short(site.text(labels))} is a column, not a row", prior=0.92)


@repair("KeyError")
def rows_of_apply(report: Report, context: Context) -> Iterator[Candidate]:
    """Apply a function to the rows of a table, not to its columns.

    Why: `apply` goes over columns unless it is told otherwise.
    Example: `df.apply(lambda row: row["a"])` → `df.apply(lambda row: row["a"], axis=1)`
    Safety: safe where the function asks for a column.
    """
    site = Site.of(report, context)
    missing = _missing(site) if site is not None else []
    if site is None or not missing:
        return
    functions = {site.function.name} if site.function is not None else set()
    for call in site.tree.nodes(ast.Call):
        match call:
            case ast.Call(func=ast.Attribute(value=owner, attr="apply"), args=[function, *_], keywords=keywords):
                inside = site.node in list(ast.walk(function)) or site.text(function) in functions
            case _:
                continue
        frame = site.exact(owner)
        if (
            inside
            and not any(k.arg == "axis" for k in keywords)
            and frame is not None
            and missing[0] in list(frame.keys())
        ):
            edit = Edit.insert(site.tree.span(call).end - 1, ", axis=1")
            yield site.fix(edit, reason="`apply` gives the function columns; `axis=1` gives it rows", prior=0.92)
