"""What a failing program could see, frozen: a context that can cross a wire, without the user's data."""

from __future__ import annotations

import ast
import inspect
import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from bestfix.capture.signature import signature_text
from bestfix.core import Cell, Context, Key, Kind, Report, Value
from bestfix.core.document import encoded, structured
from bestfix.lang.python import masked, tokenized
from bestfix.lang.python.quiet import quietly

__all__ = ["FrozenValue", "Snapshot"]

NAME_LIMIT = 20_000
"""Names of the session that are kept."""
VALUE_LIMIT = 200
"""Objects that the code near the error names, and that are therefore looked at."""
ITEM_LIMIT = 1_000
"""Attributes, keys or labels of one object that are kept."""
TEXT_LIMIT = 200
"""Characters of a literal, a key or a signature that are kept."""
DEPTH = 2
"""Attributes of attributes that are followed."""


@dataclass(frozen=True, slots=True)
class FrozenValue:
    """An object as it was when the program failed; its fields are JSON values.

    Keys, labels and literals are Python literals as text, so that `1` and `"1"` stay apart.
    """

    kind: Kind
    type_name: str
    bases: tuple[str, ...] = ()
    attribute_names: tuple[str, ...] = ()
    key_texts: tuple[str, ...] = ()
    label_texts: tuple[str, ...] = ()
    signature_text: str | None = None
    size: int | None = None
    dimensions: tuple[int, ...] | None = None
    element_type: str = ""
    literal_text: str | None = None
    members: Mapping[str, FrozenValue] = field(default_factory=dict)
    entries: Mapping[str, FrozenValue] = field(default_factory=dict)

    def attributes(self) -> Sequence[str]:
        """The names of its attributes."""
        return self.attribute_names

    def attribute(self, name: str) -> Value | None:
        """The attribute, when the code near the error named it."""
        return self.members.get(name)

    def has(self, name: str) -> bool:
        """Whether the attribute was there."""
        return name in self.attribute_names

    def keys(self) -> Sequence[Key]:
        """Its keys or columns."""
        return _values(self.key_texts)

    def index_labels(self) -> Sequence[Key]:
        """The names of its index levels, and its row labels."""
        return _values(self.label_texts)

    def item(self, key: Key) -> Value | None:
        """The item, when the code near the error named its key."""
        return self.entries.get(repr(key))

    def signature(self) -> inspect.Signature | None:
        """Its signature; defaults are `...`."""
        return _signature(self.signature_text) if self.signature_text is not None else None

    def documentation(self) -> str:
        """Nothing: docstrings are not sent along."""
        return ""

    def length(self) -> int | None:
        """Number of items."""
        return self.size

    def shape(self) -> tuple[int, ...] | None:
        """Shape of an array or frame."""
        return self.dimensions

    def dtype(self) -> str:
        """The type of its elements."""
        return self.element_type

    def literal(self) -> object | None:
        """The object itself, when literals were asked for."""
        with suppress(ValueError, SyntaxError):
            return ast.literal_eval(self.literal_text) if self.literal_text is not None else None
        return None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A frozen context.

    Attributes:
        visible: every name that was visible.
        local: the names of the failing frame's own locals.
        values: the objects that the code near the error names.
        about: the object that the error is about.
        notebook: the other cells.
        modules: the imported modules among the values, by dotted name.
        classes: the classes of the values, by qualified name.
    """

    visible: tuple[str, ...] = ()
    local: tuple[str, ...] = ()
    values: Mapping[str, FrozenValue] = field(default_factory=dict)
    about: FrozenValue | None = None
    notebook: tuple[Cell, ...] = ()
    modules: Mapping[str, FrozenValue] = field(default_factory=dict)
    classes: Mapping[str, FrozenValue] = field(default_factory=dict)

    def names(self) -> Collection[str]:
        """Every visible name."""
        return self.visible

    def value(self, name: str) -> Value | None:
        """The object a name was bound to, when the code near the error named it."""
        return self.values.get(name)

    def local_names(self) -> Collection[str]:
        """The names of the failing function's locals."""
        return self.local

    def subject(self) -> Value | None:
        """The object that the error is about."""
        return self.about

    def cells(self) -> Sequence[Cell]:
        """The other cells."""
        return self.notebook

    def module(self, name: str) -> Value | None:
        """An imported module."""
        return self.modules.get(name)

    def class_named(self, qualified: str) -> Value | None:
        """A class by its qualified name."""
        return self.classes.get(qualified)

    @classmethod
    def of(cls, context: Context, report: Report, *, literals: bool = False) -> Snapshot:
        """Return what of a context matters to a failure: the names in the code that failed, and what they hold.

        Args:
            context: the live context.
            report: the failure.
            literals: whether numbers and short texts go along; without, no value of the user's does, but for keys.
        """
        names, keys = _mentioned(report)
        visible = context.names()
        camera = _Camera(names, keys, literals)
        values = {n: camera.frozen(v) for n in names if n in visible and (v := context.value(n)) is not None}
        subject = context.subject()
        types = {value.type_name: context.class_named(value.type_name) for value in values.values()}
        return cls(
            visible=tuple(itertools.islice(visible, NAME_LIMIT)),
            local=tuple(itertools.islice(context.local_names(), NAME_LIMIT)),
            values=values,
            about=camera.frozen(subject) if subject is not None else None,
            notebook=tuple(context.cells()),
            modules={v.type_name: v for v in values.values() if v.kind is Kind.MODULE},
            classes={name: camera.frozen(found, depth=0) for name, found in types.items() if found is not None},
        )

    def to_json(self) -> object:
        """Return the snapshot as plain JSON values."""
        return encoded(self)

    @classmethod
    def from_json(cls, document: object) -> Snapshot:
        """Return the snapshot that a document holds.

        Raises:
            DocumentError: when it does not have the form that it must have; the message names the field.
        """
        return structured(cls, document)


