"""Attributes that an object does not have: the one that was meant, or the object that has it."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence

from bestfix.core import Candidate, Context, Edit, Kind, Report, Value
from bestfix.generate.base import repair
from bestfix.generate.python.reading import installed
from bestfix.generate.python.reading.attribute_site import AttributeSite
from bestfix.generate.python.reading.imported import imports_of
from bestfix.generate.python.writing.edits import import_edit
from bestfix.generate.similar import near, shortened

__all__ = [
    "class_of_module", "function_of_library", "missing_call", "near_attribute", "near_column_attribute", "no_attribute",
    "submodule",
]  # fmt: skip

_CLASSES = 400
"""Names of a module that are searched for a class."""


@repair("AttributeError")
def near_attribute(report: Report, context: Context) -> Iterator[Candidate]:
    """Ask for the attribute that was meant: one that the object has and that is spelt alike.

    Why: attribute names are mistyped, or remembered almost right.
    Example: `words.appendd("x")` → `words.append("x")`
    Safety: safe; found without running properties or `__getattr__`.
    """
    site = AttributeSite.of(report, context)
    if site is None or site.owner is None or site.owner.type_name == "NoneType":
        return
    owner, name = site.owner, site.name
    if (mangled := f"_{owner.type_name.rpartition('.')[2]}{name}") and name.startswith("__") and owner.has(mangled):
        yield site.renamed(mangled, prior=0.92, reason=f"`{name}` is private: outside its class it is `{mangled}`")
    hidden = name.startswith("_")
    own = [n for n in {*owner.attributes(), *_assigned(site)} if hidden or not n.startswith("_")]
    called = site.call is not None
    around = site.tree.function(site.node)
    for match in near(name, own, limit=5, least=0.55):
        prior = _odds(match.score, name) * _suits(owner, match.name, called=called)
        if around is not None and around.name == match.name:
            prior *= 0.3
        yield site.renamed(match.name, prior=prior, reason=f"there is no attribute `{name}`; there is `{match.name}`")
    for match in shortened(name, own)[:2] if len(name) > 3 else ():
        prior = 0.7 * match.score * _suits(owner, match.name, called=called)
        yield site.renamed(match.name, prior=prior, reason=f"there is no attribute `{name}`; there is `{match.name}`")
    yield from _accessor(site, own)


@repair("AttributeError")
def near_column_attribute(report: Report, context: Context) -> Iterator[Candidate]:
    """Ask a frame for the column that was meant, by attribute where its name allows it and by key where not.

    Why: pandas offers columns as attributes, which a wrong letter, a capital or a space breaks.
    Example: `orders.unitprice` → `orders.unit_price`
    Safety: safe; the column is there.
    """
    site = AttributeSite.of(report, context)
    if site is None or site.owner is None or not site.owner.type_name.startswith(("pandas.", "polars.")):
        return
    grouped = site.owner.attribute("obj") if "GroupBy" in site.owner.type_name else None
    labels = (grouped or site.owner).keys()
    columns = [label for label in labels if isinstance(label, str)]
    owner = ast.get_source_segment(site.tree.text, site.node.value) or "it"
    for match in near(site.name, columns, limit=3) or shortened(site.name, columns)[:2]:
        reason = f"`{owner}` has no column `{site.name}`; it has `{match.name}`"
        prior = min(0.93, match.score + 0.08)
        if match.name.isidentifier() and not site.owner.has(match.name):
            yield site.renamed(match.name, prior=prior, reason=reason)
        else:
            at = site.tree.span(site.node.value).end
            edit = Edit(at, site.tree.span(site.node).end, f"[{match.name!r}]")
            yield Candidate.edit(site.source, edit, reason=reason, prior=prior)


def _odds(score: float, name: str) -> float:
    least = ((0.85, 0.95), (0.78, 0.9), (0.7, 0.75), (0.64, 0.5), (0.6, 0.35), (0.0, 0.2))
    return next(p for floor, p in least if score >= floor) * (0.9 if len(name) <= 3 else 1.0)


def _suits(owner: Value, name: str, *, called: bool) -> float:
    """Return less than 1 for an attribute that is called and is no function, or the reverse."""
    found = owner.attribute(name)
    if found is None:
        return 0.8 if called else 1.0
    is_function = found.kind in {Kind.FUNCTION, Kind.METHOD}
    if called:
        return 1.0 if is_function or found.kind is Kind.CLASS or found.has("__call__") else 0.3
    return 0.75 if is_function else 1.0


def _assigned(site: AttributeSite) -> set[str]:
    """Return the attributes that the text's own class gives its instances, whether or not that has run."""
    name = site.owner.type_name.rpartition(".")[2] if site.owner is not None else ""
    found: set[str] = set()
    for cls in site.tree.nodes(ast.ClassDef):
        if cls.name == name:
            found |= {
                n.attr for n in ast.walk(cls)
                if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store) and isinstance(n.value, ast.Name)
                and n.value.id == "self"
            }  # fmt: skip
    return found - {site.name}


