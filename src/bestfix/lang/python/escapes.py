"""Where a cell holds IPython's syntax: magics, shell commands, help, and the automatic quotes and calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bestfix.core import Span
from bestfix.lang.python.tokens import Token, scan

__all__ = ["Escape", "escapes", "gains_escapes", "has_escapes"]

_HINT = re.compile(r"^[ \t\f]*[%!?,;/]|=[ \t]*[%!](?!=)|\?[ \t]*$", re.MULTILINE)
_START = re.compile(
    r"""%{1,2}[A-Za-z_]           # a magic
      | !(?!=)                    # a shell command
      | \?{1,2}(?:[%\w*]|[ \t]*$) # help
      | [,;][A-Za-z_][\w.]*[ \t]+[^\s=(\[]  # arguments quoted: nothing that a broken statement may start with
      | /[A-Za-z_][\w.]*(?:[ \t]+[^\s=]|[ \t]*$)  # a call without its parentheses
    """,
    re.VERBOSE | re.MULTILINE,
)
_HELP_END = re.compile(r"%{0,2}(?!\d)[\w*]+(?:\.(?!\d)[\w*]+|\[-?[0-9]+\])*\?\??$")
_CODE_MAGIC = re.compile(r"%(?:time|timeit|prun|memit)[ \t]+(?:-\w+(?:[ \t]+\d+)?[ \t]+)*")
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Escape:
    """A stretch of IPython's syntax.

    Attributes:
        span: its characters, from the mark to the end of its last line.
        assigned: whether it is the value of an assignment, and no statement of its own.
        code: where the Python in it starts that a magic such as `%time` runs, when it has some.
    """

    span: Span
    assigned: bool = False
    code: int | None = None


def has_escapes(text: str) -> bool:
    """Whether a text may hold IPython's syntax; quick, and never wrong when it says no."""
    return _HINT.search(text) is not None


def escapes(text: str) -> Iterator[Escape]:
    """Yield the escapes of a text in order, as IPython finds them: never inside brackets or strings.

    A line that starts with a mark is taken for broken Python rather than for an escape when a name does not follow.
    """
    at = 0
    while at < len(text):
        line = _logical_line(text, at)
        if not line:
            return
        found = _escape(text, [token for token in line if token.kind != "newline"])
        if found is not None:
            yield found
        at = max(found.span.end if found is not None else 0, line[-1].end)


def gains_escapes(before: str, after: str) -> bool:
    """Whether plain code became an escape by an edit that does not say so.

    A magic counts as written when its line stood in the old text, even where an open bracket hid it, and `!` or `%`
    that the edit itself puts in is meant.
    """
    if not has_escapes(after):
        return False
    found = list(escapes(after))
    if not found or len(found) <= len(list(escapes(before))):
        return False
    lines = {line.strip() for line in before.splitlines()}
    meant = {mark for mark in "!%" if after.count(mark) > before.count(mark)}
    return any(after[e.span.start] not in meant and _written_line(after, e) not in lines for e in found)


def _written_line(text: str, escape: Escape) -> str:
    """Return the first line of an escape with what stands before it."""
    start = max(text.rfind("\n", 0, escape.span.start), text.rfind("\r", 0, escape.span.start)) + 1
    return _LINE_END.split(text[start : escape.span.end], maxsplit=1)[0].strip()


def _logical_line(text: str, at: int) -> list[Token]:
    """Return the tokens up to the first line end outside brackets, that line end included."""
    tokens: list[Token] = []
    depth = 0
    for token in scan(text, at, comments=True):
        tokens.append(token)
        if token.kind == "newline" and depth == 0:
            break
        if token.kind == "op" and token.text in "([{":
            depth += 1
        elif token.kind == "op" and token.text in ")]}":
            depth = max(0, depth - 1)
    return tokens


def _escape(text: str, line: list[Token]) -> Escape | None:
    if not line:
        return None
    first, last = line[0], line[-1]
    if len(line) > 1 and last.text == "?" and _HELP_END.search(text, first.start, last.end):
        return Escape(Span(first.start, last.end))
    if first.text[0] in "%!?,;/" and _START.match(text, first.start):
        return _at(text, first.start)
    value = _assigned(line)
    return _at(text, value.start, assigned=True) if value is not None else None


def _assigned(line: list[Token]) -> Token | None:
    """Return the mark of an escape that is assigned: `x = %magic`, `x = !command`."""
    depth = 0
    for number, token in enumerate(line[:-1]):
        if token.kind == "op" and token.text in "([{":
            depth += 1
        elif token.kind == "op" and token.text in ")]}":
            depth = max(0, depth - 1)
        elif token.text == "=" and depth == 0:
            value, *name = line[number + 1 : number + 3]
            magic = value.text == "%" and any(t.kind in {"name", "keyword"} for t in name)
            return value if magic or value.text == "!" else None
    return None


def _at(text: str, start: int, *, assigned: bool = False) -> Escape:
    end = start
    while True:
        found = _LINE_END.search(text, end)
        end = found.start() if found else len(text)
        if found is None or not text.endswith("\\", start, end):
            break
        end = found.end()
    magic = _CODE_MAGIC.match(text, start, end)
    return Escape(Span(start, end), assigned, magic.end() if magic else None)
