"""IPython's syntax, hidden from the Python parser without moving a character."""

from __future__ import annotations

import ast
import re

from bestfix.lang.python.escapes import Escape, escapes, has_escapes
from bestfix.lang.python.quiet import quietly
from bestfix.lang.python.tokens import tokenized
from bestfix.lang.text import Lines

__all__ = ["compiles", "is_foreign", "masked"]

_PYTHON_MAGICS = frozenset({
    "capture", "debug", "heat", "lprun", "manim", "memit", "mprun", "prun", "px", "pyinstrument", "python", "python3",
    "scalene", "snakeviz", "time", "timeit", "wandb",
})  # fmt: skip
_CELL_MAGIC = re.compile(r"\s*%%(?P<name>[^\W\d][\w.]*|!|sx\b)(?!\?|\w)(?P<rest>[^\r\n]*)")
_UNREADABLE = re.compile("[\0\ud800-\udfff]")
_PROMPT = re.compile(r"^(?:[ \t]*(?:>>>|\.\.\.)(?: |$)|In \[\d+\]: |[ \t]*\.{3,}: ?)", re.MULTILINE)
_PROMPTED = re.compile(r"\s*(?:>>>( |$)|In \[\d+\]: )", re.MULTILINE)


def is_foreign(code: str) -> bool:
    """Whether the cell is not Python at all (`%%bash`, `%%sql`, `%%html`, …)."""
    magic = _CELL_MAGIC.match(code)
    return magic is not None and magic["name"] not in _PYTHON_MAGICS


def masked(code: str, *, pasted: bool = False) -> str:
    """Return `code` with IPython's syntax replaced by Python of the same length and the same lines.

    A magic or shell line becomes `pass`, `x = !ls` becomes `x = 0`, `%time f(x)` becomes `0    ;f(x)`, and
    the line of a cell magic whose body is Python becomes blank. Every other character keeps its offset, so positions
    in the result are positions in `code`. Text without such syntax is returned as it is.

    Args:
        code: a cell, or plain Python.
        pasted: whether a common indent and prompts (`>>>`, `In [3]:`) count for nothing, as for IPython.
    """
    if pasted:
        code = _unpasted(code)
    if not has_escapes(code):
        return code
    body = _body(code)
    parts, at = [_blank(code[:body])], body
    rest = code[body:]
    for escape in escapes(rest):
        start, end = body + escape.span.start, body + escape.span.end
        parts += [code[at:start], _filled(rest, escape)]
        at = end
    return "".join(parts) + code[at:]


def _body(code: str) -> int:
    """Return where the body of Python starts after the lines of cell magics: 0 where there is none."""
    at = 0
    while (magic := _CELL_MAGIC.match(code, at)) is not None and magic["name"] in _PYTHON_MAGICS:
        at = magic.end()
    return at


def _blank(text: str) -> str:
    """Return white space of the length and lines of a text; what `%%timeit` sets up first stays."""
    blank = re.sub(r"[^\r\n]", " ", text)
    setup = re.search(r"%%timeit[ \t]+(?:-\w+(?:[ \t]+\d+)?[ \t]+)*(?=[^\s-])", text)
    if setup is None or not _parses("0;" + text[setup.end() :]):
        return blank
    return blank[: setup.start()] + "0" + blank[setup.start() + 2 : setup.end()] + ";" + text[setup.end() :]


def _filled(text: str, escape: Escape) -> str:
    """Return what stands for an escape: Python of its length."""
    whole = escape.span.of(text)
    if escape.code is not None:
        head, code = escape.code - escape.span.start, text[escape.code : escape.span.end]
        if escape.assigned and _parses(f"({code})"):
            return " " * head + code
        if not escape.assigned and _parses("0;" + code):
            return "0".ljust(head - 1) + ";" + code
    first = "0" if escape.assigned or len(re.split(r"[\r\n]", whole, maxsplit=1)[0]) < len("pass") else "pass"
    return first + re.sub(r"[^\r\n]", " ", whole[len(first) :])


def _parses(code: str) -> bool:
    try:
        quietly(lambda name: ast.parse(code, name))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _unpasted(code: str) -> str:
    """Return `code` with its prompts blanked and a form feed, at which indentation starts anew, before its margin."""
    body = _body(code)
    if not (code[body : body + 1].isspace() or _PROMPTED.match(code, body)):
        return code
    lines = Lines(code)
    strings = ((lines.lineno(t.start), lines.lineno(t.end)) for t in tokenized(code) if t.kind == "string")
    inside = {number for first, last in strings for number in range(first + 1, last + 1)}
    if _PROMPTED.match(code, body):
        return _PROMPT.sub(lambda m: m[0] if lines.lineno(m.start()) in inside else "\f".rjust(len(m[0])), code)
    numbers = [n for n in range(lines.lineno(body), len(lines) + 1) if lines.start(n) >= body and lines.line(n).strip()]
    written = [lines.line(number) for number in numbers]
    margin = len(_common([line[: len(line) - len(line.lstrip())] for line in written]))
    if not margin:
        return code
    chars = list(code)
    for number in numbers:
        if number not in inside:
            chars[lines.start(number) + margin - 1] = "\f"
    return "".join(chars)


def _common(heads: list[str]) -> str:
    """Return what all of the strings start with."""
    low, high = min(heads, default=""), max(heads, default="")
    return next((low[:i] for i, char in enumerate(low) if high[i] != char), low)


def compiles(code: str, *, name: str = "<cell>", pasted: bool = False) -> SyntaxError | None:
    """Return the syntax error that IPython would report for a cell, or `None` when it compiles.

    Magics are masked, top-level `await` is allowed, and the compiler's own checks (`return` outside a function,
    duplicate arguments) count as well as the parser's.

    Args:
        code: a cell, or plain Python.
        name: the file name of the code.
        pasted: whether a common indent and prompts count for nothing, as for IPython.
    """
    if is_foreign(code):
        return None
    text, flags = masked(code, pasted=pasted), ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        quietly(lambda unheard: compile(text, unheard, "exec", flags, dont_inherit=True))
    except SyntaxError as error:
        error.filename = name
        return error if error.lineno is not None else _refused(code, error.msg)
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        return _refused(code, str(error) or type(error).__name__)
    return None


def _refused(code: str, message: str) -> SyntaxError:
    """Return the error for text that the compiler refuses unread, at its null byte or lone surrogate."""
    found = _UNREADABLE.search(code)
    if found is None:
        return SyntaxError(message)
    lineno, column = Lines(code).position(found.start())
    return SyntaxError(message, ("<cell>", lineno, column + 1, None, lineno, column + 2))
