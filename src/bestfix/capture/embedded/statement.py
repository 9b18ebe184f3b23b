"""The SQL statement that a line of Python sent to a database."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from types import FrameType, FunctionType, ModuleType
from typing import Any

from bestfix.capture.embedded.connections import (
    connection_of,
    database_error,
    default_duckdb,
    frames_of,
    magic_connection,
    spark_session,
)
from bestfix.capture.embedded.magic import magic_statement
from bestfix.capture.frames import Origins, leading, user_frames
from bestfix.capture.message import slot
from bestfix.core import Source, Span
from bestfix.lang.python import Tree, parsed
from bestfix.lang.python.literals import Literal, Part, literal_of
from bestfix.lang.python.quiet import quietly

__all__ = ["Statement", "find_statement", "used_connection"]

LONGEST = 100_000
"""Characters of a statement that are looked at."""
FRAMES = 5
"""Frames of the user's, the innermost, in which a statement is looked for."""
SOURCES = 100
"""Texts of the user's in which a statement is looked for."""
SHORTEST = 5
"""Characters of a string that are told from others by their text alone."""
_WRAPPERS = frozenset({"text", "dedent", "cleandoc", "SQL", "sql", "literal_column"})
_STRING_METHODS = frozenset({"strip", "lstrip", "rstrip", "format"})


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that failed.

    Attributes:
        literal: its text, with where each character is written.
        source: the source that it is written in.
        error: the driver's exception.
        connection: the connection that it ran on; `None` where that is not known.
        dialect: the dialect, where there is no connection that would tell.
        frames: the data frames that DuckDB can see, by name.
    """

    literal: Literal
    source: Source
    error: BaseException
    connection: Any = None
    dialect: str | None = None
    frames: Mapping[str, Any] = field(default_factory=dict)


def find_statement(error: BaseException, origins: Origins, namespace: Mapping[str, Any]) -> Statement | None:
    """Return the statement that a database refused, when it is found in the user's text.

    Nothing of the user's is run: names are looked up, calls are not made.

    Args:
        error: what the cell or script raised.
        origins: the user's sources.
        namespace: the globals of the session.
    """
    part = leading(error, origins)[-1]
    refusal = database_error(part)
    if refusal is None:
        return None
    frames = list(user_frames(slot(part, "__traceback__"), origins))
    if not frames:
        return None
    _, source, lineno, _ = frames[-1]
    if (literal := magic_statement(source.text, lineno)) is not None:
        return Statement(literal, source, refusal, magic_connection(), frames=dict(frames_of(namespace)))
    texts = list({entry[1].name: entry[1] for entry in reversed(frames)}.values())
    for frame, source, lineno, span in reversed(frames[-FRAMES:]):
        if (tree := parsed(source.text)) is not None:
            scope = _Scope(frame, tree)
            for call, argument in _calls(tree, lineno, span):
                written = scope.written(argument)
                known = (written, source) if written is not None else None
                if found := known or _elsewhere(scope.value(argument), chain(texts, origins.given())):
                    return scope.sent(call, *found, refusal)
    return None


def used_connection(
    error: BaseException, failing: Source, sources: Mapping[str, Source], namespace: Mapping[str, Any]
) -> Any:
    """Return the connection on which a statement of a cell failed; `None` where the error is no database's."""
    statement = find_statement(error, Origins(failing, sources), namespace)
    return statement.connection if statement is not None else None


