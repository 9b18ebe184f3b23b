"""IPython's syntax, hidden from the Python parser without moving a character."""

from __future__ import annotations

import ast
import re
import warnings

__all__ = ["compiles", "is_foreign", "masked"]

_PYTHON_CELL_MAGICS = frozenset({"time", "timeit", "capture", "prun", "memit", "mprun", "lprun", "snakeviz", "python"})
_CELL_MAGIC = re.compile(r"\s*%%([\w.!]+)")
_PROMPT = re.compile(r"[ \t]*(?:>>>|\.\.\.)(?: |$)|In \[\d+\]: |\s*\.{3,}: ?")
_ESCAPED_LINE = re.compile(
    r"""^(?P<indent>[ \t\f]*)
        (?:(?P<magic>%{1,2}[A-Za-z_][\w.]*|!{1,2}(?!=)|\?{1,2}[%\w]|[,;/](?=[A-Za-z_]\S*\s))  # an escape at the start
        |(?P<target>[A-Za-z_][\w.,\s\[\]'"]*=\s*)(?:%[A-Za-z_]|!(?!=)).*                        # an assigned escape
        |%?%?[A-Za-z_][\w.]*\?{1,2}\s*(?:\#.*)?$)                                               # help""",
    re.VERBOSE,
)


def is_foreign(code: str) -> bool:
    """Whether the cell is not Python at all (`%%bash`, `%%sql`, `%%html`, …)."""
    magic = _CELL_MAGIC.match(code)
    return magic is not None and magic[1] not in _PYTHON_CELL_MAGICS


def masked(code: str, *, pasted: bool = False) -> str:
    """Return `code` with IPython's syntax replaced by Python of the same length and the same lines.

    A magic or shell line becomes `pass`, `x = !ls` becomes `x = 0`, and the line of a cell magic whose body is
    Python becomes blank. Every other character keeps its offset, so positions in the result are positions in `code`.

    Args:
        code: a cell, or plain Python.
        pasted: whether a common indent and prompts (`>>>`, `In [3]:`) count for nothing, as for IPython.
    """
    if pasted:
        code = _unpasted(code)
    if not any(mark in code for mark in "%!?,;/"):
        return code
    lines = code.splitlines(keepends=True)
    if not any(_ESCAPED_LINE.match(line) for line in lines):
        return code
    opens = _bracket_depths(lines)
    out: list[str] = []
    continued = False
    for number, line in enumerate(lines):
        body = line.rstrip("\r\n")
        match = None if opens[number] else _ESCAPED_LINE.match(body)
        if continued:
            new = _fill("", body)
        elif match is None:
            new = body
        elif number == _first(lines) and _CELL_MAGIC.match(body):
            new = _fill("", body)
        elif match["target"]:
            head = body[: match.end("target")]
            new = _fill(head + "0", body)
        else:
            new = _fill(match["indent"] + "pass", body)
        continued = (continued or match is not None) and body.endswith("\\")
        out.append(new + line[len(body) :])
    return "".join(out)


def _unpasted(code: str) -> str:
    """Return `code` with its prompts blanked and a form feed, at which indentation starts anew, before its margin."""
    first = code.lstrip()
    if not (code[:1].isspace() or first.startswith((">>>", "In ["))):
        return code
    lines = code.splitlines(keepends=True)
    inside = _bracket_depths(lines)
    if first.startswith((">>>", "In [")):
        lines = [line if skip else _PROMPT.sub(_feed, line) for line, skip in zip(lines, inside, strict=True)]
        return "".join(lines)
    heads = [line[: len(line) - len(line.lstrip())] for line in lines if line.strip()]
    if not (margin := len(_common(heads))):
        return code
    cut = [
        line if skip or not line.strip() else line[: margin - 1] + "\f" + line[margin:]
        for line, skip in zip(lines, inside, strict=True)
    ]
    return "".join(cut)


def _common(heads: list[str]) -> str:
    """Return what all of the strings start with."""
    low, high = min(heads, default=""), max(heads, default="")
    return next((low[:i] for i, char in enumerate(low) if high[i] != char), low)


def _feed(prompt: re.Match[str]) -> str:
    return "\f".rjust(len(prompt[0]))


def _first(lines: list[str]) -> int:
    """Return the index of the first line that is not blank."""
    return next((i for i, line in enumerate(lines) if line.strip()), 0)


def _fill(text: str, like: str) -> str:
    """Return `text` padded with spaces, or a comment mark where it does not fit, to the length of `like`."""
    return text.ljust(len(like)) if len(text) <= len(like) else "#".rjust(len(like))


def _bracket_depths(lines: list[str]) -> list[bool]:
    """Say of each line whether it starts inside a bracket or a triple-quoted string; escapes count only outside."""
    from bestfix.lang.python.tokens import tokenized

    text = "".join(lines)
    inside = [False] * len(lines)
    depth, starts, at = 0, [], 0
    for line in lines:
        starts.append(at)
        at += len(line)
    number = 0
    for token in tokenized(text):
        while number < len(lines) and starts[number] <= token.start:
            inside[number] = depth > 0
            number += 1
        if token.kind == "string":
            first = number
            while number < len(lines) and starts[number] < token.end:
                number += 1
            for index in range(first, number):
                inside[index] = True
        elif token.text in "([{" and token.kind == "op":
            depth += 1
        elif token.text in ")]}" and token.kind == "op":
            depth = max(0, depth - 1)
    return inside


def compiles(code: str, *, name: str = "<cell>", pasted: bool = False) -> SyntaxError | None:
    """Return the syntax error that IPython would report for a cell, or `None` when it compiles.

    Magics are masked, top-level `await` is allowed, and the compiler's own checks (`return` outside a function,
    duplicate arguments) count as well as the parser's.
    """
    if is_foreign(code):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(masked(code, pasted=pasted), name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        except SyntaxError as error:
            return error
        except (ValueError, RecursionError, MemoryError, OverflowError) as error:
            return SyntaxError(str(error) or type(error).__name__)
    return None
