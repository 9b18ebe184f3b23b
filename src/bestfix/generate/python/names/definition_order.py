"""Names that are used above the line that defines them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading import usage
from bestfix.generate.python.reading.site import Site

__all__ = ["used_before"]


@repair("NameError")
def used_before(report: Report, context: Context) -> Iterator[Candidate]:
    """Move a definition before its first use, or make a bare annotation an assignment.

    Why: a function is called above its `def`, a variable is read above its line, or `:` is written for `=`.
    Example: `run(); def run(): ...` → the definition first
    Safety: unsafe: the definition then runs earlier.
    """
    site, name = Site.of(report, context), usage.error_name(report)
    if site is None:
        return
    for node in site.tree.nodes(ast.AnnAssign):
        is_bare = node.value is None and isinstance(node.target, ast.Name) and node.target.id == name
        if is_bare and isinstance(node.annotation, ast.Constant | ast.List | ast.Dict | ast.Call | ast.UnaryOp):
            edit = Edit(site.tree.span(node.target).end, site.tree.span(node.annotation).start, " = ")
            yield site.fix(edit, reason=f"`{name}:` only annotates; `{name} =` gives it a value", prior=0.9)
    scope = next((f for f in usage.binders(site.tree, site.node) if name in usage.bound_in(f)), site.tree.root)
    if isinstance(scope, ast.Lambda) or (user := _running(site, scope)) is None:
        return
    if (bound := _definition(scope, name, user)) is None:
        return
    start, end = site.tree.lines.start(_first_lineno(bound)), site.tree.lines.start((bound.end_lineno or 0) + 1)
    text = site.source.text[start:end]
    at = site.tree.lines.start(_first_lineno(user))
    block = text if text.endswith("\n") else f"{text}\n"
    edits = [Edit.insert(at, block), Edit.delete(start, end)]
    prior = 0.85 if isinstance(bound, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef) else 0.5
    yield site.fix(*edits, reason=f"`{name}` is used before it is defined", prior=prior, safe=False)


Scope = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef


def _running(site: Site, scope: Scope) -> ast.stmt | None:
    """Return the statement of a scope's own body that was running when the error came."""
    name = "<module>" if isinstance(scope, ast.Module) else scope.name
    lines = [f.lineno for f in site.report.error.frames if f.source == site.source.name and f.function == name]
    lineno = lines[-1] if lines else site.statement.lineno
    return next((s for s in scope.body if _first_lineno(s) <= lineno <= (s.end_lineno or s.lineno)), None)


def _definition(scope: Scope, name: str, user: ast.stmt) -> ast.stmt | None:
    """Return the statement below `user` that defines a name."""
    for statement in scope.body:
        if statement.lineno <= user.lineno:
            continue
        match statement:
            case ast.FunctionDef(name=found) | ast.ClassDef(name=found) | ast.AsyncFunctionDef(name=found):
                names = {found}
            case ast.Assign(targets=[ast.Name(id=found)]) | ast.AnnAssign(target=ast.Name(id=found)):
                names = {found}
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names = {a.asname or a.name.partition(".")[0] for a in aliases}
            case _:
                names = set()
        if name in names:
            return statement
    return None


def _first_lineno(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(d.lineno for d in decorators)])
