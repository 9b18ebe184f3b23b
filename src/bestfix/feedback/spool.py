"""Rows that wait in files until the database can be written."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["LIMIT", "Spool"]

LIMIT = 64 * 1024 * 1024
"""Bytes that wait at most; what does not fit is lost, and counted."""
FILES = 50
"""Files that wait for a process that lasts; beyond, the next one writes them."""

Row = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Spool:
    """A folder of files with a JSON list a line: the table and the row. Each file is whole before it has its name."""

    folder: Path

    def add(self, rows: Sequence[Row]) -> None:
        """Write rows into a new file.

        Raises:
            OSError: when they cannot be written; nothing is left of them then.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.size >= LIMIT:
            raise OSError(f"{self.folder} is full")
        draft = self.folder / f"{secrets.token_hex(8)}.part"
        try:
            with draft.open("w", encoding="utf-8") as file:
                file.writelines(json.dumps(row) + "\n" for row in rows)
                file.flush()
                os.fsync(file.fileno())
            draft.rename(draft.with_suffix(".jsonl"))
        except OSError:
            draft.unlink(missing_ok=True)
            raise

    def drain(self, write: Callable[[Sequence[Row]], object]) -> None:
        """Hand the rows of each file to `write`, and remove the file when it has returned.

        Two processes may hand over the same file: writing rows twice must do no harm.
        """
        for file in self._files():
            try:
                rows = list(_read(file))
            except FileNotFoundError:
                continue
            write(rows)
            file.unlink(missing_ok=True)

    @property
    def due(self) -> bool:
        """Whether so much waits that whoever comes by writes it."""
        return len(self._files()) >= FILES

    @property
    def size(self) -> int:
        """The bytes that wait."""
        return sum(_size(file) for file in self._files())

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("*.jsonl"))


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _read(file: Path) -> Iterator[Row]:
    """Yield the rows of a file; a line that is none is left out."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            try:
                table, row = json.loads(line)
            except ValueError:
                continue
            if isinstance(table, str) and isinstance(row, dict):
                yield table, row
