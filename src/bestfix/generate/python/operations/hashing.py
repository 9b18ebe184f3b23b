"""Keys and members of sets that cannot be hashed, and values that cannot change."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.site import Site
from bestfix.generate.python.writing.conversions import converted

__all__ = ["changed_text", "hashable_key"]

_FROZEN = {"list": "tuple", "set": "frozenset", "numpy.ndarray": "tuple", "bytearray": "bytes"}


@repair("TypeError")
def hashable_key(report: Report, context: Context) -> Iterator[Candidate]:
    """Use a tuple, which does not change, as a key or a member of a set.

    Why: lists, sets and dictionaries can change, so that they cannot be looked up.
    Example: `seen.add([x, y])` → `seen.add((x, y))`
    Safety: safe.
    """
    site = Site.of(report, context)
    found = site.search(r"(?:cannot use .*\()?unhashable type: '([\w.]+)'", "unhashable") if site is not None else None
    if site is None or found is None:
        return
    kind = found[1]
    for expr, prior in _keys(site):
        if site.kind(expr) != kind:
            continue
        reason = f"a {kind} can change, so that it is no key: a {_FROZEN.get(kind, 'tuple')} is one"
        if isinstance(expr, ast.List):
            text = site.text(expr)
            inner = text[1:-1] + ("," if len(expr.elts) == 1 else "")
            yield site.fix(site.replace(expr, f"({inner})"), reason=reason, prior=prior)
        elif isinstance(expr, ast.Call) and isinstance(expr.func, ast.Name) and expr.func.id == kind in _FROZEN:
            yield site.fix(site.replace(expr.func, _FROZEN[kind]), reason=reason, prior=prior)
        elif kind in _FROZEN:
            yield site.fix(*converted(site, expr, _FROZEN[kind]), reason=reason, prior=prior)
        elif kind == "dict":
            text = f"tuple({site.atom(expr)}.items())"
            yield site.fix(site.replace(expr, text), reason=reason, prior=prior * 0.6)
    yield from _every_item(site, kind)


def _keys(site: Site) -> Iterator[tuple[ast.expr, float]]:
    """Yield the expressions that are hashed, with the likelihood that a frozen copy is wanted."""
    match site.node:
        case ast.Subscript(slice=key):
            yield key, 0.8
        case ast.Dict(keys=keys):
            yield from ((key, 0.85) for key in keys if key is not None)
        case ast.Set(elts=members):
            yield from ((member, 0.85) for member in members)
        case ast.Compare(left=left):
            yield left, 0.8
        case ast.Call(args=arguments):
            for argument in arguments:
                yield argument, 0.75
                if isinstance(argument, ast.List | ast.Tuple):
                    yield from ((member, 0.85) for member in argument.elts)
        case ast.DictComp(key=key):
            yield key, 0.8
        case ast.SetComp(elt=member):
            yield member, 0.8


def _every_item(site: Site, kind: str) -> Iterator[Candidate]:
    """Yield a set of tuples for a set of the lists in a list: `set(rows)` → `set(map(tuple, rows))`."""
    match site.node:
        case ast.Call(func=ast.Name(id="set" | "frozenset" | "Counter"), args=[ast.Name() as rows]):
            if kind in _FROZEN:
                edit = site.replace(rows, f"map({_FROZEN[kind]}, {rows.id})")
                yield site.fix(edit, reason=f"the items of `{rows.id}` can change", prior=0.8)


@repair("TypeError")
def changed_text(report: Report, context: Context) -> Iterator[Candidate]:
    """Build a new value where a part of text, a tuple or a range was to be changed.

    Why: these never change; lists do.
    Example: `word[0] = "W"` → `word = word[:0] + "W" + word[0 + 1:]`
    Safety: safe; other names for the old value keep it.
    """
    site = Site.of(report, context)
    found = (
        site.search(r"'([\w.]+)' object (?:does not|doesn't) support item (assignment|deletion)", "support item")
        if site is not None
        else None
    )
    if site is None or found is None or not isinstance(site.node, ast.Subscript):
        return
    kind, owner = found[1], site.node.value
    if kind == "set":
        yield from _added(site, owner)
    if kind not in {"str", "tuple", "range", "bytes"}:
        return
    reason = f"a {kind} cannot change"
    if kind == "str" and isinstance(owner, ast.Name):
        yield from _spliced(site, owner.id, reason)
    if isinstance(owner, ast.Call):
        yield site.fix(*converted(site, owner, "list"), reason=reason, prior=0.8)
    if isinstance(owner, ast.Name):
        yield from _as_list(site, owner.id, kind, reason)


def _added(site: Site, owner: ast.expr) -> Iterator[Candidate]:
    match site.statement:
        case ast.Assign(targets=[ast.Subscript()], value=value):
            text = f"{site.text(owner)}.add({site.text(value)})"
            yield site.fix(site.replace(site.statement, text), reason="a set has no positions", prior=0.5, safe=False)


def _spliced(site: Site, name: str, reason: str) -> Iterator[Candidate]:
    """Yield `s = s[:i] + v + s[i + 1:]` for `s[i] = v`, and without the middle for `del s[i]`."""
    node = site.node
    if not isinstance(node, ast.Subscript) or isinstance(node.slice, ast.Slice | ast.Tuple):
        return
    position = site.text(node.slice)
    after = str(site.number(node.slice)) if isinstance(node.slice, ast.Constant) else ""
    after = str(int(after) + 1) if after.isdigit() else f"{position} + 1"
    match site.statement:
        case ast.Assign(targets=[ast.Subscript()], value=value):
            middle = f" + {site.atom(value)}"
        case ast.Delete():
            middle = ""
        case _:
            return
    text = f"{name} = {name}[:{position}]{middle} + {name}[{after}:]"
    yield site.fix(site.replace(site.statement, text), reason=reason, prior=0.65)


def _as_list(site: Site, name: str, kind: str, reason: str) -> Iterator[Candidate]:
    """Yield a list where the name is assigned, and the assignment of a list just before."""
    values = [a.value for a in site.assignments(name)]
    if len(values) == 1 and isinstance(values[0], ast.Tuple):
        text = site.text(values[0])
        inner = text[1:-1].rstrip().rstrip(",") if text.startswith("(") else text
        yield site.fix(site.replace(values[0], f"[{inner}]"), reason=f"{reason}; a list can", prior=0.7)
    elif len(values) == 1 and kind == "range":
        yield site.fix(*converted(site, values[0], "list"), reason=f"{reason}; a list can", prior=0.8)
    edit = site.insert_before(site.statement, f"{name} = list({name})")
    yield site.fix(edit, reason=f"{reason}; a list of it can", prior=0.3 if kind == "str" else 0.5)
