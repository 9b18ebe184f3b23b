"""Arguments in an order or form that a call does not take, and stars."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Broken, Move, slip
from bestfix.generate.python.syntax.layout import CLOSERS, OPENERS, Layout, layout
from bestfix.lang.python import Token

__all__ = ["generator_argument", "positional_last", "repeated_keyword", "starred"]


@slip
def positional_last(broken: Broken) -> Iterator[Move]:
    """Put the positional arguments first.

    Why: an argument is added at the end, or its name is forgotten.
    Example: `plot(color="red", x)` → `plot(x, color="red")`
    Safety: safe for the parser; an argument that is a plain name may have been meant as `name=name`.
    """
    if not broken.message.startswith("positional argument follows keyword"):
        return
    shape = layout(broken)
    for parts in _enclosing_arguments(shape, broken):
        named = [_is_named(p) for p in parts]
        if True not in named:
            continue
        first = named.index(True)
        late = [p for p, n in zip(parts[first:], named[first:], strict=True) if not n]
        if not late:
            continue
        ordered = [*parts[:first], *late, *[p for p, n in zip(parts, named, strict=True) if n]]
        edits = tuple(
            Edit(old[0].start, old[-1].end, _text(shape, new))
            for old, new in zip(parts, ordered, strict=True)
            if old is not new
        )
        yield Move(edits, 0.6, "positional arguments come before named ones")
        if all(len(p) == 1 and p[0].kind == "name" for p in late):
            names = tuple(Edit.insert(p[0].start, f"{p[0].text}=") for p in late)
            yield Move(names, 0.35, "an argument after a named one needs its name")
        return


@slip
def repeated_keyword(broken: Broken) -> Iterator[Move]:
    """Give a named argument once.

    Why: an argument is added that is there already.
    Example: `f(a=1, b=2, a=1)` → `f(a=1, b=2)`
    Safety: one of the two values is lost.
    """
    match = re.match(r"keyword argument repeated: (\w+)", broken.message)
    if match is None:
        return
    shape = layout(broken)
    for parts in _enclosing_arguments(shape, broken):
        same = [i for i, p in enumerate(parts) if _is_named(p) and p[0].text == match[1]]
        if len(same) < 2:
            continue
        for i, p in ((same[-1], 0.6), (same[0], 0.35)):
            begin = parts[i - 1][-1].end if i else parts[i][0].start
            stop = parts[i][-1].end if i else parts[i + 1][0].start
            yield Move((Edit.delete(begin, stop),), p, f"`{match[1]}` is given twice", safe=False)
        return


@slip
def generator_argument(broken: Broken) -> Iterator[Move]:
    """Put a generator that is one of several arguments in parentheses.

    Why: the parentheses may be left out only when it is the only argument.
    Example: `sum(x for x in y, 0)` → `sum((x for x in y), 0)`
    Safety: safe.
    """
    if broken.message != "Generator expression must be parenthesized":
        return
    shape = layout(broken)
    for parts in _enclosing_arguments(shape, broken):
        loops = [p for p in parts if any(t.text == "for" for t in p) and p[0].text not in {"(", "["}]
        if loops:
            edits = [e for p in loops for e in (Edit.insert(p[0].start, "("), Edit.insert(p[-1].end, ")"))]
            yield Move(tuple(edits), 0.9, "a generator among other arguments needs parentheses")
            listed = [e for p in loops for e in (Edit.insert(p[0].start, "["), Edit.insert(p[-1].end, "]"))]
            yield Move(tuple(listed), 0.08, "a generator among other arguments needs parentheses")
            return


@slip
def starred(broken: Broken) -> Iterator[Move]:
    """Put a starred expression where one may stand.

    Why: `*` unpacks only into a call, a list, a tuple or a set.
    Example: `x = *a` → `x = [*a]`; `f(key=**options)` → `f(**options)`
    Safety: safe.
    """
    shape = layout(broken)
    at = shape.at(broken.offset)
    if broken.message.startswith("can't use starred expression"):
        token = shape.tokens[at] if at < len(shape.tokens) else None
        end = _operand_end(shape, at + 1)
        if token is not None and token.text == "*" and end is not None:
            alone = at == 0 or "\n" in shape.text[shape.tokens[at - 1].end : token.start]
            if alone:
                yield Move(
                    (Edit.insert(token.start, "print("), Edit.insert(end, ")")), 0.4, "unpacked values need a call"
                )
            yield Move(
                (Edit.insert(token.start, "["), Edit.insert(end, "]")), 0.5, "unpacked values need a list around them"
            )
            yield Move((Edit.delete(token.start, token.end),), 0.3, "`*` cannot unpack here", safe=False)
    for index in range(max(2, at - 2), min(len(shape.tokens), at + 2)):
        token, before, name = shape.tokens[index], shape.tokens[index - 1], shape.tokens[index - 2]
        if token.text in {"*", "**"} and before.text == "=" and name.kind == "name":
            yield Move((Edit.delete(name.start, token.start),), 0.45, f"`{token.text}` stands without a name before it")
            yield Move((Edit.delete(token.start, token.end),), 0.4, f"`{token.text}` does not unpack a single argument")
    if (
        "cannot use double starred expression" in broken.message
        or "cannot use starred expression here" in broken.message
    ):
        for match in re.finditer(r"\{\s*(\*\*?)", broken.line):
            place = broken.lines.start(broken.lineno) + match.start(1)
            yield Move((Edit.delete(place, place + len(match[1])),), 0.7, f"`{match[1]}` cannot stand in an f-string")


def _enclosing_arguments(shape: Layout, broken: Broken) -> Iterator[list[list[Token]]]:
    """Yield the arguments, each as its tokens, of every call around the place of the error, the innermost first."""
    at = shape.at(max(broken.offset, broken.end - 1))
    around = [i for i, j in shape.pairs.items() if i <= at <= j and shape.tokens[i].text == "("]
    for opener in sorted(around, reverse=True):
        parts: list[list[Token]] = [[]]
        depth = 0
        for token in shape.tokens[opener + 1 : shape.pairs[opener]]:
            if token.kind == "op":
                depth += (token.text in OPENERS) - (token.text in CLOSERS)
            if token.text == "," and depth == 0:
                parts.append([])
            else:
                parts[-1].append(token)
        yield [p for p in parts if p]


def _is_named(part: list[Token]) -> bool:
    return (len(part) > 1 and part[1].text == "=") or part[0].text == "**"


def _text(shape: Layout, part: list[Token]) -> str:
    return shape.text[part[0].start : part[-1].end]


def _operand_end(shape: Layout, index: int) -> int | None:
    """Return the offset after the operand that starts at a token: a name with its attributes, items and calls."""
    if index >= len(shape.tokens):
        return None
    i = shape.pairs.get(index, index)
    while i + 1 < len(shape.tokens):
        after = shape.tokens[i + 1]
        if after.text == "." and i + 2 < len(shape.tokens):
            i += 2
        elif after.text in {"(", "["} and not after.spaced and i + 1 in shape.pairs:
            i = shape.pairs[i + 1]
        else:
            break
    return shape.tokens[i].end
