"""An element taken for its field, its index, or the other way round."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.site import Site, short

__all__ = ["element_for_field", "element_for_index", "field_of_number", "swap_of_fields", "value_for_position"]


def _field(expr: ast.expr) -> int | str | None:
    """Return the constant index of a subscript."""
    if isinstance(expr, ast.Subscript) and isinstance(expr.slice, ast.Constant):
        value = expr.slice.value
        return value if isinstance(value, int | str) else None
    return None


@repair("TypeError", "ValueError")
def element_for_field(report: Report, context: Context) -> Iterator[Candidate]:
    """Keep the whole element in a variable that sometimes holds only a field of it.

    Why: the best element is looked for by one of its fields, and the two are mixed up.
    Example: `best = rows[0][1]` … `rows.remove(best)` → `best = rows[0]` … `best[1]`
    Safety: unsafe; other uses of the variable see the element.
    """
    site = Site.of(report, context)
    if site is None:
        return
    for name in dict.fromkeys(n.id for n in site.inside(ast.Name) if isinstance(n, ast.Name)):
        edits = _as_element(site, name)
        if edits:
            reason = f"`{name}` is the element at one place and a field of it at another"
            yield site.fix(*edits, reason=reason, prior=0.3, safe=False)
    yield from _compared_field(site)


def _as_element(site: Site, name: str) -> list[Edit]:
    """Return the edits that make `name` hold elements everywhere in the scope."""
    values = [a.value for a in site.assignments(name)]
    fields = {k for value in values if (k := _field(value)) is not None and _is_element(site, value)}
    nodes = [n for n in ast.walk(site.scope) if isinstance(n, ast.Compare) and len(n.comparators) == 1]
    pairs = [(a, b) for n in nodes for a, b in ((n.left, n.comparators[0]), (n.comparators[0], n.left))]
    fields |= {k for a, b in pairs if _names(b, name) and (k := _field(a)) is not None and _is_element(site, a)}
    if len(fields) != 1 or len(values) < 1 or not _wants_element(site, name):
        return []
    (field,) = fields
    edits = [
        site.replace(v, site.text(v.value))
        for v in values
        if isinstance(v, ast.Subscript) and _field(v) == field and _is_element(site, v)
    ]
    for other, own in pairs:
        if _names(own, name) and not isinstance(other, ast.Constant):
            edits.append(site.replace(own, f"{name}[{field!r}]"))
            if isinstance(other, ast.Name) and other.id in _loop_names(site):
                edits.append(site.replace(other, f"{other.id}[{field!r}]"))
    return list(dict.fromkeys(edits))


def _names(expr: ast.expr, name: str) -> bool:
    return isinstance(expr, ast.Name) and expr.id == name


def _loop_names(site: Site) -> set[str]:
    """Return the names that a loop of the scope binds to the items of a sequence, not to numbers."""
    return {
        node.target.id
        for node in ast.walk(site.scope)
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name) and not _is_range(node.iter)
    }


def _is_range(expr: ast.expr) -> bool:
    return isinstance(expr, ast.Call) and isinstance(expr.func, ast.Name) and expr.func.id in {"range", "enumerate"}


def _is_element(site: Site, expr: ast.expr) -> bool:
    """Whether a subscript takes a field of an element: `row[1]` of a loop over rows, or `rows[i][1]`."""
    if not isinstance(expr, ast.Subscript):
        return False
    owner = expr.value
    if isinstance(owner, ast.Subscript):
        return not isinstance(owner.slice, ast.Slice)
    return isinstance(owner, ast.Name) and owner.id in _loop_names(site)


def _wants_element(site: Site, name: str) -> bool:
    """Whether the scope uses a name as an element: it removes it from a list, or takes a field of it."""
    for node in ast.walk(site.scope):
        match node:
            case ast.Call(func=ast.Attribute(attr="remove" | "index"), args=[ast.Name(id=used)]) if used == name:
                return True
            case ast.Subscript(value=ast.Name(id=used), slice=ast.Constant()) if used == name:
                return True
            case ast.Assign(targets=[ast.Name(id=used)], value=ast.Name(id=element)) if used == name:
                if element in _loop_names(site):
                    return True
    return False


def _compared_field(site: Site) -> Iterator[Candidate]:
    """Yield a comparison with the only field of the tuple that is of the other operand's class."""
    node = site.node
    if not (isinstance(node, ast.Compare) and len(node.comparators) == 1):
        return
    for whole, other in ((node.left, node.comparators[0]), (node.comparators[0], node.left)):
        found, kind = site.exact(whole), site.kind(other)
        if found is None or found.type_name not in {"tuple", "list"} or kind not in {"int", "float", "str"}:
            continue
        length = found.length() or 0
        fits = [i for i in range(min(length, 20)) if (f := found.item(i)) is not None and f.type_name == kind]
        reason = f"{short(site.text(whole))} is a {found.type_name}, {short(site.text(other))} a {kind}"
        if len(fits) == 1:
            yield site.fix(site.replace(whole, f"{site.atom(whole)}[{fits[0]}]"), reason=reason, prior=0.28)
        if kind == "int" and found.type_name == "list":
            yield site.fix(site.replace(whole, f"len({site.text(whole)})"), reason=reason, prior=0.27)


