"""Removing a folder in which anybody may have made anything."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import count
from pathlib import Path

__all__ = ["remove"]


def remove(folder: Path) -> None:
    """Remove a folder, however deep: what a folder in it holds is moved up first."""
    names = count()
    with suppress(OSError):
        while entries := list(os.scandir(folder)):
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    _flatten(entry.path, folder, names)
                else:
                    Path(entry.path).unlink()
        folder.rmdir()


def _flatten(inner: str, folder: Path, names: count[int]) -> None:
    Path(inner).chmod(0o700)
    for entry in list(os.scandir(inner)):
        target = folder / f".{next(names)}"
        while target.exists():
            target = folder / f".{next(names)}"
        Path(entry.path).rename(target)
    Path(inner).rmdir()
