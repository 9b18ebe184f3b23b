"""Edits that several repairs make."""

from __future__ import annotations

import ast
import re

from bestfix.core import Edit
from bestfix.lang.python import Tree

__all__ = ["import_edit", "quoted", "removal", "top_edit", "without_argument"]


def import_edit(tree: Tree, line: str) -> Edit:
    """Return the edit that adds an import: below the imports at the top of the text, or above its first statement."""
    last: ast.stmt | None = None
    for number, statement in enumerate(tree.root.body):
        is_docstring = number == 0 and len(tree.root.body) > 1 and _is_text(statement)
        is_import = isinstance(statement, ast.Import | ast.ImportFrom)
        if not is_import and not is_docstring and not _is_magic(tree, statement):
            break
        last = statement
    return top_edit(tree, line) if last is None else _below(tree, last, line)


def _below(tree: Tree, statement: ast.stmt, line: str) -> Edit:
    """Return the edit that adds a line below a top-level statement; statements on one line stay together."""
    lineno = statement.end_lineno or statement.lineno
    shared = [s for s in tree.root.body if s.lineno <= lineno <= (s.end_lineno or s.lineno)]
    if len(shared) > 1:
        return Edit.insert(tree.span(statement).start, f"{line}; ")
    at = tree.lines.end(lineno)
    return Edit.insert(at, f"\n{line}")


def top_edit(tree: Tree, line: str) -> Edit:
    """Return the edit that adds lines at the top, below a cell magic."""
    magic = re.match(r"(?:[ \t]*\r?\n)*[ \t]*%%[^\n]*\n", tree.text)
    at = magic.end() if magic else 0
    return Edit.insert(at, f"{line}\n")


def _is_text(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
    return False


def _is_magic(tree: Tree, statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass) and tree.text[tree.span(statement).start] in "%!"


def removal(statement: ast.stmt, tree: Tree) -> tuple[Edit, ...]:
    """Return the edit that takes a statement out, or leaves `pass` where its block would be empty."""
    span = tree.span(statement)
    parent = tree.parents.get(statement)
    alone = isinstance(parent, ast.stmt) and len(getattr(parent, "body", ())) <= 1
    first, last = tree.lines.start(statement.lineno), tree.lines.start((statement.end_lineno or statement.lineno) + 1)
    rest = tree.text[first : span.start] + tree.text[span.end : last]
    if alone or rest.strip(" \t\r\n;"):
        return (Edit(span.start, span.end, "pass"),)
    return (Edit.delete(first, last),)


def without_argument(tree: Tree, call: ast.Call, argument: ast.expr | ast.keyword) -> Edit:
    """Return the edit that takes an argument out of a call, with the comma beside it."""
    arguments: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    spans = sorted((tree.span(a) for a in arguments), key=lambda span: span.start)
    number = spans.index(tree.span(argument))
    if number > 0:
        return Edit.delete(spans[number - 1].end, spans[number].end)
    end = spans[1].start if len(spans) > 1 else spans[0].end
    return Edit.delete(spans[0].start, end)


def quoted(text: str, like: str) -> str:
    """Return a string literal of `text` in the quotes of another literal."""
    double = like.lstrip("rRbBuUfF").startswith('"')
    literal = repr(text)
    if double and literal.startswith("'") and '"' not in text:
        return f'"{literal[1:-1]}"'
    return literal
