"""The end of a command that runs something: its exit code, and its JSON document."""

from __future__ import annotations

import sys
from collections.abc import Callable

from bestfix.config import SettingsError
from bestfix.surfaces import wire
from bestfix.surfaces.ask import Asker
from bestfix.surfaces.card import emit
from bestfix.surfaces.files import FileError

__all__ = ["CANNOT", "finished"]

CANNOT = 2
"""The exit code when there is nothing to run or a file cannot be written."""


def finished(work: Callable[[Asker], int], asker: Asker, *refusals: type[Exception], json: bool) -> int:
    """Do a command's work; return its exit code.

    Args:
        work: runs, asks, and returns an exit code.
        asker: shows the fixes and learns which to take.
        refusals: errors of the work, besides those of files and settings, that are the user's to mend.
        json: whether the JSON document of docs/wire.md is printed.
    """
    problem = None
    known: tuple[type[Exception], ...] = (FileError, SettingsError, *refusals)
    try:
        code = work(asker)
    except known as error:
        code, problem = CANNOT, str(error)
        emit(f"bestfix: {error}", sys.stderr)
    if json:
        from json import dumps

        rounds = [{"applied": r.taken is not None, "decision": wire.decision_to(r.decision)} for r in asker.rounds]
        emit(dumps({"version": wire.VERSION, "exit_code": code, "problem": problem, "rounds": rounds}), sys.stdout)
    return code
