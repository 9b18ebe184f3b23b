"""A program as the statements of its top level, and where a changed version takes up after a failure."""

from __future__ import annotations
import __future__

import ast
import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bestfix.capture.origin import CompiledSource
from bestfix.core import Source
from bestfix.lang.python import Tree, masked, parsed

__all__ = ["Plan", "Program"]


@dataclass(frozen=True)
class Program:
    """A source as it is compiled.

    Attributes:
        source: what the user wrote; it knows its places in `tree` where a front end changed the text.
        tree: what is compiled.
    """

    source: Source
    tree: Tree

    @classmethod
    def of(cls, source: Source, transform: Callable[[str], str] | None = None) -> Program | None:
        """Return the program of a source, or `None` when it does not parse.

        Args:
            source: the cell, script or module.
            transform: what a front end makes of a cell; its syntax is masked where none is given.
        """
        compiled = masked(source.text, pasted=True)
        if transform is not None and compiled != source.text:
            compiled = transform(source.text)
        tree = parsed(compiled)
        if tree is None:
            return None
        if compiled == source.text:
            return cls(source, tree)
        return cls(CompiledSource.of(source.name, source.text, compiled) or source, tree)

    @property
    def body(self) -> list[ast.stmt]:
        """The statements of the top level."""
        return self.tree.root.body

    @cached_property
    def flags(self) -> int:
        """The compiler flags that its `from __future__` imports ask for."""
        imports = [s for s in self.body if isinstance(s, ast.ImportFrom) and s.module == "__future__"]
        features = [getattr(__future__, alias.name, None) for node in imports for alias in node.names]
        return sum({int(f.compiler_flag) for f in features if f is not None})

    @cached_property
    def texts(self) -> list[str]:
        """The text of each statement, decorators included."""
        lines = self.tree.lines
        return [self.tree.text[lines.start(_first_line(s)) : self.tree.span(s).end] for s in self.body]

    def at(self, lineno: int) -> int | None:
        """Return the index of the statement in a line of the user's text."""
        places = self.source.lines if isinstance(self.source, CompiledSource) else None
        for index, statement in enumerate(self.body):
            first, last = _first_line(statement), statement.end_lineno or statement.lineno
            if places is not None:
                here = [place for place, _ in places[first - 1 : last] if place]
                first, last = min(here, default=0), max(here, default=0)
            if first <= lineno <= last:
                return index
        return None


@dataclass(frozen=True, slots=True)
class Plan:
    """Which statements of a changed program run, in the state that its first version left when it failed.

    Attributes:
        early: the changed statements before `start`.
        start: the first statement of the rest, all of which runs.
        failing: the statement that stands where the first version failed.
    """

    early: tuple[int, ...]
    start: int
    failing: int

    @classmethod
    def resuming(cls, before: Program, after: Program, failing: int) -> Plan:
        """Return the plan to take up at the failing statement; what has changed before it runs first."""
        early: list[int] = []
        for tag, a1, a2, b1, b2 in _differences(before, after):
            if a1 <= failing < a2 or (a1 > failing):
                start = b1 + (failing - a1 if tag == "equal" or a2 - a1 == b2 - b1 else 0)
                changed = range(b1, start) if tag != "equal" else range(0)
                return cls((*early, *changed), start, start)
            if tag != "equal":
                early += range(b1, b2)
        return cls(tuple(early), len(after.body), len(after.body))

    @classmethod
    def changes(cls, before: Program, after: Program) -> Plan:
        """Return the plan to run what has changed, and nothing else."""
        changed = (range(b1, b2) for tag, _, _, b1, b2 in _differences(before, after) if tag != "equal")
        return cls(tuple(i for indices in changed for i in indices), len(after.body), len(after.body))

    def from_first_change(self, before: Program, after: Program) -> tuple[Plan, int] | None:
        """Return the plan to run everything from the first change on, and where that is in the first version.

        It is `None` where nothing but imports has changed before `start`.
        """
        moved = [i for i in self.early if not isinstance(after.body[i], ast.Import | ast.ImportFrom)]
        if not moved:
            return None
        origin = next(a1 + max(0, moved[0] - b1) for _, a1, _, b1, b2 in _differences(before, after) if moved[0] < b2)
        return Plan((), moved[0], self.failing), origin


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(d.lineno for d in decorators)])


def _differences(before: Program, after: Program) -> Sequence[tuple[str, int, int, int, int]]:
    """Return the stretches of statements that are equal, and those that are not."""
    return difflib.SequenceMatcher(None, before.texts, after.texts, autojunk=False).get_opcodes()
