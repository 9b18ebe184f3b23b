"""How many of the lines after the head of a block are its body, judged by what they say."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from bestfix.generate.python.syntax.layout import CLAUSES, Row

__all__ = ["extents", "is_method"]

_LEAVES = frozenset({"return", "break", "continue", "raise"})


def extents(head: Row, rows: Sequence[Row]) -> Iterator[tuple[int, float]]:
    """Yield numbers of `rows`, which follow `head` and are not deeper than it, that may be its body, with p."""
    width = rows[0].width
    if rows[0].word in CLAUSES or width < head.width:
        return
    block = rows[: next((i for i, r in enumerate(rows) if r.width < width), len(rows))]
    if head.word == "class":
        yield from _of_class(block)
    elif head.word == "def":
        yield from _of_function(head, block)
    else:
        yield from _of_block(head, block)


def is_method(row: Row) -> bool:
    """Whether a row starts a function whose first parameter is `self` or `cls`."""
    texts = [t.text for t in row.tokens[:6]]
    return row.word == "def" and ("self" in texts or "cls" in texts)


def _of_class(rows: Sequence[Row]) -> Iterator[tuple[int, float]]:
    count = _methods(rows)
    if count:
        yield count, 0.85
        if count < len(rows):
            yield len(rows), 0.08
    elif rows[0].word not in {"def", "class"}:
        yield len(rows), 0.3


def _methods(rows: Sequence[Row]) -> int:
    """Return how many rows, from the first, look like the body of a class."""
    count = index = 0
    seen = False
    while index < len(rows):
        row, end = rows[index], _statement_end(rows, index)
        if is_method(row):
            count, seen = end, True
        elif seen and row.first != "@":
            break
        elif row.first != "@" and row.tokens[0].kind in {"name", "string"} and count == index:
            count = end if row.tokens[0].kind == "string" or _assigns(row) else count
        elif row.first != "@":
            break
        index = end
    return count


def _assigns(row: Row) -> bool:
    return len(row.tokens) > 1 and row.tokens[1].text in {"=", ":"}


def _of_function(head: Row, rows: Sequence[Row]) -> Iterator[tuple[int, float]]:
    """Yield how far a function may go: to its last `return`, to where its parameters are used, or to the next one."""
    top = rows[0].width
    stops = [i for i, r in enumerate(rows) if i and r.width == top and (r.first == "@" or r.word in {"def", "class"})]
    stops = [i for i in stops if is_method(rows[i]) or rows[i].first == "@" or not is_method(head)]
    guards = [i for i, r in enumerate(rows) if r.word == "if" and any(t.text == "__name__" for t in r.tokens)]
    end = min([*stops[:1], *guards, len(rows)])
    returns = [i for i in range(end) if rows[i].word in {"return", "yield"}]
    least = _statement_end(rows, _top(rows, returns[-1])) if returns else 0
    used = _used_until(rows[:end], _bound(head))
    likely = max(least, used) or (end if head.width > 0 or rows[0].word else _statement_end(rows, 0))
    if head.width > 0:
        yield end, 0.85
        if likely < end:
            yield likely, 0.3
        return
    yield likely, 0.85 if returns and rows[returns[-1]].width == top else 0.7
    if likely < end:
        yield end, 0.3
    first = _statement_end(rows, 0)
    if first < min(likely, end) and not used:
        yield first, 0.1


def _of_block(head: Row, rows: Sequence[Row]) -> Iterator[tuple[int, float]]:
    """Yield how far the body of `if`, `for`, `while`, `with`, `try`… may go, when all stands in one column."""
    top = rows[0].width
    ends = [i for i in range(1, len(rows)) if rows[i].width == top] + [len(rows)]
    clause = next((i for i in ends[:-1] if rows[i].word in CLAUSES and _is_clause_of(head, rows, i)), None)
    if clause is not None:
        yield clause, 0.9
        return
    ends = [i for i in ends if i == len(rows) or rows[i].word not in CLAUSES]
    leave = next((i for i in ends if rows[i - 1].word in _LEAVES and rows[i - 1].width == top), None)
    chances: dict[int, float] = {}
    if leave is not None:
        _raise(chances, leave, 0.7 if head.word in {"if", "elif", "else", "except"} else 0.3)
        ends = [i for i in ends if i < leave] or [leave]
    used = _used_until(rows[: ends[-1]], _bound(head))
    if used:
        _raise(chances, used, 0.6)
    gap = next((i for i in ends if i < len(rows) and rows[i].lineno > rows[i - 1].lineno + 1), None)
    if gap is not None and gap != ends[0]:
        _raise(chances, gap, 0.4)
    _raise(chances, ends[0], 0.25 if used or leave is not None else 0.55)
    _raise(chances, ends[-1], 0.3 if head.word in {"for", "while", "with"} else 0.2)
    for end in ends[1:-1][:4]:
        _raise(chances, end, 0.06)
    yield from chances.items()


def _raise(chances: dict[int, float], end: int, p: float) -> None:
    """Add a chance to an end, so that two signs for one end count as more than one."""
    before = chances.get(end, 0.0)
    chances[end] = before + p * (1 - before)


def _bound(head: Row) -> set[str]:
    """Return the names that a head gives to its body: parameters, loop variables, the name after `as`."""
    texts = [t.text for t in head.tokens]
    if head.word == "def" and "(" in texts:
        inside = head.tokens[texts.index("(") :]
        names = {t.text for b, t in itertools.pairwise(inside) if t.kind == "name" and b.text in {"(", ",", "*", "**"}}
    elif head.word == "for" and "in" in texts:
        names = {t.text for t in head.tokens[1 : texts.index("in")] if t.kind == "name"}
    elif "as" in texts:
        names = {t.text for t in head.tokens[texts.index("as") :] if t.kind == "name"}
    elif head.word == "while":
        names = {t.text for t in head.tokens if t.kind == "name"}
    else:
        names = set()
    return names - {"self", "cls", "_"}


def _used_until(rows: Sequence[Row], names: set[str]) -> int:
    """Return the index after the last statement that uses one of the names; 0 when the first one does not."""
    last = index = 0
    while names and index < len(rows):
        end = _statement_end(rows, index)
        if any(t.text in names for r in rows[index:end] for t in r.tokens if t.kind == "name"):
            last = end
        index = end
    return last


def _statement_end(rows: Sequence[Row], index: int) -> int:
    """Return the index after a statement with its block and its further clauses."""
    top, end = rows[index].width, index + 1
    while end < len(rows) and (rows[end].width > top or (rows[end].width == top and rows[end].word in CLAUSES)):
        end += 1
    return end


def _top(rows: Sequence[Row], index: int) -> int:
    """Return the index of the statement in the first column that a row belongs to."""
    while index and (rows[index].width > rows[0].width or rows[index].word in CLAUSES):
        index -= 1
    return index


def _is_clause_of(head: Row, rows: Sequence[Row], index: int) -> bool:
    """Whether the clause `rows[index]` has no nearer statement of its column that it could belong to."""
    word, top = rows[index].word, rows[0].width
    if head.word not in CLAUSES[word]:
        return False
    return not any(r.width == top and r.word in CLAUSES[word] - {"else"} for r in rows[:index])
