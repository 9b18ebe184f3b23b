"""What the failing program could see, behind one protocol: live objects or a frozen snapshot."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

__all__ = ["Cell", "Context", "EmptyContext", "Key", "Kind", "Value"]

Key = str | int | float | bool | None | tuple[object, ...]
"""A key of a mapping or the label of a column, as far as it is plain data."""


class Kind(StrEnum):
    """What sort of object a value is."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"
    METHOD = "method"
    INSTANCE = "instance"


class Value(Protocol):
    """An object of the session, looked at without running any of its code.

    Every method is total: what cannot be known without running user code is empty or `None`.
    """

    @property
    def kind(self) -> Kind:
        """What sort of object it is."""

    @property
    def type_name(self) -> str:
        """The qualified name of its class, such as `"pandas.DataFrame"`; for a class or module, its own name."""

    @property
    def bases(self) -> tuple[str, ...]:
        """The qualified names of the classes of its type, nearest first; of itself for a class."""

    def attributes(self) -> Sequence[str]:
        """The names of its attributes, found statically (no property, no `__getattr__`, no `__dir__`)."""

    def attribute(self, name: str) -> Value | None:
        """The attribute called `name`, found statically; a property gives `None`."""

    def has(self, name: str) -> bool:
        """Whether an attribute called `name` is statically there, properties included."""

    def keys(self) -> Sequence[Key]:
        """The keys of a built-in mapping, the column labels of a frame, the index labels of a series; bounded."""

    def index_labels(self) -> Sequence[Key]:
        """The row labels of a frame or series, bounded; and the names of its index levels first."""

    def item(self, key: Key) -> Value | None:
        """The item of a built-in container at `key`, or the column of a frame."""

    def signature(self) -> inspect.Signature | None:
        """The signature of a callable, without its bound first argument."""

    def documentation(self) -> str:
        """The docstring of a function, method or class; empty when it has none."""

    def length(self) -> int | None:
        """Number of items of a built-in container, array or frame."""

    def shape(self) -> tuple[int, ...] | None:
        """Shape of an array or frame."""

    def dtype(self) -> str:
        """The type of an array's or column's elements, as its library writes it; empty where there is none."""

    def literal(self) -> object | None:
        """The object itself when it is a plain `str`, `int`, `float`, `bool` or `bytes` of bounded size."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the notebook.

    Attributes:
        label: how the user knows it: `"cell 3"`.
        text: its source.
        ran: whether it has run in this session.
        before: whether it stands above the failing cell.
    """

    label: str
    text: str
    ran: bool
    before: bool = True


class Context(Protocol):
    """What the failing program could see when it failed. Look-ups are lazy and run no user code."""

    def names(self) -> Collection[str]:
        """Every name visible in the failing frame: its locals, enclosing locals, globals and builtins."""

    def value(self, name: str) -> Value | None:
        """The object that `name` is bound to in the failing frame."""

    def local_names(self) -> Collection[str]:
        """The names of the failing frame's own locals; empty at the top level."""

    def subject(self) -> Value | None:
        """The object that the error is about (`AttributeError.obj`), when the exception carries it."""

    def cells(self) -> Sequence[Cell]:
        """The other cells of the notebook, in order."""

    def module(self, name: str) -> Value | None:
        """An imported module by its dotted name; nothing is imported."""

    def class_named(self, qualified: str) -> Value | None:
        """A class by the qualified name that `Value.type_name` gives, from modules already imported."""


@dataclass(frozen=True, slots=True)
class EmptyContext:
    """A context in which nothing is known: code and a traceback are all there is."""

    notebook: Sequence[Cell] = ()
    known: Mapping[str, Value] = field(default_factory=dict)

    def names(self) -> Collection[str]:
        """Return the known names: none."""
        return self.known.keys()

    def value(self, name: str) -> Value | None:
        """Return nothing."""
        return self.known.get(name)

    def local_names(self) -> Collection[str]:
        """Return nothing."""
        return ()

    def subject(self) -> Value | None:
        """Return nothing."""
        return None

    def cells(self) -> Sequence[Cell]:
        """Return the notebook's cells."""
        return self.notebook

    def module(self, name: str) -> Value | None:  # noqa: ARG002 - every implementation of the protocol is given it
        """Return nothing."""
        return None

    def class_named(self, qualified: str) -> Value | None:  # noqa: ARG002 - every implementation of the protocol is given it
        """Return nothing."""
        return None
