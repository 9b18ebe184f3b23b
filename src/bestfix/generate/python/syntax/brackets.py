"""Brackets whose right place the layout of the lines shows."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Broken, Move, slip
from bestfix.generate.python.syntax.layout import BLOCK_WORDS, CLOSERS, OPENERS, Layout, Row, layout

__all__ = ["closed_before_colon", "closed_late", "generic_brackets", "index_call", "slice_alone", "surplus_closers",
           "unclosed_lines", "unclosed_target", "wrong_kind"]  # fmt: skip

_NEVER = re.compile(r"'[(\[{]' was never closed")
_TYPES = frozenset({"List", "Dict", "Set", "Tuple", "Optional", "Union", "Iterable", "Sequence", "list", "dict", "set",
                    "tuple", "Callable", "Type", "Iterator", "Deque", "DefaultDict", "Counter", "Mapping"})  # fmt: skip

NEAR = 40
"""Tokens that a slice may have."""


@slip
def unclosed_lines(broken: Broken) -> Iterator[Move]:
    """Close the brackets that are open where the next statement starts, all at once.

    Why: several brackets end together, and some of them are forgotten.
    Example: `print(len(x[0]` → `print(len(x[0]))`
    Safety: safe; the next line shows that the statement has ended.
    """
    if "string literal" in broken.message:
        return
    shape = layout(broken)
    for start in _open_starts(shape, broken):
        row = next(r for r in reversed(shape.rows) if r.start <= shape.tokens[start].start)
        for end, p in _statement_ends(shape, row):
            missing = _missing(shape, row, end)
            if not missing:
                continue
            at = _before_colon(row, end)
            edit = Edit.insert(at, missing)
            share = 1.0 if len(missing) == 1 else 0.95
            yield Move((edit,), p * share, f"`{missing}` is missing at the end of line {end.lineno}")
        return


@slip
def closed_before_colon(broken: Broken) -> Iterator[Move]:
    """Close the brackets of a head before its colon, or before the arrow.

    Why: the bracket is forgotten, and the rest of the line follows.
    Example: `if len(x: return 0` → `if len(x): return 0`
    Safety: safe; a call has no colon.
    """
    shape = layout(broken)
    row = shape.statement_at(broken.offset)
    if row is None or row.word not in BLOCK_WORDS:
        return
    start, stack = shape.at(row.start), []
    for index in range(start, len(shape.tokens)):
        token = shape.tokens[index]
        if index > start and "\n" in shape.text[shape.tokens[index - 1].end : token.start]:
            return
        if token.kind == "op" and token.text in OPENERS:
            stack.append(token.text)
        elif token.kind == "op" and token.text in CLOSERS and stack:
            stack.pop()
        typed = row.word == "def" and token.text == ":" and len(stack) == 1
        inner = token.text == "->" or (token.text == ":" and stack[-1:] == ["("] and not typed)
        if stack and inner and not any(t.text == "lambda" for t in shape.tokens[start:index]):
            missing = "".join(OPENERS[b] for b in reversed(stack))
            at = shape.tokens[index - 1].end
            yield Move((Edit.insert(at, missing),), 0.9, f"`{missing}` is missing before `{token.text}`")
            return


@slip
def unclosed_target(broken: Broken) -> Iterator[Move]:
    """Close the brackets of what is assigned to.

    Why: the bracket is forgotten before the equals sign.
    Example: `d[key = 3` → `d[key] = 3`
    Safety: safe.
    """
    shape = layout(broken)
    row = shape.row_at(broken.offset)
    if row is None or row.word in {"if", "elif", "while", "def", "class", "for", "with", "return"}:
        return
    stack: list[str] = []
    for before, token in itertools.pairwise(row.tokens):
        if before.kind == "op" and before.text in OPENERS:
            stack.append(before.text)
        elif before.kind == "op" and before.text in CLOSERS and stack:
            stack.pop()
        augmented = token.text.endswith("=") and token.text not in {"=", "==", "!=", "<=", ">=", ":="}
        if token.kind == "op" and stack and (augmented or (token.text == "=" and stack[-1] == "[")):
            if _is_closed(shape, row, token.start):
                continue
            missing = "".join(OPENERS[b] for b in reversed(stack))
            yield Move((Edit.insert(before.end, missing),), 0.85, f"`{missing}` is missing before `{token.text}`")
            return


@slip
def surplus_closers(broken: Broken) -> Iterator[Move]:
    """Remove the closing brackets that nothing opens, in every line that has one too many.

    Why: a habit of the hand, repeated.
    Example: `f(x))` and `g(y))` → `f(x)` and `g(y)`
    Safety: safe; each line is balanced alone.
    """
    if not broken.message.startswith(("unmatched", "closing parenthesis")):
        return
    shape = layout(broken)
    edits: list[Edit] = []
    rows = 0
    for row in shape.statements:
        found = list(_surplus_in(row))
        if found and all(r.index <= row.index or not r.continued for r in shape.rows[row.index : row.index + 2]):
            edits += found
            rows += 1
    if rows > 1:
        yield Move(tuple(edits), 0.6 if rows == 2 else 0.9, f"{rows} lines have a closing bracket too many", safe=False)


@slip
def closed_late(broken: Broken) -> Iterator[Move]:
    """Close the brackets that a list over several lines leaves open at its end.

    Why: the last lines were lost when the code was copied.
    Example: `x = [`, `    1,`, `    2,` → … and `]`
    Safety: safe.
    """
    if not _NEVER.match(broken.message):
        return
    shape = layout(broken)
    if not shape.unclosed or not shape.rows:
        return
    last = shape.rows[-1]
    opener = shape.tokens[shape.unclosed[-1]]
    row = shape.row_at(opener.start)
    if row is None or row is last or last.tokens[-1].text not in {",", *OPENERS}:
        return
    missing = "".join(OPENERS[shape.tokens[i].text] for i in reversed(shape.unclosed))
    yield Move((Edit.insert(last.end, f"\n{row.indent}{missing}"),), 0.6, f"`{missing}` is missing at the end")


@slip
def wrong_kind(broken: Broken) -> Iterator[Move]:
    """Use the kind of bracket that the other one of the pair is, or close the inner one first.

    Why: the wrong key, or one bracket too few.
    Example: `x = [1, 2)` → `x = [1, 2]`; `f(x[1)` → `f(x[1])`
    Safety: safe; which of the two is judged by the brackets around.
    """
    match = re.match(r"closing parenthesis '(.)' does not match opening parenthesis '(.)'", broken.message)
    shape = layout(broken)
    at = shape.at(broken.offset)
    token = shape.token(at)
    if match is None or token is None or token.text != match[1]:
        return
    right = OPENERS[match[2]]
    left = _opener(shape, at)
    after = _balance_after(shape, at)
    outer = left is not None and _outer(shape, left) == CLOSERS[token.text]
    needs = after.get(token.text, 0)
    swapped = 0.75 if not outer or needs > 0 else 0.12
    yield Move(
        (Edit(token.start, token.end, right),), swapped, f"`{match[2]}` is closed by `{right}`, not by `{token.text}`"
    )
    before = shape.tokens[at - 1]
    inserted = 0.75 if outer and needs <= 0 else 0.12
    yield Move((Edit.insert(before.end, right),), inserted, f"`{match[2]}` is not closed before `{token.text}`")
    following = shape.token(at + 1)
    if following is not None and following.text == right:
        edits = (Edit(token.start, token.end, right), Edit(following.start, following.end, token.text))
        yield Move(edits, 0.9, f"`{token.text}{right}` close in the wrong order")
    if left is not None and not outer:
        opener = shape.tokens[left]
        comma = any(t.text == "," for t in shape.tokens[left:at])
        p = 0.3 if comma or opener.text == "{" else 0.15
        yield Move(
            (Edit(opener.start, opener.end, CLOSERS[token.text]),), p, f"`{token.text}` closes `{CLOSERS[token.text]}`"
        )


@slip
def generic_brackets(broken: Broken) -> Iterator[Move]:
    """Write the type inside a generic one in square brackets.

    Why: other languages use angle brackets.
    Example: `List<int>` → `List[int]`
    Safety: safe.
    """
    edits = []
    for match in re.finditer(r"\b([A-Z]\w*|list|dict|set|tuple)<((?:[\w., \[\]]|<[\w., ]*>)+)>", broken.text):
        if match[1] not in _TYPES and not re.search(r"(?:->|:)\s*$", broken.text[: match.start()]):
            continue
        places = [i for i in range(match.start(), match.end()) if broken.text[i] in "<>"]
        edits += [Edit(i, i + 1, "[" if broken.text[i] == "<" else "]") for i in places]
    near = any(broken.lines.lineno(e.start) == broken.lineno for e in edits)
    if edits and near:
        yield Move(tuple(edits), 0.95, "the type inside another stands in square brackets")


@slip
def slice_alone(broken: Broken) -> Iterator[Move]:
    """Take a slice of what the rest of the line slices.

    Why: the name before the bracket is forgotten.
    Example: `s[:i] + [j:]` → `s[:i] + s[j:]`
    Safety: the name is a guess.
    """
    shape = layout(broken)
    places: dict[int, str] = {}
    subjects: dict[int, str] = {}
    for opener, close in shape.pairs.items():
        if shape.tokens[opener].text != "[" or not opener < close < opener + NEAR:
            continue
        before = shape.token(opener - 1)
        operand = before is not None and (before.kind in {"name", "string"} or before.text in CLOSERS)
        colon = _holds(shape, opener, close, ":")
        if operand or not colon or any(t.text in {"for", "lambda", "{"} for t in shape.tokens[opener:close]):
            continue
        row = shape.row_at(shape.tokens[opener].start)
        if row is not None:
            if row.index not in subjects:
                subjects[row.index] = _sliced(row)
            places[opener] = subjects[row.index]
    places = {opener: name for opener, name in places.items() if name}
    near = any(abs(shape.tokens[i].start - broken.offset) < 40 for i in places)
    if near:
        edits = tuple(Edit.insert(shape.tokens[i].start, name) for i, name in places.items())
        yield Move(edits, 0.75, "a slice is taken of something", safe=False)


@slip
def index_call(broken: Broken) -> Iterator[Move]:
    """Take a slice with square brackets, and call with round ones.

    Why: the kinds of brackets are confused.
    Example: `x(1:3)` → `x[1:3]`; `range[1, 3}` is left alone
    Safety: safe; a call has no slice.
    """
    shape = layout(broken)
    at = shape.at(broken.offset)
    for opener, close in shape.pairs.items():
        if not opener < at + 1 <= close + 1 or shape.tokens[opener].text != "(" or opener == 0:
            continue
        before, head, tail = shape.tokens[opener - 1], shape.tokens[opener], shape.tokens[close]
        inner = shape.tokens[opener + 1 : close]
        if head.spaced or (before.kind != "name" and before.text not in CLOSERS) or not inner:
            continue
        if any(t.text in {"lambda", "=", "for", "{"} or t.kind in {"string", "error"} for t in inner):
            continue
        colons = [t for t in inner if t.text == ":" and _opener(shape, shape.at(t.start)) == opener]
        row = shape.statement_at(head.start)
        if colons and (row is None or row.word != "def"):
            edits = (Edit(head.start, head.end, "["), Edit(tail.start, tail.end, "]"))
            ranged = before.text == "range"
            yield Move(edits, 0.05 if ranged else 0.8, "a slice stands in square brackets")
            if ranged or len(colons) == 1:
                commas = tuple(
                    Edit(t.start, t.end, "," if shape.text[t.end : t.end + 1] == " " else ", ") for t in colons
                )
                yield Move(commas, 0.9 if ranged else 0.1, "arguments are separated by commas")


def _sliced(row: Row) -> str:
    """Return the name that a row takes items or slices of; empty for none."""
    return next((a.text for a, b in itertools.pairwise(row.tokens) if a.kind == "name" and b.text == "["), "")


def _holds(shape: Layout, opener: int, close: int, text: str) -> bool:
    """Whether a token stands directly inside a bracket."""
    index = opener + 1
    while index < close:
        if shape.tokens[index].text == text:
            return True
        index = max(index, shape.pairs.get(index, index)) + 1
    return False


def _is_closed(shape: Layout, row: Row, offset: int) -> bool:
    """Whether the innermost bracket that is open at an offset is closed in the same row."""
    opener = _opener(shape, shape.at(offset))
    return opener is not None and opener in shape.pairs and shape.tokens[shape.pairs[opener]].start < row.end


def _surplus_in(row: Row) -> Iterator[Edit]:
    """Yield the edits that remove the closing brackets of a line that close nothing."""
    stack: list[str] = []
    for token in row.tokens:
        if token.kind != "op":
            continue
        if token.text in OPENERS:
            stack.append(OPENERS[token.text])
        elif token.text in CLOSERS:
            if stack and stack[-1] == token.text:
                stack.pop()
            else:
                yield Edit.delete(token.start, token.end)


def _open_starts(shape: Layout, broken: Broken) -> Iterator[int]:
    """Yield the bracket, by token index, that is still open where the parser stopped."""
    if _NEVER.match(broken.message):
        opener = shape.at(broken.offset)
    else:
        at = shape.at(broken.offset)
        stack: list[int] = []
        for index, token in enumerate(shape.tokens[:at]):
            if token.kind == "op" and token.text in OPENERS:
                stack.append(index)
            elif token.kind == "op" and token.text in CLOSERS and stack:
                stack.pop()
        row = shape.row_at(broken.offset)
        if not stack or row is None or not _starts_statement(row, shape):
            return
        opener = stack[-1]
    if opener < len(shape.tokens):
        yield opener


def _starts_statement(row: Row, shape: Layout) -> bool:
    """Whether a row looks like a new statement although a bracket is open before it."""
    if row.word and row.word not in {
        "if",
        "else",
        "for",
        "not",
        "lambda",
        "await",
        "None",
        "True",
        "False",
        "in",
        "and",
        "or",
        "is",
    }:
        return True
    if row.opens_block:
        return True
    texts = [t.text for t in row.tokens[:2]]
    before = shape.rows[row.index - 1] if row.index else None
    comma = before is not None and (
        before.last in {",", *OPENERS} or (before.tokens[-1].kind == "op" and before.last not in CLOSERS)
    )
    return not comma and (texts[1:] in (["="], ["."], ["("], ["+="], ["["]) or row.tokens[0].kind == "name")


def _statement_ends(shape: Layout, row: Row) -> Iterator[tuple[Row, float]]:
    """Yield the rows at which the statement that starts at `row` may end, with their likelihood."""
    rows = shape.rows
    first = next((r for r in reversed(rows[: row.index + 1]) if not r.continued), row)
    ends: list[Row] = []
    for index in range(row.index, len(rows)):
        following = rows[index + 1] if index + 1 < len(rows) else None
        ends.append(rows[index])
        if rows[index].opens_block and not rows[index].continued:
            break
        if following is None or (following.width <= first.width and _starts_statement(following, shape)):
            break
        if following.opens_block and following.tokens[-2].text not in OPENERS:
            break
    p = 0.85
    if len(ends) == 1 or ends[-1].last not in {",", *OPENERS}:
        yield ends[-1], p
        p = 0.25
    if len(ends) > 1 and ends[0].last not in {",", *OPENERS}:
        indented = ends[1].width > first.width
        yield ends[0], 0.3 if indented else 0.6


def _missing(shape: Layout, row: Row, end: Row) -> str:
    """Return the closing brackets that the rows from the start of the statement to `end` lack."""
    first = next((r for r in reversed(shape.rows[: row.index + 1]) if not r.continued), row)
    stack: list[str] = []
    for other in shape.rows[first.index : end.index + 1]:
        for token in other.tokens:
            if token.kind != "op":
                continue
            if token.text in OPENERS:
                stack.append(OPENERS[token.text])
            elif token.text in CLOSERS:
                if not stack or stack[-1] != token.text:
                    return ""
                stack.pop()
    return "".join(reversed(stack))


def _before_colon(row: Row, end: Row) -> int:
    """Return the offset at which brackets close at the end of a row: before the colon of a head."""
    if row.word in BLOCK_WORDS and end.last == ":" and len(end.tokens) > 1:
        return end.tokens[-2].end
    return end.end


def _opener(shape: Layout, at: int) -> int | None:
    """Return the index of the innermost bracket that is open at a token."""
    stack: list[int] = []
    for index, token in enumerate(shape.tokens[:at]):
        if token.kind == "op" and token.text in OPENERS:
            stack.append(index)
        elif token.kind == "op" and token.text in CLOSERS and stack:
            stack.pop()
    return stack[-1] if stack else None


def _outer(shape: Layout, opener: int) -> str:
    """Return the bracket that is open around another one in the same statement, or nothing."""
    around = _opener(shape, opener)
    return shape.tokens[around].text if around is not None else ""


def _balance_after(shape: Layout, at: int) -> dict[str, int]:
    """Return, for each closing bracket, how many more of it than of its opening one follow in the statement."""
    row = shape.row_at(shape.tokens[at].start)
    counts: dict[str, int] = dict.fromkeys(CLOSERS, 0)
    for token in shape.tokens[at + 1 :]:
        other = shape.row_at(token.start) if row is not None and token.start > row.end else row
        if other is not row and (other is None or _starts_statement(other, shape)):
            break
        if token.kind == "op" and token.text in CLOSERS:
            counts[token.text] += 1
        elif token.kind == "op" and token.text in OPENERS:
            counts[OPENERS[token.text]] -= 1
    return counts
