"""Compiling a user's text unheard, with the warning filters of everybody else as they were."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

__all__ = ["quietly"]

T = TypeVar("T")
_TRIES = 3


def quietly(compiling: Callable[[str], T], name: str = "<bestfix>") -> T:
    """Return `compiling(name)`; warnings about code of that file name are not heard, then and later.

    `warnings.catch_warnings` exchanges the filters of the whole process: with two threads in it one loses its filters
    at once, and the session may lose its own for good. A filter for one file name, put in front once, disturbs nobody.
    Where another thread takes it away meanwhile, a warning can come as a syntax error, so it is tried again.

    Args:
        compiling: compiles under the file name that it is given.
        name: the file name.
    """
    for _ in range(_TRIES):
        if not _is_ignored(name):
            warnings.filterwarnings("ignore", module=_pattern(name).pattern)
        try:
            return compiling(name)
        except SyntaxError:
            if _is_ignored(name):
                raise
    return compiling(name)


def _is_ignored(name: str) -> bool:
    """Whether the first filter of all is ours."""
    return warnings.filters[:1] == [("ignore", None, Warning, _pattern(name), 0)]


@lru_cache(maxsize=8)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(name)}\Z")
