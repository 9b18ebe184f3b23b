"""Arrays and columns: truth values, shapes, and functions for single numbers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.site import Site, short

__all__ = ["ambiguous_truth", "compared_before_joined", "function_for_arrays", "two_dimensions", "unaligned_shapes"]

_ARRAYS = frozenset(
    {"numpy.ndarray", "pandas.Series", "pandas.DataFrame", "pandas.Index", "polars.Series", "polars.Expr"}
)


@repair("ValueError", "TypeError")
def ambiguous_truth(report: Report, context: Context) -> Iterator[Candidate]:
    """Join conditions on arrays element by element, or ask whether any or all elements hold.

    Why: `and`, `or` and `not` want one truth value; an array has one for each element.
    Example: `df[(df.a > 1) and (df.b < 2)]` → `df[(df.a > 1) & (df.b < 2)]`
    Safety: safe in a selection; unsafe in an `if`.
    """
    site = Site.of(report, context)
    if site is None or not site.says("he truth value of a"):
        return
    joined = _outermost(site)
    if joined is not None and not _is_test(site, joined):
        text = _elementwise(site, joined)
        reason = "arrays are joined element by element: `&`, `|`, `~`"
        yield site.fix(site.replace(joined, text), reason=reason, prior=0.9)
        return
    node = site.node if isinstance(site.node, ast.expr) else getattr(site.node, "test", None)
    if not isinstance(node, ast.expr):
        return
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    kind, text = site.kind(node), site.atom(node)
    end = site.tree.span(node)
    if isinstance(node, ast.Name | ast.Attribute):
        if kind in {"pandas.DataFrame", "pandas.Series"}:
            yield site.fix(
                _not_empty(site, node), reason="a table has no truth value of its own", prior=0.6, safe=False
            )
        else:
            edit = Edit(end.start, end.end, f"len({site.text(node)})")
            yield site.fix(edit, reason="an array has no truth value of its own", prior=0.4, safe=False)
    for method, prior in (("any", 0.5), ("all", 0.45)):
        edit = Edit(end.start, end.end, f"{text}.{method}()")
        yield site.fix(edit, reason=f"is `{method}` element meant?", prior=prior, safe=False)


def _not_empty(site: Site, node: ast.expr) -> Edit:
    """Return the question whether a table has rows, with a `not` around it taken in."""
    parent = site.tree.parents.get(node)
    if isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not):
        return site.replace(parent, f"{site.atom(node)}.empty")
    return site.replace(node, f"not {site.atom(node)}.empty")


def _outermost(site: Site) -> ast.expr | None:
    """Return the outermost `and`, `or`, `not` or chained comparison around the failure."""
    found: ast.expr | None = None
    for node in (site.node, *site.tree.ancestors(site.node)):
        match node:
            case ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                found = node
            case ast.Compare(ops=[_, _, *_]) if not _binds_first(node):
                found = node
            case ast.stmt() | ast.Subscript() | ast.Call():
                break
    return found


def _binds_first(node: ast.Compare) -> bool:
    """Whether `&` or `|` took the middle of two comparisons, so that they became one chain."""
    return any(isinstance(p, ast.BinOp) and isinstance(p.op, ast.BitAnd | ast.BitOr) for p in node.comparators)


def _is_test(site: Site, node: ast.expr) -> bool:
    parent = site.tree.parents.get(node)
    return isinstance(parent, ast.If | ast.While | ast.Assert | ast.IfExp)


def _elementwise(site: Site, node: ast.expr) -> str:
    """Return a condition with its operators between arrays."""
    match node:
        case ast.BoolOp(op=op, values=values):
            symbol = " & " if isinstance(op, ast.And) else " | "
            return symbol.join(_grouped(site, value) for value in values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return "~" + _grouped(site, operand)
        case ast.Compare(left=left, ops=[_, _, *_] as ops, comparators=rights):
            parts = [left, *rights]
            spans = [site.tree.span(p) for p in parts]
            texts = [site.source.text[spans[i].start : spans[i + 1].end] for i in range(len(ops))]
            return " & ".join(f"({text})" for text in texts)
    return site.text(node)


def _grouped(site: Site, node: ast.expr) -> str:
    """Return a part of a condition, in parentheses where it needs them."""
    text = _elementwise(site, node)
    whole = isinstance(node, ast.Name | ast.Call | ast.Subscript | ast.Attribute)
    return text if whole or text.startswith("~") else f"({text})"


@repair("TypeError", "ValueError")
def compared_before_joined(report: Report, context: Context) -> Iterator[Candidate]:
    """Put comparisons in parentheses before `&` and `|` join them.

    Why: `&` and `|` bind tighter than comparisons.
    Example: `df[df.a > 1 & df.b < 2]` → `df[(df.a > 1) & (df.b < 2)]`
    Safety: safe.
    """
    site = Site.of(report, context)
    pattern = (
        r"unsupported operand type\(s\) for [&|]|[Cc]annot perform '\w*(and|or)_'|[Tt]he truth value of|ufunc 'bitwise"
    )
    if site is None or not site.search(pattern, "operand", "perform", "ruth value", "ufunc"):
        return
    for node in (site.node, *site.tree.ancestors(site.node)):
        if not isinstance(node, ast.Compare):
            if isinstance(node, ast.stmt):
                return
            continue
        text = site.text(node)
        edits = [edit for part in (node.left, *node.comparators) for edit in _cut(site, part)]
        if edits and ("&" in text or "|" in text):
            span = site.tree.span(node)
            edits += [Edit.insert(span.start, "("), Edit.insert(span.end, ")")]
            yield site.fix(*edits, reason="`&` and `|` bind tighter than comparisons", prior=0.9)
            return


def _cut(site: Site, part: ast.expr) -> list[Edit]:
    """Return the parentheses around each `&` or `|` in a part of a comparison."""
    if not (isinstance(part, ast.BinOp) and isinstance(part.op, ast.BitAnd | ast.BitOr)):
        return []
    left, right = site.tree.span(part.left).end, site.tree.span(part.right).start
    if ")" in site.source.text[left:right] or "(" in site.source.text[left:right]:
        return []
    return [*_cut(site, part.left), Edit.insert(left, ")"), Edit.insert(right, "(")]


@repair("ValueError")
def two_dimensions(report: Report, context: Context) -> Iterator[Candidate]:
    """Give a function that wants a table one, of a single column.

    Why: models take tables, even for one column; one pair of brackets gives a column.
    Example: `model.fit(df["x"], y)` → `model.fit(df[["x"]], y)`
    Safety: safe.
    """
    site = Site.of(report, context)
    if site is None or not site.says("Expected 2D array, got", "Expected a 2-dim"):
        return
    if not isinstance(site.node, ast.Call) or not site.node.args:
        return
    argument = site.node.args[0]
    reason = f"{short(site.text(argument))} has one dimension; two are wanted"
    if (
        isinstance(argument, ast.Subscript)
        and isinstance(argument.slice, ast.Constant)
        and _is_frame(site, argument.value)
    ):
        edit = site.replace(argument.slice, f"[{site.text(argument.slice)}]")
        yield site.fix(edit, reason=reason, prior=0.88)
    elif isinstance(argument, ast.List):
        yield site.fix(site.replace(argument, f"[{site.text(argument)}]"), reason=reason, prior=0.8)
    elif site.kind(argument) == "pandas.Series":
        yield site.fix(site.replace(argument, f"{site.atom(argument)}.to_frame()"), reason=reason, prior=0.8)
    else:
        text = f"{site.atom(argument)}.reshape(-1, 1)"
        yield site.fix(site.replace(argument, text), reason=reason, prior=0.8)
        yield site.fix(site.replace(argument, f"[{site.text(argument)}]"), reason=reason, prior=0.25)


def _is_frame(site: Site, expr: ast.expr) -> bool:
    return site.kind(expr) == "pandas.DataFrame"


@repair("ValueError")
def unaligned_shapes(report: Report, context: Context) -> Iterator[Candidate]:
    """Transpose or reshape an array so that it fits the other.

    Why: rows and columns are mixed up; a column is wanted for a row.
    Example: `a @ b` of shapes (3, 2) and (3, 4) → `a.T @ b`
    Safety: unsafe; which of the two is to change is a guess.
    """
    site = Site.of(report, context)
    if site is None or not site.says("not aligned", "matmul: ", "operands could not be broadcast", "cannot reshape"):
        return
    match site.node:
        case ast.BinOp(left=left, op=op, right=right):
            product = isinstance(op, ast.MatMult)
        case ast.Call(func=ast.Attribute(attr="dot" | "matmul"), args=[left, right]):
            product = True
        case ast.Call(func=ast.Attribute(value=left, attr="dot"), args=[right]):
            product = True
        case ast.Call(func=ast.Attribute(attr="reshape")):
            yield from _reshaped(site, site.node)
            return
        case _:
            return
    a, b = _shape(site, left), _shape(site, right)
    if a is None or b is None:
        return
    for expr, text, prior in _changes(left, right, a, b, product=product):
        edit = site.replace(expr, site.atom(expr) + text)
        yield site.fix(edit, reason=f"shapes {a} and {b} do not fit", prior=prior, safe=False)
    if product and len(a) == len(b) == 2 and b[1] == a[0] and isinstance(site.node, ast.BinOp):
        edits = [site.replace(left, site.text(right)), site.replace(right, site.text(left))]
        yield site.fix(*edits, reason=f"shapes {a} and {b} fit the other way round", prior=0.4, safe=False)


def _changes(
    left: ast.expr, right: ast.expr, a: tuple[int, ...], b: tuple[int, ...], *, product: bool
) -> Iterator[tuple[ast.expr, str, float]]:
    """Yield what makes one of two arrays fit the other, from their shapes."""
    if product and len(a) == len(b) == 2:
        if a[0] == b[0]:
            yield left, ".T", 0.6
        if a[1] == b[1]:
            yield right, ".T", 0.6
    elif not product and len(a) == 2 and a[::-1] == b:
        yield left, ".T", 0.6
    elif not product and len(a) == 1 and len(b) == 2 and a[0] == b[0]:
        yield left, "[:, None]", 0.65
    elif not product and len(b) == 1 and len(a) == 2 and b[0] == a[0]:
        yield right, "[:, None]", 0.65


def _shape(site: Site, expr: ast.expr) -> tuple[int, ...] | None:
    found = site.exact(expr)
    return found.shape() if found is not None else None


def _reshaped(site: Site, call: ast.Call) -> Iterator[Candidate]:
    """Yield the shape with one length left open, where the number of items can be divided by the others."""
    found = re.match(r"cannot reshape array of size (\d+) into shape \((.*?)\)", site.message)
    if found is None:
        return
    size = int(found[1])
    lengths = call.args[0].elts if call.args and isinstance(call.args[0], ast.Tuple) else call.args
    values = [site.number(n) for n in lengths]
    for number, expr in enumerate(lengths):
        others = [v for i, v in enumerate(values) if i != number]
        rest = 1
        for value in others:
            rest *= value or 0
        if rest and size % rest == 0:
            reason = f"{size} items: the length that is left follows"
            yield site.fix(site.replace(expr, "-1"), reason=reason, prior=0.45, safe=False)


@repair("TypeError")
def function_for_arrays(report: Report, context: Context) -> Iterator[Candidate]:
    """Use the function for arrays where one for single numbers was given an array.

    Why: `math` and `int` take one number.
    Example: `math.sqrt(array)` → `np.sqrt(array)`
    Safety: safe.
    """
    site = Site.of(report, context)
    pattern = (
        r"only (length-1|0-dimensional|size-1) arrays|cannot convert the series to"
        r"|must be real number, not (Series|list)"
        r"|(int|float)\(\) argument must be .* not '(Series|ndarray)'"
    )
    if site is None or not isinstance(site.node, ast.Call) or len(site.node.args) != 1 or not site.search(pattern):
        return
    call, argument = site.node, site.node.args[0]
    numpy = next((n for n in ("np", "numpy") if context.value(n) is not None), None)
    reason = f"{short(site.text(argument))} holds several numbers"
    match call.func:
        case ast.Attribute(value=ast.Name(id="math") as module) if numpy:
            yield site.fix(site.replace(module, numpy), reason=reason, prior=0.92)
        case ast.Name(id="int" | "float" as kind) if site.kind(argument) in _ARRAYS:
            text = f"{site.atom(argument)}.astype({kind})"
            yield site.fix(site.replace(call, text), reason=reason, prior=0.85)
        case ast.Name(id=name) if numpy and name in {
            "sqrt",
            "exp",
            "log",
            "sin",
            "cos",
            "tan",
            "log10",
            "floor",
            "ceil",
        }:
            yield site.fix(site.replace(call.func, f"{numpy}.{name}"), reason=reason, prior=0.85)
