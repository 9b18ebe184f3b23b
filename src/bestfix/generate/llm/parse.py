"""Reading answers: what a model writes around and instead of the form that it was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["AnswerError", "Block", "blocks", "fenced", "plain", "said_reason"]

REASON_LENGTH = 160
_THINKING = re.compile(r"<(think|thinking|thought|reasoning|reflection)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_THOUGHT = re.compile(r"\A.*</(?:think|thinking|thought|reasoning|reflection)>", re.DOTALL | re.IGNORECASE)
_SEARCH = re.compile(r"[ \t>*]*<{4,9}[ \t]*(?:SEARCH|ORIGINAL|OLD|BEFORE|FIND)\b.*", re.IGNORECASE)
_MIDDLE = re.compile(r"[ \t]*={4,9}[ \t]*")
_REPLACE = re.compile(r"[ \t]*>{4,9}[ \t]*(?:(?:REPLACE|UPDATED|NEW|AFTER)\b.*)?", re.IGNORECASE)
_FENCE = re.compile(r"[ \t]*(?P<marks>`{3,}|~{3,})[ \t]*(?P<language>[\w+-]*)[^\n`]*")
_HUNK = re.compile(r"@@.*")
_REASON = re.compile(
    r"^[\s*_#>-]*(?:why|reason|cause)\b[*_]*[ \t]*[:-][*_ \t]*(?P<said>\S.*)$", re.IGNORECASE | re.MULTILINE
)


class AnswerError(ValueError):
    """An answer holds no fix; the message says why, in words for a log, and quotes nothing of the answer."""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that stand in the code, and those that are to stand there instead."""

    search: tuple[str, ...]
    replace: tuple[str, ...]


def plain(answer: str) -> str:
    r"""Return an answer without its thinking, with `\n` for line ends."""
    answer = answer.replace("\r\n", "\n").replace("\r", "\n")
    return _THOUGHT.sub("", _THINKING.sub("", answer)).strip("\ufeff")


def blocks(answer: str) -> list[tuple[Block, ...]]:
    """Return the readings of an answer as edits, the likeliest first; none when it holds none.

    An edit whose code holds a line of `=` can be read in several ways; a unified diff is read as edits, too.
    """
    lines = answer.split("\n")
    marked = [_splits(lines[start + 1 : end]) for start, end in _marked(lines)]
    if marked:
        most = max(map(len, marked))
        return [tuple(split[min(number, len(split) - 1)] for split in marked) for number in range(most)] if most else []
    hunks = tuple(_hunks(lines))
    return [hunks] if hunks else []


def _marked(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Yield where each edit starts and ends; one that is never ended was cut off and does not count."""
    start: int | None = None
    for number, line in enumerate(lines):
        if _SEARCH.fullmatch(line):
            start = number
        elif start is not None and _REPLACE.fullmatch(line):
            yield start, number
            start = None


def _splits(lines: list[str]) -> list[Block]:
    """Return the ways to part an edit at one of its middle marks: what fits the code with most lines is meant."""
    marks = [number for number, line in enumerate(lines) if _MIDDLE.fullmatch(line)][::-1]
    return [Block(_unfenced(lines[:mark]), _unfenced(lines[mark + 1 :])) for mark in marks]


def _unfenced(lines: list[str]) -> tuple[str, ...]:
    """Return lines without a fence around them and blank lines at their ends."""
    while lines and not lines[0].strip():
        lines = lines[1:]
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    fence = _FENCE.fullmatch(lines[0]) if lines else None
    if fence and len(lines) > 1 and lines[-1].strip() == fence["marks"]:
        return _unfenced(lines[1:-1])
    return tuple(lines)


def _hunks(lines: list[str]) -> Iterator[Block]:
    """Yield the hunks of a unified diff; each starts with a line of `@@` and ends with the first line of no diff."""
    held: list[str] | None = None
    for line in [*lines, "@@"]:
        if held is not None and not _HUNK.fullmatch(line) and (not line or line[0] in " +-"):
            held.append(line or " ")
            continue
        if held and any(h[0] in "+-" for h in held):
            before, after = ([h[1:] for h in held if h[0] in kept] for kept in (" -", " +"))
            yield Block(_unfenced(before), _unfenced(after))
        held = [] if _HUNK.fullmatch(line) else None


def fenced(answer: str) -> list[str]:
    """Return the contents of the fences of an answer, the longest fence's own marks inside another left alone."""
    found, held, marks = list[str](), list[str](), ""
    for line in answer.split("\n"):
        fence = _FENCE.fullmatch(line)
        if not marks and fence:
            marks, held = fence["marks"], []
        elif marks and line.strip() == marks:
            found.append("\n".join(held))
            marks = ""
        elif marks:
            held.append(line)
    return found


def said_reason(answer: str) -> str:
    """Return the line in which an answer says what was wrong, as one short line; empty when there is none."""
    match = _REASON.search(answer)
    if match is None:
        return ""
    said = " ".join("".join(char if char.isprintable() else " " for char in match["said"]).split())
    return said if len(said) <= REASON_LENGTH else said[: REASON_LENGTH - 1] + "…"