def _accessor(site: AttributeSite, own: Sequence[str]) -> Iterator[Candidate]:
    """Yield the plain attribute for a getter that does not exist: `node.getNext()` → `node.next`."""
    call = site.call
    if call is None or call.args or not site.name.lower().startswith("get"):
        return
    rest = site.name[3:].strip("_").casefold()
    for name in own:
        if name.casefold().strip("_") == rest:
            text = f"{site.text(site.node.value)}.{name}"
            yield site.replaced(call, text, prior=0.85, reason=f"there is no `{site.name}()`; there is `{name}`")


@repair("AttributeError")
def submodule(report: Report, context: Context) -> Iterator[Candidate]:
    """Import a module of a package that importing the package does not bring along.

    Why: `import package` does not import its submodules.
    Example: `import xml; xml.dom.minidom` → `import xml.dom.minidom` above it
    Safety: safe; the module is installed.
    """
    site = AttributeSite.of(report, context)
    if site is None or site.owner is None or site.owner.kind is not Kind.MODULE:
        return
    module = f"{site.owner.type_name}.{site.name}"
    if not installed.exists(module, context) or site.owner.has(site.name):
        return
    whole = _dotted_use(site)
    full = f"{site.owner.type_name}.{whole}" if installed.exists(f"{site.owner.type_name}.{whole}", context) else module
    reason = f"`{module}` is a module of its own and must be imported"
    yield Candidate.edit(site.source, import_edit(site.tree, f"import {full}"), reason=reason, prior=0.93)


def _dotted_use(site: AttributeSite) -> str:
    parent = site.tree.parents.get(site.node)
    return f"{site.name}.{parent.attr}" if isinstance(parent, ast.Attribute) else site.name


@repair("AttributeError")
def class_of_module(report: Report, context: Context) -> Iterator[Candidate]:
    """Ask the class instead of its module, or the module instead of its class.

    Why: `datetime` and others are a module and a class in it; which one the name means depends on the import.
    Example: `import datetime; datetime.now()` → `datetime.datetime.now()`
    Safety: safe; the class or module has the attribute.
    """
    site = AttributeSite.of(report, context)
    if site is None or site.owner is None:
        return
    owner, text = site.owner, site.text(site.node.value)
    if owner.kind is Kind.MODULE:
        for name, prior in _classes(owner, site.name):
            reason = f"`{site.name}` belongs to the class `{name}`, not to the module"
            edits = [Edit.insert(site.tree.span(n.value).end, f".{name}") for n in site.same()]
            yield Candidate.edit(site.source, *edits, reason=reason, prior=prior)
    elif owner.kind is Kind.CLASS and isinstance(site.node.value, ast.Name):
        module = owner.type_name.rpartition(".")[0]
        if owner.type_name.rpartition(".")[2] == site.name:
            edits = [Edit.delete(site.tree.span(n.value).end, site.tree.span(n).end) for n in site.same()]
            reason = f"`{text}` is already the class `{site.name}`"
            yield Candidate.edit(site.source, *edits, reason=reason, prior=0.95)
        elif module and installed.offers(module, site.name, context):
            spans = [site.tree.span(n) for n in site.same()]
            line = import_edit(site.tree, f"from {module} import {site.name}")
            edits = [*(Edit(s.start, s.end, site.name) for s in spans), line]
            reason = f"`{text}` is a class; `{site.name}` belongs to its module `{module}`"
            yield Candidate.edit(site.source, *edits, reason=reason, prior=0.9)


def _classes(module: Value, name: str) -> Iterator[tuple[str, float]]:
    """Yield the classes of a module that have an attribute, the one that is called like the module first."""
    own = module.type_name.rpartition(".")[2]
    found = module.attribute(own)
    if found is not None and found.kind is Kind.CLASS and found.has(name):
        yield own, 0.95
    seen = 0
    for other in module.attributes()[:_CLASSES]:
        if other.startswith("_") or other == own:
            continue
        value = module.attribute(other)
        if value is not None and value.kind is Kind.CLASS and value.has(name):
            seen += 1
            yield other, 0.35 / seen
        if seen == 2:
            return


@repair("AttributeError")
def missing_call(report: Report, context: Context) -> Iterator[Candidate]:
    """Call a function before asking its result, or call it with what stands after the dot.

    Why: the parentheses of a method are forgotten, or a dot stands for them.
    Example: `frame.head.columns` → `frame.head().columns`
    Safety: unsafe only in that the function is now called.
    """
    site = AttributeSite.of(report, context)
    if site is None or site.owner is None or site.owner.kind not in {Kind.FUNCTION, Kind.METHOD}:
        return
    text = site.text(site.node.value)
    if context.value(site.name) is not None and site.call is None and site.name not in vars(builtins):
        reason = f"`{text}` is a function: it takes `{site.name}` in parentheses"
        yield site.replaced(site.node, f"{text}({site.name})", prior=0.85, reason=reason)
    if not site.owner.has(site.name):
        edits = [Edit.insert(site.tree.span(n.value).end, "()") for n in site.same()]
        reason = f"`{text}` is a function: its result is asked for after `()`"
        yield Candidate.edit(site.source, *edits, reason=reason, prior=0.8)


