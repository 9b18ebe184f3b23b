"""The place where a program failed: its node, and what the values there are."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bestfix.capture import LiveValue
from bestfix.core import Applicability, Candidate, Context, Edit, Key, Kind, Report, Source, Span, Value
from bestfix.generate.python.reading.infer import attribute_of, value_of
from bestfix.lang.python import Tree, parsed

__all__ = ["Function", "Node", "Site", "short"]

Function = ast.FunctionDef | ast.AsyncFunctionDef
Node = ast.expr | ast.stmt

_LARGEST = 10**12
"""Numbers up to which arithmetic on the values of a failed expression is followed."""
_ITEMS = 1000
"""Items of a list that are compared with a value."""
_NAMES = 5000
"""Names of the session that are looked through."""
_ATOMS = (
    ast.Name, ast.Call, ast.Subscript, ast.Attribute, ast.List, ast.Dict, ast.Set, ast.ListComp, ast.SetComp,
    ast.DictComp, ast.JoinedStr,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Site:
    """The failing expression or statement of the user's innermost frame.

    Attributes:
        report: the failure.
        context: what the frame could see.
        source: the text that it stands in.
        tree: the tree of that text.
        node: the smallest node that covers the failing characters; without them, the failing line's statement.
    """

    report: Report
    context: Context
    source: Source
    tree: Tree
    node: Node

    @classmethod
    def of(cls, report: Report, context: Context) -> Site | None:
        """Return the site of a failure, or `None` when the text does not parse or the place is unknown."""
        source, span, lineno = report.innermost
        place = _place(source.text, span, lineno)
        return None if place is None else cls(report, context, source, *place)

    @property
    def message(self) -> str:
        """The error's message."""
        return self.report.error.message

    @property
    def statement(self) -> ast.stmt:
        """The statement that failed."""
        found = self.tree.statement(self.node)
        assert found is not None  # noqa: S101 - every expression of a module stands in a statement
        return found

    @property
    def function(self) -> Function | None:
        """The function whose body failed."""
        return self.tree.function(self.node)

    @property
    def scope(self) -> ast.AST:
        """The function whose body failed, or the whole text at its top level."""
        return self.function or self.tree.root

    def says(self, *parts: str) -> bool:
        """Whether one of the texts stands in the message."""
        return any(part in self.message for part in parts)

    def search(self, pattern: str, *hints: str) -> re.Match[str] | None:
        """Return the match of a pattern at the start of the message.

        A pattern is compiled only for a message that has one of the hints in it: in a fresh process compiling is
        what takes the time.
        """
        return re.match(pattern, self.message, re.DOTALL) if not hints or self.says(*hints) else None

    def inside(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        """Yield the nodes of the given classes in the failing expression, outer ones first."""
        return (node for node in ast.walk(self.node) if isinstance(node, kinds))

    def text(self, node: ast.AST) -> str:
        """Return the user's text of a node."""
        return self.tree.source(node)

    def atom(self, node: ast.expr) -> str:
        """Return the text of an expression, in parentheses where a subscript or attribute could not follow it."""
        text = self.text(node)
        plain = isinstance(node, _ATOMS) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))
        return text if plain or (text.startswith("(") and isinstance(node, ast.Tuple)) else f"({text})"

    def value(self, expr: ast.expr) -> Value | None:
        """Return what an expression gave: the object itself, or else what the text tells of its class."""
        return self.exact(expr) or value_of(expr, self.tree, self.context)

    def exact(self, expr: ast.expr) -> Value | None:
        """Return the very object that an expression gave at the moment of the failure, when that is known."""
        match expr:
            case ast.Constant(value=value):
                return LiveValue(value)
            case ast.Name(id=name):
                return self.context.value(name)
            case ast.Attribute(value=owner, attr=name):
                found = self.exact(owner)
                return None if found is None else attribute_of(found, name)
            case ast.Subscript(value=owner, slice=index):
                return self._item(self.exact(owner), self.exact(index))
            case ast.Call(func=ast.Name(id="len"), args=[inner], keywords=[]):
                found = self.exact(inner)
                length = None if found is None else found.length()
                return None if length is None else LiveValue(length)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                number = self.number(operand)
                return None if number is None else LiveValue(-number)
            case ast.BinOp(left=left, op=op, right=right):
                return _calculated(op, self.number(left), self.number(right))
        return None

    def _item(self, owner: Value | None, index: Value | None) -> Value | None:
        if owner is None or index is None:
            return None
        key, length = index.literal(), owner.length()
        if isinstance(key, int) and length is not None and owner.type_name in {"list", "tuple", "str"}:
            if not -length <= key < length:
                return None
            text = owner.literal()
            return LiveValue(text[key]) if isinstance(text, str) else owner.item(key % length)
        return owner.item(key) if isinstance(key, str | int | float | bool) else None

    def number(self, expr: ast.expr) -> int | None:
        """Return the integer that an expression gave, when it is known."""
        found = self.exact(expr)
        value = None if found is None else found.literal()
        return value if isinstance(value, int) else None

    def literal(self, expr: ast.expr) -> object | None:
        """Return the plain value that an expression gave, when it is known."""
        found = self.exact(expr)
        return None if found is None else found.literal()

    def kind(self, expr: ast.expr) -> str:
        """Return the name of the class of what an expression gave; empty when unknown, "function" for a function."""
        found = self.value(expr)
        if found is None:
            return ""
        if found.kind in {Kind.MODULE, Kind.CLASS}:
            return str(found.kind)
        return "function" if found.kind in {Kind.FUNCTION, Kind.METHOD} else found.type_name

    def holds(self, container: ast.expr, item: ast.expr) -> bool:
        """Whether a list is known to hold the plain value that an expression gave."""
        found, value = self.exact(container), self.literal(item)
        if found is None or value is None or found.type_name != "list":
            return False
        items = (found.item(number) for number in range(min(found.length() or 0, _ITEMS)))
        return any(i is not None and i.literal() == value for i in items)

    def item_of(self, value: Value | None) -> Value | None:
        """Return the first item of a list or tuple, as an example of its items; the first key of a mapping."""
        if value is None:
            return None
        if value.type_name in {"list", "tuple"} and value.length():
            return value.item(0)
        keys: list[Key] = list(value.keys()[:1])
        return LiveValue(keys[0]) if keys else None

    def replace(self, node: ast.AST, text: str) -> Edit:
        """Return the edit that puts `text` in the place of a node."""
        span = self.tree.span(node)
        return Edit(span.start, span.end, text)

    def between(self, left: ast.AST, right: ast.AST) -> Span:
        """Return the characters between two nodes."""
        return Span(self.tree.span(left).end, self.tree.span(right).start)

    def indent(self, statement: ast.stmt) -> str:
        """Return the white space before a statement."""
        line = self.tree.lines.line(statement.lineno)
        return line[: len(line) - len(line.lstrip())]

    def assignments(self, name: str) -> list[ast.Assign]:
        """Return the plain assignments of a single value to a name in the scope, in order."""
        found = [
            node
            for node in ast.walk(self.scope)
            if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets)
        ]
        return sorted(found, key=lambda node: node.lineno)

    def loops(self) -> Iterator[ast.For | ast.While]:
        """Yield the loops around the failure in its function, the innermost first."""
        for node in self.tree.ancestors(self.node):
            if isinstance(node, ast.For | ast.While):
                yield node
            if isinstance(node, Function):
                return

    def names(self) -> list[str]:
        """Return the names that are visible, the function's own where it has some; the first of very many."""
        return list(itertools.islice(self.context.local_names() or self.context.names(), _NAMES))

    def parameters(self) -> list[str]:
        """Return the names of the parameters of the failing function."""
        if self.function is None:
            return []
        spec = self.function.args
        return [a.arg for a in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)]

    def insert_before(self, statement: ast.stmt, *lines: str) -> Edit:
        """Return the edit that puts lines before a statement, at its indentation."""
        indent = self.indent(statement)
        at = self.tree.lines.start(statement.lineno)
        return Edit.insert(at, "".join(f"{indent}{line}\n" for line in lines))

    def fix(self, *edits: Edit, reason: str, prior: float, safe: bool = True) -> Candidate:
        """Return a candidate that makes the edits."""
        applicability = Applicability.SAFE if safe else Applicability.UNSAFE
        return Candidate.edit(self.source, *edits, reason=reason, prior=prior, applicability=applicability)


