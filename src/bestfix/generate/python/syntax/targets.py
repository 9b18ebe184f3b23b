"""Assigning to, or deleting, what is neither a name nor a part of something."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Broken, Move, slip
from bestfix.generate.python.syntax.layout import CLOSERS, OPENERS, Layout, Row, layout
from bestfix.lang.python import Token

__all__ = ["call_assigned", "compared", "deleted", "hyphenated", "literal_keyword", "spaced_name", "swapped"]


@slip
def swapped(broken: Broken) -> Iterator[Move]:
    """Assign to the name, on the left.

    Why: the sides of the assignment are swapped.
    Example: `3 = x` → `x = 3`
    Safety: safe; only a name can be assigned to.
    """
    found = _assignment(broken)
    if found is None or "cannot assign" not in broken.message:
        return
    shape, left, right = found
    name = len(right) == 1 and right[0].kind == "name"
    if name and not any(t.text == "=" for t in left):
        before = shape.text[left[0].start : left[-1].end]
        edits = (Edit(left[0].start, left[-1].end, right[0].text), Edit(right[0].start, right[0].end, before))
        yield Move(edits, 0.75, "the name that is assigned to stands on the left")


@slip
def compared(broken: Broken) -> Iterator[Move]:
    """Compare with `==` what cannot be assigned to.

    Why: one `=` too few.
    Example: `f(x) = 3` → `f(x) == 3`
    Safety: the result of the comparison is not used.
    """
    found = _assignment(broken)
    if found is None or "cannot assign" not in broken.message:
        return
    _, left, right = found
    equal = Edit(left[-1].end, right[0].start, " == ")
    yield Move((equal,), 0.2, "`=` assigns; `==` compares")


@slip
def call_assigned(broken: Broken) -> Iterator[Move]:
    """Assign to an item, with square brackets, or define the function.

    Why: round brackets are typed for square ones, or a function is defined as on paper.
    Example: `table("a") = 3` → `table["a"] = 3`; `f(x) = x + 1` → `def f(x): return x + 1`
    Safety: safe; a call cannot be assigned to.
    """
    found = _assignment(broken)
    if found is None or "cannot assign to function call" not in broken.message:
        return
    shape, left, right = found
    if left[-1].text != ")" or left[0].kind != "name":
        return
    close = shape.at(left[-1].start)
    opener = shape.pairs.get(close)
    if opener is None:
        return
    arguments = shape.tokens[opener + 1 : close]
    head, tail = shape.tokens[opener], shape.tokens[close]
    if not arguments:
        yield Move((Edit.delete(head.start, tail.end),), 0.6, "a call cannot be assigned to; an attribute can")
        return
    plain = all(t.kind == "name" or t.text == "," for t in arguments)
    uses = {t.text for t in arguments if t.kind == "name"} & {t.text for t in right}
    if plain and uses and len(left) == close - opener + 2:
        edits = (Edit.insert(left[0].start, "def "), Edit(tail.end, right[0].start, ": return "))
        yield Move(edits, 0.7, "a function is defined with `def`")
    known = re.search(rf"\b{re.escape(left[0].text)}\s*(?:\[|=\s*(?:\[|\{{|dict|list|np\.|pd\.))", shape.text)
    if not any(t.text in {"=", ","} for t in arguments):
        edits = (Edit(head.start, head.end, "["), Edit(tail.start, tail.end, "]"))
        yield Move(edits, 0.85 if known else 0.45, "an item is reached with square brackets")


@slip
def hyphenated(broken: Broken) -> Iterator[Move]:
    """Write a name with an underscore where it has a hyphen.

    Why: names are written so elsewhere.
    Example: `my-var = 3` → `my_var = 3`
    Safety: safe; a difference cannot be assigned to. The name is changed everywhere in the cell.
    """
    found = _assignment(broken)
    if found is None or "cannot assign to expression" not in broken.message:
        return
    shape, left, _ = found
    tight = all(a.end == b.start for a, b in itertools.pairwise(left))
    kinds = [t.kind in {"name", "number", "keyword"} if i % 2 == 0 else t.text == "-" for i, t in enumerate(left)]
    if not tight or len(left) < 3 or not all(kinds):
        return
    name = shape.text[left[0].start : left[-1].end]
    edits = []
    for match in re.finditer(rf"(?<![\w.'\"-]){re.escape(name)}(?![\w'\"-])", shape.text):
        edits += [Edit(match.start() + i, match.start() + i + 1, "_") for i, c in enumerate(name) if c == "-"]
    yield Move(tuple(edits), 0.9, "a name has underscores, not hyphens")


@slip
def spaced_name(broken: Broken) -> Iterator[Move]:
    """Join the words of a name with underscores.

    Why: a name cannot have spaces.
    Example: `hello world = 3` → `hello_world = 3`
    Safety: safe; the words are joined wherever they follow each other.
    """
    shape = layout(broken)
    row = shape.statement_at(broken.offset)
    if row is None:
        return
    for first, words in _word_runs(row):
        run = row.tokens[first : first + words]
        pattern = r"[ \t]+".join(re.escape(t.text) for t in run)
        edits = []
        for match in re.finditer(rf"(?<![\w.])(?:{pattern})\b", _without_strings(shape)):
            edits += [
                Edit(match.start() + m.start(), match.start() + m.end(), "_") for m in re.finditer(r"[ \t]+", match[0])
            ]
        if edits:
            yield Move(tuple(edits), 0.6 if words == 2 else 0.5, "a name has no spaces")


@slip
def literal_keyword(broken: Broken) -> Iterator[Move]:
    """Name a keyword argument by a plain word.

    Why: the name is put in quotes, or the argument is written as a comparison.
    Example: `dict("a"=1)` → `dict(a=1)`
    Safety: safe.
    """
    if not broken.message.startswith("expression cannot contain assignment"):
        return
    shape = layout(broken)
    at = shape.at(broken.offset)
    first = shape.token(at)
    equal = next((i for i in range(at, min(at + 12, len(shape.tokens))) if shape.tokens[i].text == "="), None)
    if first is None or equal is None:
        return
    mark = shape.tokens[equal]
    if first.kind == "string" and equal == at + 1 and (name := first.text.strip("'\"")).isidentifier():
        yield Move((Edit(first.start, first.end, name),), 0.85, "the name of an argument stands without quotes")
        yield Move((Edit(mark.start, mark.end, ":"),), 0.1, "a pair in a dictionary has a colon")
        return
    names = [t for t in shape.tokens[at:equal] if t.kind == "name"]
    hyphens = all(t.text == "-" or t.kind == "name" for t in shape.tokens[at:equal])
    if hyphens and len(names) > 1:
        edits = tuple(Edit(t.start, t.end, "_") for t in shape.tokens[at:equal] if t.text == "-")
        yield Move(edits, 0.6, "a name has underscores, not hyphens")
    elif first.text in {"self", "cls"} and len(names) == 2:
        yield Move((Edit.delete(first.start, names[1].start),), 0.5, "the name of an argument stands alone")
    yield Move((Edit(mark.start, mark.end, " == " if mark.spaced is False else "=="),), 0.45, "`==` compares")


@slip
def deleted(broken: Broken) -> Iterator[Move]:
    """Delete what can be deleted: a name or an item.

    Why: `del` looks like a function, or more was typed than a name.
    Example: `del d("a")` → `del d["a"]`; `del (x := 5)` → `del x`
    Safety: what else the line says is lost.
    """
    shape = layout(broken)
    row = shape.statement_at(broken.offset)
    if row is None or row.first != "del" or len(row.tokens) < 2:
        return
    rest = row.tokens[1:]
    place = next((t for t in rest if t.text == ":="), None)
    if "function call" in broken.message and rest[-1].text == ")" and shape.at(rest[-1].start) in shape.pairs:
        head = shape.tokens[shape.pairs[shape.at(rest[-1].start)]]
        edits = (Edit(head.start, head.end, "["), Edit(rest[-1].start, rest[-1].end, "]"))
        yield Move(edits, 0.7, "an item is reached with square brackets")
    elif place is not None:
        before = [t for t in rest if t.start < place.start and t.kind == "name"]
        yield Move((Edit(rest[0].start, rest[-1].end, before[-1].text),), 0.7, "`del` takes a name", safe=False)
    elif any(t.text == "*" for t in rest):
        names = [t for t in rest if t.kind == "name"]
        text = ", ".join(t.text for t in names)
        yield Move((Edit(rest[0].start, rest[-1].end, text),), 0.7, "`del` takes names", safe=False)
    elif any(t.text in {"=", "+=", "-="} for t in rest) or rest[0].kind in {"string", "number"}:
        yield Move((Edit.delete(row.start, rest[0].start),), 0.5, "this is no deletion", safe=False)
    else:
        yield from _shortened(rest)


def _shortened(rest: tuple[Token, ...]) -> Iterator[Move]:
    """Yield the move that cuts the arithmetic after what is deleted."""
    depth = 0
    for token in rest:
        depth += (token.text in OPENERS) - (token.text in CLOSERS) if token.kind == "op" else 0
        if depth == 0 and token.text in {"+", "-", "*", "/", "%", "and", "or", "=="}:
            before = next(t for t in reversed(rest) if t.end <= token.start)
            yield Move((Edit.delete(before.end, rest[-1].end),), 0.7, "`del` takes a name or an item", safe=False)
            return


def _assignment(broken: Broken) -> tuple[Layout, list[Token], list[Token]] | None:
    """Return the two sides, as tokens, of the assignment statement that the parser stopped in."""
    shape = layout(broken)
    row = shape.statement_at(broken.offset)
    if row is None or row.word:
        return None
    start = shape.at(row.start)
    left: list[Token] = []
    depth = 0
    for index in range(start, len(shape.tokens)):
        token = shape.tokens[index]
        depth += (token.text in OPENERS) - (token.text in CLOSERS) if token.kind == "op" else 0
        if token.text == "=" and depth == 0 and token.start >= broken.offset:
            right = _rest(shape, index + 1)
            return (shape, left, right) if left and right else None
        left.append(token)
    return None


def _rest(shape: Layout, index: int) -> list[Token]:
    """Return the tokens from an index to the end of the statement."""
    tokens, depth = [], 0
    for i in range(index, len(shape.tokens)):
        token = shape.tokens[i]
        if depth == 0 and ("\n" in shape.text[shape.tokens[i - 1].end : token.start] or token.text == ";"):
            break
        depth += (token.text in OPENERS) - (token.text in CLOSERS) if token.kind == "op" else 0
        tokens.append(token)
    return tokens


def _word_runs(row: Row) -> Iterator[tuple[int, int]]:
    """Yield the place and length of runs of plain words that should be one name."""
    tokens = row.tokens
    starts = [0] + [
        i + 1 for i, t in enumerate(tokens) if t.text in {"if", "elif", "while", "for", "def", "class", "(", ","}
    ]
    for start in starts:
        count = 0
        while start + count < len(tokens) and tokens[start + count].kind == "name":
            count += 1
        if count < 2 or count > 4 or start + count >= len(tokens):
            continue
        after = tokens[start + count].text
        head = start == 0 and after in {"=", "+=", "-=", "*=", "/=", ":="}
        called = start > 0 and tokens[start - 1].text in {"def", "class", "for", "if", "elif", "while"}
        if head or (called and after in {"(", ":", "in", "==", "<", ">", "!=", "<=", ">=", ":="}):
            yield start, count


def _without_strings(shape: Layout) -> str:
    """Return the text with strings blanked, so that only code is searched; every offset is the same."""
    parts, at = [], 0
    for token in shape.tokens:
        if token.kind == "string":
            parts += [shape.text[at : token.start], "'" * (token.end - token.start)]
            at = token.end
    return "".join([*parts, shape.text[at:]])
