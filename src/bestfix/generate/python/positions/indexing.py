"""Positions beyond the end of a sequence."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.positions.guards import guarded
from bestfix.generate.python.reading.site import Site, short

__all__ = ["constant_position", "empty_sequence", "next_position", "one_past_the_end", "swapped_positions"]


@dataclass(frozen=True, slots=True)
class _Access:
    """A failed access: the sequence, the position, and their values at the failure (`None` when unknown)."""

    site: Site
    rows: ast.expr
    position: ast.expr | None
    length: int | None
    value: int | None

    @property
    def past(self) -> bool:
        """Whether the position is the first one that is not there, as far as is known."""
        return self.value is None or self.length is None or self.value == self.length


def _access(report: Report, context: Context) -> _Access | None:
    """Return the access that an `IndexError` is about."""
    site = Site.of(report, context)
    if site is None:
        return None
    match site.node:
        case ast.Subscript(value=rows, slice=position) if not isinstance(position, ast.Slice | ast.Tuple):
            pass
        case ast.Call(func=ast.Attribute(value=rows, attr="pop" | "popleft"), args=arguments):
            position = arguments[0] if arguments else ast.Constant(-1)
        case _:
            return None
    found = site.exact(rows)
    if report.error.is_a("KeyError") and (found is None or found.type_name != "pandas.Series"):
        return None
    value = site.number(position)
    return _Access(
        site, rows, position if hasattr(position, "lineno") else None, found.length() if found else None, value
    )


@repair("IndexError", "KeyError")
def one_past_the_end(report: Report, context: Context) -> Iterator[Candidate]:
    """Count one less where positions run one past the end of the sequence.

    Why: positions start at 0, so that the last one is the length minus one.
    Example: `for i in range(len(xs) + 1): xs[i]` → `for i in range(len(xs)): xs[i]`
    Safety: safe where the position is the length at the failure.
    """
    access = _access(report, context)
    if access is None or not access.past:
        return
    site, rows = access.site, access.site.text(access.rows)
    names = {n.id: None for n in ast.walk(access.position or ast.Pass()) if isinstance(n, ast.Name)}
    for loop in site.loops():
        for edit, prior in _shorter(site, loop, set(names)):
            yield site.fix(edit, reason=f"the loop goes one past the end of {short(rows)}", prior=prior)
    if access.position is None:
        return
    for name in names:
        yield from _assigned_length(site, name, rows)
        yield from _late_guard(site, name, rows)
    if site.text(access.position) == f"len({rows})":
        yield site.fix(site.replace(access.position, "-1"), reason="the last position is -1", prior=0.7)


def _shorter(site: Site, loop: ast.For | ast.While, names: set[str]) -> Iterator[tuple[Edit, float]]:
    """Yield the edits that make a loop end one round earlier, because it says to go one too far.

    Args:
        site: the failure.
        loop: the loop.
        names: the names that make up the position; none when it is no expression of its own.
    """
    if isinstance(loop, ast.For):
        counts = not names or (isinstance(loop.target, ast.Name) and loop.target.id in names)
        match loop.iter:
            case ast.Call(func=ast.Name(id="range"), args=[*_, stop]) if len(loop.iter.args) < 3:
                match stop:
                    case ast.BinOp(left=length, op=ast.Add(), right=ast.Constant(value=1)):
                        yield site.replace(stop, site.text(length)), 0.82 if counts else 0.3
        return
    for node in ast.walk(loop.test):
        match node:
            case ast.Compare(left=left, ops=[ast.LtE()], comparators=[right]) if not isinstance(left, ast.Constant):
                gap = site.between(left, right)
                at = gap.start + gap.of(site.source.text).index("<=")
                yield Edit(at, at + 2, "<"), 0.7 if _is_length(site, right) else 0.45


def _is_length(site: Site, expr: ast.expr) -> bool:
    """Whether an expression is the length of something, or a name for it."""
    if isinstance(expr, ast.Name):
        values = site.assignments(expr.id)
        return len(values) == 1 and _is_length(site, values[0].value)
    return isinstance(expr, ast.Call) and isinstance(expr.func, ast.Name) and expr.func.id == "len"


def _assigned_length(site: Site, name: str, rows: str) -> Iterator[Candidate]:
    """Yield `j = len(rows) - 1` for `j = len(rows)`, where `j` is the position that is not there."""
    for target, value in _bindings(site):
        if isinstance(target, ast.Name) and target.id == name and site.text(value) == f"len({rows})":
            edit = Edit.insert(site.tree.span(value).end, " - 1")
            yield site.fix(edit, reason=f"the last position of `{rows}` is its length minus one", prior=0.85)


def _bindings(site: Site) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield the targets and values of the scope's assignments, tuples taken apart."""
    for node in ast.walk(site.scope):
        match node:
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                yield from zip(targets, values, strict=False)
            case ast.Assign(targets=targets, value=value):
                yield from ((target, value) for target in targets)


