"""Arguments that a function does not take, or does not get."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Sequence

from bestfix.core import Candidate, Context, Edit, Kind, Report, Value
from bestfix.generate.base import repair
from bestfix.generate.python.reading.site import Function, Site, short
from bestfix.generate.python.writing.edits import without_argument
from bestfix.generate.similar import near, shortened

__all__ = [
    "argument_given_twice", "keyword_for_position", "keyword_name", "keyword_not_taken", "missing_argument",
    "missing_self", "misspelt_init", "surplus_argument",
]  # fmt: skip

_KEYWORD = r"(?:.*\(\) )?got an unexpected keyword argument '(\w+)'|'(\w+)' is an invalid keyword argument for"
_SURPLUS = (
    r"(?:.*\(\)|\w+) (?:takes (?:from \d+ to |exactly |at most )?(?:\w+) (?:positional )?arguments?"
    r"|expected (?:at most )?\d+ arguments?,)|.*\(\) takes no (?:positional )?arguments"
)


def failed_call(site: Site | None) -> ast.Call | None:
    """Return the call that failed."""
    return site.node if site is not None and isinstance(site.node, ast.Call) else None


def parameters(site: Site, call: ast.Call) -> Sequence[inspect.Parameter]:
    """Return the parameters of what is called, without its bound one; empty when unknown."""
    found = site.value(call.func)
    signature = found.signature() if found is not None else None
    return list(signature.parameters.values()) if signature is not None else []


def unfilled(call: ast.Call, known: Sequence[inspect.Parameter]) -> list[inspect.Parameter]:
    """Return the parameters that a call leaves to their defaults, or forgets."""
    named = {k.arg for k in call.keywords}
    positional = [p for p in known if p.kind in {p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD}]
    taken = {p.name for p in positional[: len(call.args)]} | named
    return [p for p in known if p.name not in taken and p.kind not in {p.VAR_POSITIONAL, p.VAR_KEYWORD}]


@repair("TypeError", "AttributeError")
def keyword_name(report: Report, context: Context) -> Iterator[Candidate]:
    """Use the keyword that the function really has.

    Why: keywords are mistyped, or remembered from a similar function.
    Example: `sorted(xs, reversed=True)` → `sorted(xs, reverse=True)`
    Safety: safe.
    """
    site = Site.of(report, context)
    found = site.search(_KEYWORD, "keyword argument") if site is not None else None
    if site is None or found is None:
        return
    name = found[1] or found[2]
    for call in site.inside(ast.Call):
        keyword = next((k for k in getattr(call, "keywords", ()) if k.arg == name), None)
        if keyword is None or not isinstance(call, ast.Call):
            continue
        free = unfilled(call, parameters(site, call))
        span = site.tree.span(keyword)
        names = [p.name for p in free]
        matches = near(name, names, least=0.5)
        known = {match.name for match in matches}
        matches += [match for match in shortened(name, names) if match.name not in known]
        for match in matches:
            edit = Edit(span.start, span.start + len(name), match.name)
            reason = f"{short(site.text(call.func))} has no argument `{name}`; it has `{match.name}`"
            yield site.fix(edit, reason=reason, prior=0.55 + 0.4 * match.score)
        if len(free) == 1 and not matches:
            edit = Edit(span.start, span.start + len(name), free[0].name)
            reason = f"{short(site.text(call.func))} has no argument `{name}`; it wants `{free[0].name}`"
            yield site.fix(edit, reason=reason, prior=0.7)


@repair("TypeError", "AttributeError")
def keyword_not_taken(report: Report, context: Context) -> Iterator[Candidate]:
    """Pass a value by position where no keyword is taken, or leave out an argument that does not exist.

    Why: functions written in C often take positions alone.
    Example: `float(x="1.5")` → `float("1.5")`
    Safety: unsafe where an argument is left out.
    """
    site = Site.of(report, context)
    if site is None:
        return
    by_position = site.says("() takes no keyword arguments", "some positional-only arguments passed as keyword")
    unknown = site.search(_KEYWORD, "keyword argument")
    name = (unknown[1] or unknown[2]) if unknown else ""
    for call in site.inside(ast.Call):
        if not isinstance(call, ast.Call) or not call.keywords:
            continue
        keyword = next((k for k in call.keywords if k.arg == name or by_position), None)
        if keyword is None or not (by_position or unknown):
            continue
        sole = not call.args and len(call.keywords) == 1
        if by_position or sole:
            edits = [site.replace(k, site.text(k.value)) for k in (call.keywords if by_position else [keyword])]
            reason = f"{short(site.text(call.func))} takes its arguments by position"
            yield site.fix(*edits, reason=reason, prior=0.8 if by_position else 0.35)
        if unknown:
            reason = f"{short(site.text(call.func))} has no argument `{name}`"
            yield site.fix(without_argument(site.tree, call, keyword), reason=reason, prior=0.25, safe=False)


@repair("TypeError")
def missing_argument(report: Report, context: Context) -> Iterator[Candidate]:
    """Pass the variable that is called like the missing argument, or call the method on an instance.

    Why: an argument is forgotten, or a class stands where an instance was meant.
    Example: `area(width)` → `area(width, height)`
    Safety: safe where a variable has the argument's very name.
    """
    site = Site.of(report, context)
    call = failed_call(site)
    if site is None or call is None or "missing" not in site.message:
        return
    missing = re.findall(r"'(\w+)'", site.message.partition("missing")[2])
    if missing == ["self"] or (isinstance(call.func, ast.Attribute) and site.kind(call.func.value) == "class"):
        yield from _on_instance(site, call)
    yield from _spread(site, call)
    names = {n for n in missing if (v := context.value(n)) is not None and v.kind is Kind.INSTANCE}
    if missing and names == set(missing):
        last = [*call.args, *call.keywords]
        by_name = any(k.arg for k in call.keywords)
        new = ", ".join(f"{n}={n}" if by_name else n for n in missing)
        end = site.tree.span(call).end - 1
        reason = f"{short(site.text(call.func))} also wants {' and '.join(missing)}"
        yield site.fix(Edit.insert(end, f", {new}" if last else new), reason=reason, prior=0.7)


def _spread(site: Site, call: ast.Call) -> Iterator[Candidate]:
    """Yield the items of the only argument as arguments, where they are as many as are wanted."""
    if len(call.args) != 1 or call.keywords or isinstance(call.args[0], ast.Starred):
        return
    argument = call.args[0]
    found = site.exact(argument)
    items = len(argument.elts) if isinstance(argument, ast.List | ast.Tuple) else None
    if items is None and found is not None and found.type_name in {"list", "tuple"}:
        items = found.length()
    wanted = [p for p in parameters(site, call) if p.kind is p.POSITIONAL_OR_KEYWORD and p.default is p.empty]
    if items is not None and items == len(wanted) > 1:
        edit = Edit.insert(site.tree.span(argument).start, "*")
        reason = f"{short(site.text(argument))} holds the {items} arguments"
        yield site.fix(edit, reason=reason, prior=0.75)


def _on_instance(site: Site, call: ast.Call) -> Iterator[Candidate]:
    """Yield the call on an instance for a call of a method through its class."""
    if not isinstance(call.func, ast.Attribute):
        return
    owner = call.func.value
    cls = site.exact(owner)
    if cls is None or cls.kind is not Kind.CLASS:
        return
    reason = f"`{call.func.attr}` is called on the class, not on an instance of it"
    names = [n for n in site.names() if _is_instance(site.context.value(n), cls)]
    for name in names[:3]:
        yield site.fix(site.replace(owner, name), reason=reason, prior=0.75 / len(names))
    signature = cls.signature()
    bare = signature is None or all(
        p.default is not p.empty or p.kind in {p.VAR_KEYWORD, p.VAR_POSITIONAL} for p in signature.parameters.values()
    )
    if bare:
        prior = 0.7 if not names else 0.3
        yield site.fix(site.replace(owner, f"{site.text(owner)}()"), reason=reason, prior=prior)


def _is_instance(value: Value | None, cls: Value) -> bool:
    return value is not None and value.kind is Kind.INSTANCE and value.type_name == cls.type_name


@repair("TypeError")
def missing_self(report: Report, context: Context) -> Iterator[Candidate]:
    """Give a method its first parameter, `self`.

    Why: Python passes the instance as the first argument; other languages do not name it.
    Example: `def area(): …` in a class → `def area(self): …`
    Safety: safe.
    """
    site = Site.of(report, context)
    found = (
        site.search(r"(?:\w+\.)*(\w+)\(\) (takes (\d+|no)|got multiple)", "() takes", "got multiple")
        if site is not None
        else None
    )
    if site is None or found is None:
        return
    for node in site.tree.nodes(ast.ClassDef):
        for method in node.body:
            if not isinstance(method, Function) or method.name != found[1]:
                continue
            spec = method.args
            arguments = [*spec.posonlyargs, *spec.args]
            static = any(site.text(d) == "staticmethod" for d in method.decorator_list)
            if (arguments and arguments[0].arg in {"self", "cls"}) or static:
                continue
            first = "cls" if any(site.text(d) == "classmethod" for d in method.decorator_list) else "self"
            at = site.source.text.index("(", site.tree.lines.start(method.lineno)) + 1
            text = f"{first}, " if arguments or spec.vararg or spec.kwarg or spec.kwonlyargs else first
            yield site.fix(Edit.insert(at, text), reason=f"the method `{method.name}` has no `{first}`", prior=0.85)


@repair("TypeError")
def misspelt_init(report: Report, context: Context) -> Iterator[Candidate]:
    """Spell `__init__` right.

    Why: `_init_`, `__int__` and `init` are ordinary methods.
    Example: `def _init_(self, x):` → `def __init__(self, x):`
    Safety: safe.
    """
    site = Site.of(report, context)
    found = site.search(r"(\w+)\(\) takes no arguments", "() takes no arguments") if site else None
    if site is None or found is None:
        return
    for node in site.tree.nodes(ast.ClassDef):
        for method in node.body:
            if isinstance(method, Function) and node.name == found[1]:
                name = method.name
                if name != "__init__" and near(name.strip("_"), ["init"], least=0.7) + [1] * (
                    name.strip("_") == "init"
                ):
                    start = site.source.text.index(name, site.tree.span(method).start)
                    edit = Edit(start, start + len(name), "__init__")
                    yield site.fix(edit, reason=f"`{name}` is no constructor; `__init__` is", prior=0.9)


@repair("TypeError")
def keyword_for_position(report: Report, context: Context) -> Iterator[Candidate]:
    """Name an argument that is taken by keyword alone.

    Why: libraries made arguments keyword-only, and `sort` never took its key by position.
    Example: `xs.sort(len)` → `xs.sort(key=len)`
    Safety: safe.
    """
    site = Site.of(report, context)
    call = failed_call(site)
    if site is None or call is None or not site.search(_SURPLUS, "takes", "expected"):
        return
    known = parameters(site, call)
    positional = [p for p in known if p.kind in {p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD}]
    surplus = call.args[len(positional) :]
    given = {k.arg for k in call.keywords}
    free = [p.name for p in known if p.kind is p.KEYWORD_ONLY and p.name not in given]
    if surplus and len(free) >= len(surplus):
        names = [_keyword_of(site, value, free, number) for number, value in enumerate(surplus)]
        edits = [
            Edit.insert(site.tree.span(value).start, f"{name}=") for name, value in zip(names, surplus, strict=True)
        ]
        yield site.fix(*edits, reason=f"{short(site.text(call.func))} takes `{names[0]}` by keyword", prior=0.85)


def _keyword_of(site: Site, value: ast.expr, free: Sequence[str], number: int) -> str:
    """Return the keyword that a value is for: in order, but a truth value is for one that switches."""
    if isinstance(site.literal(value), bool) and "reverse" in free:
        return "reverse"
    return free[number]


@repair("TypeError")
def surplus_argument(report: Report, context: Context) -> Iterator[Candidate]:
    """Leave out an argument too many, put several into one sequence, or call the method that takes them.

    Why: `append` and its like take one item; a similar function takes more.
    Example: `points.append(1, 2)` → `points.append((1, 2))`
    Safety: unsafe; what was meant is concluded from the function.
    """
    site = Site.of(report, context)
    call = failed_call(site)
    if site is None or call is None or not site.search(_SURPLUS, "takes", "expected"):
        return
    name = call.func.attr if isinstance(call.func, ast.Attribute) else site.text(call.func)
    reason = f"`{name}` is given more arguments than it takes"
    if len(call.args) > 1 and not call.keywords:
        start, end = site.tree.span(call.args[0]).start, site.tree.span(call.args[-1]).end
        every = site.source.text[start:end]
        methods = {"append", "add", "appendleft", "remove", "insert", "join", "extend"}
        if name in (methods if isinstance(call.func, ast.Attribute) else {"len", "sum"}):
            pair = f"[{every}]" if name in {"join", "extend"} else f"({every})"
            yield site.fix(Edit(start, end, pair), reason=reason, prior=0.75)
        if name in {"input", "float", "int", "str", "exit"}:
            texts = [_as_text(site, a) for a in call.args]
            prior = 0.8 if name == "input" else 0.3
            yield site.fix(Edit(start, end, " + ".join(texts)), reason=reason, prior=prior)
    yield from _other_method(site, call)
    yield from _gathered(site, call, reason)
    yield from _without_last(site, call, reason)


def _gathered(site: Site, call: ast.Call, reason: str) -> Iterator[Candidate]:
    """Yield the call with its last arguments, which are all alike, in one list."""
    known = parameters(site, call)
    positional = [p for p in known if p.kind in {p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD}]
    required = [p for p in positional if p.default is p.empty] or positional[:1]
    loose = call.args[len(required) - 1 :] if required else []
    kinds = {(type(a), site.kind(a)) for a in loose}
    if len(loose) < min(3, len(required) + 1) or len(kinds) > 1 or any(isinstance(a, ast.Starred) for a in loose):
        return
    start, end = site.tree.span(loose[0]).start, site.tree.span(loose[-1]).end
    edit = Edit(start, end, f"[{site.source.text[start:end]}]")
    yield site.fix(edit, reason=f"{reason}: they belong in one list", prior=0.6)


def _as_text(site: Site, expr: ast.expr) -> str:
    return site.text(expr) if site.kind(expr) == "str" else f"str({site.text(expr)})"


def _other_method(site: Site, call: ast.Call) -> Iterator[Candidate]:
    """Yield the call of a method of nearly the same name that takes these arguments."""
    if not isinstance(call.func, ast.Attribute) or (owner := site.value(call.func.value)) is None:
        return
    for match in near(call.func.attr, [n for n in owner.attributes() if not n.startswith("__")], least=0.4):
        method = owner.attribute(match.name)
        signature = method.signature() if method is not None else None
        if signature is None or not _binds(signature, call):
            continue
        end = site.tree.span(call.func).end
        edit = Edit(end - len(call.func.attr), end, match.name)
        yield site.fix(edit, reason=f"`{match.name}` takes these arguments", prior=0.45 * match.score, safe=False)


def _binds(signature: inspect.Signature, call: ast.Call) -> bool:
    try:
        signature.bind(*call.args, **{k.arg: k.value for k in call.keywords if k.arg})
    except TypeError:
        return False
    return True


def _without_last(site: Site, call: ast.Call, reason: str) -> Iterator[Candidate]:
    counts = re.search(r"takes (?:from \d+ to |exactly |at most )?(\w+) .*?(\d+) (?:were |was )?given", site.message)
    counts = counts or re.search(r"expected (?:at most )?(\d+) arguments?, got (\d+)", site.message)
    if counts is None or not call.args or call.keywords:
        return
    surplus = int(counts[2]) - {"no": 0, "one": 1, "two": 2}.get(
        counts[1], int(counts[1]) if counts[1].isdigit() else 0
    )
    if not 0 < surplus <= len(call.args):
        return
    kept = call.args[: len(call.args) - surplus]
    start = site.tree.span(kept[-1]).end if kept else site.tree.span(call.args[0]).start
    edit = Edit.delete(start, site.tree.span(call.args[-1]).end)
    yield site.fix(edit, reason=reason, prior=0.08, safe=False)


@repair("TypeError")
def argument_given_twice(report: Report, context: Context) -> Iterator[Candidate]:
    """Pass an argument once.

    Why: an argument is passed by position and by name.
    Example: `f(0, a=1)` for `def f(a, b)` → `f(0, b=1)`
    Safety: unsafe; which of the two was meant is a guess.
    """
    site = Site.of(report, context)
    call = failed_call(site)
    found = (
        site.search(r".*got multiple values for (?:keyword )?argument '(\w+)'", "got multiple")
        if site is not None
        else None
    )
    if site is None or call is None or found is None:
        return
    keyword = next((k for k in call.keywords if k.arg == found[1]), None)
    if keyword is None:
        return
    reason = f"`{found[1]}` is given twice"
    for parameter in unfilled(call, parameters(site, call)):
        prior = 0.5 if parameter.default is parameter.empty else 0.3
        edit = Edit(site.tree.span(keyword).start, site.tree.span(keyword.value).start, f"{parameter.name}=")
        yield site.fix(edit, reason=reason, prior=prior, safe=False)
    if call.args:
        yield site.fix(without_argument(site.tree, call, call.args[0]), reason=reason, prior=0.4, safe=False)
    yield site.fix(without_argument(site.tree, call, keyword), reason=reason, prior=0.35, safe=False)
