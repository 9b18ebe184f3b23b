"""The SQL in a cell of JupySQL's magics."""

from __future__ import annotations

import re

from bestfix.lang.python.literals import Literal, verbatim
from bestfix.lang.sql.tokens import KEYWORDS
from bestfix.lang.text import Lines

__all__ = ["has_sql_magic", "magic_statement"]

_CELL = re.compile(r"\s*%%sql\b[ \t]*")
_LINE = re.compile(r"^[ \t]*(?:[\w., \t]+=[ \t]*)?%sql\b[ \t]*", re.MULTILINE)
_HEAD = re.compile(
    r"""(?:(?:-a|-c|-s|-f|-S|-w|-A|-x|--(?:connection_arguments|creator|section|file|save|with|alias|close|interact))
            (?:[ \t]+|=)\S+     # an option with its value
      | -{1,2}[A-Za-z][\w-]*    # a switch
      | \w+[ \t]*(?:=[ \t]*)?<< # what the result is assigned to
      | @\w+ | \w+(?:\+\w+)?://\S*
      )(?:[ \t]+|(?=\n)|\Z)""",
    re.VERBOSE,
)
"""What stands between a magic and its statement."""
_NAME = re.compile(r"(?P<name>\w+)[ \t]*(?=\n|-{1,2}[A-Za-z][\w-]*(?:[ \t]|\n))")


def has_sql_magic(text: str) -> bool:
    """Whether a cell uses `%sql` or `%%sql`."""
    return _CELL.match(text) is not None or _LINE.search(text) is not None


def magic_statement(text: str, lineno: int) -> Literal | None:
    """Return the statement of a `%%sql` cell, or of the `%sql` on a line; `None` where there is no such magic."""
    if (cell := _CELL.match(text)) is not None:
        return _statement(text, cell.end(), len(text))
    lines = Lines(text)
    start, end = lines.start(lineno), lines.end(lineno)
    line = _LINE.match(text[start:end])
    return _statement(text, start + line.end(), end) if line is not None else None


def _statement(text: str, start: int, end: int) -> Literal | None:
    while (head := _HEAD.match(text, start, end) or _name(text, start, end)) is not None and head.end() > start:
        start = head.end()
    stripped = text[start:end].strip()
    at = text.find(stripped, start)
    return verbatim(stripped, at) if stripped else None


def _name(text: str, start: int, end: int) -> re.Match[str] | None:
    """Return the name of a connection that is alone on the magic's line, options apart."""
    name = _NAME.match(text, start, end)
    return name if name is not None and name["name"].upper() not in KEYWORDS else None
