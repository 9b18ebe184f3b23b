"""The messages that a page sends to the kernel, read with care. docs/design/jupyter.md describes the protocol."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from bestfix.core.document import DocumentError, structured
from bestfix.surfaces.jupyter.cells import Told

__all__ = ["PROTOCOL", "WISHES", "Ask", "CellsChanged", "Taken", "read", "wishes"]

PROTOCOL = 1
"""The version of the messages."""
WISHES = ("automatic", "threshold", "deadline", "verify", "llm.model", "log.enabled")
"""The settings that a page may ask for; others can be set where the kernel runs alone."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CellsChanged:
    """Which code cells there are, and what those hold that are new or changed."""

    order: tuple[str, ...]
    changed: Mapping[str, Told] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """A fix is wanted for a cell, named by its id or, without one, by its text."""

    cell: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A fix was accepted: it is about to run, or to be written."""

    failure: str
    candidate: int
    text: str
    revision: int = 0


def read(kind: type[T], message: Mapping[str, Any]) -> T:
    """Return what a message says; what is not known of it is left out.

    Raises:
        DocumentError: when the message lacks or mistypes a field.
    """
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]  # every kind of message is a dataclass
    return structured(kind, {name: value for name, value in message.items() if name in known})


def wishes(message: Mapping[str, Any]) -> dict[str, object]:
    """Return the settings that a page asks for, as far as a page may.

    Raises:
        DocumentError: when they are no object.
    """
    settings = message.get("settings") or {}
    if not isinstance(settings, dict):
        raise DocumentError("settings: must be an object")
    return {name: value for name, value in settings.items() if name in WISHES}
