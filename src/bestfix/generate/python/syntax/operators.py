"""Operators of other languages, and operators confused with each other."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Broken, Move, slip
from bestfix.generate.python.syntax.layout import CLOSERS, OPENERS, Layout, Row, layout
from bestfix.lang.python import Token

__all__ = [
    "assigned_in_condition",
    "chained_arrow",
    "increment",
    "negation",
    "semicolons",
    "spelling",
    "ternary",
    "walrus",
]

_SPELLINGS: Mapping[tuple[str, ...], tuple[str, float]] = {
    ("&", "&"): ("and", 0.99), ("|", "|"): ("or", 0.99), ("==", "="): ("==", 0.99), ("!=", "="): ("!=", 0.99),
    ("<", ">"): ("!=", 0.99), ("=", ">"): (">=", 0.85), ("=", "<"): ("<=", 0.98), ("=", "!"): ("!=", 0.85),
    ("=", "="): ("==", 0.8), ("!", "="): ("!=", 0.9), ("<", "="): ("<=", 0.9), (">", "="): (">=", 0.9),
    ("+", "="): ("+=", 0.9), ("-", "="): ("-=", 0.9), ("*", "="): ("*=", 0.9), ("/", "="): ("/=", 0.9),
    ("%", "="): ("%=", 0.9), ("|", "="): ("|=", 0.9), ("&", "="): ("&=", 0.9), (":", "="): ("=", 0.5),
    ("*", "*", "*"): ("**", 0.6), ("**", "**"): ("**", 0.6), ("*", "**"): ("**", 0.5), ("**", "*"): ("**", 0.5),
    ("*", "*"): ("**", 0.7), ("*", "/"): ("/", 0.4), ("/", "*"): ("*", 0.3), (":", ":"): (":", 0.3),
    ("=", ":"): ("=", 0.3),
    ("<=", ">"): ("<=", 0.3), ("<", "<="): ("<=", 0.5), (">", ">="): (">=", 0.5), ("==", "=="): ("==", 0.8),
    ("=", "=="): ("==", 0.85), ("/", "/"): ("//", 0.7), (".", "."): (".", 0.6), (",", ","): (",", 0.6),
    ("%", "%"): ("%", 0.5),
    ("+=", "="): ("+=", 0.8), ("-=", "="): ("-=", 0.8), ("=", "+="): ("+=", 0.8), ("=", "-="): ("-=", 0.8),
    ("<", "<"): ("<<", 0.5), (">", ">"): (">>", 0.5), ("~", "="): ("!=", 0.7), ("=", "~"): ("!=", 0.4),
}  # fmt: skip
_SPACED_ALIKE = frozenset({("=", "="), ("*", "*"), ("/", "/"), ("!", "="), (",", ","), ("&", "&"), ("|", "|")})
_CONDITIONS = frozenset({"if", "elif", "while", "assert", "and", "or", "not", "return"})


@slip
def spelling(broken: Broken) -> Iterator[Move]:
    """Write an operator as Python spells it.

    Why: it is spelt so in another language, its characters are swapped, or a space parts them.
    Example: `a && b` → `a and b`; `x =< 3` → `x <= 3`; `n + = 1` → `n += 1`
    Safety: safe for operators of other languages, all of them in the cell at once.
    """
    shape = layout(broken)
    found: dict[str, list[tuple[Token, Token, bool]]] = {}
    end = 0
    for index in range(len(shape.tokens) - 1):
        for size in (3, 2) if shape.tokens[index].start >= end else ():
            run = shape.tokens[index : index + size]
            entry = _SPELLINGS.get(tuple(t.text for t in run))
            if entry is None or not _adjacent(run):
                continue
            end = run[-1].end
            near = _touches(broken, run[0], run[-1])
            found.setdefault(entry[0], []).append((run[0], run[-1], near))
            break
    for new, places in found.items():
        if not any(near for *_, near in places):
            continue
        old = broken.text[places[0][0].start : places[0][1].end]
        p = max(_SPELLINGS.get(_texts(shape, a, b), ("", 0.5))[1] for a, b, near in places if near)
        chosen = places if new in {"and", "or", "==", "!=", "<=", ">="} else [x for x in places if x[2]]
        chosen = [x for x in chosen if x[2] or broken.text[x[0].start : x[1].end] == old]
        edits = tuple(_word_edit(broken.text, a.start, b.end, new) for a, b, _ in chosen)
        yield Move(edits, p, f"`{old}` is written `{new}` in Python")


@slip
def negation(broken: Broken) -> Iterator[Move]:
    """Write `not` for `!`.

    Why: it is written so in other languages.
    Example: `if !done:` → `if not done:`
    Safety: safe.
    """
    shape = layout(broken)
    edits = []
    for index, token in enumerate(shape.tokens):
        after = shape.token(index + 1)
        if (
            token.text == "!"
            and token.kind == "error"
            and after is not None
            and after.text not in {"=", "==", ")", ","}
        ):
            lone = after.text == "in"
            before = token.start and (broken.text[token.start - 1].isalnum() or broken.text[token.start - 1] in ")]")
            edits.append(Edit(token.start, after.start if not lone else token.end, f"{' ' * bool(before)}not "))
    if edits:
        yield Move(tuple(edits), 0.99, "`!` is written `not` in Python")


@slip
def assigned_in_condition(broken: Broken) -> Iterator[Move]:
    """Compare with `==` where a condition has `=`.

    Why: one `=` too few.
    Example: `if x = 3:` → `if x == 3:`
    Safety: safe; an assignment is not allowed there.
    """
    shape = layout(broken)
    row = shape.statement_at(broken.offset)
    if row is None:
        return
    equals = list(_compared(shape, row))
    near = [t for t in equals if t.start <= max(broken.end, broken.offset) + 40]
    if near:
        sure = "=" in broken.message or "assign" in broken.message or broken.message == "invalid syntax"
        edits = tuple(Edit(t.start, t.end, "==") for t in equals)
        yield Move(edits, 0.93 if sure else 0.85, "a condition compares with `==`; `=` assigns")


@slip
def increment(broken: Broken) -> Iterator[Move]:
    """Add or subtract one.

    Why: other languages have `++` and `--`.
    Example: `i++` → `i += 1`
    Safety: safe where it is a statement of its own.
    """
    shape = layout(broken)
    edits = []
    for index in range(1, len(shape.tokens) - 1):
        first, second = shape.tokens[index], shape.tokens[index + 1]
        if first.text not in {"+", "-"} or second.text != first.text or second.start != first.end:
            continue
        after = shape.token(index + 2)
        ends = after is None or after.text in {";", ")", "}"} or "\n" in shape.text[second.end : after.start]
        if ends and shape.tokens[index - 1].kind in {"name", "op"} and (shape.tokens[index - 1].text not in OPENERS):
            edits.append(Edit(shape.tokens[index - 1].end, second.end, f" {first.text}= 1"))
    if edits:
        yield Move(tuple(edits), 0.99, "Python has no `++` and `--`")


@slip
def ternary(broken: Broken) -> Iterator[Move]:
    """Write a choice between two values as Python does.

    Why: other languages write `condition ? a : b`.
    Example: `y = x > 0 ? 1 : -1` → `y = 1 if x > 0 else -1`
    Safety: safe; the same values are chosen.
    """
    shape = layout(broken)
    mark = next((i for i, t in enumerate(shape.tokens) if t.text == "?" and t.kind == "error"), None)
    if mark is None or mark < 1:
        return
    colon = _ahead(shape, mark + 1, {":"})
    if colon is None or colon + 1 >= len(shape.tokens):
        return
    start = _behind(shape, mark - 1)
    stop = _ahead(shape, colon + 1, {",", ";", ")", "]", "}"}, line=True)
    end = shape.tokens[(stop if stop is not None else len(shape.tokens)) - 1].end
    text, tokens = shape.text, shape.tokens
    condition = text[tokens[start].start : tokens[mark - 1].end]
    yes = text[tokens[mark].end : tokens[colon].start].strip()
    edits = (
        Edit(tokens[start].start, tokens[mark + 1].start, ""),
        Edit(tokens[colon - 1].end, tokens[colon + 1].start, f" if {condition} else "),
    )
    if yes and end > tokens[colon].end:
        yield Move(edits, 0.99, "a choice is written `a if condition else b`")


@slip
def chained_arrow(broken: Broken) -> Iterator[Move]:
    """Use a dot, or a lambda, for an arrow.

    Why: `->` and `=>` reach a member or write a function in other languages.
    Example: `node->next` → `node.next`; `x => x + 1` → `lambda x: x + 1`
    Safety: safe.
    """
    shape = layout(broken)
    arrows = []
    for index in range(1, len(shape.tokens) - 1):
        before, token, after = shape.tokens[index - 1 : index + 2]
        row = shape.statement_at(token.start) if token.text == "->" else None
        if token.text == "->" and before.kind == "name" and after.kind == "name" and (row is None or row.word != "def"):
            arrows.append(Edit(before.end, after.start, "."))
        if token.text == "=" and after.text == ">" and after.start == token.end and _touches(broken, token, after):
            yield from _arrow_function(shape, index)
    if arrows:
        yield Move(tuple(arrows), 0.85, "a member is reached with a dot")


@slip
def walrus(broken: Broken) -> Iterator[Move]:
    """Assign with `=` where `:=` is not allowed.

    Why: `:=` assigns in other languages, and in Python only inside an expression.
    Example: `x := 3` → `x = 3`
    Safety: safe.
    """
    row = layout(broken).statement_at(broken.offset)
    if row is None or not any(t.text == ":=" for t in row.tokens):
        return
    mark = next(t for t in row.tokens if t.text == ":=")
    if row.word in {"if", "elif", "while"}:
        yield Move((Edit(mark.start, mark.end, "=="),), 0.5, "a literal cannot be assigned to; `==` compares")
    if not row.word and not row.continued:
        yield Move((Edit(mark.start, mark.end, "="),), 0.9, "a statement assigns with `=`")


@slip
def augmented_inside(broken: Broken) -> Iterator[Move]:
    """Calculate with the operator alone inside brackets.

    Why: an assignment is no value.
    Example: `print(x += 1)` → `print(x + 1)`
    Safety: the name keeps its value.
    """
    shape = layout(broken)
    at = shape.at(broken.offset)
    for token in shape.tokens[max(0, at - 1) : at + 2]:
        around = any(i < at < j for i, j in shape.pairs.items())
        if around and token.kind == "op" and token.text in {"+=", "-=", "*=", "/=", "%=", "//="}:
            yield Move(
                (Edit(token.end - 1, token.end, ""),), 0.6, f"`{token.text}` assigns; inside brackets a value is needed"
            )
            return


@slip
def semicolons(broken: Broken) -> Iterator[Move]:
    """Use commas inside brackets, where semicolons stand.

    Why: other languages separate rows or arguments by semicolons.
    Example: `[1; 2; 3]` → `[1, 2, 3]`
    Safety: safe.
    """
    shape = layout(broken)
    depth = 0
    marks = []
    for index, token in enumerate(shape.tokens):
        if token.kind != "op":
            continue
        depth = max(0, depth + (token.text in OPENERS) - (token.text in CLOSERS))
        if token.text == ";" and depth and index > 0:
            after = shape.token(index + 1)
            if after is not None and "\n" not in shape.text[token.end : after.start]:
                marks.append(token)
    if any(abs(m.start - broken.offset) <= 1 for m in marks):
        yield Move(tuple(Edit(m.start, m.end, ",") for m in marks), 0.85, "inside brackets a comma separates")


def _adjacent(run: list[Token]) -> bool:
    """Whether tokens belong to one operator: they touch, or a space parts two that make sense only together."""
    gaps = [b.start - a.end for a, b in itertools.pairwise(run)]
    if not any(gaps):
        return True
    pair = tuple(t.text for t in run)
    return max(gaps) <= 2 and len(run) == 2 and (pair in _SPACED_ALIKE or pair[1] in {"=", "=="}) and pair[0] != ":"


def _touches(broken: Broken, first: Token, last: Token) -> bool:
    """Whether the parser stopped at an operator or just beside it."""
    return first.start - 1 <= broken.offset <= last.end + 1 or (
        "=" in broken.message and broken.offset <= first.start <= broken.end + 2
    )


def _texts(shape: Layout, first: Token, last: Token) -> tuple[str, ...]:
    start = shape.at(first.start)
    return tuple(t.text for t in shape.tokens[start : shape.at(last.start) + 1])


def _word_edit(text: str, start: int, end: int, new: str) -> Edit:
    """Return the edit that puts an operator in, with spaces around it when it is a word."""
    if new.isalpha():
        left = "" if text[start - 1 : start].isspace() else " "
        right = "" if text[end : end + 1].isspace() else " "
        new = f"{left}{new}{right}"
    return Edit(start, end, new)


def _compared(shape: Layout, row: Row) -> Iterator[Token]:
    """Yield the equals signs of a statement that stand in a condition: after `if`, `and`, `return` and their like."""
    start = shape.at(row.start)
    levels: list[bool] = [False]
    for index in range(start, len(shape.tokens)):
        token = shape.tokens[index]
        if index > start and len(levels) == 1 and "\n" in shape.text[shape.tokens[index - 1].end : token.start]:
            return
        if token.kind == "op" and token.text in OPENERS:
            levels.append(levels[-1] and token.text == "(" and not _called(shape, index))
        elif token.kind == "op" and token.text in CLOSERS:
            levels = levels[:-1] or [False]
        elif token.text in _CONDITIONS:
            levels[-1] = True
        elif token.text in {"else", ",", ":", "for", "lambda"}:
            levels[-1] = False
        elif token.text == "=" and levels[-1]:
            yield token


def _called(shape: Layout, index: int) -> bool:
    """Whether a bracket belongs to a call or an index."""
    before = shape.token(index - 1)
    touching = before is not None and before.end == shape.tokens[index].start
    return touching and before is not None and (before.kind in {"name", "string"} or before.text in CLOSERS)


def _ahead(shape: Layout, start: int, stops: set[str], *, line: bool = False) -> int | None:
    """Return the index of the first of `stops` outside brackets on the line, or of the next line's first token."""
    depth = 0
    for index in range(start, len(shape.tokens)):
        token = shape.tokens[index]
        if index and "\n" in shape.text[shape.tokens[index - 1].end : token.start] and depth == 0:
            return index if line else None
        if depth == 0 and token.text in stops:
            return index
        if token.kind == "op":
            depth += (token.text in OPENERS) - (token.text in CLOSERS)
            if depth < 0:
                return index if line else None
    return None


