"""`bestfix undo`."""

from __future__ import annotations

import sys
from pathlib import Path

from bestfix.surfaces.card import emit
from bestfix.surfaces.files import FileError
from bestfix.surfaces.journal import Journal, Written

__all__ = ["undo"]


def undo(path: Path | None = None, *, force: bool = False) -> int:
    """Restore what was written last, or what was written to `path` last; return 1 when that cannot be done."""
    journal = Journal.default()
    writes = journal.last(path)
    if not writes:
        emit(f"bestfix: nothing to undo{f' in {path}' if path else ''}", sys.stderr)
        return 1
    try:
        for written in writes:
            journal.undo(written, force=force)
            emit(f"bestfix: restored {written.path}", sys.stdout)
            _told(written)
    except (FileError, OSError) as error:
        emit(f"bestfix: {error}", sys.stderr)
        return 1
    return 0


def _told(written: Written) -> None:
    """Record that a fix was taken back."""
    from bestfix.core import Action
    from bestfix.recording import Tracker

    failure, candidate = written.origin
    Tracker.of("undo").recorder.action(failure, Action.UNDONE, candidate)
