"""Comprehensions whose parts are missing or in the wrong order, and choices without their other half."""

from __future__ import annotations

from collections.abc import Iterator

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Broken, Move, slip
from bestfix.generate.python.syntax.layout import CLOSERS, OPENERS, Layout, layout

__all__ = ["choice_alone", "comprehension_target", "condition_first", "condition_last", "loop_missing", "unpacked"]


@slip
def condition_first(broken: Broken) -> Iterator[Move]:
    """Put the condition of a comprehension at its end.

    Why: one says: take it if it fits.
    Example: `[n if n > 3 for n in x]` → `[n for n in x if n > 3]`
    Safety: safe.
    """
    shape = layout(broken)
    for opener, close in _around(shape, broken):
        words = _words(shape, opener, close)
        if [w for w, _ in words][:2] != ["if", "for"] or any(w == "else" for w, _ in words):
            continue
        first, loop = words[0][1], words[1][1]
        start, end = shape.tokens[first - 1].end, shape.tokens[loop - 1].end
        moved = shape.text[start:end].strip()
        edits = (Edit.delete(start, end), Edit.insert(shape.tokens[close - 1].end, f" {moved}"))
        yield Move(edits, 0.85, "the condition of a comprehension stands at its end")
        return


@slip
def condition_last(broken: Broken) -> Iterator[Move]:
    """Put a choice between two values before the `for` of a comprehension.

    Why: the condition of a comprehension has no `else`.
    Example: `[1 for n in x if n else 0]` → `[1 if n else 0 for n in x]`
    Safety: safe.
    """
    shape = layout(broken)
    for opener, close in _around(shape, broken):
        words = _words(shape, opener, close)
        if [w for w, _ in words] != ["for", "if", "else"]:
            continue
        loop, condition = words[0][1], words[1][1]
        start, end = shape.tokens[condition - 1].end, shape.tokens[close - 1].end
        moved = shape.text[start:end].strip()
        edits = (Edit.insert(shape.tokens[loop - 1].end, f" {moved}"), Edit.delete(start, end))
        yield Move(edits, 0.93, "a choice between two values stands before the `for`")
        return


@slip
def loop_missing(broken: Broken) -> Iterator[Move]:
    """Say what a comprehension takes of each item.

    Why: the first part is forgotten when it is the item itself.
    Example: `[n in x if n > 3]` → `[n for n in x if n > 3]`
    Safety: safe.
    """
    shape = layout(broken)
    for opener, close in _around(shape, broken):
        inside = shape.tokens[opener + 1 : close]
        words = [w for w, _ in _words(shape, opener, close)]
        if len(inside) > 3 and words == ["if"] and inside[0].kind == "name" and inside[1].text == "in":
            name = inside[0].text
            yield Move(
                (Edit.insert(inside[0].start, f"{name} for "),), 0.85, "a comprehension says what it takes of each item"
            )
            return
        if len(inside) > 3 and inside[0].text == "for" and inside[1].kind == "name":
            name = inside[1].text
            yield Move(
                (Edit.insert(inside[0].start, f"{name} "),), 0.8, "a comprehension says what it takes of each item"
            )
            return


@slip
def choice_alone(broken: Broken) -> Iterator[Move]:
    """Give a choice its other half, or make it a statement.

    Why: without a second value there seems to be nothing to say.
    Example: `y = 1 if x > 3` → `y = 1 if x > 3 else None`
    Safety: `None` is what a function gives that says nothing.
    """
    if not broken.message.startswith("expected 'else' after 'if' expression"):
        return
    shape = layout(broken)
    row = shape.statement_at(broken.offset)
    if row is None or any(t.text == "for" for t in row.tokens):
        return
    places = [i for i, t in enumerate(row.tokens) if t.text == "if"]
    if not places:
        return
    assigned = any(t.text in {"=", "return", "(", "["} for t in row.tokens[: places[-1]][:3]) and row.first != "print"
    end = _condition_end(shape, shape.at(row.tokens[places[-1]].start))
    yield Move(
        (Edit.insert(end, " else None"),),
        0.55 if assigned else 0.3,
        "a choice needs a value for the other case",
        safe=False,
    )
    if len(places) == 1 and row.end == end:
        word = row.tokens[places[0]]
        action = shape.text[row.start : row.tokens[places[0] - 1].end]
        edits = (Edit.delete(row.start, word.start), Edit.insert(end, f": {action}"))
        yield Move(edits, 0.25 if assigned else 0.6, "the condition of a statement stands before it")


