"""The cells of an IPython session as the user wrote them, by the file names their code was compiled under."""

from __future__ import annotations

import linecache
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from bestfix.capture.origin import CompiledSource
from bestfix.core import Source

__all__ = ["CellSources", "cell_name", "cell_sources"]

TIMED = frozenset({"<timed exec>", "<timed eval>", "<magic-timeit>"})
"""What the bodies of all timed cells are compiled under."""
REMEMBERED = 200
"""Cells in which a timed body is looked for, the last ones."""
_LINE_MAGIC = re.compile(r"^(?:[^#'\"\n]*=)?\s*%time(?:it)?\s+(?:-\S+\s+(?:\d+\s+)?)*(.+)$", re.MULTILINE)


def cell_sources(ip: Any, *, running: str | None = None) -> CellSources:
    """Return the cells that have run in a session, by the file name of their code objects.

    Nothing is computed before a cell is asked for. Positions in frames of such a file are positions in what IPython
    made of the cell; the sources know how to place them in the cell's own text.

    Args:
        ip: the `InteractiveShell`.
        running: the raw text of the cell that has just run, when it is known; the history lacks a cell that was
            not to be stored.
    """
    return CellSources(ip, running)


def cell_name(count: int | None) -> str:
    """Return the name of the source of the cell with an execution count."""
    return f"<cell {count}>" if count is not None else "<cell>"


@dataclass(frozen=True)
class CellSources(Mapping[str, Source]):
    """The cells of a session; a lazy mapping.

    Attributes:
        ip: the `InteractiveShell`.
        running: the raw text of the cell that has just run.
    """

    ip: Any
    running: str | None = None
    _known: dict[str, Source] = field(default_factory=dict, repr=False)

    def __getitem__(self, filename: str) -> Source:
        if filename not in self._known:
            self._known[filename] = self._found(filename)
        return self._known[filename]

    def __iter__(self) -> Iterator[str]:
        yield from self._counts()

    def __len__(self) -> int:
        return len(self._counts())

    def of_code(self, code: CodeType) -> Source | None:
        """Return the cell that a code object was compiled from.

        All timed bodies share one file name: a top level is that of the last cell, a function's cell is the last in
        which it fits.
        """
        if code.co_filename not in TIMED:
            return self.get(code.co_filename)
        cells = self._texts_by_count()
        reach = 1 if code.co_name in {"<module>", "inner"} else REMEMBERED
        for count in sorted(cells, reverse=True)[:reach]:
            for source in self._timed(count, cells[count]):
                if source.holds(code):
                    return source
        return None

    def _counts(self) -> Mapping[str, int]:
        return getattr(self.ip.compile, "_filename_map", {})

    def _history(self, parsed: bool = False) -> list[str]:
        return list(getattr(self.ip.history_manager, "input_hist_parsed" if parsed else "input_hist_raw", ()))

    def _found(self, filename: str) -> Source:
        count = self._counts()[filename]
        compiled = self._compiled(filename, count)
        for text in self._texts(count):
            if (source := CompiledSource.of(cell_name(count), text, compiled)) is not None:
                return source
        return Source(cell_name(count), compiled)

    def _compiled(self, filename: str, count: int) -> str:
        """Return what was compiled under a name."""
        if entry := linecache.cache.get(filename):
            return "".join(entry[2]) if len(entry) > 2 else ""
        parsed = self._history(parsed=True)
        return parsed[count] if count < len(parsed) else ""

    def _texts(self, count: int) -> Iterator[str]:
        """Yield the raw texts that the cell with a count may have had, the likeliest first."""
        raw = self._history()
        if self.running is not None and (count >= len(raw) - 1 or count >= self.ip.execution_count - 1):
            yield self.running
        if count < len(raw):
            yield raw[count]
        if count:
            yield from reversed(raw[count - 1 : count])

    def _texts_by_count(self) -> dict[int, str]:
        """Return the raw texts of the cells, the running one included."""
        raw = self._history()
        texts = dict(enumerate(raw))
        if self.running is not None:
            stored = bool(raw) and raw[-1] == self.running.rstrip("\n")
            texts[len(raw) - 1 if stored else max(self._counts().values(), default=len(raw))] = self.running
        return texts

    def _timed(self, count: int, text: str) -> Iterator[CompiledSource]:
        """Yield what the `%time` and `%timeit` magics of a cell compile."""
        if "%time" not in text:
            return
        magic, _, body = text.lstrip().partition("\n")
        bodies = [body] if magic.startswith("%%time") else [match[1] for match in _LINE_MAGIC.finditer(text)]
        for statement in bodies:
            with suppress(Exception):  # transformers of the user's may raise anything
                compiled = self.ip.transform_cell(statement)
                if (source := CompiledSource.of(cell_name(count), text, compiled)) is not None:
                    yield source
