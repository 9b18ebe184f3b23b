"""A script that crashed: in this process through `sys.excepthook`, or in a child of `bestfix run`."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from bestfix.core import Decision

__all__ = ["decide", "install_excepthook"]


def decide(error: BaseException, script: Path) -> Decision:
    """Return the decision about an exception that ended a script."""
    from bestfix.api import fix
    from bestfix.surfaces.files import TextFile

    return fix(TextFile.read(script).text, error=error, name=str(script))


def install_excepthook() -> None:
    """Show the fix under the traceback of an exception that ends this program or comes up in a plain Python shell.

    What `sys.excepthook` does now goes on being done first. Calling this twice changes nothing.
    """
    if not isinstance(sys.excepthook, _Hook):
        sys.excepthook = _Hook(sys.excepthook)


class _Hook:
    """The hook, around the one that was there before."""

    def __init__(self, before: Callable[..., object]) -> None:
        self.before = before

    def __call__(self, kind: type[BaseException], error: BaseException, tb: TracebackType | None) -> None:
        self.before(kind, error, tb)
        if not isinstance(error, Exception):
            return
        try:
            _show(error)
        except Exception as failure:  # noqa: BLE001 - a bug of ours must not follow the user's error
            sys.stderr.write(f"bestfix: no answer ({type(failure).__name__}: {failure})\n")


def _show(error: BaseException) -> None:
    from bestfix.recording import Tracker
    from bestfix.surfaces.card import colored, emit, terminal

    decision = _decision(error)
    if decision is None:
        return
    if decision.shown is not None:
        emit(terminal(decision, decision.shown, color=colored(sys.stderr)), sys.stderr)
    Tracker.of("excepthook").recorder.noticed(decision)


def _decision(error: BaseException) -> Decision | None:
    """Return the decision about an error of the running script, or of a line typed into a plain Python shell."""
    from bestfix.api import fix

    if path := getattr(sys.modules.get("__main__"), "__file__", None):
        return decide(error, Path(path))
    name = error.filename if isinstance(error, SyntaxError) else _first_file(error.__traceback__)
    text = "".join(linecache.getlines(name)) if name else ""
    return fix(text, error=error, name=name or "<stdin>") if text else None


def _first_file(tb: TracebackType | None) -> str | None:
    return tb.tb_frame.f_code.co_filename if tb is not None else None
