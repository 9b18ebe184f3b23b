"""Marks that make an argument something else: quotes around a number, stars before a value."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.site import Site, short
from bestfix.generate.python.writing.conversions import read_number

__all__ = ["lone_item", "quoted_number", "stars"]

_TEXT_REFUSED = re.compile(
    r"'str' object cannot be interpreted as an integer|bad operand type for unary|string multiply|not '?str\b"
    r"|of type str|type 'str'|got .?(?:type )?.?str|must be (?:an? )?(?:real number|int|float)|dtype\('<U"
    r"|can't multiply sequence|'str' and '(?:int|float)'|'(?:int|float)' and 'str'"
    r"|Got '|slice indices|string indices|must be integers",
)


@repair("TypeError", "ValueError", "IndexError")
def quoted_number(report: Report, context: Context) -> Iterator[Candidate]:
    """Take the quotes from a number that is wanted as a number.

    Why: a number is copied from text, or quoted like the options around it.
    Example: `rng.normal(size=(3, "5"))` → `rng.normal(size=(3, 5))`
    Safety: safe; text is refused in this place.
    """
    site = Site.of(report, context)
    if site is None or not _TEXT_REFUSED.search(site.message):
        return
    numbers = [
        node
        for node in ast.walk(site.statement)
        if isinstance(node, ast.Constant) and read_number(node.value) and site.text(node)[-1] in "'\""
    ]
    named = [n for n in numbers if repr(n.value) in site.message]
    for node in (named or numbers)[:2]:
        reason = f"{site.text(node)} is text: without quotes it is a number"
        yield site.fix(site.replace(node, str(node.value).strip()), reason=reason, prior=0.84 / max(len(numbers), 1))


@repair("TypeError", "AttributeError", "ValueError")
def lone_item(report: Report, context: Context) -> Iterator[Candidate]:
    """Take an item out of the list around it, where the item itself is wanted.

    Why: other arguments of the function, or other functions, take lists.
    Example: `Path(["data"])` → `Path("data")`
    Safety: safe; the list is refused in this place.
    """
    site = Site.of(report, context)
    if site is None or not site.says("'list'", "not list", "a list", "not: [", "list object"):
        return
    for call in site.inside(ast.Call):
        for argument in call.args if isinstance(call, ast.Call) else ():
            if isinstance(argument, ast.List) and len(argument.elts) == 1:
                item = site.text(argument.elts[0])
                reason = f"{short(item)} is wanted, not a list of it"
                yield site.fix(site.replace(argument, item), reason=reason, prior=0.78)


@repair("TypeError")
def stars(report: Report, context: Context) -> Iterator[Candidate]:
    """Take away the stars before an argument that cannot be spread.

    Why: stars are copied from another call, or from the definition.
    Example: `min(**ages)` with a list → `min(*ages)`
    Safety: safe where the value is the only argument; what it is spread to changes.
    """
    site = Site.of(report, context)
    found = site.search(r".*argument after (\*+) must be an? (\w+), not (\w+)", "argument after *") if site else None
    if site is None or found is None:
        return
    kind = found[3]
    for call in site.inside(ast.Call):
        if not isinstance(call, ast.Call):
            continue
        spread = [k.value for k in call.keywords if k.arg is None] if found[1] == "**" else []
        spread += [a.value for a in call.args if isinstance(a, ast.Starred)] if found[1] == "*" else []
        for value in spread:
            if site.kind(value).rpartition(".")[2] not in {kind, ""}:
                continue
            start = site.tree.span(value).start
            at = site.source.text.rfind(found[1], 0, start)
            reason = f"{short(site.text(value))} is a {kind}: it cannot be spread with `{found[1]}`"
            fewer = found[1] == "**" and kind in {"list", "tuple", "set", "range"}
            yield site.fix(Edit(at, start, ""), reason=reason, prior=0.72 if fewer else 0.85)
            if fewer:
                yield site.fix(Edit(at, start, "*"), reason=reason, prior=0.6)