def short(text: str, limit: int = 40) -> str:
    """Return a piece of code as a reason may quote it."""
    line = " ".join(text.split())
    return f"`{line}`" if len(line) <= limit else f"`{line[: limit - 1]}…`"


def _calculated(op: ast.operator, left: int | None, right: int | None) -> Value | None:
    if left is None or right is None or abs(left) > _LARGEST or abs(right) > _LARGEST:
        return None
    match op:
        case ast.Add():
            return LiveValue(left + right)
        case ast.Sub():
            return LiveValue(left - right)
        case ast.Mult():
            return LiveValue(left * right)
        case ast.FloorDiv() if right:
            return LiveValue(left // right)
        case ast.Mod() if right:
            return LiveValue(left % right)
    return None


@lru_cache(maxsize=16)
def _place(text: str, span: Span | None, lineno: int | None) -> tuple[Tree, Node] | None:
    """Return the tree of a text and its node at a place. Cached: the repairs of one failure share it."""
    tree = parsed(text)
    if tree is None:
        return None
    node: Node | None = None
    if span is not None and span.end > span.start:
        node = tree.at(span, ast.expr) or tree.at(span, ast.stmt)
    elif lineno is not None:
        inner_first = reversed(list(tree.nodes(ast.stmt)))
        node = next((s for s in inner_first if s.lineno <= lineno <= (s.end_lineno or 0)), None)
    return None if node is None else (tree, node)
