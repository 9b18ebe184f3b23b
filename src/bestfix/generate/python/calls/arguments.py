"""Arguments in the wrong order, or one by one where a sequence is wanted."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Edit, Kind, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading.site import Site, short
from bestfix.generate.python.writing.conversions import converted

__all__ = ["sequence_of_arguments", "swapped_arguments", "tuple_of_choices"]

_ORDERED = (
    (r"isinstance\(\) arg 2 must be|issubclass\(\) arg 1 must be", "isinstance issubclass"),
    (r"attribute name must be string|(getattr|hasattr|setattr)\(\): attribute", "getattr hasattr setattr"),
    (r"'\w+' object cannot be interpreted as an integer|'int' object is not iterable", "enumerate islice sample round"),
    (r"'\w+' object is not callable|'(function|type)' object is not iterable", "map filter reduce"),
    (r"strptime\(\) argument|time data .* does not match", "strptime"),
    (r".* takes from|replace\(\) argument|'\w+' object is not iterable", "join"),
)
"""What a function of two arguments says when they are swapped."""


@repair("TypeError", "ValueError")
def swapped_arguments(report: Report, context: Context) -> Iterator[Candidate]:
    """Swap two arguments of a function that wants them the other way round.

    Why: the order differs between languages and functions.
    Example: `isinstance(int, x)` → `isinstance(x, int)`
    Safety: safe where the classes of the values tell the order.
    """
    site = Site.of(report, context)
    if site is None or not isinstance(site.node, ast.Call) or len(site.node.args) != 2:
        return
    call = site.node
    name = call.func.attr if isinstance(call.func, ast.Attribute) else site.text(call.func)
    if not any(name in names.split() and site.search(pattern) for pattern, names in _ORDERED):
        return
    first, second = call.args
    if not _is_swapped(site, name, first, second):
        return
    edits = [site.replace(first, site.text(second)), site.replace(second, site.text(first))]
    yield site.fix(*edits, reason=f"the arguments of `{name}` are swapped", prior=0.9)


def _is_swapped(site: Site, name: str, first: ast.expr, second: ast.expr) -> bool:
    a, b = site.value(first), site.value(second)
    if a is None or b is None:
        return False
    if name == "strptime":
        return isinstance(text := a.literal(), str) and "%" in text and "%" not in str(b.literal())
    if name in {"isinstance", "issubclass"}:
        return a.kind is Kind.CLASS and (b.kind is not Kind.CLASS or name == "issubclass")
    if name in {"map", "filter", "reduce"}:
        return a.kind is Kind.INSTANCE and b.kind is not Kind.INSTANCE
    if name in {"getattr", "hasattr", "setattr"}:
        return a.type_name == "str" and b.type_name != "str"
    return a.type_name in {"int", "str"} and b.type_name not in {"int", a.type_name}


@repair("TypeError", "ValueError")
def sequence_of_arguments(report: Report, context: Context) -> Iterator[Candidate]:
    """Put several arguments into the one tuple or list that a function wants.

    Why: a shape is one argument, as is what is concatenated.
    Example: `np.zeros(2, 3)` → `np.zeros((2, 3))`
    Safety: safe.
    """
    site = Site.of(report, context)
    pattern = (
        r"Cannot interpret '.*' as a data type|data type .* not understood|only (length-1|integer scalar) arrays"
        r"|first argument must be an iterable of|.*\(\) takes (from )?\d .*positional arguments? but \d+ were given"
        r"|Field elements must be 2- or 3-tuples|arrays to stack must be passed as a"
    )
    if site is None or not isinstance(site.node, ast.Call) or len(site.node.args) < 2:
        return
    call = site.node
    name = call.func.attr if isinstance(call.func, ast.Attribute) else site.text(call.func)
    shapes = name in {"zeros", "ones", "empty", "random_sample"}
    if not shapes and name not in {"concatenate", "vstack", "hstack", "stack", "concat", "array", "dstack", "block"}:
        return
    if not site.search(pattern):
        return
    first, last = call.args[0], call.args[-1]
    start, end = site.tree.span(first).start, site.tree.span(last).end
    inner = site.source.text[start:end]
    text = f"[{inner}]" if name in {"concat", "array"} else f"({inner})"
    yield site.fix(Edit(start, end, text), reason=f"`{name}` wants them as one sequence", prior=0.9)


@repair("TypeError")
def tuple_of_choices(report: Report, context: Context) -> Iterator[Candidate]:
    """Give several choices as a tuple, where a list is not taken.

    Why: `isinstance`, `startswith`, `endswith` and `except` want a tuple.
    Example: `name.endswith([".csv", ".txt"])` → `name.endswith((".csv", ".txt"))`
    Safety: safe.
    """
    site = Site.of(report, context)
    if (
        site is None
        or not site.says(") arg 2 must be", "with first arg must be str")
        or not isinstance(site.node, ast.Call)
        or not site.node.args
    ):
        return
    choices = site.node.args[-1]
    reason = f"{short(site.text(choices))} is to be a tuple"
    if isinstance(choices, ast.List):
        inner = site.text(choices)[1:-1] + ("," if len(choices.elts) == 1 else "")
        yield site.fix(site.replace(choices, f"({inner})"), reason=reason, prior=0.92)
    elif site.kind(choices) in {"list", "set"}:
        yield site.fix(*converted(site, choices, "tuple"), reason=reason, prior=0.85)