def _calls(tree: Tree, lineno: int, span: Span | None) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Yield the calls that may have failed with their arguments.

    That is the call at the failing characters and those within, or else all of the line.
    """
    outer = tree.at(span, ast.Call) if span is not None else None
    if outer is not None:
        calls = (node for node in ast.walk(outer) if isinstance(node, ast.Call))
    else:
        calls = (c for c in tree.nodes(ast.Call) if c.lineno <= lineno <= (c.end_lineno or c.lineno))
    for call in calls:
        if not isinstance(tree.parents.get(call), ast.Raise):
            yield from ((call, argument) for argument in _arguments(call))


def _arguments(call: ast.Call) -> Iterator[ast.expr]:
    """Yield the arguments that may be the statement, the likeliest first."""
    named = {"query", "sql", "sql_query", "operation", "statement", "stmt"}
    yield from (keyword.value for keyword in call.keywords if keyword.arg in named)
    yield from (argument for argument in call.args[:3] if not isinstance(argument, ast.Starred))


def _receivers(call: ast.Call) -> Iterator[ast.expr]:
    """Yield what a call is made on, and what that comes from: `con` of `con.cursor().execute(…)`."""
    node: ast.expr = call.func
    while True:
        if isinstance(node, ast.Attribute):
            node = node.value
            yield node
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            return


@dataclass(frozen=True, slots=True)
class _Scope:
    """The names that a frame can see, looked up without running anything."""

    frame: FrameType
    tree: Tree

    def sent(self, call: ast.Call, literal: Literal, source: Source, error: BaseException) -> Statement:
        """Return the statement that a call has sent, with its database."""
        if any(spark_session(self.value(node)) for node in _receivers(call)):
            return Statement(literal, source, error, dialect="spark")
        names = {**self.frame.f_globals, **self.frame.f_locals}
        connection = self.connection(call)
        if connection is None:
            connection = _only_connection(names.values())
        frames = dict(frames_of(names)) if "duckdb" in type(connection).__module__ else {}
        return Statement(literal, source, error, connection, frames=frames)

    def value(self, node: ast.expr) -> Any:
        """Return the object that a name, an attribute or an item of a built-in container is; `None` if not known."""
        if isinstance(node, ast.Name):
            frame = self.frame
            return frame.f_locals.get(node.id, frame.f_globals.get(node.id))
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Attribute):
            return inspect.getattr_static(self.value(node.value), node.attr, None)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            return _item(self.value(node.value), node.slice.value)
        return None

    def written(self, node: ast.expr) -> Literal | None:
        """Return the characters of a statement that is written out in a call."""
        template: ast.Call | None = None
        while isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute) and function.attr in _STRING_METHODS:
                template = node if function.attr == "format" else template
                node = function.value
            elif node.args and getattr(function, "attr", getattr(function, "id", "")) in _WRAPPERS:
                node = node.args[0]
            else:
                return None
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            node = node.left
        fill = self.filling if template is None else _Formatted(self, template)
        literal = literal_of(self.tree, node, fill, braces=template is not None)
        return literal if literal is not None and _is_statement(literal.value) else None

    def filling(self, expression: str) -> str | None:
        """Return the text that an expression in an f-string comes to."""
        try:
            node = quietly(lambda name: ast.parse(expression, name, "eval")).body
        except (SyntaxError, ValueError):
            return None
        return self.text(node)

    def text(self, node: ast.expr) -> str | None:
        """Return the text of a plain value; `None` for one that is not known."""
        value = self.value(node)
        return str(value) if type(value) in {str, int, float} else None

    def connection(self, call: ast.Call) -> Any:
        """Return the connection that a call uses: one that it is made on, or is given."""
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        for node in chain(given, _receivers(call), [call.func]):
            value = self.value(node)
            if isinstance(value, str) and "://" in value:
                return value
            if (found := connection_of(value)) is not None:
                return found
            if _is_duckdb(value):
                return default_duckdb()
        return None


class _Formatted:
    """What the fields of a template that `str.format` fills come to."""

    def __init__(self, scope: _Scope, call: ast.Call) -> None:
        self._scope = scope
        self._call = call
        self._next = 0

    def __call__(self, name: str) -> str | None:
        if not name:
            name, self._next = str(self._next), self._next + 1
        if name.isdecimal():
            given = self._call.args[int(name) :][:1]
        else:
            given = [keyword.value for keyword in self._call.keywords if keyword.arg == name]
        return self._scope.text(given[0]) if given else None


def _is_duckdb(value: Any) -> bool:
    """Whether an object is DuckDB's module or one of its functions."""
    if type(value) is ModuleType:
        return value.__name__ == "duckdb"
    module = value.__module__ if type(value) is FunctionType else type(value).__module__ if callable(value) else ""
    return str(module).partition(".")[0] in {"duckdb", "_duckdb"}


def _item(container: Any, key: Any) -> Any:
    if type(container) is dict:
        return container.get(key)
    if type(container) in {list, tuple} and type(key) is int and -len(container) <= key < len(container):
        return container[key]
    return None


def _elsewhere(value: Any, sources: Iterable[Source]) -> tuple[Literal, Source] | None:
    """Return the literal, and its source, that comes to a value: that of a variable, an argument, an attribute."""
    if not isinstance(value, str):
        value = inspect.getattr_static(value, "text", None)
    if not isinstance(value, str) or not _is_statement(value):
        return None
    trees: dict[str, tuple[Source, Tree]] = {}
    for source in islice(sources, SOURCES):
        if source.name not in trees and (tree := parsed(source.text)) is not None:
            trees[source.name] = source, tree
            if (literal := _literal_like(tree, value)) is not None:
                return literal, source
    pieced = ((_pieced(tree, value), source) for source, tree in trees.values())
    return next(((literal, source) for literal, source in pieced if literal is not None), None)


def _literal_like(tree: Tree, value: str) -> Literal | None:
    """Return the last string expression of a text that comes to `value`."""
    candidates = [node for node in tree.nodes(ast.JoinedStr, ast.BinOp, ast.Constant) if _may_be(node, value)]
    for node in sorted(candidates, key=lambda node: (isinstance(node, ast.Constant), node.lineno), reverse=True):
        literal = literal_of(tree, node)
        if literal is not None and (filled := literal.filled(value)) is not None:
            return filled
    return None


def _pieced(tree: Tree, value: str) -> Literal | None:
    """Return a value as it was put together from strings of a text; what is between them is not known to be written."""
    literals = (literal_of(tree, node) for node in tree.nodes(ast.Constant) if isinstance(node.value, str))
    found: dict[int, Literal] = {}
    for literal in sorted((one for one in literals if one is not None), key=lambda one: -len(one.value)):
        at = value.find(literal.value)
        end = at + len(literal.value)
        taken = any(at < start + len(other.value) and start < end for start, other in found.items())
        if len(literal.value) >= SHORTEST and value.count(literal.value) == 1 and not taken:
            found[at] = literal
    parts, at = list[Part](), 0
    for start, literal in sorted(found.items()):
        parts += [_gap(value[at:start]), *literal.parts]
        at = start + len(literal.value)
    return Literal((*parts, _gap(value[at:]))) if found else None


def _gap(text: str) -> Part:
    return Part(text, (Span(0, 0),) * len(text))


def _may_be(node: ast.expr, value: str) -> bool:
    if isinstance(node, ast.Constant):
        return node.value == value
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add))


def _is_statement(text: str) -> bool:
    """Whether a text may be a statement: words, and no name alone."""
    return len(text) <= LONGEST and len(text.split()) > 1


def _only_connection(values: Any) -> Any:
    """Return the one connection among objects; `None` when there are several."""
    found = {id(c): c for value in list(values) if (c := connection_of(value)) is not None}
    return next(iter(found.values())) if len(found) == 1 else None
