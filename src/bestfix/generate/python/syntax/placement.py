"""Statements that stand where they may not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Broken, Move, slip
from bestfix.generate.python.syntax.layout import Layout, Row, layout

__all__ = ["await_outside", "declared_late", "future_late", "loop_word_outside", "nonlocal_unbound", "return_outside",
           "star_import_inside", "walrus_in_comprehension"]  # fmt: skip

_LOOPS = frozenset({"for", "while"})


@slip
def return_outside(broken: Broken) -> Iterator[Move]:
    """Put `return` and `yield`, with the lines before them, into the function above.

    Why: the body of the function lost its indentation.
    Example: `def f(x):`, `    y = x`, `return y` → `    return y`
    Safety: safe when a function stands above; otherwise the value is shown, or the program is left.
    """
    match = re.match(r"'(return|yield|yield from|await)' outside function", broken.message)
    if match is None:
        return
    shape = layout(broken)
    row = shape.statement_at(broken.offset)
    if row is None:
        return
    place = shape.statements.index(row)
    head = _function_before(shape, place, row.width)
    if head is not None:
        yield from _into_function(shape, head, row, place)
    if match[1] == "return":
        yield from _without_function(row, enclosed=head is not None)
    elif match[1].startswith("yield"):
        word = next((t for t in row.tokens if t.text == "yield"), None)
        after = next((t for t in row.tokens if word is not None and t.start > word.start), None)
        if word is not None and after is not None:
            yield Move((Edit.delete(word.start, after.start),), 0.3, "`yield` needs a function", safe=False)


@slip
def loop_word_outside(broken: Broken) -> Iterator[Move]:
    """Put `break` and `continue` into the loop above, or leave them out.

    Why: the line lost its indentation, or the loop was taken away.
    Example: `for x in y:`, `    print(x)`, `break` → `    break`
    Safety: which loop is meant is judged by what stands above.
    """
    match = re.search(r"'(break|continue)' (?:outside loop|not properly in loop)", broken.message)
    if match is None:
        return
    shape = layout(broken)
    row = shape.statement_at(broken.offset)
    if row is None:
        return
    place = shape.statements.index(row)
    owner = _owner(shape, place)
    loop = next((r for r in reversed(shape.statements[:place]) if r.word in _LOOPS), None)
    start = owner or row
    if loop is not None and loop.width >= start.width:
        first = shape.statements.index(start)
        after = shape.body_end(loop)
        rows = shape.statements[min(after, first) : place + 1]
        new = loop.indent + shape.unit
        if rows and rows[0].width <= loop.width:
            edits = shape.moved_rows(_with_block(shape, rows), new)
            yield Move(edits, 0.7, f"`{match[1]}` belongs to the loop on line {loop.lineno}")
        if owner is not None and owner is not rows[0]:
            edits = shape.moved_rows(_with_block(shape, shape.statements[first : place + 1]), new)
            yield Move(edits, 0.4, f"`{match[1]}` belongs to the loop on line {loop.lineno}")
    if owner is not None and owner.word == "if" and loop is None:
        word = owner.tokens[0]
        yield Move((Edit(word.start, word.end, "while"),), 0.25, f"`{match[1]}` needs a loop")
    inside = _function_before(shape, place, row.width - 1) is not None and row.width > 0
    at = next((t for t in row.tokens if t.text == match[1]), row.tokens[0])
    if inside:
        yield Move(
            (Edit(at.start, at.end, "return"),), 0.3, f"`{match[1]}` needs a loop; a function is left by `return`"
        )
    yield Move(
        (Edit(at.start, at.end, "pass"),), 0.4 if loop is None else 0.1, f"`{match[1]}` needs a loop", safe=False
    )


@slip
def await_outside(broken: Broken) -> Iterator[Move]:
    """Make the function that awaits asynchronous.

    Why: `async` is forgotten before `def`.
    Example: `def f():` with `await g()` in it → `async def f():`
    Safety: the callers must await the function.
    """
    if "outside async function" not in broken.message and "asynchronous comprehension outside" not in broken.message:
        return
    shape = layout(broken)
    row = shape.statement_at(broken.offset)
    if row is None:
        return
    place = shape.statements.index(row)
    head = _enclosing_function(shape, place)
    if head is not None:
        yield Move((Edit.insert(head.start, "async "),), 0.93, "a function that awaits is defined with `async def`")
    word = next((t for t in row.tokens if t.text in {"await", "async"} and t.end >= broken.offset), None)
    after = next((t for t in row.tokens if word is not None and t.start > word.start), None)
    if word is not None and after is not None:
        yield Move(
            (Edit.delete(word.start, after.start),), 0.15, f"`{word.text}` stands outside an async function", safe=False
        )


@slip
def declared_late(broken: Broken) -> Iterator[Move]:
    """Declare names `global` or `nonlocal` before they are used.

    Why: the declaration is added where it is first needed.
    Example: `x = 1` and then `global x` in a function → `global x` first
    Safety: safe; the declaration moves to the start of the function.
    """
    match = re.match(
        r"name '(\w+)' is (?:assigned to|used) (?:before|prior to) (global|nonlocal) declaration", broken.message
    )
    if match is not None:
        yield from _moved_up(broken, match[2])
        return
    match = re.match(r"annotated name '(\w+)' can't be (global|nonlocal)", broken.message)
    if match is not None:
        shape = layout(broken)
        row = shape.statement_at(broken.offset)
        texts = [t.text for t in row.tokens] if row is not None else []
        if row is not None and ":" in texts and "=" in texts:
            colon, equal = row.tokens[texts.index(":")], row.tokens[texts.index("=")]
            yield Move((Edit(colon.start, equal.start, " "),), 0.9, "a global name is annotated where it is defined")
    match = re.match(
        r"name '(\w+)' is (nonlocal and global|parameter and global|parameter and nonlocal)", broken.message
    )
    if match is not None:
        shape = layout(broken)
        word = match[2].split()[-1]
        rows = [
            r for r in shape.statements if r.word in {"global", "nonlocal"} and match[1] in [t.text for t in r.tokens]
        ]
        for row in rows[::-1] if "parameter" not in match[2] else rows:
            drop = row.word == ("nonlocal" if match[2].startswith("nonlocal") else word)
            yield Move((_removed(shape, row),), 0.7 if drop else 0.3, f"`{match[1]}` cannot be both", safe=False)


@slip
def nonlocal_unbound(broken: Broken) -> Iterator[Move]:
    """Declare a name of the module `global`.

    Why: `nonlocal` means the names of an enclosing function alone.
    Example: `nonlocal count` with no enclosing function → `global count`
    Safety: safe.
    """
    unbound = broken.message.startswith("no binding for nonlocal")
    if not unbound and not broken.message.startswith("nonlocal declaration not allowed at module level"):
        return
    shape = layout(broken)
    row = shape.statement_at(broken.offset)
    if row is None or row.word != "nonlocal":
        row = next((r for r in shape.statements if r.word == "nonlocal"), None)
    if row is None:
        return
    edit = Edit(row.start, row.tokens[0].end, "global")
    yield Move((edit,), 0.85 if unbound else 0.6, "`nonlocal` needs an enclosing function; `global` means the module")
    if not unbound:
        yield Move((_removed(shape, row),), 0.35, "names of the module need no declaration here", safe=False)


@slip
def future_late(broken: Broken) -> Iterator[Move]:
    """Put imports from `__future__` first.

    Why: they are added where they are needed.
    Example: `import os` and then `from __future__ import annotations` → the other way round
    Safety: safe.
    """
    if not broken.message.startswith("from __future__ imports must occur"):
        return
    shape = layout(broken)
    row = shape.statement_at(broken.offset)
    if row is None or not shape.statements:
        return
    first = shape.statements[0]
    if len(first.tokens) == 1 and first.tokens[0].kind == "string" and len(shape.statements) > 1:
        first = shape.statements[1]
    line = shape.text[row.start : shape.lines.end(shape.last_line(row))]
    edits = (Edit.insert(shape.lines.start(first.lineno), f"{line}\n"), _removed(shape, row))
    yield Move(edits, 0.95, "imports from `__future__` come first")


@slip
def star_import_inside(broken: Broken) -> Iterator[Move]:
    """Move `from … import *` to the top of the code.

    Why: everything can be imported at the top level alone.
    Example: `from math import *` in a function → above it
    Safety: the names become visible everywhere.
    """
    if not broken.message.startswith("import * only allowed at module level"):
        return
    shape = layout(broken)
    row = shape.statement_at(broken.offset)
    if row is None or row.word != "from":
        row = next((r for r in shape.statements if r.word == "from" and r.last == "*" and r.width > 0), None)
    if row is None:
        return
    line = shape.text[row.start : row.end]
    top = next(
        (r for r in reversed(shape.statements[: row.index]) if r.width == 0 and r.word in {"def", "class"}),
        shape.statements[0],
    )
    start = shape.lines.start(top.lineno)
    place = shape.statements.index(row)
    alone = shape.body_end(shape.statements[place - 1]) == place + 1 if place else False
    gone = (
        Edit(row.start, row.end, "pass") if alone and shape.statements[place - 1].opens_block else _removed(shape, row)
    )
    yield Move((Edit.insert(start, f"{line}\n"), gone), 0.85, "`import *` stands at the top level alone")


@slip
def walrus_in_comprehension(broken: Broken) -> Iterator[Move]:
    """Give a name that `:=` assigns in a comprehension another name than its variable.

    Why: the loop's own variable cannot be assigned to.
    Example: `[(i := i + 1) for i in x]` → `[(i2 := i + 1) for i in x]`
    Safety: only the assigned name changes.
    """
    match = re.match(
        r"(?:assignment expression|comprehension inner loop) cannot rebind [a-z ]+ '(\w+)'", broken.message
    )
    if match is None:
        return
    shape = layout(broken)
    row = shape.statement_at(broken.offset)
    if row is None:
        return
    name = match[1]
    used = {t.text for t in shape.tokens}
    new = next(n for n in (f"{name}2", f"{name}_new", f"{name}_other") if n not in used)
    for before, token in zip(row.tokens, row.tokens[1:], strict=False):
        if token.text == ":=" and before.text == name:
            yield Move((Edit(before.start, before.end, new),), 0.75, f"`{name}` is the variable of the comprehension")
            value = next((t for t in row.tokens if t.start >= token.end), None)
            if value is not None:
                yield Move(
                    (Edit.delete(before.start, value.start),),
                    0.3,
                    f"`{name}` is the variable of the comprehension",
                    safe=False,
                )


def _function_before(shape: Layout, place: int, width: int) -> Row | None:
    """Return the nearest function above a statement that it could belong to."""
    for row in reversed(shape.statements[:place]):
        if row.word == "def" and row.width <= max(width, 0) + 8:
            return row
        if row.word == "class" and row.width == 0 and width == 0:
            return None
    return None


def _enclosing_function(shape: Layout, place: int) -> Row | None:
    """Return the function whose body a statement stands in."""
    width = shape.statements[place].width
    for row in reversed(shape.statements[:place]):
        if row.width < width:
            width = row.width
            if row.word == "def":
                return row if row.first == "def" else None
    return None


def _owner(shape: Layout, place: int) -> Row | None:
    """Return the head of the block that a statement stands in."""
    width = shape.statements[place].width
    return next((r for r in reversed(shape.statements[:place]) if r.width < width), None)


def _with_block(shape: Layout, rows: list[Row]) -> list[Row]:
    """Return rows with what else belongs to the block of the last of them."""
    end = shape.statements.index(rows[-1]) + 1
    while end < len(shape.statements) and shape.statements[end].width > rows[0].width:
        end += 1
    return shape.statements[shape.statements.index(rows[0]) : end]


def _into_function(shape: Layout, head: Row, row: Row, place: int) -> Iterator[Move]:
    """Yield the moves that indent the lines from a function's body, or from `return` alone, into the function."""
    reason = f"`{row.tokens[0].text}` belongs to the function on line {head.lineno}"
    top = _outermost(shape, place, head)
    after = shape.body_end(head)
    method = _nested_function(shape, head)
    for owner, p in ((method, 0.8), (head, 0.75 if method is None else 0.08)):
        if owner is None:
            continue
        first = shape.body_end(owner) if owner is head else shape.statements.index(head)
        start = min(first, place)
        new = owner.indent + (shape.unit if owner is not head else _body_indent(shape, head))
        rows = shape.statements[start : place + 1]
        if rows and all(r.width <= shape.statements[start].width or r.width >= rows[0].width for r in rows):
            until = _extent(shape, start, rows[0])
            yield Move(shape.moved_rows(shape.statements[start:until], new), p, reason)
    if after < place and top is row:
        yield Move(shape.moved_rows([row], head.indent + _body_indent(shape, head)), 0.3, reason)


