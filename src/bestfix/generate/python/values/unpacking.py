"""Values that are more, or fewer, than the names they are unpacked into."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.site import Site, short
from bestfix.generate.python.writing.conversions import converted, is_input

__all__ = ["matching_targets", "nested_targets", "pairs_of_loop", "split_into_targets"]

_COUNT = r"(too many|not enough) values to unpack \(expected (?:at least )?(\d+)(?:, got (\d+))?\)"


@dataclass(frozen=True, slots=True)
class _Unpacking:
    """A failed unpacking: its targets, its value (in a loop, what is looped over) and their numbers."""

    site: Site
    targets: ast.Tuple | ast.List
    value: ast.expr
    loop: bool
    got: int | None

    @property
    def expected(self) -> int:
        """The number of targets."""
        return len(self.targets.elts)


def _unpacking(report: Report, context: Context) -> _Unpacking | None:
    """Return the unpacking that an error is about."""
    site = Site.of(report, context)
    if site is None or not (found := site.search(rf"{_COUNT}|cannot unpack non-iterable [\w.]+ object", "unpack")):
        return None
    targets = site.node
    parent = site.tree.parents.get(targets)
    if not isinstance(targets, ast.Tuple | ast.List):
        return None
    match parent:
        case ast.Assign(value=value):
            return _Unpacking(site, targets, value, False, int(found[3]) if found[3] else _size(site, value))
        case ast.For(iter=value) | ast.comprehension(iter=value):
            item = site.item_of(site.exact(value))
            got = int(found[3]) if found[3] else (item.length() if item is not None else None)
            return _Unpacking(site, targets, value, True, got)
    return None


def _size(site: Site, value: ast.expr) -> int | None:
    if isinstance(value, ast.Tuple | ast.List):
        return len(value.elts)
    found = site.exact(value)
    return found.length() if found is not None else None


@repair("ValueError", "TypeError")
def pairs_of_loop(report: Report, context: Context) -> Iterator[Candidate]:
    """Loop over pairs: the items of a dictionary, numbered elements, or two sequences side by side.

    Why: a dictionary gives its keys, a sequence its elements alone.
    Example: `for key, value in d:` → `for key, value in d.items():`
    Safety: safe for dictionaries.
    """
    found = _unpacking(report, context)
    if found is None or not found.loop or found.expected < 2:
        return
    site, rows = found.site, found.value
    kind, text = site.kind(rows), site.text(rows)
    if isinstance(rows, ast.Tuple) and len(rows.elts) == found.expected:
        edit = site.replace(rows, f"zip({site.source.text[_inner(site, rows)]})")
        yield site.fix(edit, reason="two sequences are looped over side by side by `zip`", prior=0.85)
        return
    if found.expected != 2:
        return
    if kind in {"dict", "collections.Counter", "collections.defaultdict", "collections.OrderedDict"}:
        edit = Edit.insert(site.tree.span(rows).end, ".items()")
        yield site.fix(edit, reason="a dictionary gives its keys alone", prior=0.92)
        return
    counted = re.fullmatch(r"range\(len\((.+)\)\)", text)
    if counted:
        edit = site.replace(rows, f"enumerate({counted[1]})")
        yield site.fix(edit, reason="`enumerate` gives positions and elements", prior=0.85)
    elif kind in {"list", "tuple", "str", "range", "numpy.ndarray", ""} and not isinstance(rows, ast.Call):
        reason = f"{short(text)} gives one value a round; `enumerate` gives its position as well"
        yield site.fix(*converted(site, rows, "enumerate"), reason=reason, prior=0.6)
    if kind == "pandas.DataFrame":
        edit = Edit.insert(site.tree.span(rows).end, ".items()")
        yield site.fix(edit, reason="a frame gives its column names alone", prior=0.7)


def _inner(site: Site, rows: ast.Tuple) -> slice:
    return slice(site.tree.span(rows.elts[0]).start, site.tree.span(rows.elts[-1]).end)


@repair("ValueError")
def nested_targets(report: Report, context: Context) -> Iterator[Candidate]:
    """Unpack the pair inside a numbered element or an item with brackets of its own.

    Why: `enumerate` and `items` give pairs, whose second part may be a tuple.
    Example: `for i, a, b in enumerate(pairs):` → `for i, (a, b) in enumerate(pairs):`
    Safety: safe.
    """
    found = _unpacking(report, context)
    if found is None or not found.loop or found.expected < 3 or found.got != 2:
        return
    site = found.site
    match found.value:
        case ast.Call(func=ast.Name(id="enumerate"), args=[rows, *_]):
            item = site.item_of(site.exact(rows))
            nested = item is not None and item.length() == found.expected - 1
        case ast.Call(func=ast.Attribute(attr="items")):
            nested = True
        case ast.Call(func=ast.Name(id="zip")):
            nested = True
        case _:
            return
    rest = found.targets.elts[1:]
    start, end = site.tree.span(rest[0]).start, site.tree.span(rest[-1]).end
    edits = [Edit.insert(start, "("), Edit.insert(end, ")")]
    yield site.fix(*edits, reason="the second part is unpacked by itself", prior=0.85 if nested else 0.2)


@repair("ValueError", "TypeError")
def split_into_targets(report: Report, context: Context) -> Iterator[Candidate]:
    """Split text into as many parts as there are names.

    Why: one line of input holds several values; the separator is another one, or comes more often.
    Example: `a, b = input()` → `a, b = input().split()`
    Safety: safe.
    """
    found = _unpacking(report, context)
    if found is None or found.loop:
        return
    site, value = found.site, found.value
    if is_input(value):
        edit = Edit.insert(site.tree.span(value).end, ".split()")
        yield site.fix(edit, reason="`input` gives one text; `split` gives its words", prior=0.85)
    match value:
        case ast.Call(func=ast.Name(id="int" | "float" as kind), args=[ast.Call() as inner]) if is_input(inner):
            edit = site.replace(value, f"map({kind}, {site.text(inner)}.split())")
            yield site.fix(edit, reason="one text with several numbers is split first", prior=0.85)
        case ast.Call(func=ast.Attribute(value=owner, attr="split"), args=arguments):
            yield from _split(found, value, owner, arguments)


def _split(found: _Unpacking, call: ast.Call, owner: ast.expr, arguments: list[ast.expr]) -> Iterator[Candidate]:
    site, text = found.site, found.site.literal(owner)
    end = site.tree.span(call).end - 1
    if isinstance(text, str):
        for separator in (",", ";", "\t", ":", "|", "-", "/", " ", "=", "."):
            if len(text.split(separator)) == found.expected:
                literal = repr(separator).replace("'", '"')
                edit = Edit(site.tree.span(call.func).end, end + 1, f"({literal})")
                yield site.fix(edit, reason=f"the text is separated by {literal}", prior=0.75)
                break
    if "too many" in site.message and len(arguments) < 2:
        limit = found.expected - 1
        extra = f", {limit}" if arguments else f"maxsplit={limit}"
        reason = f"the separator comes more than {limit} time" + ("s" if limit > 1 else "")
        yield site.fix(Edit.insert(end, extra), reason=reason, prior=0.5)


@repair("ValueError", "TypeError")
def matching_targets(report: Report, context: Context) -> Iterator[Candidate]:
    """Have as many names as there are values.

    Why: the number of values is remembered wrongly, or changed.
    Example: `a, b = 1, 2, 3` → `a, b, _ = 1, 2, 3`
    Safety: unsafe; which of the values are wanted is a guess.
    """
    found = _unpacking(report, context)
    if found is None or (any(isinstance(t, ast.Starred) for t in found.targets.elts) and found.got is None):
        return
    site, targets = found.site, found.targets.elts
    end = site.tree.span(targets[-1]).end
    reason = f"{found.got if found.got is not None else 'other'} values for {found.expected} names"
    if "too many" in site.message:
        more = (found.got or 0) - found.expected
        if 0 < more <= 2:
            edit = Edit.insert(end, ", _" * more)
            yield site.fix(edit, reason=reason, prior=0.5, safe=False)
        yield site.fix(Edit.insert(end, ", *_"), reason=reason, prior=0.4, safe=False)
    elif found.got is not None and 1 <= found.got < found.expected:
        yield from _fewer(found, reason)
    elif site.says("cannot unpack non-iterable") and not found.loop:
        gap = Edit(end, site.tree.span(found.value).start, " = ")
        commas = [Edit(site.tree.span(a).end, site.tree.span(b).start, " = ") for a, b in itertools.pairwise(targets)]
        reason = f"{short(site.text(found.value))} is one value"
        yield site.fix(*commas, gap, reason=reason, prior=0.35, safe=False)


def _fewer(found: _Unpacking, reason: str) -> Iterator[Candidate]:
    """Yield fewer targets, those left out that nothing uses; and a value more for the others."""
    site, targets, got = found.site, found.targets.elts, found.got or 1
    starred = [t for t in targets if isinstance(t, ast.Starred)]
    plain = [t for t in targets if not isinstance(t, ast.Starred)]
    kept = plain[:got]
    used = {n.id for n in site.tree.nodes(ast.Name) if isinstance(n.ctx, ast.Load)}
    lost = [t for t in plain[got:] if isinstance(t, ast.Name) and t.id in used]
    names = [site.text(t) for t in (*kept, *starred)]
    text = ", ".join(names) + ("," if len(names) == 1 and not starred else "")
    start, end = site.tree.span(targets[0]).start, site.tree.span(targets[-1]).end
    yield site.fix(Edit(start, end, text), reason=reason, prior=0.2 if lost else 0.55, safe=False)