def _late_guard(site: Site, name: str, rows: str) -> Iterator[Candidate]:
    """Yield the condition of an earlier guard that lets one position too many pass: `if i >= n + 1: return`."""
    for node in ast.walk(site.scope):
        match node:
            case ast.Compare(left=ast.Name(id=left), ops=[op], comparators=[limit]) if left == name:
                pass
            case _:
                continue
        reason = f"`{name}` may not reach the length of {short(rows)}"
        match op, limit:
            case ((ast.GtE() | ast.Eq()), ast.BinOp(left=length, op=ast.Add(), right=ast.Constant(value=1))):
                yield site.fix(site.replace(limit, site.text(length)), reason=reason, prior=0.75)
            case ast.Gt(), _ if _is_length(site, limit) or site.exact(limit) is not None:
                gap = site.between(node.left, limit)
                at = gap.start + gap.of(site.source.text).index(">")
                prior = 0.65 if _is_length(site, limit) else 0.3
                yield site.fix(Edit(at, at + 1, ">="), reason=reason, prior=prior)


@repair("IndexError")
def next_position(report: Report, context: Context) -> Iterator[Candidate]:
    """Stop a loop that looks at the next element one round earlier, or look at this element.

    Why: the last element has no next one.
    Example: `for i in range(len(xs)): xs[i] - xs[i + 1]` → `for i in range(len(xs) - 1): xs[i] - xs[i + 1]`
    Safety: unsafe; the last round is left out.
    """
    access = _access(report, context)
    if access is None or not access.past or access.length == 0:
        return
    site, rows = access.site, access.site.text(access.rows)
    match access.position:
        case ast.BinOp(left=ast.Name(id=name) as here, op=ast.Add(), right=ast.Constant(value=int())) as position:
            pass
        case _:
            return
    same = [
        n for n in ast.walk(site.scope)
        if isinstance(n, ast.Subscript) and site.text(n.value) == rows and site.text(n.slice) == site.text(position)
    ]  # fmt: skip
    compared = _is_beside(site, rows, name)
    for loop in site.loops():
        match loop:
            case ast.For(target=ast.Name(id=counter), iter=ast.Call(func=ast.Name(id="range"), args=[*start, stop])):
                if counter == name and len(start) < 2 and not isinstance(stop, ast.Constant):
                    edit = Edit.insert(site.tree.span(stop).end, f" - {site.text(position.right)}")
                    reason = f"the last element of {short(rows)} has no next one"
                    yield site.fix(edit, reason=reason, prior=0.36 if compared else 0.25, safe=False)
    edits = [site.replace(n.slice, site.text(here)) for n in same]
    reason = f"`{site.text(position)}` is past the end of {short(rows)}"
    yield site.fix(*edits, reason=reason, prior=0.22 if compared else 0.42, safe=False)


def _is_beside(site: Site, rows: str, name: str) -> bool:
    """Whether `rows[i]` stands beside `rows[i + 1]` in one comparison or one statement that moves them."""
    for node in site.tree.ancestors(site.node):
        if isinstance(node, ast.Compare | ast.Assign | ast.BinOp):
            others = [site.text(n) for n in ast.walk(node) if isinstance(n, ast.Subscript)]
            if isinstance(node, ast.Compare | ast.Assign) and f"{rows}[{name}]" in others:
                return True
            if isinstance(node, ast.BinOp) and isinstance(node.left, ast.Subscript):
                return site.text(node.left) == f"{rows}[{name}]" or site.text(node.right) == f"{rows}[{name}]"
    return False