def _extent(shape: Layout, start: int, first: Row) -> int:
    """Return the index after the last statement that goes on with the body which starts at `start`."""
    end = start + 1
    rows = shape.statements
    while end < len(rows) and rows[end].width >= first.width:
        if rows[end].width == first.width and end > start and rows[end - 1].word in {"return", "raise"}:
            top = rows[end - 1].width == first.width
            if top or (rows[end].word in {"def", "class"} or rows[end].first == "@"):
                break
        end += 1
    return end


def _nested_function(shape: Layout, head: Row) -> Row | None:
    """Return the method above a function without `self` in its column, which is then a function inside that method."""
    texts = [t.text for t in head.tokens]
    if head.width == 0 or "self" in texts or "cls" in texts:
        return None
    before = [r for r in shape.statements[: shape.statements.index(head)] if r.word == "def" and r.width == head.width]
    return before[-1] if before and "self" in [t.text for t in before[-1].tokens] else None


def _outermost(shape: Layout, place: int, head: Row) -> Row:
    """Return the statement, in the column of `head` or left of it, that a statement belongs to."""
    row = shape.statements[place]
    return (
        row if row.width <= head.width else next(r for r in reversed(shape.statements[:place]) if r.width <= head.width)
    )


def _body_indent(shape: Layout, head: Row) -> str:
    """Return the step of indentation of a function's body."""
    place = shape.statements.index(head)
    body = shape.statements[place + 1] if place + 1 < len(shape.statements) else None
    if body is not None and body.indent.startswith(head.indent) and len(body.indent) > len(head.indent):
        return body.indent[len(head.indent) :]
    return shape.unit


