"""What a prompt says of the session: the objects that the failing code names, and what else is defined."""

from __future__ import annotations

import builtins
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bestfix.capture.redact import Veil
from bestfix.capture.redact.secrets import is_secret_name
from bestfix.capture.signature import signature_text
from bestfix.core import Context, Key, Kind, Value
from bestfix.generate.similar import near

__all__ = ["Session"]

NAMED = 40
"""Objects that are described."""
OTHERS = 60
"""Other names of the session that are listed with their types."""
LOOKED_AT = 1_000
"""Names among which the others are chosen."""
MEMBERS = 40
"""Columns, keys or attributes that are listed of one object."""
SIGNATURE = 400
"""Characters of a signature."""
RECORD = 60
"""Keys of a dictionary above which it is no record: its keys are data."""
FRAMES = frozenset({"pandas.DataFrame", "polars.DataFrame", "polars.LazyFrame"})
_DOTTED_CALL = re.compile(r"(?<![\w.)\]'\"])([^\W\d]\w*(?:\.[^\W\d]\w*)+)\(")
_SIZED = frozenset({"list", "tuple", "set", "frozenset", "dict"})


@dataclass(frozen=True)
class Session:
    """The session as seen from a failure.

    Attributes:
        context: what the failing program could see.
        mentioned: the names of the failing code, those nearest to the failure first.
        missing: the name, attribute or key that the error is about; empty for none.
        line: the failing line.
    """

    context: Context
    mentioned: Sequence[str]
    missing: str = ""
    line: str = ""

    def values(self) -> dict[str, Value]:
        """Return the objects that the failing code names, builtins left out."""
        names, found = self.context.names(), dict[str, Value]()
        for name in dict.fromkeys(self.mentioned):
            if len(found) >= NAMED:
                break
            own = name in names and not (hasattr(builtins, name) and name not in self.context.local_names())
            if own and (value := self.context.value(name)) is not None:
                found[name] = value
        return found

    def schema_names(self) -> set[str]:
        """Return the names that the objects bring along: columns, keys of records, classes, attributes."""
        found: set[str] = set()
        subject = self.context.subject()
        for value in [*self.values().values(), *([subject] if subject is not None else [])]:
            found.update(str(key) for key in members(value))
            found.update(name for qualified in (value.type_name, *value.bases) for name in qualified.split("."))
        if subject is not None:
            found.update(subject.attributes())
        return found

    def items(self, veil: Veil) -> Iterator[str]:
        """Yield a line for each object, the most useful first."""
        described = self.values()
        subject = self.context.subject()
        if subject is not None:
            yield "the object of the error: " + described_as(subject, veil, self.missing)
        yield from self._called(described, veil)
        for name, value in described.items():
            yield f"{name}: {described_as(value, veil, self.missing, secret=is_secret_name(name))}"
        if others := list(self._others(described)):
            yield "also defined: " + ", ".join(others)

    def _called(self, described: dict[str, Value], veil: Veil) -> Iterator[str]:
        """Yield the signatures of the methods and functions of modules that the failing line calls."""
        for path in dict.fromkeys(_DOTTED_CALL.findall(self.line)):
            name, *rest = path.split(".")
            value = described.get(name)
            for part in rest:
                value = value.attribute(part) if value is not None else None
            if value is not None and value.kind is not Kind.INSTANCE and value.signature() is not None:
                yield f"{path}: {described_as(value, veil)}"

    def _others(self, described: dict[str, Value]) -> Iterator[str]:
        """Yield further names of the session: those like the missing one first, then the latest."""
        names = self.context.names()
        head = list(itertools.islice(names, LOOKED_AT))
        own = [n for n in head if n not in described and not n.startswith("_") and not hasattr(builtins, n)]
        like = [m.name for m in near(self.missing, own, limit=10)] if self.missing else []
        for name in itertools.islice(dict.fromkeys([*like, *reversed(own)]), OTHERS):
            if (value := self.context.value(name)) is not None:
                yield f"{name} ({'module' if value.kind is Kind.MODULE else short(value.type_name)})"


