"""The life of a forked child: it gives up its rights, runs the task, sends the answer, and ends."""

from __future__ import annotations

import gc
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from bestfix.validate.sandbox import landlock, seccomp
from bestfix.validate.sandbox.descriptors import replace_inherited
from bestfix.validate.sandbox.libc import prctl
from bestfix.validate.sandbox.limits import Limits
from bestfix.validate.sandbox.mappings import SharedMemoryError, make_private, own_maps
from bestfix.validate.sandbox.messages import send
from bestfix.validate.sandbox.pools import single_threaded, without_workers
from bestfix.validate.sandbox.privileges import drop_capabilities, volunteer
from bestfix.validate.sandbox.streams import flush, own_streams

__all__ = ["Setting", "live"]

_PDEATHSIG, _CHILD_SUBREAPER, _NO_NEW_PRIVS = 1, 36, 38


@dataclass(frozen=True, slots=True)
class Setting:
    """What children live under.

    Attributes:
        limits: how much each may use.
        confined: whether they give up their rights.
        abi: the version of Landlock.
        parent: the process that they die with.
    """

    limits: Limits
    confined: bool
    abi: int = 0
    parent: int = field(default_factory=os.getpid)


def live(task: Callable[[], bytes], setting: Setting, answer: int, output: int, folder: Path) -> NoReturn:
    """Run the task in this process, which is a fresh fork; never return."""
    try:
        try:
            _settle(setting, answer, output, folder)
            content = task()
        except SharedMemoryError as error:
            send(answer, str(error).encode(), failed=True)
        except BaseException as error:  # noqa: BLE001 - foreign code may raise anything, SystemExit too
            flush()
            send(answer, _described(error).encode(errors="replace"), failed=True)
        else:
            flush()
            send(answer, content)
    finally:
        os._exit(0)


def _settle(setting: Setting, answer: int, output: int, folder: Path) -> None:
    gc.freeze()  # a collection would copy every page that holds an object
    sys.settrace(None)
    sys.setprofile(None)
    threading.settrace(None)
    signal.set_wakeup_fd(-1)
    _die_with(setting.parent)
    with suppress(PermissionError):  # in a child of a child: it stays in the process group that ends as a whole
        os.setsid()
    for fd, target in ((os.open(os.devnull, os.O_RDONLY), 0), (output, 1), (output, 2)):
        os.dup2(fd, target)
    if setting.confined:
        replace_inherited({answer, 0, 1, 2})
        maps = own_maps()
        make_private(maps)
        single_threaded(maps)
        without_workers()
    else:
        os.close(output)
    own_streams(setting.limits.output)
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
    volunteer()
    setting.limits.impose()
    if setting.confined:
        _confine(folder, setting.abi)


def _die_with(parent: int) -> None:
    prctl(_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def _confine(folder: Path, abi: int) -> None:
    """Give up every right but to compute, to read, and to write in the folder."""
    with suppress(PermissionError):  # a child of a child
        prctl(_CHILD_SUBREAPER, 1)
    prctl(_NO_NEW_PRIVS, 1)
    landlock.restrict(folder, abi)
    with suppress(PermissionError):  # a child of a child has none left
        drop_capabilities()
    seccomp.install(seccomp.filter_program(own_pid=None if abi >= landlock.SCOPED else os.getpid()))


def _described(error: BaseException) -> str:
    try:
        return f"it raised {type(error).__name__}: {error}"
    except Exception as failure:  # noqa: BLE001 - a foreign __str__ may raise anything
        return f"it raised {type(error).__name__}, whose text raised {type(failure).__name__}"