def _behind(shape: Layout, start: int) -> int:
    """Return the index at which the expression that ends at `start` begins."""
    depth = 0
    index = start
    while index >= 0:
        token = shape.tokens[index]
        depth += (token.text in CLOSERS) - (token.text in OPENERS) if token.kind == "op" else 0
        stop = token.text in {"=", ",", "return", "+=", ":", ";"} and depth == 0
        line = index < start and "\n" in shape.text[token.end : shape.tokens[index + 1].start] and depth <= 0
        if depth < 0 or stop or line:
            return index + 1
        index -= 1
    return 0


def _arrow_function(shape: Layout, index: int) -> Iterator[Move]:
    """Yield the move that writes `x => …` or `(x, y) => …` as a lambda."""
    tokens, text = shape.tokens, shape.text
    before, after = tokens[index - 1], tokens[index + 1]
    if before.text == ")" and (index - 1) in shape.pairs:
        opener = shape.pairs[index - 1]
        called = opener and tokens[opener - 1].end == tokens[opener].start and tokens[opener - 1].kind == "name"
        if called or re.search(r"[^\w\s,]", text[tokens[opener].end : before.start]):
            return
        edits = (Edit(tokens[opener].start, tokens[opener].end, "lambda "), Edit(before.start, after.end, ":"))
        yield Move(edits, 0.9, "a function without a name is a `lambda`")
    elif before.kind == "name" and index > 1 and tokens[index - 2].text in {"(", ",", "="}:
        edits = (Edit.insert(before.start, "lambda "), Edit(before.end, after.end, ":"))
        compared = tokens[index - 2].text == "(" and index > 2 and tokens[index - 3].text in {"if", "while", "elif"}
        yield Move(edits, 0.15 if compared else 0.9, "a function without a name is a `lambda`")
