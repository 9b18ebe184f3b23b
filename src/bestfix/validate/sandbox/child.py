"""The life of a forked child: it gives up its rights, runs the task, sends the answer, and ends."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from bestfix.validate.sandbox import landlock
from bestfix.validate.sandbox.descriptors import replace_inherited
from bestfix.validate.sandbox.libc import prctl
from bestfix.validate.sandbox.limits import Limits
from bestfix.validate.sandbox.messages import send

__all__ = ["Setting", "live"]

_PDEATHSIG, _NO_NEW_PRIVS = 1, 38


@dataclass(frozen=True, slots=True)
class Setting:
    """What a child lives under."""

    limits: Limits
    confined: bool


def live(task: Callable[[], bytes], setting: Setting, answer: int, output: int, folder: Path) -> NoReturn:
    """Run the task in this process, which is a fresh fork; never return."""
    try:
        try:
            _prepare(setting, answer, output, folder)
            content = task()
        except BaseException as error:  # noqa: BLE001 - foreign code may raise anything, SystemExit too
            send(answer, _described(error).encode(errors="replace"), failed=True)
        else:
            _flush()
            send(answer, content)
    finally:
        os._exit(0)


def _prepare(setting: Setting, answer: int, output: int, folder: Path) -> None:
    with suppress(PermissionError):  # inside another child, whose process group is for all it starts
        os.setsid()
    signal.set_wakeup_fd(-1)
    gc.freeze()
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    if setting.confined:
        replace_inherited({answer, 1, 2})
    _own_streams()
    tempfile.tempdir = str(folder)
    os.environ["TMPDIR"] = str(folder)
    setting.limits.impose()
    prctl(_PDEATHSIG, signal.SIGKILL)
    if setting.confined:
        prctl(_NO_NEW_PRIVS, 1)
        landlock.restrict(folder, landlock.abi())


def _own_streams() -> None:
    sys.stdin = sys.__stdin__ = io.TextIOWrapper(io.BytesIO())  # type: ignore[misc]  # a forked child's own
    for name, fd in (("stdout", 1), ("stderr", 2)):
        stream = open(fd, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115 - it lives as long as the process
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):  # foreign code may have put anything there
            stream.flush()


def _described(error: BaseException) -> str:
    try:
        return f"it raised {type(error).__name__}: {error}"
    except Exception as failure:  # noqa: BLE001 - a foreign __str__ may raise anything
        return f"it raised {type(error).__name__}, whose text raised {type(failure).__name__}"
