"""The versioned JSON of requests and answers; docs/wire.md describes it for those who write to it."""

from __future__ import annotations

import enum
import json
import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from bestfix.core import Candidate, Cell, Decision, Failure, Language, Scored, Verdict

__all__ = [
    "VERSION",
    "ErrorText",
    "Request",
    "WireError",
    "decision_from",
    "decision_to",
    "decoded",
    "encoded",
    "loads",
]

VERSION = 1
"""The version of the format; a change that an old reader would misread raises it."""

T = TypeVar("T")


class WireError(ValueError):
    """A document is no JSON, of another version, or does not have the form that it must have."""


@dataclass(frozen=True, slots=True)
class ErrorText:
    """An error as text.

    Attributes:
        type: the name of the exception's class.
        message: its message.
        traceback: the traceback as Python or IPython printed it.
    """

    type: str = ""
    message: str = ""
    traceback: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A failure that someone asks about.

    Attributes:
        code: the text that failed, as the user wrote it.
        version: the version of the format.
        language: the language of `code`.
        name: what `code` is called in the traceback and in the answer.
        dialect: the SQL dialect of a query.
        error: the error; `None` for code that does not compile.
        sources: further texts of the user's by the names that the traceback gives them.
        cells: the other cells of the notebook, in order.
        names: the names that the session defines.
    """

    code: str
    version: int = VERSION
    language: Language = Language.PYTHON
    name: str = "<cell>"
    dialect: str | None = None
    error: ErrorText | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    cells: tuple[Cell, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Ranked:
    candidate: Candidate
    verdict: Verdict
    text: str
    p_accept: float | None = None
    diff: str = ""


@dataclass(frozen=True, slots=True)
class _Answer:
    version: int
    shown: bool
    reason: str
    ranked: tuple[_Ranked, ...]
    sources: Mapping[str, str]
    failures: tuple[Failure, ...] = ()
    seconds: float = 0.0
    code: str | None = None


def loads(text: str | bytes) -> object:
    """Return the document that `text` holds.

    Raises:
        WireError: when it is no JSON.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WireError(f"not JSON: {error}") from error


def decision_to(decision: Decision) -> dict[str, Any]:
    """Return the document of a decision."""
    ranked = tuple(
        _Ranked(s.candidate, s.verdict, s.text, s.p_accept, decision.diff_of(s, context=3)) for s in decision.ranked
    )
    shown = decision.shown is not None
    answer = _Answer(
        VERSION, shown, decision.reason, ranked, decision.sources, decision.failures, decision.seconds, decision.code
    )
    document = encoded(answer)
    assert isinstance(document, dict)  # noqa: S101 - what a dataclass encodes to
    return document


def decision_from(document: object) -> Decision:
    """Return the decision of a document.

    Raises:
        WireError: when the document is of another version or form.
    """
    answer = decoded(_Answer, document)
    ranked = tuple(Scored(r.candidate, r.verdict, r.text, r.p_accept) for r in answer.ranked)
    if answer.shown and not ranked:
        raise WireError("ranked: must not be empty when a fix is shown")
    shown = ranked[0] if answer.shown else None
    return Decision(shown, answer.reason, ranked, answer.sources, answer.failures, answer.seconds)


def encoded(value: object) -> object:
    """Return a dataclass, and what it holds, as plain JSON values."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: encoded(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, enum.IntEnum):
        return value.name.lower().replace("_", "-")
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): encoded(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [encoded(item) for item in value]
    return value


def decoded(kind: type[T], document: object) -> T:
    """Return the dataclass `kind` that a document holds.

    Raises:
        WireError: when the document is of another version, or lacks, adds or mistypes a field.
    """
    if isinstance(document, dict) and (version := document.get("version", VERSION)) != VERSION:
        raise WireError(f"version: this bestfix speaks version {VERSION}, the document is of version {version!r}")
    value: T = _value(kind, document, "")
    return value


def _value(kind: Any, value: object, at: str) -> Any:
    """Return `value` as `kind`; `at` is its path in the document."""
    if is_dataclass(kind):
        return _object(kind, value, at)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return _member(kind, value, at)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        return None if value is None else _value(arguments[0], value, at)
    if origin is tuple:
        items = _checked(value, list, at)
        if arguments[-1] is not ...:
            raise TypeError(f"no way to decode {kind}")
        return tuple(_value(arguments[0], item, f"{at}[{i}]") for i, item in enumerate(items))
    if origin is not None:
        return {key: _value(arguments[1], item, f"{at}.{key}") for key, item in _checked(value, dict, at).items()}
    return float(_checked(value, (int, float), at)) if kind is float else _checked(value, kind, at)


def _object(kind: Any, value: object, at: str) -> Any:
    given = _checked(value, dict, at)
    hints, known = get_type_hints(kind), {f.name: f for f in fields(kind)}
    dot = f"{at}." if at else ""
    if unknown := [key for key in given if key not in known]:
        raise WireError(f"{dot}{unknown[0]}: there is no such field; there are {', '.join(known)}")
    for name, f in known.items():
        if name not in given and f.default is MISSING and f.default_factory is MISSING:
            raise WireError(f"{dot}{name}: is missing")
    values = {name: _value(hints[name], item, f"{dot}{name}") for name, item in given.items()}
    try:
        return kind(**values)
    except ValueError as error:
        raise WireError(f"{at or 'document'}: {error}") from error


def _member(kind: type[enum.Enum], value: object, at: str) -> enum.Enum:
    members = {str(encoded(member)): member for member in kind}
    if not isinstance(value, str) or value not in members:
        raise WireError(f"{at}: must be one of {', '.join(members)}, not {value!r}")
    return members[value]


def _checked(value: object, kind: Any, at: str) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        name = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}.get(kind, "a number")
        raise WireError(f"{at or 'document'}: must be {name}, not {json.dumps(value)[:40]}")
    return value
