"""New forms of a call, filled in with the user's own text."""

from __future__ import annotations

import ast
import re

from bestfix.core import Context
from bestfix.generate.python.reading.infer import value_of
from bestfix.lang.python import Tree

__all__ = ["argument_texts", "filled", "filled_keyword"]

_PLACE = re.compile(r"\{(self|func|value|rest|all|\*\*?|\d+(?::rows)?)\}|(\{\{|\}\})")
_ATOMS = (
    ast.Name, ast.Call, ast.Subscript, ast.Attribute, ast.List, ast.Dict, ast.Set, ast.ListComp, ast.JoinedStr,
    ast.Constant, ast.Tuple,
)  # fmt: skip
_ROWS = frozenset({"dict", "pandas.Series"})


def argument_texts(call: ast.Call, tree: Tree) -> list[str]:
    """Return the text of every argument, keywords with their names."""
    nodes: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    return [tree.source(n) for n in sorted(nodes, key=lambda n: (n.lineno, n.col_offset))]


def filled(template: str, owner: ast.expr | None, call: ast.Call | None, tree: Tree, context: Context) -> str | None:
    """Return a template with `{self}` and the arguments of a call filled in, or `None` when an argument is missing.

    A keyword argument counts as a positional one where the call has too few of those.
    """
    given: list[ast.expr] = list(call.args) if call else []
    named = list(call.keywords) if call else []
    wanted = [int(number) for number in re.findall(r"\{(\d+)", template)]
    while wanted and len(given) <= max(wanted) and named and named[0].arg is not None:
        given.append(named.pop(0).value)
    if wanted and len(given) <= max(wanted):
        return None
    values = {"self": _atom(owner, tree) if owner is not None else ""}
    values["*"] = ", ".join(argument_texts(call, tree)) if call else ""
    extra = given[max(wanted) + 1 :] if wanted else given
    values["**"] = ", ".join(tree.source(n) for n in (*extra, *named))
    for number, argument in enumerate(given):
        values[str(number)] = _atom(argument, tree) if f"{{{number}}}." in template else tree.source(argument)
        values[f"{number}:rows"] = _rows(argument, tree, context)
    return _tidy(_PLACE.sub(lambda m: values.get(m[1], "") if m[1] else m[2][0], template))


def filled_keyword(template: str, call: ast.Call, keyword: ast.keyword, tree: Tree) -> str:
    """Return a template of a call that loses a keyword argument, filled in."""
    rest = [tree.source(n) for n in (*call.args, *call.keywords) if n is not keyword]
    owner = call.func.value if isinstance(call.func, ast.Attribute) else call.func
    values = {
        "self": _atom(owner, tree),
        "func": tree.source(call.func),
        "value": tree.source(keyword.value),
        "rest": ", ".join(rest),
        "all": ", ".join(argument_texts(call, tree)),
    }
    return _tidy(_PLACE.sub(lambda m: values.get(m[1], "") if m[1] else m[2][0], template))


def _atom(node: ast.expr, tree: Tree) -> str:
    text = tree.source(node)
    return text if isinstance(node, _ATOMS) else f"({text})"


def _rows(node: ast.expr, tree: Tree, context: Context) -> str:
    """Return an argument as a table of rows: one row that is a mapping or series becomes a frame of one."""
    text = tree.source(node)
    value = value_of(node, tree, context)
    return f"pandas.DataFrame([{text}])" if value is not None and value.type_name in _ROWS else text


def _tidy(text: str) -> str:
    """Return a call without the commas that empty places leave."""
    return re.sub(r"\(\s*,\s*", "(", re.sub(r",\s*(?=[)\]])", "", re.sub(r"(?:,\s*){2,}", ", ", text)))
