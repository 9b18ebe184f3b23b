"""What failed: the sources, the error and where in them it happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["ErrorInfo", "Frame", "Language", "Report", "Source", "Span"]


class Language(StrEnum):
    """The languages that bestfix repairs."""

    PYTHON = "python"
    SQL = "sql"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The characters `start:end` of a source text (offsets, not bytes)."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the characters of `text` that the span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Source:
    """A text that can be edited: a cell, a script, a module of the user's, a query.

    Attributes:
        name: what a `Patch` calls it: a path, or a cell's label such as `"<cell 3>"`.
        text: what the user wrote, IPython syntax and all.
    """

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A traceback frame that runs the user's code.

    Attributes:
        source: the name of its `Source`.
        function: the code object's name; `"<module>"` at the top level.
        lineno: line in the source, 1-based.
        span: the characters of the failing expression in the source, when the interpreter knows them.
    """

    source: str
    function: str
    lineno: int
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class ErrorInfo:
    """One error, in a form that can cross a wire.

    Attributes:
        type: the name of the exception's class (`"NameError"`) or of the engine's error class.
        message: its message, bounded in length.
        bases: the names of the classes it inherits from, nearest first, without `type` itself.
        span: where it is in the failing source; for a run-time error the failing expression.
        lineno: line of the failing source, 1-based, when known.
        frames: the user's own frames, outermost first; empty for a syntax error.
        details: what the exception carries besides its message, as text (`name`, `key`, `sqlstate`, `hint`, …).
        cause: the error that it was raised from or while handling.
        parts: the errors inside an `ExceptionGroup`.
        group: the `ExceptionGroup` that the error was one part of.
        traceback: the traceback as text, when there was one.
    """

    type: str
    message: str
    bases: tuple[str, ...] = ()
    span: Span | None = None
    lineno: int | None = None
    frames: tuple[Frame, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)
    cause: ErrorInfo | None = None
    parts: tuple[ErrorInfo, ...] = ()
    group: ErrorInfo | None = None
    traceback: str = ""

    def is_a(self, *names: str) -> bool:
        """Whether the error is of one of the named classes or inherits from one."""
        return self.type in names or any(base in names for base in self.bases)

    def kinds(self) -> frozenset[str]:
        """Return the names of its class and of those that it inherits from, and those of the errors inside it."""
        return frozenset((self.type, *self.bases)).union(*(part.kinds() for part in self.parts))


@dataclass(frozen=True, slots=True)
class Report:
    """A failure: its language, the sources that took part in it, and the error.

    Attributes:
        language: the language of the failing source.
        failing: the source that failed: the cell that was run, the script, the query.
        error: what went wrong.
        others: further sources of the user's in the traceback (an earlier cell, a helper module) by name.
    """

    language: Language
    failing: Source
    error: ErrorInfo
    others: Mapping[str, Source] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The text of the failing source."""
        return self.failing.text

    def source(self, name: str) -> Source | None:
        """Return the source called `name`, when the report has it."""
        return self.failing if name == self.failing.name else self.others.get(name)

    @property
    def innermost(self) -> tuple[Source, Span | None, int | None]:
        """The source, span and line (1-based) of the user's innermost frame: where a fix usually belongs."""
        for frame in reversed(self.error.frames):
            if source := self.source(frame.source):
                return source, frame.span, frame.lineno
        return self.failing, self.error.span, self.error.lineno
