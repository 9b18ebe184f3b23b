"""Formats and the values that go into them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.site import Site, short
from bestfix.generate.python.writing.conversions import as_number

__all__ = ["format_code", "format_values", "print_to_file", "remainder_of_text"]


@repair("TypeError")
def format_values(report: Report, context: Context) -> Iterator[Candidate]:
    """Give a `%` format all its values as one tuple, and a place for each.

    Why: `%` binds tighter than the comma.
    Example: `print("%s is %d" % name, age)` → `print("%s is %d" % (name, age))`
    Safety: safe.
    """
    site = Site.of(report, context)
    if site is None or not isinstance(site.node, ast.BinOp) or not isinstance(site.node.op, ast.Mod):
        return
    node, template = site.node, site.literal(site.node.left)
    if not isinstance(template, str):
        return
    places = len(re.findall(r"%[-+ #0]*(?:\d+|\*)?(?:\.\d+)?[a-zA-Z]", template.replace("%%", "")))
    parent = site.tree.parents.get(node)
    if site.says("not enough arguments for format string") and isinstance(parent, ast.Call) and node in parent.args:
        rest = parent.args[parent.args.index(node) + 1 :][: places - 1]
        if rest and not isinstance(node.right, ast.Tuple):
            edits = [
                Edit.insert(site.tree.span(node.right).start, "("),
                Edit.insert(site.tree.span(rest[-1]).end, ")"),
            ]
            yield site.fix(*edits, reason=f"the format has {places} places", prior=0.85)
    if site.says("not all arguments converted") and places == 0 and not isinstance(node.right, ast.Tuple):
        text = site.text(node.left)
        if isinstance(node.left, ast.Constant) and text[-1:] in "'\"":
            edit = Edit.insert(site.tree.span(node.left).end - 1, "%s" if template.endswith(" ") else " %s")
            yield site.fix(edit, reason="the format has no place for the value", prior=0.6)
    if (found := site.search(r"%(\w) format: a (real )?(number|integer)", "format: a")) and template.count(
        "%" + found[1]
    ) == 1:
        at = site.tree.span(node.left).start + site.text(node.left).index("%" + found[1])
        edit = Edit(at + 1, at + 2, "s")
        yield site.fix(edit, reason="the value is text: `%s` takes it", prior=0.7)


@repair("TypeError")
def remainder_of_text(report: Report, context: Context) -> Iterator[Candidate]:
    """Turn text into a number before its remainder is taken.

    Why: `input` gives text, for which `%` means formatting.
    Example: `input() % 2` → `int(input()) % 2`
    Safety: safe.
    """
    site = Site.of(report, context)
    if site is None or not site.says("not all arguments converted during string formatting"):
        return
    match site.node:
        case ast.BinOp(left=left, op=ast.Mod()) if not isinstance(left, ast.Constant):
            for edits, share in as_number(site, left):
                yield site.fix(*edits, reason=f"{short(site.text(left))} is text", prior=share * 0.95)


@repair("ValueError")
def format_code(report: Report, context: Context) -> Iterator[Candidate]:
    """Use a format code that the value has.

    Why: `d` is for whole numbers, `f` for numbers, `s` for text.
    Example: `f"{'5':d}"` → `f"{int('5'):d}"`
    Safety: safe.
    """
    site = Site.of(report, context)
    found = (
        site.search(r"Unknown format code '(\w)' for object of type '(\w+)'", "Unknown format")
        if site is not None
        else None
    )
    if site is None or found is None:
        return
    code, kind = found[1], found[2]
    for node in ast.walk(site.statement):
        if not isinstance(node, ast.FormattedValue) or node.format_spec is None or site.kind(node.value) != kind:
            continue
        text = site.text(node.value)
        span = _braces(site, text)
        if span is None:
            continue
        start, end = span
        reason = f"format code `{code}` is not for {kind}"
        if code in "df" and kind in {"str", "float"}:
            function = "int" if code == "d" else "float"
            yield site.fix(Edit(start, end, f"{function}({text})"), reason=reason, prior=0.7)
        elif code == "s":
            yield site.fix(Edit(start, end, f"str({text})"), reason=reason, prior=0.5)


def _braces(site: Site, text: str) -> tuple[int, int] | None:
    """Return where an f-string holds an expression; Python 3.11 does not say."""
    span = site.tree.span(site.node)
    start = span.of(site.source.text).find("{" + text + ":")
    if start >= 0:
        return span.start + start + 1, span.start + start + 1 + len(text)
    return None


@repair("TypeError")
def print_to_file(report: Report, context: Context) -> Iterator[Candidate]:
    """Print to a file the Python 3 way.

    Why: `print >> file, text` is Python 2.
    Example: `print >> f, x` → `print(x, file=f)`
    Safety: safe.
    """
    site = Site.of(report, context)
    if site is None or not site.says("unsupported operand type(s) for >>: 'builtin_function_or_method'"):
        return
    match site.statement:
        case ast.Expr(value=ast.Tuple(elts=[ast.BinOp(op=ast.RShift(), right=file), *values]) as whole):
            start = site.tree.span(values[0]).start
            text = site.source.text[start : site.tree.span(values[-1]).end]
            edit = site.replace(whole, f"print({text}, file={site.text(file)})")
            yield site.fix(edit, reason="`print >>` is Python 2", prior=0.95)
        case ast.Expr(value=ast.BinOp(op=ast.RShift(), right=file) as whole):
            yield site.fix(
                site.replace(whole, f"print(file={site.text(file)})"), reason="`print >>` is Python 2", prior=0.9
            )