@repair("IndexError")
def constant_position(report: Report, context: Context) -> Iterator[Candidate]:
    """Use the position before, where a constant one is just past the end.

    Why: counting from one.
    Example: `xs = [1, 2, 3]; xs[3]` → `xs[2]`
    Safety: unsafe; another element may have been meant.
    """
    access = _access(report, context)
    if access is None or access.position is None or access.value is None or not access.length:
        return
    site, position = access.site, access.position
    constant = isinstance(position, ast.Constant | ast.UnaryOp)
    reason = f"{short(site.text(access.rows))} has {access.length} item" + ("s" if access.length > 1 else "")
    if access.value == access.length and constant:
        if isinstance(site.node, ast.Call):
            yield site.fix(site.replace(position, ""), reason=reason, prior=0.6, safe=False)
        yield from _longer_slice(access)
        yield site.fix(site.replace(position, str(access.value - 1)), reason=reason, prior=0.5, safe=False)
    elif constant and access.value == -access.length - 1:
        yield site.fix(site.replace(position, str(access.value + 1)), reason=reason, prior=0.5, safe=False)
    elif access.value == access.length and isinstance(site.node, ast.Subscript) and not _counts(site, position):
        same = [
            n for n in ast.walk(site.scope)
            if isinstance(n, ast.Subscript) and site.text(n.slice) == site.text(position)
        ]  # fmt: skip
        edits = [Edit.insert(site.tree.span(n.slice).end, " - 1") for n in same]
        yield site.fix(*edits, reason="positions start at 0", prior=0.4, safe=False)
    elif constant:
        yield site.fix(site.replace(position, "-1"), reason=reason, prior=0.15, safe=False)


def _counts(site: Site, position: ast.expr) -> bool:
    """Whether the position is counted by a loop, so that the loop is to blame."""
    names = {n.id for n in ast.walk(position) if isinstance(n, ast.Name)}
    own = isinstance(position, ast.Name | ast.BinOp)
    return own and any(
        isinstance(loop, ast.While)
        or (isinstance(loop.target, ast.Name) and loop.target.id in names and "range(" in site.text(loop.iter))
        for loop in site.loops()
    )


def _longer_slice(access: _Access) -> Iterator[Candidate]:
    """Yield the slice that the sequence came from, one longer: `x = s[i:i + 2]; x[2]`."""
    site = access.site
    if not isinstance(access.rows, ast.Name):
        return
    for assign in site.assignments(access.rows.id):
        match assign.value:
            case ast.Subscript(slice=ast.Slice(upper=ast.BinOp(op=ast.Add(), right=ast.Constant(value=int(n)) as end))):
                pass
            case ast.Subscript(slice=ast.Slice(upper=ast.Constant(value=int(n)) as end)):
                pass
            case _:
                continue
        if n == access.length:
            reason = f"the slice holds {n} items, {n + 1} are used"
            yield site.fix(site.replace(end, str(n + 1)), reason=reason, prior=0.7)


@repair("IndexError")
def empty_sequence(report: Report, context: Context) -> Iterator[Candidate]:
    """Return early from a function that is given an empty sequence and takes its first element.

    Why: the empty case is forgotten.
    Example: `def first(xs): return xs[0]` → `def first(xs): if not xs: return None` …
    Safety: unsafe; what an empty sequence should give is concluded from the other returns.
    """
    access = _access(report, context)
    if access is None or access.length != 0:
        return
    site = access.site
    if site.says("list assignment index"):
        yield from _appended(access)
    if isinstance(access.rows, ast.Name):
        yield from guarded(site, access.rows.id)


def _appended(access: _Access) -> Iterator[Candidate]:
    """Yield `rows.append(value)` for `rows[i] = value` at the end of a list."""
    site = access.site
    match site.statement:
        case ast.Assign(targets=[ast.Subscript() as target], value=value) if target is site.node:
            text = f"{site.text(access.rows)}.append({site.text(value)})"
            reason = "an item is assigned to a position that the list does not have yet"
            yield site.fix(site.replace(site.statement, text), reason=reason, prior=0.75)


@repair("IndexError")
def swapped_positions(report: Report, context: Context) -> Iterator[Candidate]:
    """Swap two positions of nested sequences, where the swapped ones exist.

    Why: rows and columns are mixed up.
    Example: `grid[x][y]` → `grid[y][x]`
    Safety: unsafe; both orders may exist for other positions.
    """
    site = Site.of(report, context)
    if site is None:
        return
    for node in (site.node, site.tree.parents.get(site.node)):
        match node:
            case ast.Subscript(value=ast.Subscript(value=grid, slice=row), slice=column):
                i, j = site.number(row), site.number(column)
                found = site.exact(grid)
                inner = found.item(j) if found is not None and j is not None else None
                if i is None or inner is None or not 0 <= i < (inner.length() or 0) or i == j:
                    continue
                edits = [site.replace(row, site.text(column)), site.replace(column, site.text(row))]
                yield site.fix(*edits, reason="the positions are swapped", prior=0.5, safe=False)