@dataclass(frozen=True, slots=True)
class _Camera:
    """Freezes values as far as the code mentions their attributes and keys."""

    names: Sequence[str]
    keys: Sequence[Key]
    literals: bool

    def frozen(self, value: Value, depth: int = DEPTH) -> FrozenValue:
        signature = value.signature() if value.kind is not Kind.INSTANCE else None
        attributes = value.attributes()
        near = [name for name in self.names if depth and value.has(name)]
        members = {name: self.frozen(v, depth - 1) for name in near if (v := value.attribute(name)) is not None}
        keys = value.keys()
        held = [key for key in self.keys if depth and key in keys]
        return FrozenValue(
            kind=value.kind,
            type_name=value.type_name,
            bases=value.bases,
            attribute_names=tuple(dict.fromkeys([*near, *itertools.islice(attributes, ITEM_LIMIT)])),
            key_texts=_texts(keys),
            label_texts=_texts(value.index_labels()),
            signature_text=signature_text(signature) if signature is not None else None,
            size=value.length(),
            dimensions=value.shape(),
            element_type=value.dtype(),
            literal_text=self._literal(value),
            members=members,
            entries={repr(key): self.frozen(v, depth - 1) for key in held if (v := value.item(key)) is not None},
        )

    def _literal(self, value: Value) -> str | None:
        literal = value.literal() if self.literals else None
        text = repr(literal)
        return text if literal is not None and len(text) <= TEXT_LIMIT else None


def _mentioned(report: Report) -> tuple[list[str], list[Key]]:
    """Return the names and the text keys in the sources that took part, those of the innermost source first."""
    names: dict[str, None] = dict.fromkeys(v for k, v in report.error.details.items() if k == "name")
    keys: dict[Key, None] = {}
    for source in (report.innermost[0], report.failing):
        for token in tokenized(masked(source.text)):
            if token.kind == "name":
                names.setdefault(token.text)
            elif token.kind == "string" and token.end - token.start <= TEXT_LIMIT:
                with suppress(ValueError, SyntaxError):
                    key = ast.literal_eval(token.text)
                    if isinstance(key, str):
                        keys.setdefault(key)
    return list(names)[:VALUE_LIMIT], list(keys)[:VALUE_LIMIT]


def _texts(keys: Iterable[Key]) -> tuple[str, ...]:
    texts = map(repr, itertools.islice(keys, ITEM_LIMIT))
    return tuple(text for text in texts if len(text) <= TEXT_LIMIT)


def _values(texts: Iterable[str]) -> list[Key]:
    values: list[Key] = []
    for text in texts:
        with suppress(ValueError, SyntaxError):
            values.append(ast.literal_eval(text))
    return values


def _signature(text: str) -> inspect.Signature | None:
    """Return the signature that a text such as `(a, *, b=...)` writes."""
    with suppress(SyntaxError, ValueError):
        given = quietly(lambda name: ast.parse(f"lambda {text.strip()[1:-1]}: 0", name, "eval")).body
        return _of_arguments(given.args) if isinstance(given, ast.Lambda) else None
    return None


def _of_arguments(given: ast.arguments) -> inspect.Signature:
    kinds = inspect.Parameter
    positional = [*given.posonlyargs, *given.args]
    required = len(positional) - len(given.defaults)
    parameters = [
        kinds(
            each.arg,
            kinds.POSITIONAL_ONLY if number < len(given.posonlyargs) else kinds.POSITIONAL_OR_KEYWORD,
            default=kinds.empty if number < required else ...,
        )
        for number, each in enumerate(positional)
    ]
    if given.vararg:
        parameters.append(kinds(given.vararg.arg, kinds.VAR_POSITIONAL))
    for each, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        parameters.append(kinds(each.arg, kinds.KEYWORD_ONLY, default=kinds.empty if default is None else ...))
    if given.kwarg:
        parameters.append(kinds(given.kwarg.arg, kinds.VAR_KEYWORD))
    return inspect.Signature(parameters)
