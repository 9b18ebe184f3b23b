"""What a slip is: one way in which people break syntax, and the edit that takes it back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from bestfix.core import Edit
from bestfix.lang.python import Token, masked, tokenized
from bestfix.lang.text import Lines

__all__ = ["Broken", "Move", "Slip", "slip"]


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a repair.

    Attributes:
        edits: what is changed, in offsets of the text that the slip was shown.
        p: how likely, 0 to 1, a person who sees this error in this place makes just this change.
        reason: one line for the user that says what was wrong.
        safe: whether the author's meaning is certain to be kept; false for a placeholder or deleted code.
        slip: the name of the slip; filled in by the search.
        evidence: abstract features of the change, by which candidates are judged; a hand-made slip needs none.
    """

    edits: tuple[Edit, ...]
    p: float
    reason: str
    safe: bool = True
    slip: str = ""
    evidence: tuple[Iterable[str], ...] = ()

    def apply(self, text: str) -> str:
        """Return `text` with the edits made."""
        for edit in sorted(self.edits, reverse=True):
            text = text[: edit.start] + edit.text + text[edit.end :]
        return text


class Broken:
    """Code that does not compile, and where the parser stopped.

    Attributes:
        text: the code as it stands at this step of the search.
        message: the parser's message.
        lineno: the line, 1-based, that it points to.
        offset: the character that it points to.
        end: the end of the characters that it points to; `offset` when it does not say.
    """

    def __init__(self, text: str, message: str, lineno: int, offset: int, end: int) -> None:
        self.text = text
        self.message = message
        self.lineno = lineno
        self.offset = offset
        self.end = end

    @classmethod
    def of(cls, text: str, error: SyntaxError) -> Broken:
        """Return the broken code that `error` was raised for."""
        lines = Lines(text)
        lineno = min(max(error.lineno or 1, 1), len(lines))
        offset = lines.offset(lineno, (error.offset or 1) - 1)
        end = offset
        if error.end_lineno and error.end_offset and error.end_offset > 0:
            end = max(offset, lines.offset(error.end_lineno, error.end_offset - 1))
        return cls(text, str(error.msg), lineno, offset, end)

    @cached_property
    def code(self) -> str:
        """The text with IPython's syntax masked; every offset is the same."""
        return masked(self.text)

    @cached_property
    def lines(self) -> Lines:
        """The positions of the text."""
        return Lines(self.text)

    @cached_property
    def tokens(self) -> list[Token]:
        """The tokens of the masked text."""
        return tokenized(self.code)

    @cached_property
    def line(self) -> str:
        """The line that the parser points to."""
        return self.lines.line(self.lineno)


SlipFunction = Callable[[Broken], Iterator[Move]]


@dataclass(frozen=True, slots=True)
class Slip:
    """A registered slip; its name is `python.syntax.module.function`."""

    name: str
    function: SlipFunction

    def __call__(self, broken: Broken) -> Iterator[Move]:
        """Yield the moves that take the slip back, when the code may contain it."""
        return self.function(broken)


def slip(function: SlipFunction) -> Slip:
    """Register a function as a slip. Its docstring has the four parts that `bestfix.generate.base.repair` names."""
    module = function.__module__.rpartition(".")[2]
    return Slip(f"python.syntax.{module}.{function.__name__}", function)