@repair("TypeError")
def field_of_number(report: Report, context: Context) -> Iterator[Candidate]:
    """Take no field of a number: the number is the element itself, or the position of the element.

    Why: code for lists of pairs is used for lists of numbers, and `i` is taken for `rows[i]`.
    Example: `for x in [3, 1]: x[0]` → `for x in [3, 1]: x`
    Safety: unsafe; what was meant is concluded from the loop.
    """
    site = Site.of(report, context)
    if site is None or not site.says(*(f"'{kind}' object is not subscriptable" for kind in ("int", "float", "bool"))):
        return
    node = site.node
    if not isinstance(node, ast.Subscript):
        return
    owner = site.text(node.value)
    if isinstance(node.value, ast.Name) and (holder := _position_in(site, node.value.id)):
        fields = _same_fields(site, {node.value.id}, node)
        edits = [site.replace(n.value, f"{holder}[{site.text(n.value)}]") for n in fields]
        yield site.fix(*edits, reason=f"`{owner}` is a position in `{holder}`", prior=0.65)
        return
    if isinstance(node.value, ast.Name) and _as_element(site, node.value.id):
        return
    names = {n.value.id for n in _all_fields(site, node) if isinstance(n.value, ast.Name)}
    edits = [site.replace(n, site.text(n.value)) for n in _same_fields(site, names, node)]
    yield site.fix(*edits, reason=f"{short(owner)} is a number: it has no fields", prior=0.6, safe=False)
    if len(edits) > 1:
        reason = f"{short(owner)} is a number: it has no fields"
        yield site.fix(site.replace(node, owner), reason=reason, prior=0.25, safe=False)


def _all_fields(site: Site, like: ast.Subscript) -> list[ast.Subscript]:
    """Return the subscripts in the scope that take the same constant field."""
    return [
        n
        for n in ast.walk(site.scope)
        if isinstance(n, ast.Subscript) and ast.dump(n.slice) == ast.dump(like.slice) and isinstance(n.ctx, ast.Load)
    ]


def _same_fields(site: Site, names: set[str], like: ast.Subscript) -> list[ast.Subscript]:
    """Return those of them whose owner holds a number as well."""
    return [n for n in _all_fields(site, like) if n is like or (_named(n.value, names) and _is_number(site, n.value))]


def _named(expr: ast.expr, names: set[str]) -> bool:
    """Whether an expression is one of the names, or an item of something."""
    return isinstance(expr, ast.Subscript) or (isinstance(expr, ast.Name) and expr.id in names)


def _is_number(site: Site, expr: ast.expr) -> bool:
    return site.kind(expr) in {"int", "float", "bool"}


def _position_in(site: Site, name: str) -> str:
    """Return the sequence that a name counts through: of `range(len(rows))` or `while i < len(rows)`."""
    for loop in site.loops():
        head: ast.expr = loop.iter if isinstance(loop, ast.For) else loop.test
        counts = isinstance(loop, ast.While) or (_is_range(head) and _names(loop.target, name))
        uses = isinstance(loop, ast.For) or any(_names(n, name) for n in ast.walk(head) if isinstance(n, ast.expr))
        for node in ast.walk(head):
            match node:
                case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=rows)]) if counts and uses:
                    return rows
    return ""


