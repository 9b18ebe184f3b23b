"""Blocks that are indented wrongly, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Broken, Move, slip
from bestfix.generate.python.syntax.extents import extents, is_method
from bestfix.generate.python.syntax.layout import CLAUSES, TAB, Layout, Row, layout

__all__ = ["body_not_indented", "clause_misplaced", "dedent_to_no_level", "missing_body", "mixed_tabs", "too_deep"]

_EXPECTED = re.compile(r"expected an indented block after (?:(.*?) (?:definition|statement) )?on line (\d+)|.*")


@slip
def body_not_indented(broken: Broken) -> Iterator[Move]:
    """Indent the lines that are the body of the block before them.

    Why: the body was typed or pasted at the depth of its head.
    Example: a `for` line followed by `print(i)` in the same column → `print(i)` indented
    Safety: safe; how many lines belong to the body is judged by what they say.
    """
    found = _head(broken)
    if found is None:
        return
    shape, head = found
    rows = _after(shape, head)
    if not rows or rows[0].width > head.width:
        return
    new = head.indent + shape.unit
    likely = 0.35 if _comment_after(shape, shape.last_line(head), head) else 1.0
    for count, p in extents(head, rows):
        edits = shape.moved_rows(rows[:count], new)
        what = "line is its body" if count == 1 else "lines are its body"
        yield Move(edits, p * likely, f"`{head.word}` on line {head.lineno} needs an indented block: the next {what}")


@slip
def missing_body(broken: Broken) -> Iterator[Move]:
    """Give a block without a body `pass`.

    Why: the body was left for later, or is a comment alone.
    Example: `class Config:` at the end of a cell → `class Config:` with `pass` below it
    Safety: safe; `pass` does nothing.
    """
    found = _head(broken)
    if found is None:
        return
    shape, head = found
    rows = _after(shape, head)
    lineno = shape.last_line(head)
    comment = _comment_after(shape, lineno, head)
    at = shape.lines.end(comment or lineno)
    likely = not rows or rows[0].width < head.width or rows[0].word in {*CLAUSES, "def", "class"}
    p = (0.9 if not rows else 0.6) if likely else 0.08
    if head.word in {"def", "class"} and rows and rows[0].word == head.word and not is_method(rows[0]):
        p = 0.75
    if comment is not None:
        p = max(p, 0.7)
    edit = Edit.insert(at, f"\n{head.indent}{shape.unit}pass")
    yield Move((edit,), p, f"`{head.word}` on line {head.lineno} has no body; `pass` stands for one")


@slip
def too_deep(broken: Broken) -> Iterator[Move]:
    """Move lines that are indented for no reason to the depth of their block, or their block to theirs.

    Why: lines are pasted with the indentation they had elsewhere.
    Example: two spaces before `x = 1` at the start of a cell → none
    Safety: safe when everything keeps its order; the depth that is meant is a guess.
    """
    if broken.message != "unexpected indent":
        return
    shape = layout(broken)
    row = shape.statement_at(broken.offset)
    if row is None:
        return
    run = _run(shape, row)
    place = shape.statements.index(row)
    before = shape.statements[place - 1] if place else None
    if before is not None and len(before.tokens) == 1 and before.tokens[0].kind == "string" and place > 1:
        yield Move(
            shape.moved_rows([before], row.indent), 0.85, f"the text on line {before.lineno} stands left of its block"
        )
    if before is None:
        yield from _whole_cell(shape, run)
        return
    if row.first == "." or (row.tokens[0].kind == "op" and row.first not in {"(", "[", "{", "@", "*", "-", "~"}):
        yield _continuation(shape, before, row)
        return
    reason = f"line {row.lineno} is indented but no block starts before it"
    yield Move(shape.moved_rows(run, before.indent), 0.6, reason)
    if len(run) > 1:
        single = run[: _own_block(run)]
        if len(single) < len(run):
            yield Move(shape.moved_rows(single, before.indent), 0.2, reason)
    yield from _left_behind(shape, row, place)
    pred = shape.statements[place - 2] if place > 1 else None
    if pred is not None and pred.width > before.width and not before.opens_block:
        edits = (*shape.moved_rows([before], pred.indent), *shape.moved_rows(run, pred.indent))
        yield Move(edits, 0.55, f"lines {before.lineno} and {row.lineno} belong to one block")
    yield from _outer_levels(shape, run, before, reason)


@slip
def dedent_to_no_level(broken: Broken) -> Iterator[Move]:
    """Move a line whose indentation fits no block to the nearest block that is open there.

    Why: one space too many or too few.
    Example: a line with 7 spaces among blocks of 4 and 8 → 8
    Safety: which block is meant is a guess: the nearest column.
    """
    if not broken.message.startswith("unindent does not match"):
        return
    shape = layout(broken)
    row = next((r for r in shape.statements if r.lineno >= broken.lineno), None)
    if row is None:
        return
    place = shape.statements.index(row)
    above = shape.statements[place - 1]
    if above.opens_block:
        edits = shape.moved_rows([row, *_children(shape, place)], above.indent + shape.unit)
        yield Move(edits, 0.85, f"line {row.lineno} is the body of `{above.word}`")
    levels = _levels(shape.statements[:place])
    run = shape.statements[place : place + 1] + _children(shape, place)
    siblings = _same_column(shape, place)
    for level in levels:
        distance = abs(len(level.expandtabs(TAB)) - row.width)
        p = 0.75 / (1 + 0.6 * (distance - 1)) if distance else 0.3
        if above.indent == level:
            p *= 0.3 if above.word in {"return", "break", "continue", "raise"} else 1.15
        reason = f"the indentation of line {row.lineno} fits no block; the nearest starts at column {len(level)}"
        body = shape.statements[place + 1].indent if len(run) > 1 else ""
        if row.opens_block and body == level + shape.unit:
            yield Move(shape.moved_rows([row], level), 0.9, reason)
        for rows, share in ((siblings, 0.7), (run, 0.3)) if len(siblings) > len(run) else ((run, 1.0),):
            yield Move(shape.moved_rows(rows, level), min(p, 0.9) * share, reason)


@slip
def mixed_tabs(broken: Broken) -> Iterator[Move]:
    """Write the indentation with spaces when tabs and spaces do not agree.

    Why: two editors, or a paste, left tabs in some lines and spaces in others.
    Example: a block of one line with four spaces and one with a tab → both with four spaces
    Safety: safe when the columns agree with a tab of the chosen width.
    """
    if broken.message != "inconsistent use of tabs and spaces in indentation":
        return
    shape = layout(broken)
    spaced = {row.width for row in shape.statements if "\t" not in row.indent}
    for size in (4, 8, 2):
        edits = []
        for row in (r for r in shape.rows if "\t" in r.indent):
            start = shape.lines.start(row.lineno)
            edits.append(Edit(start, start + len(row.indent), row.indent.expandtabs(size)))
        widths = {len(e.text) for e in edits}
        fit = len(widths & spaced) / max(1, len(widths))
        if edits:
            p = (0.5 + 0.4 * fit) * (1.0 if size == 4 else 0.75)
            yield Move(tuple(edits), p, f"tabs and spaces are mixed; a tab is taken as {size} spaces")


@slip
def clause_misplaced(broken: Broken) -> Iterator[Move]:
    """Put `else`, `elif`, `except` or `finally` under the statement that it belongs to.

    Why: the clause, or a line of the block before it, has the wrong indentation.
    Example: an `else:` in the column of the `for` around its `if` → in the column of the `if`
    Safety: the nearest statement that can have the clause is taken.
    """
    shape = layout(broken)
    row = shape.statement_at(broken.offset)
    if row is None or row.word not in CLAUSES or broken.message.startswith("expected ':'"):
        return
    place = shape.statements.index(row)
    block = [row, *_children(shape, place)]
    seen: set[str] = set()
    for other in reversed(shape.statements[:place]):
        if other.word in CLAUSES[row.word] and other.last == ":" and other.indent not in seen:
            seen.add(other.indent)
            p = 0.6 / len(seen)
            reason = f"`{row.word}` belongs to the `{other.word}` on line {other.lineno}"
            if other.width != row.width:
                yield Move(shape.moved_rows(block, other.indent), p, reason)
            else:
                yield from _into_block(shape, other, row, 0.7)
        if len(seen) >= 3 or (other.word in {"def", "class"} and other.width < row.width):
            return


def _head(broken: Broken) -> tuple[Layout, Row] | None:
    """Return the layout and the head of the block whose body is missing."""
    match = _EXPECTED.match(broken.message)
    if match is None or match[2] is None:
        return None
    shape = layout(broken)
    lineno = int(match[2])
    row = next((r for r in reversed(shape.statements) if r.lineno <= lineno), None)
    return None if row is None else (shape, row)


def _after(shape: Layout, head: Row) -> list[Row]:
    return shape.statements[shape.statements.index(head) + 1 :]


def _comment_after(shape: Layout, lineno: int, head: Row) -> int | None:
    """Return the last line of the comment, deeper than `head`, that directly follows a line."""
    found = None
    for number in range(lineno + 1, len(shape.lines) + 1):
        line = shape.lines.line(number)
        if not line.strip().startswith("#") or len(line) - len(line.lstrip()) <= len(head.indent):
            break
        found = number
    return found


def _run(shape: Layout, row: Row) -> list[Row]:
    """Return the statements from `row` on that are at least as deep as it."""
    place = shape.statements.index(row)
    rows = shape.statements[place:]
    end = next((i for i, r in enumerate(rows) if r.width < row.width), len(rows))
    return rows[:end]


def _own_block(run: list[Row]) -> int:
    """Return how many rows of a run are its first statement with its block."""
    return next((i for i in range(1, len(run)) if run[i].width <= run[0].width), len(run))


def _whole_cell(shape: Layout, run: list[Row]) -> Iterator[Move]:
    """Yield the moves for code whose first line is indented."""
    reason = "the first line is indented; code starts at the margin"
    if len(run) == len(shape.statements):
        yield Move(shape.moved_rows(run, ""), 0.95, "all lines are indented; the common indentation goes")
        return
    yield Move(shape.moved_rows(run, ""), 0.5, reason)
    single = run[: _own_block(run)]
    if len(single) < len(run):
        yield Move(shape.moved_rows(single, ""), 0.25, reason)
    yield Move(shape.moved_rows(run[:1], ""), 0.3, reason)


def _continuation(shape: Layout, before: Row, row: Row) -> Move:
    """Return the move that puts an expression over several lines into parentheses."""
    end = shape.statements.index(row) + 1
    while end < len(shape.statements) and shape.statements[end].width >= row.width:
        if shape.statements[end].tokens[0].kind != "op":
            break
        end += 1
    last = shape.statements[end - 1]
    equal = next((t for t in before.tokens if t.text == "=" and t.kind == "op"), None)
    after = next((t for t in before.tokens if t.start >= (equal.end if equal else before.start)), before.tokens[0])
    if after.text in {"return", "="} and len(before.tokens) > 1:
        after = before.tokens[before.tokens.index(after) + 1]
    edits = (Edit.insert(after.start, "("), Edit.insert(max(last.end, _end(shape, last)), ")"))
    return Move(edits, 0.8, "an expression over several lines needs parentheses around it")


def _end(shape: Layout, row: Row) -> int:
    """Return the offset after the last token of the statement that starts at `row`."""
    last = row
    for other in shape.rows[row.index + 1 :]:
        if not other.continued:
            break
        last = other
    return last.end


def _left_behind(shape: Layout, row: Row, place: int) -> Iterator[Move]:
    """Yield the move that indents lines before `row` that stand left of the block around them."""
    start = place
    while start and shape.statements[start - 1].width < row.width and not shape.statements[start - 1].opens_block:
        start -= 1
    if start and start < place and shape.statements[start - 1].width >= row.width:
        behind = shape.statements[start:place]
        if len({r.width for r in behind}) == 1 and place - start <= 3:
            reason = f"line {behind[0].lineno} stands left of the block that goes on after it"
            yield Move(shape.moved_rows(behind, row.indent), 0.6 if len(behind) == 1 else 0.35, reason)


def _outer_levels(shape: Layout, run: list[Row], before: Row, reason: str) -> Iterator[Move]:
    for level in _levels(shape.statements[: shape.statements.index(run[0])]):
        if level != before.indent:
            yield Move(shape.moved_rows(run, level), 0.05, reason)


def _levels(rows: list[Row]) -> list[str]:
    """Return the indentations of the blocks that are open after `rows`, the innermost first."""
    levels: list[str] = [""]
    for row in rows:
        while len(levels) > 1 and len(levels[-1].expandtabs(TAB)) > row.width:
            levels.pop()
        if row.width > len(levels[-1].expandtabs(TAB)):
            levels.append(row.indent)
    return list(dict.fromkeys(reversed(levels)))


def _children(shape: Layout, place: int) -> list[Row]:
    """Return the statements of the block that the statement at `place` opens."""
    rows = shape.statements
    end = place + 1
    while rows[place].opens_block and end < len(rows) and rows[end].width > rows[place].width:
        end += 1
    return rows[place + 1 : end]


def _same_column(shape: Layout, place: int) -> list[Row]:
    """Return the statement at `place` and those after it that are in its column, with their blocks."""
    rows = shape.statements
    end = place + 1
    while end < len(rows) and rows[end].width >= rows[place].width:
        if rows[end].width > rows[place].width == rows[end - 1].width and not rows[end - 1].opens_block:
            break
        end += 1
    return rows[place:end]


def _into_block(shape: Layout, head: Row, clause: Row, p: float) -> Iterator[Move]:
    """Yield the move that indents the lines between a block and its clause, which part the two."""
    between = shape.statements[shape.body_end(head) : shape.statements.index(clause)]
    body = shape.statements[shape.statements.index(head) + 1 : shape.body_end(head)]
    if between and body and all(r.width >= head.width for r in between):
        reason = f"line {between[0].lineno} parts the `{head.word}` from its `{clause.word}`"
        yield Move(shape.moved_rows(between, body[0].indent), p, reason)