def described_as(value: Value, veil: Veil, missing: str = "", *, secret: bool = False) -> str:
    """Return one line on an object: its type, and what a fix may need of it; a secret's value is never said."""
    if value.kind is Kind.MODULE:
        return f"module {value.type_name}" + _listed("it has", _near_attributes(value, missing), veil)
    if value.kind is not Kind.INSTANCE:
        signature = value.signature()
        said = signature_text(signature)[:SIGNATURE] if signature is not None else "(…)"
        return f"{value.kind} {said}" + (_listed("it has", _near_attributes(value, missing), veil) if missing else "")
    parts = [value.type_name, _extent(value, veil)]
    if value.type_name in FRAMES:
        parts.append(_listed("columns", _columns(value, veil, missing), None))
    elif names := members(value):
        parts.append(_listed("keys", [_label(key, veil) for key in names], None))
    elif veil.values and not secret and (literal := value.literal()) is not None:
        parts.append(f", {veil.hide_secrets(repr(literal)[: MEMBERS * 2])}")
    elif missing or "." in value.type_name:
        parts.append(_listed("it has", _near_attributes(value, missing), veil))
    return "".join(parts)


def members(value: Value) -> Sequence[Key]:
    """Return the columns of a frame or the keys of a record; the keys of other mappings are data."""
    if value.kind is not Kind.INSTANCE:
        return ()
    if value.type_name in FRAMES or value.type_name == "numpy.ndarray":
        return value.keys()
    keys = value.keys() if value.type_name == "dict" and (value.length() or 0) <= RECORD else ()
    return keys if _is_record(value, keys) else ()


def _is_record(value: Value, keys: Sequence[Key]) -> bool:
    """Whether a dictionary has fields rather than entries: keys that are names, and values of several types."""
    if not keys or not all(isinstance(key, str) and key.isidentifier() for key in keys):
        return False
    kinds = {item.type_name for key in keys if (item := value.item(key)) is not None}
    return len(kinds - {"int", "float", "NoneType"}) + bool(kinds & {"int", "float"}) > 1


def _columns(value: Value, veil: Veil, missing: str) -> list[str]:
    """Return the columns of a frame with their types, those like the missing one first when they are many."""
    keys = list(value.keys())
    if len(keys) > MEMBERS and missing:
        like = {m.name for m in near(missing, [key for key in keys if isinstance(key, str)], limit=10)}
        keys.sort(key=lambda key: key not in like)
    found = []
    for key in keys[:MEMBERS]:
        column = value.item(key)
        kind = column.dtype() if column is not None else ""
        found.append(f"{_label(key, veil)} {kind}".rstrip())
    return [*found, "…"] if len(keys) > MEMBERS else found


def _label(key: Key, veil: Veil) -> str:
    """Return a key as code writes it."""
    if isinstance(key, str):
        return repr(veil.say_name(key))
    return veil.say_number(repr(key)) if type(key) in {int, float} else veil.say_name(repr(key))


def _extent(value: Value, veil: Veil) -> str:
    """Return the shape of an array with the type of its elements, or the length of a container."""
    if (shape := value.shape()) is not None:
        sides = ", ".join(veil.say_number(str(side)) for side in shape)
        return f" {value.dtype()}".rstrip() + f" of shape ({sides})"
    if value.type_name in _SIZED and (length := value.length()) is not None:
        first = value.item(0) if value.type_name in {"list", "tuple"} else None
        return f" of {veil.say_number(str(length))}" + (f", the first a {first.type_name}" if first is not None else "")
    return ""


def _near_attributes(value: Value, missing: str) -> list[str]:
    """Return the attributes that the missing one may stand for; for a class of the user's its public ones."""
    names = [name for name in value.attributes() if not name.startswith("_")]
    if missing:
        return [match.name for match in near(missing, names, limit=12, least=0.5)]
    library = value.kind is Kind.MODULE or value.type_name.partition(".")[0] not in {"__main__", "builtins"}
    return [] if library else names[:MEMBERS]


def _listed(title: str, names: Sequence[str], veil: Veil | None) -> str:
    shown = [veil.say_name(name) for name in names] if veil else names
    return f"; {title}: {', '.join(shown)}" if shown else ""


def short(type_name: str) -> str:
    """Return a type's name without its module, unless it is a library's well-known alias."""
    return type_name.rpartition(".")[2]