@repair("TypeError")
def swap_of_fields(report: Report, context: Context) -> Iterator[Candidate]:
    """Swap whole tuples, not the fields inside them.

    Why: a sort by a field swaps the fields that it compares; tuples do not change.
    Example: `a[i][1], a[j][1] = a[j][1], a[i][1]` → `a[i], a[j] = a[j], a[i]`
    Safety: safe.
    """
    site = Site.of(report, context)
    if site is None or not site.says("'tuple' object does not support item assignment"):
        return
    match site.statement:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
            edits = [site.replace(e, site.text(e.value)) for e in (*targets, *values) if isinstance(e, ast.Subscript)]
            if len(edits) == len(targets) + len(values):
                yield site.fix(*edits, reason="the fields of a tuple cannot change: swap the tuples", prior=0.45)
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name)) as target], value=ast.Subscript() as value):
            if site.text(target.slice) == site.text(value.slice):
                edit = site.replace(target, name)
                reason = "the fields of a tuple cannot change: take the other tuple"
                yield site.fix(edit, site.replace(value, site.text(value.value)), reason=reason, prior=0.6)


@repair("IndexError", "TypeError")
def element_for_index(report: Report, context: Context) -> Iterator[Candidate]:
    """Use the element of a loop over a sequence as it is, not as a position in the sequence.

    Why: `for x in xs` gives the elements, not their positions.
    Example: `for x in xs: print(xs[x])` → `for x in xs: print(x)`
    Safety: safe where the name stands for nothing else.
    """
    site = Site.of(report, context)
    if site is None or not isinstance(site.node, ast.Subscript) or not isinstance(site.node.slice, ast.Name):
        return
    name, rows = site.node.slice.id, site.text(site.node.value)
    for loop in site.loops():
        if isinstance(loop, ast.For) and _names(loop.target, name) and site.text(loop.iter) == rows:
            same = [n for n in ast.walk(loop) if isinstance(n, ast.Subscript) and site.text(n) == site.text(site.node)]
            edits = [site.replace(n, name) for n in same]
            yield site.fix(*edits, reason=f"`{name}` is an element of `{rows}`, not a position", prior=0.7)
            edit = site.replace(loop.iter, f"range(len({rows}))")
            yield site.fix(edit, reason=f"`{name}` is to be a position in `{rows}`", prior=0.25)


@repair("IndexError", "TypeError")
def value_for_position(report: Report, context: Context) -> Iterator[Candidate]:
    """Take an element out of a list by its value where `pop` was given the element, not its position.

    Why: `pop` wants a position, `remove` a value.
    Example: `xs.pop(max(xs))` → `xs.remove(max(xs))`
    Safety: safe where the list holds the value.
    """
    site = Site.of(report, context)
    if site is None or not site.says("pop index out of range", "cannot be interpreted as an integer"):
        return
    match site.node:
        case ast.Call(func=ast.Attribute(value=owner, attr="pop") as method, args=[item], keywords=[]) as call:
            pass
        case _:
            return
    rows, value = site.text(owner), site.text(item)
    reason = f"`pop` wants a position; {short(value)} is an element"
    if isinstance(item, ast.List) and len(item.elts) == 1:
        value, item = site.text(item.elts[0]), item.elts[0]
    if not (_takes_element(item, rows) or site.holds(owner, item) or not _is_number(site, item)):
        return
    if isinstance(site.tree.parents.get(call), ast.Expr):
        end = site.tree.span(method).end
        edits = [Edit(end - len("pop"), end, "remove"), site.replace(call.args[0], value)]
        yield site.fix(*edits, reason=reason, prior=0.36)
        if isinstance(item, ast.Subscript) and site.text(item.value) == rows:
            yield site.fix(site.replace(call.args[0], site.text(item.slice)), reason=reason, prior=0.34)
    else:
        yield site.fix(site.replace(call.args[0], f"{rows}.index({value})"), reason=reason, prior=0.4)


def _takes_element(item: ast.expr, rows: str) -> bool:
    """Whether an expression gives an element of the list: `max(rows)`, `min(rows)`."""
    match item:
        case ast.Call(func=ast.Name(id="max" | "min"), args=[ast.Name(id=name)]):
            return name == rows
    return False
