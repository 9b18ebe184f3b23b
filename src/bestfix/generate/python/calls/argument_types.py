"""Arguments of a class that a function does not take."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.site import Site, short
from bestfix.generate.python.writing.conversions import as_number, converted

__all__ = ["bytes_argument", "number_argument", "numbers_of_texts", "text_argument"]

_WANTS_TEXT = (
    r"write\(\) argument must be str, not (\w+)|.*argument \d+ must be str, not (\w+)"
    r"|'in <string>' requires string as left operand, not (\w+)|.*arg(?:ument)? must be (?:None or )?str, not (\w+)"
    r"|expected str, bytes or os\.PathLike object, not (int|float)|.* must be string, not '?(\w+)"
    r"|fromisoformat: argument must be str|expected string or bytes-like object(?:, got '(\w+)')?"
)
_WANTS_NUMBER = (
    r"must be real number, not str|bad operand type for abs\(\): 'str'|type str doesn't define __round__"
    r"|unsupported type for timedelta \w+ component: str|.*'str' object cannot be interpreted as an integer"
    r"|a(n integer| float) is required|.*argument must be a (float|number)"
)


@repair("TypeError")
def text_argument(report: Report, context: Context) -> Iterator[Candidate]:
    """Turn a value into text for a function or method of text.

    Why: `write` and `replace` take text alone, other than `print`.
    Example: `f.write(5)` → `f.write(str(5))`
    Safety: safe.
    """
    site = Site.of(report, context)
    found = site.search(_WANTS_TEXT, "must be", "expected str", "requires string") if site is not None else None
    if site is None or found is None:
        return
    wrong = next((g for g in found.groups() if g), "")
    if wrong == "bytes":
        return
    for expr in _arguments(site):
        kind = site.kind(expr)
        if kind != "str" and (not wrong or kind.rpartition(".")[2] in {wrong, ""}):
            reason = f"{short(site.text(expr))} is no text"
            yield site.fix(*converted(site, expr, "str"), reason=reason, prior=0.8)


def _arguments(site: Site) -> Iterator[ast.expr]:
    """Yield the arguments of the failing call, or the left side of an `in`."""
    match site.node:
        case ast.Call(args=arguments, keywords=keywords):
            yield from arguments
            yield from (k.value for k in keywords)
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()]):
            yield left


@repair("TypeError")
def number_argument(report: Report, context: Context) -> Iterator[Candidate]:
    """Turn text into a number for a function of numbers.

    Why: input and files give text.
    Example: `math.sqrt("16")` → `math.sqrt(int("16"))`
    Safety: safe where the text spells a number.
    """
    site = Site.of(report, context)
    if site is None or not site.search(
        _WANTS_NUMBER, "real number", "abs()", "__round__", "component", "integer", "argument must"
    ):
        return
    for expr in _arguments(site):
        if site.kind(expr) == "str":
            for edits, share in as_number(site, expr):
                reason = f"{short(site.text(expr))} is text, not a number"
                yield site.fix(*edits, reason=reason, prior=share * 0.9)


@repair("TypeError")
def numbers_of_texts(report: Report, context: Context) -> Iterator[Candidate]:
    """Turn the texts of a sequence into numbers before they are added up.

    Why: split text gives texts.
    Example: `sum("1 2".split())` → `sum(map(int, "1 2".split()))`
    Safety: safe where the texts spell numbers.
    """
    site = Site.of(report, context)
    if site is None or not site.says("unsupported operand type(s) for +: 'int' and 'str'"):
        return
    match site.node:
        case ast.Call(func=ast.Name(id="sum"), args=[items, *_]):
            item = site.item_of(site.exact(items))
            text = item.literal() if item is not None else None
            kind = "float" if isinstance(text, str) and re.fullmatch(r"\s*-?\d*\.\d+\s*", text) else "int"
            edit = site.replace(items, f"map({kind}, {site.text(items)})")
            yield site.fix(edit, reason=f"the items of {short(site.text(items))} are text", prior=0.85)


@repair("TypeError")
def bytes_argument(report: Report, context: Context) -> Iterator[Candidate]:
    """Give a function of bytes the bytes of a text.

    Why: hashes, sockets and binary data are made of bytes.
    Example: `data.split(",")` for bytes → `data.split(b",")`
    Safety: safe.
    """
    site = Site.of(report, context)
    wanted = ("a bytes-like object is required, not 'str'", "Strings must be encoded", "string argument without an enc")
    if site is None or not site.says(*wanted):
        return
    for expr in _arguments(site):
        if site.kind(expr) != "str":
            continue
        reason = f"{short(site.text(expr))} is text, not bytes"
        literal = isinstance(expr, ast.Constant) and isinstance(expr.value, str) and expr.value.isascii()
        if literal and site.text(expr)[0] in "'\"":
            yield site.fix(Edit.insert(site.tree.span(expr).start, "b"), reason=reason, prior=0.8)
        else:
            yield site.fix(site.replace(expr, f"{site.atom(expr)}.encode()"), reason=reason, prior=0.82)
