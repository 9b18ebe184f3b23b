"""The frames of a traceback that run the user's own code."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator, Mapping
from types import CodeType, FrameType, TracebackType

from bestfix.capture.files import own_file
from bestfix.capture.ipython import CellSources
from bestfix.capture.message import slot
from bestfix.capture.origin import CompiledSource, Position, placed
from bestfix.core import Source, Span

__all__ = ["Origins", "causes", "failing_frame", "leading", "user_frames"]

FRAME_LIMIT = 200
"""Frames of a traceback that are kept, the innermost."""
CAUSES = 3
"""Errors that others were raised from, one behind the other, that are looked at."""
GROUP_DEPTH = 20
"""Groups within groups that are looked into."""


class Origins:
    """Finds the source of a code object: what was run, further texts by file name, and the user's own files.

    Attributes:
        failing: what was run.
        sources: further texts by the file name they were compiled under.
        met: the sources that were found so far, by name.
    """

    def __init__(self, failing: Source, sources: Mapping[str, Source] | None = None) -> None:
        self.failing = failing
        self.sources: Mapping[str, Source] = sources if sources is not None else {}
        self.met: dict[str, Source] = {}
        self._files: dict[str, Source | None] = {}

    def of_code(self, code: CodeType) -> Source | None:
        """Return the source that a code object was compiled from, when it is the user's."""
        cells = self.sources
        if code.co_filename != self.failing.name and isinstance(cells, CellSources):
            source = cells.of_code(code)
            if source is not None:
                return self._meet(source)
        return self.of_file(code.co_filename)

    def of_file(self, filename: str) -> Source | None:
        """Return the source that was compiled under a file name, when it is the user's."""
        if filename not in self._files:
            source = self.failing if filename == self.failing.name else self.sources.get(filename)
            self._files[filename] = source or own_file(filename)
        found = self._files[filename]
        return self._meet(found) if found is not None else None

    def given(self) -> Iterator[Source]:
        """Yield the further texts that were given, the last first, whether they took part in the failure or not."""
        for filename in reversed(list(self.sources)):
            if (source := self.sources.get(filename)) is not None:
                yield source

    def _meet(self, source: Source) -> Source | None:
        """Remember a source; two texts under the failing one's name are one, or the other is not known."""
        if source.name != self.failing.name:
            return self.met.setdefault(source.name, source)
        if source.text.rstrip("\n") != self.failing.text.rstrip("\n"):
            return None
        return source if isinstance(source, CompiledSource) else self.failing


def user_frames(tb: TracebackType | None, origins: Origins) -> Iterator[tuple[FrameType, Source, int, Span | None]]:
    """Yield the innermost frames that run the user's code, outermost first: frame, source, line, characters.

    What called the failing source is no part of the failure.
    """
    own: deque[tuple[TracebackType, Source]] = deque(maxlen=FRAME_LIMIT)
    entered = False
    while tb is not None:
        if (source := origins.of_code(tb.tb_frame.f_code)) is not None:
            if not entered and source.name == origins.failing.name:
                own.clear()
                entered = True
            own.append((tb, source))
        tb = tb.tb_next
    for entry, source in own:
        code = entry.tb_frame.f_code
        lineno, span = placed(source, entry.tb_lineno or 1, _position(code, entry.tb_lasti))
        yield entry.tb_frame, source, lineno, span


def leading(error: BaseException, origins: Origins) -> list[BaseException]:
    """Return the groups that an error is in and the part that is to be fixed, outermost first.

    Of a group it is the first part that the user's code raised; an error that is no group is alone.
    """
    path = [error]
    while issubclass(type(path[-1]), BaseExceptionGroup) and len(path) <= GROUP_DEPTH:
        parts = slot(path[-1], "exceptions", BaseExceptionGroup)
        path.append(next((part for part in parts if _has_user_frame(part, origins)), parts[0]))
    return path


def causes(error: BaseException, origins: Origins) -> Iterator[BaseException]:
    """Yield the errors that an error was raised `from`, where the user's code met them, the nearest first."""
    cause = leading(error, origins)[-1]
    for _ in range(CAUSES):
        if (cause := slot(cause, "__cause__")) is None:
            return
        if _has_user_frame(cause, origins):
            yield cause


def failing_frame(error: BaseException, origins: Origins) -> FrameType | None:
    """Return the user's innermost frame of an error, or of the part of a group that is to be fixed."""
    for part in reversed(leading(error, origins)):
        frames = deque(user_frames(slot(part, "__traceback__"), origins), maxlen=1)
        if frames:
            return frames[0][0]
    return None


def _has_user_frame(error: BaseException, origins: Origins, depth: int = GROUP_DEPTH) -> bool:
    if next(user_frames(slot(error, "__traceback__"), origins), None) is not None:
        return True
    if not depth or not issubclass(type(error), BaseExceptionGroup):
        return False
    parts = slot(error, "exceptions", BaseExceptionGroup)
    return any(_has_user_frame(part, origins, depth - 1) for part in parts[:GROUP_DEPTH])


def _position(code: CodeType, instruction: int) -> Position | None:
    if instruction < 0:
        return None
    return next(itertools.islice(code.co_positions(), instruction // 2, None), None)
