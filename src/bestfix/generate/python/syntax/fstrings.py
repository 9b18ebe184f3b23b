"""Expressions inside the braces of f-strings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Broken, Move, slip
from bestfix.generate.python.syntax.layout import layout
from bestfix.lang.python import Token

__all__ = ["backslash", "braces", "empty_expression", "inner_quote"]


@slip
def empty_expression(broken: Broken) -> Iterator[Move]:
    """Double the braces that hold no expression, or leave the `f` away.

    Why: braces are meant as text, or a text for `format` has an `f`.
    Example: `f"{}"` → `"{}"`; `f"{} and {x}"` → `f"{{}} and {x}"`
    Safety: safe; the text is printed as it stands.
    """
    if "empty expression" not in broken.message and "valid expression required" not in broken.message:
        return
    for token in _strings(broken):
        empty = list(re.finditer(r"(?<!\{)\{\s*\}(?!\})", token.text))
        if not empty:
            continue
        others = re.search(r"\{[^{}\s][^{}]*\}", token.text)
        formatted = broken.text[token.end : token.end + 8].startswith((".format(", " % "))
        letter = re.match(r"[A-Za-z]*", token.text)
        prefix = letter[0] if letter else ""
        plain = Edit(token.start, token.start + len(prefix), re.sub("[fF]", "", prefix))
        yield Move((plain,), 0.9 if formatted else 0.25 if others else 0.55, "braces without an expression need no `f`")
        doubled = [Edit.insert(token.start + m.start(), "{") for m in empty]
        doubled += [Edit.insert(token.start + m.end(), "}") for m in empty]
        yield Move(tuple(doubled), 0.05 if formatted else 0.5 if others else 0.35, "braces that are text are doubled")


@slip
def braces(broken: Broken) -> Iterator[Move]:
    """Close or double the braces of an f-string.

    Why: one of a pair is forgotten, or a brace is meant as text.
    Example: `f"{x"` → `f"{x}"`; `f"{x}}"` → `f"{x}"`
    Safety: safe.
    """
    if not broken.message.startswith("f-string:"):
        return
    for token in _strings(broken):
        body = token.text
        if "single '}'" in broken.message:
            for match in re.finditer(
                r"(?<!\})\}(?:\}\})*(?!\})", re.sub(r"\{\{|\{[^{}]*\}", lambda m: "_" * len(m[0]), body)
            ):
                place = token.start + match.end() - 1
                yield Move((Edit.delete(place, place + 1),), 0.6, "`}` closes nothing")
                yield Move((Edit.insert(place, "}"),), 0.35, "a brace that is text is doubled")
                opening = re.search(r"[\w.\[\]'\"()]+$", body[: match.end() - 1])
                if opening:
                    yield Move(
                        (Edit.insert(token.start + opening.start(), "{"),), 0.45, "`{` is missing before the expression"
                    )
        if "expecting '}'" in broken.message:
            yield from _unclosed(token)


@slip
def inner_quote(broken: Broken) -> Iterator[Move]:
    """Close a text inside the braces of an f-string.

    Why: one of the two quotes is forgotten.
    Example: `f"{ages['Ann]}"` → `f"{ages['Ann']}"`
    Safety: safe.
    """
    if broken.message != "f-string: unterminated string":
        return
    for token in _strings(broken):
        other = "'" if token.text[-1] == '"' else '"'
        for part in re.finditer(r"\{[^{}]*\}", token.text):
            if part[0].count(other) % 2 == 0:
                continue
            last = part[0].rindex(other)
            end = re.search(r"[\])}]", part[0][last:])
            place = token.start + part.start() + last + (end.start() if end else 1)
            yield Move((Edit.insert(place, other),), 0.9, f"a text inside the braces lacks its {other}")


@slip
def backslash(broken: Broken) -> Iterator[Move]:
    r"""Take quotes without a backslash inside the braces of an f-string.

    Why: the quotes were escaped as they are outside the braces.
    Example: `f"{d[\"a\"]}"` → `f"{d['a']}"`
    Safety: safe.
    """
    if "backslash" not in broken.message:
        return
    for token in _strings(broken):
        mark = token.text[-1]
        other = "'" if mark == '"' else '"'
        edits = []
        for part in re.finditer(r"\{[^{}]*\}", token.text):
            for escaped in re.finditer(r"\\(['\"])", part[0]):
                start = token.start + part.start() + escaped.start()
                edits.append(Edit(start, start + 2, other))
        if edits:
            yield Move(tuple(edits), 0.95, "inside the braces of an f-string stand other quotes, without a backslash")


def _strings(broken: Broken) -> Iterator[Token]:
    """Yield the f-strings of the lines that the parser points to, or of all lines when it points to none."""
    tokens = [t for t in layout(broken).tokens if t.kind == "string" and re.match(r"(?i:f|rf|fr)['\"]", t.text)]
    near = [t for t in tokens if broken.lines.lineno(t.start) <= broken.lineno <= broken.lines.lineno(t.end)]
    yield from near or tokens


def _unclosed(token: Token) -> Iterator[Move]:
    """Yield the moves that close the brace of an expression."""
    body = token.text
    for match in re.finditer(r"(?<!\{)\{(?!\{)([^{}'\"]*)", body):
        if body[match.end() : match.end() + 1] == "}":
            continue
        expression = re.match(r"\s*[\w.]+(?:\([^()]*\)|\[[^\[\]]*\])*(?:[:!][\w.<>^,+%-]+)?", match[1])
        at = token.start + match.start(1) + (expression.end() if expression else len(match[1]))
        yield Move((Edit.insert(at, "}"),), 0.8, "`}` is missing after the expression")
        yield Move((Edit.insert(token.start + match.start(), "{"),), 0.1, "a brace that is text is doubled")
        return
