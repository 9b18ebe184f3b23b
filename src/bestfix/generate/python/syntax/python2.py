"""Python 2 in a Python 3 session."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Broken, Move, slip
from bestfix.generate.python.syntax.layout import CLOSERS, OPENERS, Layout, layout
from bestfix.lang.python import Token, parsed

__all__ = [
    "backticks",
    "except_comma",
    "number_form",
    "print_statement",
    "raise_comma",
    "string_prefix",
    "tuple_parameters",
]

_NOT_ARGUMENTS = frozenset("= . , ) ] } : + / % == != < > <= >= and or in is if not += -= *= ;".split()) - {"not"}
_LATE = frozenset({"lambda", "yield", "await", "not", "None", "True", "False"})
_SIMPLE_PRINT = re.compile(r"[\w\s!?,.'-]+")


@slip
def print_statement(broken: Broken) -> Iterator[Move]:
    """Call `print` and `exec`, which were statements in Python 2; all of them in the cell at once.

    Why: code from old books and answers.
    Example: `print "x =", x` → `print("x =", x)`; `print >>f, x` → `print(x, file=f)`
    Safety: safe; the same text is printed.
    """
    shape = layout(broken)
    edits: list[Edit] = []
    near = False
    for start, end in _simple_statements(shape):
        tokens = shape.tokens[start:end]
        if tokens[0].text not in {"print", "exec"} or tokens[0].kind != "name":
            continue
        found = _called(shape.text, tokens)
        edits += found
        near = near or (bool(found) and tokens[0].start <= broken.offset <= tokens[-1].end)
    if not edits:
        return
    yield Move(tuple(edits), 0.99 if near else 0.2, "`print` is a function in Python 3 and needs parentheses")


@slip
def except_comma(broken: Broken) -> Iterator[Move]:
    """Write `except E as e`, or a tuple of exceptions in parentheses.

    Why: Python 2 wrote a comma before the name; and a bare tuple is easily written.
    Example: `except ValueError, e:` → `except ValueError as e:`
    Safety: safe; a second part that starts with a capital letter is taken for an exception.
    """
    shape = layout(broken)
    names: list[Edit] = []
    tuples: list[Edit] = []
    for row in shape.rows:
        tokens = row.tokens
        if row.first != "except" or len(tokens) < 4:
            continue
        comma = _top_level(tokens, ",")
        colon = _top_level(tokens, ":")
        if comma is None or colon is None or colon < comma + 2:
            continue
        if colon == comma + 2 and tokens[comma + 1].kind == "name" and not tokens[comma + 1].text[0].isupper():
            names.append(Edit(tokens[comma].start, tokens[comma].end, " as" if tokens[comma + 1].spaced else " as "))
        else:
            tail = next((i for i in range(comma, colon) if tokens[i].text == "as"), colon)
            tuples += [Edit.insert(tokens[1].start, "("), Edit.insert(tokens[tail - 1].end, ")")]
    if names or tuples:
        reason = "the exception's name follows `as`" if names else "several exceptions need parentheses"
        yield Move((*names, *tuples), 0.98, reason)


@slip
def raise_comma(broken: Broken) -> Iterator[Move]:
    """Call the exception that is raised.

    Why: Python 2 separated the exception from its message by a comma.
    Example: `raise ValueError, "negative"` → `raise ValueError("negative")`
    Safety: safe.
    """
    shape = layout(broken)
    edits: list[Edit] = []
    for start, end in _simple_statements(shape):
        tokens = shape.tokens[start:end]
        comma = _top_level(tokens, ",") if tokens[0].text == "raise" else None
        if comma is None or comma + 1 >= len(tokens):
            continue
        second = _top_level(tokens[comma + 1 :], ",")
        edits.append(Edit(tokens[comma].start, tokens[comma + 1].start, "("))
        if second is None:
            edits.append(Edit.insert(tokens[-1].end, ")"))
        else:
            place = comma + 1 + second
            edits.append(Edit(tokens[place].start, tokens[place + 1].start, ").with_traceback("))
            edits.append(Edit.insert(tokens[-1].end, ")"))
    if edits:
        yield Move(tuple(edits), 0.98, "the exception is called with its message")


@slip
def backticks(broken: Broken) -> Iterator[Move]:
    """Write `repr(x)` for backticks.

    Why: Python 2 had backticks for `repr`.
    Example: ``s = `x` `` → `s = repr(x)`
    Safety: safe.
    """
    marks = [t for t in layout(broken).tokens if t.kind == "error" and t.text == "`"]
    if not marks or len(marks) % 2:
        return
    edits = [Edit(m.start, m.end, "repr(" if i % 2 == 0 else ")") for i, m in enumerate(marks)]
    yield Move(tuple(edits), 0.7, "backticks are written `repr(…)`")
    quotes = tuple(Edit(m.start, m.end, "'") for m in marks)
    yield Move(quotes, 0.3, "a text stands in quotes, not in backticks")


@slip
def number_form(broken: Broken) -> Iterator[Move]:
    """Write numbers as Python 3 does: no leading zeros, `0o` for octal, no `L`.

    Why: Python 2 wrote `0644` and `10L`; dates are often written with leading zeros.
    Example: `os.chmod(p, 0644)` → `os.chmod(p, 0o644)`; `date(2024, 01, 05)` → `date(2024, 1, 5)`
    Safety: safe for one or two digits; a longer number with octal digits alone is taken for octal.
    """
    octal: list[Edit] = []
    decimal: list[Edit] = []
    long: list[Edit] = []
    shape = layout(broken)
    for index, token in enumerate(shape.tokens):
        if token.kind != "number":
            continue
        after = shape.token(index + 1)
        if after is not None and after.start == token.end and after.text in {"L", "l"}:
            long.append(Edit.delete(after.start, after.end))
        if re.fullmatch(r"0[\d_]*[1-9][\d_]*", token.text):
            digits = token.text.lstrip("0_")
            decimal.append(Edit(token.start, token.end, digits))
            is_octal = len(token.text) > 3 - (token.text[1] != "0") and not set(digits) & set("89")
            octal.append(Edit(token.start, token.start + 1, "0o") if is_octal else decimal[-1])
    if long:
        yield Move(tuple(long), 0.98, "an integer has no `L` at its end")
    if (
        "leading zeros" not in broken.message
        and "invalid digit" not in broken.message
        and "octal" not in broken.message
    ):
        return
    if decimal:
        same = octal == decimal
        yield Move(tuple(decimal), 0.97 if same else 0.3, "a number has no leading zeros")
        if not same:
            yield Move(tuple(octal), 0.65, "an octal number starts with `0o`")


@slip
def string_prefix(broken: Broken) -> Iterator[Move]:
    """Drop the letter of a string prefix that Python 3 does not know.

    Why: Python 2 had `ur"…"`; other prefixes are slips.
    Example: `ur"text"` → `r"text"`
    Safety: safe; every string is Unicode.
    """
    shape = layout(broken)
    edits = []
    for index, token in enumerate(shape.tokens[1:], 1):
        before = shape.tokens[index - 1]
        if token.kind == "string" and before.kind == "name" and before.end == token.start:
            if before.text.lower() in {"ur", "ru"} and token.text[0] in "'\"":
                edits.append(Edit(before.start, before.end, "r"))
        elif (
            token.kind == "string" and before.kind == "name" and before.text in {"u", "U"} and before.end == token.start
        ):
            edits.append(Edit.delete(before.start, before.end))
    if edits:
        yield Move(tuple(edits), 0.95, "the prefix `ur` no longer exists: every string is Unicode")


@slip
def tuple_parameters(broken: Broken) -> Iterator[Move]:
    """Take parameters out of their parentheses.

    Why: Python 2 unpacked a tuple in the parameter list.
    Example: `lambda (a, b): a + b` → `lambda a, b: a + b`
    Safety: the caller must pass two values where it passed a pair.
    """
    if "parenthesized" not in broken.message or "parameters" not in broken.message.lower():
        return
    shape = layout(broken)
    at = shape.at(broken.offset)
    if shape.token(at) is None or shape.tokens[at].text != "(" or at not in shape.pairs:
        return
    close = shape.pairs[at]
    names = [t.text for t in shape.tokens[at + 1 : close] if t.kind == "name"]
    plain = (
        Edit.delete(shape.tokens[at].start, shape.tokens[at].end),
        Edit.delete(shape.tokens[close].start, shape.tokens[close].end),
    )
    is_lambda = "Lambda" in broken.message
    many = len(names) > 1
    alone = (
        is_lambda
        and shape.tokens[at - 1].text == "lambda"
        and shape.text[shape.tokens[close].end :].lstrip()[:1] == ":"
    )
    if many and alone and (edits := _indexed(shape, at, close)):
        key = re.search(
            r"\b(?:key|map|filter|sorted|min|max|sort|apply)\b",
            shape.text[max(0, shape.tokens[at].start - 80) : shape.tokens[at].start],
        )
        yield Move(edits, 0.55 if key else 0.35, "a lambda cannot unpack a tuple; its parts are taken by index")
    yield Move(plain, 0.45 if many else 0.9, "parameters stand without parentheses of their own")


def _simple_statements(shape: Layout) -> Iterator[tuple[int, int]]:
    """Yield the start and end, by token index, of each simple statement."""
    index = {token.start: i for i, token in enumerate(shape.tokens)}
    for place, row in enumerate(shape.statements):
        start = index[row.start]
        stop = index[shape.statements[place + 1].start] if place + 1 < len(shape.statements) else len(shape.tokens)
        depth = 0
        for i in range(start, stop):
            token = shape.tokens[i]
            if token.kind == "op":
                depth = max(0, depth + (token.text in OPENERS) - (token.text in CLOSERS))
            colon = token.text == ":" and bool(row.word) and depth == 0 and i + 1 < stop
            if (token.text == ";" and depth == 0) or (colon and shape.tokens[i + 1].text in {"print", "exec", "raise"}):
                if i > start:
                    yield start, i
                start = i + 1
        if stop > start:
            yield start, stop


def _called(text: str, tokens: Sequence[Token]) -> list[Edit]:
    """Return the edits that make a call of a `print` or `exec` statement; none when it is one."""
    word = tokens[0]
    if len(tokens) == 1:
        return [Edit.insert(word.end, "()")] if word.text == "print" else []
    first = tokens[1]
    if _is_call(tokens):
        return []
    if word.text == "exec":
        return _exec(tokens)
    gap = Edit(word.end, first.start, "(")
    end = tokens[-1].end
    if first.text == ">>" and (comma := _top_level(tokens, ",")) is not None:
        return _to_file(text, tokens, comma)
    if first.text == "(" and not first.spaced:
        after = _closing(tokens, 1) + 1
        if after < len(tokens) and tokens[after].text in {"%", ".", "+"}:
            gap = Edit.insert(word.end, "(")
        elif after < len(tokens):
            return []
    if tokens[-1].text == ",":
        return [gap, Edit(tokens[-1].start, end, ', end=" ")')]
    quoted = text[first.start : end]
    if _is_prose(quoted, tokens[1:]):
        return [Edit(word.end, first.start, '("'), Edit.insert(end, '")')]
    return [gap, Edit.insert(end, ")")]


def _is_call(tokens: Sequence[Token]) -> bool:
    """Whether what follows the word is not the argument of a statement."""
    first = tokens[1]
    if first.text == "(" and _spans(tokens[1:]):
        return True
    return first.text in _NOT_ARGUMENTS or (first.kind == "keyword" and first.text not in _LATE)


def _to_file(text: str, tokens: Sequence[Token], comma: int) -> list[Edit]:
    """Return the edits for `print >>file, x`."""
    target = text[tokens[2].start : tokens[comma - 1].end]
    if comma + 1 >= len(tokens):
        return [Edit(tokens[0].end, tokens[-1].end, f"(file={target})")]
    return [Edit(tokens[0].end, tokens[comma + 1].start, "("), Edit.insert(tokens[-1].end, f", file={target})")]


def _is_prose(text: str, tokens: Sequence[Token]) -> bool:
    """Whether words were to be printed that lack their quotes."""
    if len(tokens) < 2 or not _SIMPLE_PRINT.fullmatch(text) or any(t.kind == "string" for t in tokens):
        return False
    return parsed(f"({text})") is None


def _exec(tokens: Sequence[Token]) -> list[Edit]:
    place = next((i for i, t in enumerate(tokens) if t.text == "in"), None)
    edits = [Edit(tokens[0].end, tokens[1].start, "("), Edit.insert(tokens[-1].end, ")")]
    if place is not None:
        edits.append(Edit(tokens[place - 1].end, tokens[place].end, ","))
    return edits


def _spans(tokens: Sequence[Token]) -> bool:
    """Whether one pair of brackets holds all the tokens."""
    return _closing(tokens, 0) >= len(tokens) - 1


def _closing(tokens: Sequence[Token], start: int) -> int:
    """Return the index of the bracket that closes the one at `start`, or of the last token."""
    depth = 0
    for i in range(start, len(tokens)):
        depth += (tokens[i].text in OPENERS) - (tokens[i].text in CLOSERS)
        if depth == 0:
            return i
    return len(tokens) - 1


def _top_level(tokens: Sequence[Token], text: str) -> int | None:
    """Return the index of the first token `text` outside brackets."""
    depth = 0
    for i, token in enumerate(tokens):
        if token.kind == "op":
            if token.text == text and depth == 0:
                return i
            depth = max(0, depth + (token.text in OPENERS) - (token.text in CLOSERS))
    return None


def _indexed(shape: Layout, at: int, close: int) -> tuple[Edit, ...]:
    """Return the edits that name the tuple once and take its parts by index in the lambda's body."""
    names = [t.text for t in shape.tokens[at + 1 : close] if t.kind == "name"]
    if any(t.text in OPENERS for t in shape.tokens[at + 1 : close]):
        return ()
    whole = "_".join(names)
    edits = [Edit(shape.tokens[at].start, shape.tokens[close].end, whole)]
    depth = 0
    for i in range(close + 2, len(shape.tokens)):
        token = shape.tokens[i]
        depth += (token.text in OPENERS) - (token.text in CLOSERS) if token.kind == "op" else 0
        newline = "\n" in shape.text[shape.tokens[i - 1].end : token.start] and depth <= 0
        if depth < 0 or newline or (token.text == "," and depth == 0):
            break
        keyword = shape.token(i + 1) is not None and shape.tokens[i + 1].text == "=" and depth > 0
        if token.kind == "name" and token.text in names and shape.tokens[i - 1].text != "." and not keyword:
            edits.append(Edit(token.start, token.end, f"{whole}[{names.index(token.text)}]"))
    return tuple(edits)
