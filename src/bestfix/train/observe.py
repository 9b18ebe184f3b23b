"""What a cell does, as far as it can be seen: what it prints, shows and binds, and where it fails."""

from __future__ import annotations

import ast
import hashlib
import io
import linecache
import re
import sys
import warnings
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import Any

from bestfix.lang.python import masked
from bestfix.lang.python.scope import bound_names

__all__ = ["CELL", "SETUP", "UNSTARTED", "Observation", "Trace", "observed", "run"]

CELL, SETUP = "<cell>", "<setup>"
UNSTARTED = 1 << 30
"""What is left of a text of which nothing ran."""
_SHOWN = 20_000
_ADDRESS = re.compile(r"0x[0-9a-fA-F]+")


@dataclass(slots=True)
class Trace:
    """What running a text left behind.

    Attributes:
        shown: the values of its expression statements, as text.
        error: what it raised.
        left: how many of its top-level statements did not run to their end.
    """

    shown: list[str] = field(default_factory=list)
    error: BaseException | None = None
    left: int = UNSTARTED

    def observation(self, digest: str = "", *, blank: bool = True) -> Observation:
        """Return it as what crosses a pipe."""
        error = f"{type(self.error).__name__}: {_str(self.error)}" if self.error else ""
        return Observation(error, self.left, digest, blank)


@dataclass(frozen=True, slots=True)
class Observation:
    """What a cell did, small enough to cross a pipe.

    Attributes:
        error: the class and message of what it raised; empty when it ran to its end.
        left: how many of its top-level statements did not run to their end.
        digest: equal for two cells that printed, showed and bound the same.
        blank: whether there was nothing to see.
    """

    error: str
    left: int
    digest: str
    blank: bool


def run(name: str, text: str, namespace: dict[str, Any]) -> Trace:
    """Run a text statement by statement, as an interpreter does that shows the value of each expression."""
    trace = Trace()
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    hook, sys.displayhook = sys.displayhook, lambda value: trace.shown.append("" if value is None else _text(value))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(masked(text), name).body
            trace.left = len(body)
            for statement in body:
                exec(compile(ast.Interactive([statement]), name, "single", dont_inherit=True), namespace)  # noqa: S102 - running it is the purpose
                trace.left -= 1
    except BaseException as error:  # noqa: BLE001 - the text may raise anything
        trace.error = error
    finally:
        sys.displayhook = hook
    return trace


def observed(text: str, namespace: dict[str, Any], *, intended: str) -> Observation:
    """Run a cell and return what it did; of what it binds, what the intended cell binds counts."""
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(io.StringIO()):
        trace = run(CELL, text, namespace)
    bound = [(name, _value(namespace, name)) for name in sorted(bound_names(intended))]
    seen = [printed.getvalue()[:_SHOWN], *(shown for shown in trace.shown if shown)]
    digest = hashlib.sha256(_ADDRESS.sub("0x", repr((seen, bound))).encode("utf-8", "replace"))
    blank = not any(seen) and not any(value for _, value in bound)
    return trace.observation(digest.hexdigest(), blank=blank)


def _value(namespace: Mapping[str, Any], name: str) -> str:
    """Return a bound value as text; nothing for what does not show what it does, such as a function."""
    value = namespace.get(name)
    return "" if isinstance(value, FunctionType | ModuleType | type) or value is None else _text(value)


def _text(value: object) -> str:
    try:
        return repr(value)[:_SHOWN]
    except Exception as error:  # noqa: BLE001 - a foreign __repr__ may raise anything
        return f"<no repr: {type(error).__name__}>"


def _str(error: BaseException) -> str:
    try:
        return str(error)[:500]
    except Exception as failure:  # noqa: BLE001 - a foreign __str__ may raise anything
        return f"<no message: {type(failure).__name__}>"
