"""When nothing else helps: the lines that the parser stops at are left out, until the rest compiles."""

from __future__ import annotations

from bestfix.core import Deadline
from bestfix.generate.python.syntax.base import Broken
from bestfix.lang.python import compiles

__all__ = ["without_bad_lines"]

ROUNDS = 60
"""Lines that may be left out."""


def without_bad_lines(text: str, deadline: Deadline) -> tuple[str, list[int]] | None:
    """Return the text with `pass` for its bad lines, or nothing where that does not help, and their numbers."""
    bad: dict[int, str] = {}
    for _ in range(ROUNDS):
        error = compiles(text)
        if error is None:
            return text, sorted(bad)
        if deadline.passed:
            return None
        broken = Broken.of(text, error)
        lineno = broken.lineno
        while lineno > 1 and (bad.get(lineno) == "" or not broken.lines.line(lineno).strip()):
            lineno -= 1
        line = broken.lines.line(lineno)
        indent = line[: len(line) - len(line.lstrip())]
        new = "" if lineno in bad or not line.strip() else indent + "pass"
        if bad.get(lineno) == new == "":
            return None
        bad[lineno] = new
        text = text[: broken.lines.start(lineno)] + new + text[broken.lines.end(lineno) :]
    return None
