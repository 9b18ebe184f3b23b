"""A process that shows nothing and asks nobody: what a trial of the user's code must not do to the front end."""

from __future__ import annotations

import builtins
import logging
import os
import sys
from contextlib import suppress
from typing import Any, NoReturn

__all__ = ["Stop", "hush"]


class Stop(BaseException):
    """The program does what a trial cannot follow, such as asking the user.

    It inherits from `BaseException`, so that the handlers of the program let it pass.
    """


def hush(shell: Any = None) -> None:
    """Cut this process off from the user, for good; it must be a child that is thrown away.

    Nothing is written to the streams of the session, no figure or widget reaches a front end, `input` and debuggers
    stop the program.

    Args:
        shell: the `InteractiveShell` of the session, when there is one.
    """
    logging.disable(logging.CRITICAL)
    _silence_kernel(shell)
    sink = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - it stays open as long as the process lives
    sys.stdout = sys.stderr = sink
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - it stays open as long as the process lives
    sys.displayhook = lambda _: None
    builtins.input = _asks
    if (getpass := sys.modules.get("getpass")) is not None:
        vars(getpass)["getpass"] = _asks
    sys.breakpointhook = _debugs
    _hide_figures()


def _asks(*_: object, **__: object) -> NoReturn:
    raise Stop("it asks for input")


def _debugs(*_: object, **__: object) -> NoReturn:
    raise Stop("it starts a debugger")


def _silence_kernel(shell: Any) -> None:
    """Let nothing reach the front end of a notebook: neither output nor the messages of widgets."""
    if shell is None:
        return
    with suppress(Exception):  # a front end that IPython does not know has other parts
        shell.display_pub.publish = _nothing
    with suppress(Exception):  # what is not there need not be silenced
        shell.kernel.raw_input = shell.kernel.getpass = _asks
        for name in ("send_multipart", "schedule"):
            setattr(shell.kernel.iopub_thread, name, _nothing)


def _hide_figures() -> None:
    """Let figures be drawn into memory."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return
    with suppress(Exception):  # a backend of the user's may refuse; figures are then drawn by it
        if vars(pyplot)["get_backend"]().lower() not in {"agg", "module://matplotlib_inline.backend_inline", "inline"}:
            vars(pyplot)["switch_backend"]("agg")
        vars(pyplot)["show"] = _nothing


def _nothing(*_: object, **__: object) -> None:
    return None