def _without_function(row: Row, *, enclosed: bool) -> Iterator[Move]:
    """Yield the moves for a `return` that no function can have."""
    word = next((t for t in row.tokens if t.text == "return"), row.tokens[0])
    value = [t for t in row.tokens if t.start > word.start]
    p = 0.15 if enclosed else 0.5
    reason = "`return` needs a function"
    if not value:
        yield Move(
            (Edit(word.start, word.end, "raise SystemExit"),),
            p,
            f"{reason}; a program is left by `SystemExit`",
            safe=False,
        )
        yield Move((Edit(word.start, word.end, "pass"),), p * 0.7, reason, safe=False)
    else:
        shown = (Edit(word.start, value[0].start, "print("), Edit.insert(row.end, ")"))
        yield Move(shown, p, f"{reason}; at the top level a value is printed", safe=False)
        yield Move((Edit.delete(word.start, value[0].start),), p * 0.8, reason, safe=False)


def _moved_up(broken: Broken, word: str) -> Iterator[Move]:
    """Yield the move that puts a declaration at the start of its function."""
    shape = layout(broken)
    row = shape.statement_at(broken.offset)
    if row is None or row.word != word:
        return
    head = _enclosing_function_of_any(shape, shape.statements.index(row))
    if head is None:
        yield Move((_removed(shape, row),), 0.7, f"`{word}` is not needed outside a function", safe=False)
        return
    first = shape.statements[shape.statements.index(head) + 1]
    if len(first.tokens) == 1 and first.tokens[0].kind == "string":
        first = shape.statements[shape.statements.index(first) + 1]
    line = shape.text[row.start : row.end]
    edits = (Edit.insert(first.start, f"{line}\n{first.indent}"), _removed(shape, row))
    yield Move(edits, 0.93, f"`{word}` comes before the name is used")


def _enclosing_function_of_any(shape: Layout, place: int) -> Row | None:
    width = shape.statements[place].width
    for row in reversed(shape.statements[:place]):
        if row.width < width:
            width = row.width
            if row.word == "def":
                return row
    return None


def _removed(shape: Layout, row: Row) -> Edit:
    """Return the edit that removes the lines of a statement."""
    start = shape.lines.start(row.lineno)
    last = shape.last_line(row)
    if last < len(shape.lines):
        return Edit.delete(start, shape.lines.start(last + 1))
    return Edit.delete(max(0, start - 1), len(shape.text))
