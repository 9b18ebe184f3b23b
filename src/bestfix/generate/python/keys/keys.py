"""Keys that a dictionary does not have."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from bestfix.core import Candidate, Context, Edit, Key, Report, Value
from bestfix.generate.base import repair
from bestfix.generate.python.reading.site import Site, short
from bestfix.generate.python.writing.edits import quoted
from bestfix.generate.similar import near

__all__ = [
    "absent_item",
    "absent_key",
    "key_of_other_class",
    "missing_first_value",
    "named_place",
    "near_key",
    "nested_key",
]

_TABLES = ("pandas.", "polars.", "numpy.")


def _lookup(report: Report, context: Context) -> tuple[Site, ast.expr, ast.expr] | None:
    """Return the site, the mapping and the key of a failed look-up."""
    if (site := Site.of(report, context)) is None:
        return None
    match site.node:
        case ast.Subscript(value=owner, slice=key):
            pass
        case ast.Call(
            func=ast.Attribute(value=owner, attr="pop" | "remove" | "__getitem__" | "move_to_end"), args=[key, *_]
        ):
            pass
        case _:
            return None
    found = site.value(owner)
    table = found is not None and found.type_name.startswith(_TABLES)
    indexer = isinstance(owner, ast.Attribute) and owner.attr in {"loc", "iloc", "at", "iat"}
    return None if table or indexer else (site, owner, key)


def _keys(site: Site, owner: ast.expr) -> list[Key]:
    found = site.exact(owner)
    return list(found.keys()) if found is not None else []


@repair("KeyError")
def near_key(report: Report, context: Context) -> Iterator[Candidate]:
    """Use the key that was meant: a near one that the dictionary has.

    Why: keys are mistyped, or their case or plural is remembered wrongly.
    Example: `ages["Ann "]` → `ages["Ann"]`
    Safety: safe.
    """
    if (found := _lookup(report, context)) is None:
        return
    site, owner, key = found
    value = site.literal(key)
    if not isinstance(value, str):
        return
    names = [k for k in _keys(site, owner) if isinstance(k, str)]
    places = _literals(site, key, value)
    for match in near(value, names, least=0.5, limit=3):
        reason = f"{short(site.text(owner))} has no key {value!r}; it has {match.name!r}"
        if places:
            edit = site.replace(places[0], quoted(match.name, site.text(places[0])))
            yield site.fix(edit, reason=reason, prior=0.35 + 0.6 * match.score)
        elif (method := _same_by(value, match.name)) is not None:
            edit = Edit.insert(site.tree.span(key).end, method)
            yield site.fix(edit, reason=reason, prior=0.75)


def _literals(site: Site, key: ast.expr, value: str) -> Sequence[ast.expr]:
    """Return the literal that a key is, or that its name was assigned."""
    if isinstance(key, ast.Constant):
        return [key]
    if isinstance(key, ast.Name):
        values = [a.value for a in site.assignments(key.id)]
        return [v for v in values if isinstance(v, ast.Constant) and v.value == value][:1]
    return []


def _same_by(value: str, name: str) -> str | None:
    """Return the method that turns one text into the other."""
    for method in ("lower", "upper", "strip", "title", "capitalize"):
        if getattr(value, method)() == name:
            return f".{method}()"
    return None


@repair("KeyError")
def key_of_other_class(report: Report, context: Context) -> Iterator[Candidate]:
    """Look a number up as text, or text as a number, as the dictionary's keys are.

    Why: keys from JSON and input are text.
    Example: `names[1]` → `names["1"]`
    Safety: safe.
    """
    if (found := _lookup(report, context)) is None:
        return
    site, owner, key = found
    keys, value = _keys(site, owner), site.literal(key)
    for other in (str, int, float):
        try:
            wanted = other(value) if isinstance(value, str | int | float) else None
        except (ValueError, OverflowError):
            continue
        if wanted is None or type(wanted) is type(value) or wanted not in keys:
            continue
        if not any(type(k) is other and k == wanted for k in keys):
            continue
        constant = isinstance(key, ast.Constant)
        text = repr(wanted).replace("'", '"') if constant else f"{other.__name__}({site.text(key)})"
        reason = f"the keys of {short(site.text(owner))} are of class {other.__name__}"
        yield site.fix(site.replace(key, text), reason=reason, prior=0.92)


@repair("KeyError")
def nested_key(report: Report, context: Context) -> Iterator[Candidate]:
    """Look a key up in the dictionary inside that has it.

    Why: data from the web is nested.
    Example: `answer["name"]` → `answer["user"]["name"]`
    Safety: unsafe; several may have it.
    """
    if (found := _lookup(report, context)) is None:
        return
    site, owner, key = found
    value, outer = site.literal(key), site.exact(owner)
    homes = [k for k in _keys(site, owner)[:100] if outer is not None and _has(outer.item(k), value)]
    for home in homes[:2]:
        edit = Edit.insert(site.tree.span(owner).end, f"[{_literal(home, site.text(key))}]")
        reason = f"the key {value!r} is inside {home!r}"
        yield site.fix(edit, reason=reason, prior=0.7 / len(homes), safe=False)


def _has(value: Value | None, key: object) -> bool:
    return value is not None and value.type_name == "dict" and key in list(value.keys()[:1000])


def _literal(key: Key, like: str) -> str:
    return quoted(key, like) if isinstance(key, str) else repr(key)


@repair("KeyError")
def missing_first_value(report: Report, context: Context) -> Iterator[Candidate]:
    """Start counting or collecting at a key's first occurrence.

    Why: a new key has no value yet that could be added to.
    Example: `counts[w] += 1` → `counts[w] = counts.get(w, 0) + 1`
    Safety: safe.
    """
    if (found := _lookup(report, context)) is None:
        return
    site, owner, key = found[0], found[0].text(found[1]), found[0].text(found[2])
    reason = f"{short(key)} is new in {short(owner)}"
    parent = site.tree.parents.get(site.node)
    match site.statement:
        case ast.AugAssign(target=target, op=op, value=value) if target is site.node:
            empty = {"str": '""', "list": "[]", "float": "0"}.get(site.kind(value), "0")
            gap = site.between(target, value).of(site.source.text).strip().removesuffix("=")
            text = f"{owner}[{key}] = {owner}.get({key}, {empty}) {gap} {site.text(value)}"
            if isinstance(op, ast.Add | ast.Sub | ast.BitOr):
                yield site.fix(site.replace(site.statement, text), reason=reason, prior=0.85)
        case _ if isinstance(parent, ast.Attribute) and parent.attr in {"append", "extend", "insert", "add", "update"}:
            empty = {"add": "set()", "update": "{}"}.get(parent.attr, "[]")
            edit = site.replace(site.node, f"{owner}.setdefault({key}, {empty})")
            yield site.fix(edit, reason=reason, prior=0.85)
        case ast.Assign(targets=[ast.Subscript(value=inner)]) if inner is site.node:
            edit = site.replace(site.node, f"{owner}.setdefault({key}, {{}})")
            yield site.fix(edit, reason=reason, prior=0.8)


@repair("KeyError")
def absent_key(report: Report, context: Context) -> Iterator[Candidate]:
    """Ask for a key that may be absent with `get`, or take it out only where it is there.

    Why: not every record has every key.
    Example: `d["phone"]` → `d.get("phone")`
    Safety: unsafe; `None` takes the place of the value.
    """
    site = Site.of(report, context)
    if site is None:
        return
    reason = "the key may be absent"
    match site.node:
        case ast.Call(func=ast.Attribute(value=owner, attr="popitem"), args=[]):
            edit = Edit.insert(site.tree.span(site.node).end, f" if {site.text(owner)} else None")
            yield site.fix(edit, reason=f"{short(site.text(owner))} is empty", prior=0.2, safe=False)
        case ast.Call(func=ast.Attribute(value=owner, attr="remove") as method, args=[_]):
            end = site.tree.span(method).end
            yield site.fix(Edit(end - len("remove"), end, "discard"), reason=reason, prior=0.3, safe=False)
        case ast.Call(func=ast.Attribute(attr="pop"), args=[key], keywords=[]):
            yield site.fix(Edit.insert(site.tree.span(key).end, ", None"), reason=reason, prior=0.3, safe=False)
        case ast.Subscript(value=owner, slice=key) if _lookup(report, context) is not None:
            text = f"{site.atom(owner)}.get({site.text(key)})"
            if isinstance(site.statement, ast.Delete):
                text = f"{site.atom(owner)}.pop({site.text(key)}, None)"
                yield site.fix(site.replace(site.statement, text), reason=reason, prior=0.3, safe=False)
            elif isinstance(site.node.ctx, ast.Load):
                yield site.fix(site.replace(site.node, text), reason=reason, prior=0.25, safe=False)


@repair("ValueError")
def absent_item(report: Report, context: Context) -> Iterator[Candidate]:
    """Remove an item from a list only where it is there.

    Why: `remove` wants the item to be there.
    Example: `xs.remove(3)` → `if 3 in xs: xs.remove(3)`
    Safety: unsafe; the item may have been mistyped.
    """
    site = Site.of(report, context)
    if site is None or not site.says("list.remove(x): x not in list"):
        return
    match site.statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=rows, attr="remove"), args=[item])) as statement:
            indent = site.indent(statement)
            text = f"if {site.text(item)} in {site.text(rows)}:\n{indent}    {site.text(statement)}"
            reason = f"{short(site.text(item))} is not in {short(site.text(rows))}"
            yield site.fix(site.replace(statement, text), reason=reason, prior=0.15, safe=False)


@repair("KeyError", "IndexError")
def named_place(report: Report, context: Context) -> Iterator[Candidate]:
    """Give a format the name that it asks for, or double the braces that are no places.

    Why: the name in the text and the keyword differ; JSON in a format has braces of its own.
    Example: `"{name}".format(nme="Ann")` → `"{name}".format(name="Ann")`
    Safety: safe.
    """
    site = Site.of(report, context)
    if site is None:
        return
    match site.node:
        case ast.Call(func=ast.Attribute(value=template, attr="format"), keywords=keywords):
            pass
        case _:
            return
    name = report.error.details.get("key", "").strip("'\"")
    unused = [k for k in keywords if k.arg and not re.search(rf"\{{{k.arg}\b", str(site.literal(template)))]
    for match in near(name, [k.arg for k in unused if k.arg], least=0.4):
        keyword = next(k for k in unused if k.arg == match.name)
        start = site.tree.span(keyword).start
        edit = Edit(start, start + len(match.name), name)
        yield site.fix(edit, reason=f"the format asks for `{name}`", prior=0.8)
    if name.isidentifier() and (value := context.value(name)) is not None and str(value.kind) == "instance":
        end = site.tree.span(site.node).end - 1
        given = isinstance(site.node, ast.Call) and (site.node.args or site.node.keywords)
        edit = Edit.insert(end, f"{', ' if given else ''}{name}={name}")
        yield site.fix(edit, reason=f"the format asks for `{name}`", prior=0.7)