@slip
def comprehension_target(broken: Broken) -> Iterator[Move]:
    """Put the several values of a comprehension in parentheses.

    Why: they may be left out in a `for`, but not before it.
    Example: `[i, i**2 for i in x]` → `[(i, i**2) for i in x]`
    Safety: safe.
    """
    if not broken.message.startswith("did you forget parentheses around the comprehension target"):
        return
    shape = layout(broken)
    at = shape.at(broken.offset)
    depth = 0
    for index in range(at, len(shape.tokens)):
        token = shape.tokens[index]
        if token.kind == "op":
            depth += (token.text in OPENERS) - (token.text in CLOSERS)
        if depth == 0 and token.text in {"for", "async"}:
            edits = (Edit.insert(shape.tokens[at].start, "("), Edit.insert(shape.tokens[index - 1].end, ")"))
            yield Move(edits, 0.93, "several values of a comprehension need parentheses")
            return


@slip
def unpacked(broken: Broken) -> Iterator[Move]:
    """Write a second `for` where a comprehension unpacks.

    Why: `*` is not allowed as the value of a comprehension.
    Example: `[*x for x in y]` → `[item for x in y for item in x]`
    Safety: safe; the same items in the same order.
    """
    if "unpacking cannot be used in" not in broken.message:
        return
    shape = layout(broken)
    at = shape.at(broken.offset)
    token = shape.token(at)
    end = next((i for i in range(at, len(shape.tokens)) if shape.tokens[i].text == "for"), None)
    opener = next((i for i in range(at, -1, -1) if i in shape.pairs and i < at < shape.pairs[i]), None)
    if token is None or end is None or opener is None or token.text not in {"*", "**"}:
        return
    value = shape.text[shape.tokens[at + 1].start : shape.tokens[end - 1].end]
    names = {t.text for t in shape.tokens}
    close = shape.tokens[shape.pairs[opener]].start
    if token.text == "*":
        item = next(n for n in ("item", "element", "entry", "each_item") if n not in names)
        new, loop = item, f" for {item} in {value}"
    else:
        new, loop = "k: v", f" for k, v in {value}.items()"
    yield Move(
        (Edit(token.start, shape.tokens[end - 1].end, new), Edit.insert(close, loop)), 0.9, "a second `for` unpacks"
    )


def _around(shape: Layout, broken: Broken) -> Iterator[tuple[int, int]]:
    """Yield the brackets around the place of the error, by token index, the innermost first."""
    row = shape.statement_at(broken.offset)
    at = shape.at(broken.offset)
    pairs = [(i, j) for i, j in shape.pairs.items() if i < j and i <= at <= j]
    if not pairs and row is not None:
        pairs = [(i, j) for i, j in shape.pairs.items() if i < j and row.start <= shape.tokens[i].start < row.end]
    yield from sorted(pairs, reverse=True)


def _words(shape: Layout, opener: int, close: int) -> list[tuple[str, int]]:
    """Return the words of a comprehension that stand directly inside a bracket, with their indices."""
    inside = ((shape.tokens[index].text, index) for index in shape.directly_inside(opener, close))
    return [(word, index) for word, index in inside if word in {"for", "if", "else"}]


def _condition_end(shape: Layout, index: int) -> int:
    """Return the offset after the condition that starts at a token: the end of its bracket, its part or its line."""
    depth = 0
    for i in range(index + 1, len(shape.tokens)):
        token, before = shape.tokens[i], shape.tokens[i - 1]
        if depth == 0 and (token.text in {",", ";", *CLOSERS} or "\n" in shape.text[before.end : token.start]):
            return before.end
        if token.kind == "op":
            depth += (token.text in OPENERS) - (token.text in CLOSERS)
    return shape.tokens[-1].end
