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
    """Move up what a folder holds, and remove it."""
    Path(inner).chmod(0o700)
    for entry in list(os.scandir(inner)):
        if entry.is_dir(follow_symlinks=False):
            Path(entry.path).chmod(0o700)  # a folder that cannot be written cannot be moved
        target = next(path for path in (folder / f".{name}" for name in names) if not path.exists())
        Path(entry.path).rename(target)
    Path(inner).rmdir()
