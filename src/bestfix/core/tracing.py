"""Where an observer learns what takes time: spans around the stages of a failure, free while nobody watches."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar

__all__ = ["Tracer", "stage", "tracer"]

Tracer = Callable[[str], AbstractContextManager[object]]
"""Returns, for the name of a stage, what is entered when it begins and left when it ends."""

_OFF = nullcontext()


def _off(_: str) -> AbstractContextManager[object]:
    return _OFF


tracer: ContextVar[Tracer] = ContextVar("bestfix_tracer", default=_off)
"""Who watches in this context; a service sets it for a request."""


def stage(name: str) -> AbstractContextManager[object]:
    """Return what surrounds a stage: `capture`, `generate`, `validate` or `rank`."""
    return tracer.get()(name)
