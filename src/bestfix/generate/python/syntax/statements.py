"""Statements whose parts are missing or in the wrong order: imports, loops, `try`, `global`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Broken, Move, slip
from bestfix.generate.python.syntax.layout import OPENERS, Layout, Row, layout
from bestfix.lang.python import Token

__all__ = ["condition_missing", "counted_loop", "future_feature", "global_assigned", "import_form", "import_list",
           "lone_clause", "loop_form", "try_alone"]  # fmt: skip

_COUNTED = re.compile(
    r"""for\s*\(?\s*(?:int|var|let|auto)?\s*(?P<name>[A-Za-z_]\w*)\s*=\s*(?P<first>[^;]+?)\s*;
        \s*(?P=name)\s*(?P<compare><=|<|>=|>|!=)\s*(?P<last>[^;]+?)\s*;
        \s*(?:(?P=name)\s*(?P<step>\+\+|--|\+=\s*\w+|-=\s*\w+)|(?P<before>\+\+|--)(?P=name)
        |(?P=name)\s*=\s*(?P=name)\s*(?P<by>[+-]\s*\w+))\s*\)?(?=\s*[:{]?\s*(?:\#.*)?$)""",
    re.VERBOSE,
)
_LOOSE_IN = frozenset({"=", ":", "of", "on", "is", "from", "at", "->", "to"})
_TO = re.compile(
    r"for\s+(?P<name>[A-Za-z_]\w*)\s*(?:=|in|:|from)\s*(?P<first>[\w.+\-*]+?)\s*(?:\bto\b|\.\.\.?|:|\bthrough\b)\s*"
    r"(?P<last>(?:len\(\w+\)|[\w.+\-* ])+?)"
    r"(?:\s+(?:step|by)\s+(?P<step>-?\w+))?(?P<end>\s*(?:\bdo\b)?\s*:?\s*(?:\#.*)?$)"
)


@slip
def import_form(broken: Broken) -> Iterator[Move]:
    """Write an import in Python's order and form.

    Why: the order is that of another language, or the module is put in quotes.
    Example: `import sin, cos from math` → `from math import sin, cos`; `import "os"` → `import os`
    Safety: safe.
    """
    shape = layout(broken)
    row = shape.statement_at(broken.offset)
    if row is None or row.first not in {"import", "from"} or len(row.tokens) < 2:
        return
    text, tokens = shape.text, row.tokens
    words = [t.text for t in tokens]
    if row.first == "import" and "from" in words[2:]:
        place = words.index("from", 2)
        what, where = text[tokens[1].start : tokens[place - 1].end], text[tokens[place].end : row.end].strip()
        where = where.strip("'\"")
        yield Move((Edit(row.start, row.end, f"from {where} import {what.strip('{} ')}"),), 0.95, "`from` comes first")
    for token in tokens[1:]:
        name = token.text.strip("'\"<>")
        if token.kind == "string" and re.fullmatch(r"[\w.]+(?:\.py)?", name):
            yield Move(
                (Edit(token.start, token.end, name.removesuffix(".py")),), 0.93, "a module is named without quotes"
            )
    yield from _module_forms(text, row)


@slip
def import_list(broken: Broken) -> Iterator[Move]:
    """Separate imported names by commas, and end the list after the last.

    Why: `and` is written as in a sentence; a comma is left at the end.
    Example: `from math import sin and cos` → `from math import sin, cos`
    Safety: safe.
    """
    row = layout(broken).statement_at(broken.offset)
    if row is None or row.first not in {"import", "from"}:
        return
    marks = [t for t in row.tokens[1:] if t.text in {"and", "&", "+", ";"} and t.end < row.end]
    if marks:
        edits = tuple(Edit(_before(row, t.start), t.end, ",") for t in marks)
        yield Move(edits, 0.93, "imported names are separated by commas")
    if row.last == "," and "trailing comma" in broken.message:
        yield Move((Edit.delete(row.end - 1, row.end),), 0.9, "nothing follows the last comma")
    if row.tokens[-1].text == "*" and len(row.tokens) > 4 and row.tokens[-2].kind == "name":
        yield Move((Edit.delete(row.tokens[-2].end, row.end),), 0.5, "`*` imports everything, a name imports one thing")


@slip
def future_feature(broken: Broken) -> Iterator[Move]:
    """Name a feature that `__future__` has.

    Why: the name is misspelt.
    Example: `from __future__ import divisio` → `from __future__ import division`
    Safety: safe.
    """
    match = re.match(r"future feature (\w+) is not defined", broken.message)
    if match is None:
        return
    import __future__

    from bestfix.generate.similar import near

    for token in layout(broken).tokens:
        if token.text == match[1] and token.start >= broken.lines.start(broken.lineno):
            for other in near(match[1], __future__.all_feature_names, limit=2):
                edit = Edit(token.start, token.end, other.name)
                yield Move((edit,), 0.95 * other.score, f"`__future__` has `{other.name}`, not `{match[1]}`")
            return


@slip
def counted_loop(broken: Broken) -> Iterator[Move]:
    """Count with `range`.

    Why: other languages write the start, the end and the step of a loop.
    Example: `for (i = 0; i < n; i++)` → `for i in range(n)`; `for i = 1 to 10:` → `for i in range(1, 10 + 1):`
    Safety: safe; the same numbers are counted.
    """
    row = layout(broken).row_at(broken.offset)
    if row is None or row.first != "for":
        return
    start, end = row.start, broken.lines.end(row.lineno)
    line = broken.text[start:end]
    if (match := _COUNTED.match(line)) is not None:
        step = match["step"] or match["before"] or match["by"]
        new = f"for {match['name']} in {_range(match['first'], match['last'], match['compare'], step)}"
        yield Move((Edit(start, start + match.end(), new),), 0.95, "a loop counts with `range` in Python")
    elif (match := _TO.match(line)) is not None:
        last = match["last"].strip()
        closed = last if ":" in line[match.end("first") : match.start("last")] or ".." in line else _plus_one(last)
        parts = [match["first"], closed, *([match["step"]] if match["step"] else [])]
        new = f"for {match['name']} in range({', '.join(parts)}):"
        yield Move((Edit(start, start + match.end("end"), new),), 0.85, "a loop counts with `range` in Python")


@slip
def loop_form(broken: Broken) -> Iterator[Move]:
    """Give a `for` its `in`, or make it the `while` that it is.

    Why: `in` is forgotten, misspelt or replaced by another word.
    Example: `for x range(4):` → `for x in range(4):`; `for i < n:` → `while i < n:`
    Safety: safe.
    """
    shape = layout(broken)
    row = shape.row_at(broken.offset)
    if row is None:
        return
    tokens = row.tokens
    for place, token in enumerate(tokens):
        if token.text != "for":
            continue
        end = next((i for i in range(place + 1, len(tokens)) if tokens[i].text in {":", "]", "}"}), len(tokens))
        inside = tokens[place + 1 : end]
        if len(inside) > 1 and inside[-1].text == "in" and inside[0].kind == "name":
            yield from _plural(shape, inside, tokens[end].start if end < len(tokens) else inside[-1].end)
        if not inside or any(t.text == "in" for t in inside):
            yield from _initialised(inside, row, broken.offset)
            continue
        if (
            place == 0
            and any(t.text in {"<", ">", "<=", ">=", "==", "!="} for t in inside)
            and inside[0].kind == "name"
        ):
            yield Move((Edit(token.start, token.end, "while"),), 0.7, "a loop with a condition starts with `while`")
        names = 1
        while names + 1 < len(inside) and inside[names].text == ",":
            names += 2
        yield from _without_in(inside, names)


@slip
def global_assigned(broken: Broken) -> Iterator[Move]:
    """Declare the name first and assign to it on the next line.

    Why: both are written in one statement.
    Example: `global count = 0` → `global count` and `count = 0`
    Safety: safe.
    """
    row = layout(broken).statement_at(broken.offset)
    if row is None or row.word not in {"global", "nonlocal"}:
        return
    equal = next((t for t in row.tokens if t.text in {"=", "+=", "-=", "*="}), None)
    if equal is not None and len(row.tokens) > 2 and row.tokens[1].kind == "name":
        name = row.tokens[1]
        yield Move(
            (Edit.insert(name.end, f"\n{row.indent}{name.text}"),),
            0.93,
            f"`{row.word}` declares; the next line assigns",
        )


@slip
def condition_missing(broken: Broken) -> Iterator[Move]:
    """Give `if`, `while` or `for` something to test or to go through.

    Why: it was left for later.
    Example: `while:` → `while True:`
    Safety: what stands in is a placeholder.
    """
    row = layout(broken).statement_at(broken.offset)
    if row is None or len(row.tokens) < 2 or row.tokens[1].text != ":":
        return
    new = {"if": " True", "elif": " True", "while": " True", "for": " _ in range(1)", "with": " open('file')"}.get(
        row.word
    )
    if new is not None:
        edit = Edit(row.tokens[0].end, row.tokens[1].start, new)
        yield Move((edit,), 0.75, f"`{row.word}` has nothing before its colon", safe=row.word == "while")


@slip
def try_alone(broken: Broken) -> Iterator[Move]:
    """Give a `try` its `except`.

    Why: it was left for later.
    Example: `try:` with a block and nothing after it → … and `except Exception:` with `raise`
    Safety: the error is raised as it would be without the `try`.
    """
    if not broken.message.startswith("expected 'except' or 'finally'"):
        return
    shape = layout(broken)
    heads = [r for r in shape.statements if r.word == "try" and r.start < broken.offset + 1]
    for head in reversed(heads):
        end = shape.body_end(head)
        body = shape.statements[shape.statements.index(head) + 1 : end]
        if not body or (end < len(shape.statements) and shape.statements[end].word in {"except", "finally"}):
            continue
        at = shape.lines.end(shape.last_line(body[-1]))
        clause = f"\n{head.indent}except Exception:\n{head.indent}{shape.unit}raise"
        yield Move((Edit.insert(at, clause),), 0.5, f"the `try` on line {head.lineno} has no `except`")
        follows = shape.statements[end] if end < len(shape.statements) else None
        if follows is not None and follows.word == "else" and follows.width == head.width:
            yield Move((Edit(follows.start, follows.tokens[0].end, "except"),), 0.6, "a `try` is followed by `except`")
        return


@slip
def lone_clause(broken: Broken) -> Iterator[Move]:
    """Give an `except`, `finally`, `else` or `elif` the statement that it lacks.

    Why: the first part was lost when the code was copied.
    Example: `except ValueError:` without a `try` → `try:` with `pass` above it
    Safety: the statement before it, if there is one in its column, moves into the `try`.
    """
    shape = layout(broken)
    row = shape.statement_at(broken.offset)
    if (
        row is None
        or row.word not in {"except", "finally", "else", "elif"}
        or broken.offset > row.start + len(row.first)
    ):
        return
    place = shape.statements.index(row)
    before = [r for r in shape.statements[:place] if r.width <= row.width]
    if row.word in {"except", "finally"}:
        if before and before[-1].width == row.width and not before[-1].word:
            moved = shape.moved_rows([before[-1]], row.indent + shape.unit)
            yield Move(
                (Edit.insert(before[-1].start - len(before[-1].indent), f"{row.indent}try:\n"), *moved),
                0.4,
                f"`{row.word}` needs a `try`",
            )
        edit = Edit.insert(row.start - len(row.indent), f"{row.indent}try:\n{row.indent}{shape.unit}pass\n")
        yield Move((edit,), 0.35, f"`{row.word}` needs a `try`", safe=False)
    elif row.word == "elif":
        yield Move((Edit(row.start, row.tokens[0].end, "if"),), 0.6, "`elif` needs an `if` before it")
    elif row.last == ":" and len(row.tokens) == 2:
        yield Move((Edit(row.start, row.tokens[0].end, "if True"),), 0.15, "`else` needs an `if` before it", safe=False)


def _module_forms(text: str, row: Row) -> Iterator[Move]:
    """Yield the moves for the shapes that an import cannot have."""
    tokens = row.tokens
    words = [t.text for t in tokens]
    if row.first == "from" and "import" not in words and tokens[-1].kind == "name":
        yield Move((Edit(row.start, tokens[0].end, "import"),), 0.6, "a whole module is imported with `import`")
        if len(words) > 3 and words[-2] == ".":
            cut = Edit(tokens[-3].end, tokens[-1].start, " import ")
            yield Move((cut,), 0.35, "`import` stands before what is imported")
    if row.first == "import" and "import" in words[1:]:
        yield Move(
            (Edit(row.start, tokens[0].end, "from"),), 0.93, "`from` names the module, `import` what is imported"
        )
    if row.first == "from" and "import" in words:
        place = words.index("import")
        tail = tokens[place + 1 :]
        dotted = [i for i in range(1, len(tail)) if tail[i].text == "."]
        if dotted and all(t.kind == "name" or t.text in {".", "as"} for t in tail):
            path = text[tail[0].start : tail[dotted[-1] - 1].end]
            edits = (Edit.insert(tokens[place - 1].end, f".{path}"), Edit.delete(tail[0].start, tail[dotted[-1]].end))
            yield Move(edits, 0.8, "the whole path stands after `from`")
        if not tail:
            yield Move((Edit.insert(row.end, " *"),), 0.4, "nothing is imported", safe=False)
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if token.text == "-" and before.end == token.start == after.start - 1:
            yield Move((Edit(token.start, token.end, "_"),), 0.8, "a module's name has underscores, not hyphens")
            return


def _plural(shape: Layout, inside: Sequence[Token], end: int) -> Iterator[Move]:
    """Yield the move that loops over the plural of the loop's variable."""
    item, known = inside[0].text, {t.text for t in shape.tokens if t.kind == "name"}
    several = next((n for n in (f"{item}s", f"{item}es", f"{item}_list") if n in known), "")
    if several:
        reason = f"`{several}` is what a loop over each `{item}` goes through"
        yield Move((Edit(inside[-1].end, end, f" {several}"),), 0.85, reason)


def _before(row: Row, start: int) -> int:
    return max((t.end for t in row.tokens if t.end <= start), default=start)


def _range(first: str, last: str, compare: str, step: str) -> str:
    """Return the call of `range` that counts like a loop of C."""
    step = step.replace(" ", "")
    amount = {"++": "1", "--": "-1"}.get(step) or step.replace("+=", "").replace("-=", "-").lstrip("+")
    if compare == "<=":
        last = _plus_one(last)
    elif compare == ">=":
        last = str(int(last) - 1) if last.isdigit() else f"{last} - 1"
    if amount != "1":
        return f"range({first}, {last}, {amount})"
    return f"range({last})" if first == "0" else f"range({first}, {last})"


def _plus_one(number: str) -> str:
    return str(int(number) + 1) if number.isdigit() else f"{number} + 1"


def _initialised(inside: Sequence[Token], row: Row, offset: int) -> Iterator[Move]:
    """Yield the move for `for i = 0 in x`: the value is dropped."""
    tokens = row.tokens
    equal = next((i for i, t in enumerate(tokens) if t.text == "="), None)
    place = next((i for i, t in enumerate(tokens) if t.text == "in"), None)
    if inside and equal is not None and place is not None and 1 < equal < place and tokens[equal].start >= offset - 2:
        edit = Edit.delete(tokens[equal - 1].end, tokens[place - 1].end)
        yield Move((edit,), 0.8, "a loop gives its variable no value of its own", safe=False)


def _without_in(inside: Sequence[Token], names: int) -> Iterator[Move]:
    """Yield the moves that put `in` after the loop's names."""
    tokens = inside
    if names >= len(tokens) or tokens[names - 1].kind != "name":
        return
    after = tokens[names]
    reason = "`in` stands between a loop's variable and what it goes through"
    if (after.text in _LOOSE_IN or sorted(after.text) in ([*"in"], [*"inn"], [*"im"])) and names + 1 < len(tokens):
        yield Move((Edit(after.start, after.end, "in" if after.spaced else " in "),), 0.85, reason)
    elif after.kind in {"name", "number", "string"} or (after.text in OPENERS and after.spaced):
        yield Move((Edit.insert(tokens[names - 1].end, " in"),), 0.85, reason)
