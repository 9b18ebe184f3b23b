"""Keywords used as names."""

from __future__ import annotations

from collections.abc import Iterator

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Broken, Move, slip
from bestfix.generate.python.syntax.layout import Layout, layout
from bestfix.lang.python import Token

__all__ = ["keyword_as_name"]

_VALUES = frozenset({"None", "True", "False"})
_BEFORE_DOT = frozenset({"from", "import", *_VALUES})
_AFTER_BRACKET = frozenset(
    {"class", "def", "from", "import", "global", "lambda", "pass", "del", "with", "try", "raise", "as", "assert"}
)
_ENDS = frozenset({")", "]", ",", "}"})
_MAY_END = frozenset({*_VALUES, "yield", "return", "raise"})
_STARRED = frozenset({"import", "in", "lambda", "return", "yield", "print", "not", "else", "if", "and", "or"})
_ASSIGNS = frozenset({"=", "+=", "-=", "*=", "/=", ":="})
_BINARY = frozenset({"*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "//", "**"})
_NAMING = frozenset({"def", "class", "global", "nonlocal", "as"})


@slip
def keyword_as_name(broken: Broken) -> Iterator[Move]:
    """Give a name that is a keyword an underscore at its end, everywhere it is meant as a name.

    Why: `class`, `from`, `lambda` and their like are good names that Python keeps for itself.
    Example: `find("p", class="x")` → `find("p", class_="x")`; `lambda = 0.1` → `lambda_ = 0.1`
    Safety: safe within the cell; a column of a frame is reached by its text.
    """
    shape = layout(broken)
    at = shape.at(broken.offset)
    words: dict[str, None] = {}
    for index in range(max(0, at - 2), min(len(shape.tokens), at + 3)):
        if shape.tokens[index].kind == "keyword" and _is_name(shape, index):
            words[shape.tokens[index].text] = None
    for word in words:
        places = [
            i for i, t in enumerate(shape.tokens) if t.text == word and (_is_name(shape, i) or _is_operand(shape, i))
        ]
        reason = f"`{word}` is a keyword of Python and cannot be a name"
        edits = tuple(Edit.insert(shape.tokens[i].end, "_") for i in places)
        attributes = [i for i in places if i and shape.tokens[i - 1].text == "."]
        column = bool(attributes) and len(attributes) == len(places) and not _assigned_to_self(shape, attributes)
        yield Move(edits, 0.45 if column else 0.85, reason)
        if column:
            quoted = tuple(Edit(shape.tokens[i - 1].start, shape.tokens[i].end, f'["{word}"]') for i in attributes)
            yield Move(quoted, 0.4, reason)


def _is_name(shape: Layout, index: int) -> bool:
    """Whether a keyword stands where only a name can."""
    token = shape.tokens[index]
    if token.kind != "keyword":
        return False
    before, after = shape.token(index - 1), shape.token(index + 1)
    if before is not None and "\n" in shape.text[before.end : token.start] and not _inside(shape, index):
        before = None
    if before is not None and (before.text == "." or (before.text in _NAMING and token.text not in {"async", "await"})):
        return before.text != "." or token.text != "import"
    if after is None or "\n" in shape.text[token.end : after.start]:
        return (
            before is not None
            and before.text in {"=", ",", "global"}
            and token.text not in {*_MAY_END, "pass", "break", "continue"}
        )
    return _reads_on(token, before, after)


def _reads_on(token: Token, before: Token | None, after: Token) -> bool:
    """Whether what follows a keyword can follow a name only."""
    word = token.text
    if after.text in _ASSIGNS:
        return before is None or before.text != "not"
    if after.text == "." and after.end:
        return word not in _BEFORE_DOT
    if after.text in _ENDS:
        return word not in _MAY_END and (before is None or before.kind != "name")
    if after.text == "[" and not after.spaced:
        return word in _AFTER_BRACKET
    if after.text in _BINARY:
        return word not in _STARRED and word not in _VALUES and word != "except"
    if after.text == "in":
        return before is not None and before.text in {"for", ","}
    return after.text in {"+", "-"} and word in _AFTER_BRACKET


def _is_operand(shape: Layout, index: int) -> bool:
    """Whether a keyword that is a name elsewhere can be one here, too."""
    before, after = shape.token(index - 1), shape.token(index + 1)
    if before is None or after is None:
        return False
    ends = after.text in {*_BINARY, *_ENDS, "+", "-"} or "\n" in shape.text[shape.tokens[index].end : after.start]
    return ends and before.kind in {"op", "keyword"} and before.text not in {")", "]", "}"}


def _inside(shape: Layout, index: int) -> bool:
    """Whether a token stands inside brackets."""
    return any(opener < index < close for opener, close in shape.pairs.items() if opener < close)


def _assigned_to_self(shape: Layout, attributes: list[int]) -> bool:
    return any(i > 1 and shape.tokens[i - 2].text in {"self", "cls"} for i in attributes)