@repair("AttributeError")
def no_attribute(report: Report, context: Context) -> Iterator[Candidate]:
    """Use a name on its own that is no attribute: a builtin, a variable or function at hand, a name of another module.

    Why: everything is taken for a method of `self` or of a module.
    Example: `self.max(scores)` → `max(scores)`
    Safety: safe where the name is defined.
    """
    site = AttributeSite.of(report, context)
    if site is None or site.owner is None or not isinstance(site.node.value, ast.Name):
        return
    name, called = site.name, site.call is not None
    free = site.owner.kind is Kind.MODULE or site.node.value.id in {"self", "cls"}
    other = {"length": "len", "size": "len", "absolute": "abs"}.get(name, name)
    value = context.value(other)
    if value is not None and free and (not called or value.kind is not Kind.INSTANCE):
        prior = 0.88 if called and value.kind is not Kind.INSTANCE else 0.7
        spans = [site.tree.span(n) for n in site.same()]
        edits = [*(Edit(s.start, s.end, other) for s in spans), *_builtins_of(site)]
        reason = f"`{name}` is no attribute of `{site.node.value.id}`; it stands on its own"
        yield Candidate.edit(site.source, *edits, reason=reason, prior=prior)
    elif site.owner.kind is Kind.MODULE:
        yield from _other_modules(site)
    elif free:
        for match in near(name, [n for n in context.local_names() if n != "self"], limit=1, least=0.7):
            spans = [site.tree.span(n) for n in site.same()]
            edits = [Edit(s.start, s.end, match.name) for s in spans]
            reason = f"`{name}` is no attribute; there is a variable `{match.name}`"
            yield Candidate.edit(site.source, *edits, reason=reason, prior=0.55)


@repair("AttributeError")
def function_of_library(report: Report, context: Context) -> Iterator[Candidate]:
    """Call a function of numpy or pandas with the object, where it is no method of it.

    Why: some functions of the libraries are methods of their objects, others are not.
    Example: `df["when"].to_datetime()` → `pd.to_datetime(df["when"])`
    Safety: safe; the library has the function.
    """
    site = AttributeSite.of(report, context)
    call = site.call if site is not None else None
    if site is None or call is None or site.owner is None or site.owner.kind is not Kind.INSTANCE:
        return
    own = site.owner.type_name.partition(".")[0]
    for alias, library in (
        ("pd", "pandas"),
        ("np", "numpy"),
        ("pl", "polars"),
        ("pandas", "pandas"),
        ("numpy", "numpy"),
    ):
        module = context.value(alias)
        found = module.attribute(site.name) if module is not None and module.type_name == library else None
        if found is None or found.kind is not Kind.FUNCTION or own not in {"pandas", "numpy", library}:
            continue
        span, end = site.tree.span(call), site.tree.span(call.func).end + 1
        more = ", " if call.args or call.keywords else ""
        text = f"{alias}.{site.name}({site.text(site.node.value)}{more}"
        reason = f"`{site.name}` is a function of {library}, not a method"
        yield Candidate.edit(
            site.source, Edit(span.start, end, text), reason=reason, prior=0.9 if own == library else 0.8
        )


def _builtins_of(site: AttributeSite) -> Iterator[Edit]:
    """Yield the edits of the other builtin functions that the text asks the same object for."""
    owner = site.text(site.node.value)
    for call in site.tree.nodes(ast.Call):
        function = call.func
        if not isinstance(function, ast.Attribute) or function.attr == site.name or site.text(function.value) != owner:
            continue
        if function.attr in vars(builtins) and site.owner is not None and not site.owner.has(function.attr):
            span = site.tree.span(function)
            yield Edit.delete(span.start, span.end - len(function.attr))


def _other_modules(site: AttributeSite) -> Iterator[Candidate]:
    """Yield the imported modules that have an attribute which was asked of another."""
    assert isinstance(site.node.value, ast.Name)  # noqa: S101 - only attributes of a plain name come here
    bound = {n for n in site.context.names() if (v := site.context.value(n)) is not None and v.kind is Kind.MODULE}
    rank = 1 if site.owner is not None and near(site.name, site.owner.attributes(), limit=1, least=0.75) else 0
    for name in sorted({*bound, *imports_of(site.tree)} - {site.node.value.id}):
        value = site.context.value(name)
        if value is not None and value.kind is Kind.MODULE and not name.startswith("_") and value.has(site.name):
            spans = [site.tree.span(n.value) for n in site.same()]
            reason = f"`{site.name}` is in `{name}`, not in `{site.node.value.id}`"
            edits = [Edit(s.start, s.end, name) for s in spans]
            yield Candidate.edit(site.source, *edits, reason=reason, prior=(0.8, 0.4, 0.2, 0.1)[min(rank, 3)])
            rank += 1
        if rank >= 3:
            return
