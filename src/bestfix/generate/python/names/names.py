"""Names that nothing defines: the name that was meant instead."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bestfix.core import Candidate, Context, Edit, Report
from bestfix.generate.base import repair
from bestfix.generate.python.reading import usage
from bestfix.generate.python.reading.name_site import NameSite
from bestfix.generate.similar import near
from bestfix.lang.python import Tree, parsed
from bestfix.lang.python.scope import bound_names

__all__ = ["Rename", "imaginary_unit", "keyword_name", "near_name", "renames"]

_NEAR_ENOUGH = 0.55
_COMPARED = 3000
"""Names that are compared word by word."""
_CHANGES = frozenset({"append", "extend", "insert", "add", "update", "remove", "discard", "sort", "reverse", "pop"})
_NO_REPLACEMENTS = frozenset(n for n in dir(builtins) if n.startswith("__")) | {"copyright", "credits", "license"}
_ODDS = ((0.99, 0.97), (0.85, 0.93), (0.78, 0.88), (0.74, 0.8), (0.66, 0.62), (0.6, 0.42), (0.5, 0.2), (0.0, 0.08))


@dataclass(frozen=True, slots=True)
class Rename:
    """A name that may be the one that was meant.

    Attributes:
        name: the name.
        prior: how likely it was meant.
        similarity: how alike the spellings are, 0 to 1.
        fit: how well its value suits the uses, 0 to 1.
    """

    name: str
    prior: float
    similarity: float
    fit: float


@repair("NameError")
def near_name(report: Report, context: Context) -> Iterator[Candidate]:
    """Use the name that was meant: one that is spelt alike or, among the variables at hand, one that suits the use.

    Why: names are mistyped, remembered almost right, or renamed in some places only.
    Example: `pritn("hi")` → `print("hi")`
    Safety: safe where the spelling is near; all places that read the missing name change together.
    """
    if (site := NameSite.of(report, context)) is None:
        return
    for rename in renames(site.nodes, site.tree, context):
        spans = [site.tree.span(n) for n in site.nodes]
        edits = [Edit(s.start, s.end, rename.name) for s in spans]
        evidence = {"similarity": rename.similarity, "fit": rename.fit, "places": float(len(spans))}
        reason = f"`{site.name}` is not defined; `{rename.name}` is"
        yield Candidate.edit(site.source, *edits, reason=reason, prior=rename.prior * site.certainty, evidence=evidence)


@repair("NameError")
def keyword_name(report: Report, context: Context) -> Iterator[Candidate]:
    """Write the keyword that was meant: `passs`, `true`, `null`, `T`.

    Why: keywords are mistyped, or come from another language.
    Example: `done = true` → `done = True`
    Safety: safe; only where a name stands that nothing defines.
    """
    source, span, _ = report.innermost
    name = usage.error_name(report)
    if (tree := parsed(source.text)) is None or (node := usage.name_at(tree, span, name)) is None:
        return
    statement = isinstance(tree.parents.get(node), ast.Expr)
    for word, prior in _keywords(name, statement=statement):
        nodes = usage.occurrences(tree, node) if word in {"True", "False", "None"} else [node]
        edits = [Edit(tree.span(n).start, tree.span(n).end, word) for n in nodes]
        reason = f"`{name}` is not defined; the keyword `{word}` was meant"
        yield Candidate.edit(source, *edits, reason=reason, prior=prior if name not in context.names() else 0.1)


@repair("NameError")
def imaginary_unit(report: Report, context: Context) -> Iterator[Candidate]:  # noqa: ARG001 - every function of the protocol is given it
    """Write the imaginary unit as Python does.

    Why: mathematics writes `i` or `j` alone; Python needs the number before it.
    Example: `j ** 2 == -1` → `1j ** 2 == -1`
    Safety: unsafe: the name may be a forgotten variable; only where it is reckoned with numbers alone.
    """
    source, span, _ = report.innermost
    name = usage.error_name(report)
    tree = parsed(source.text)
    if name not in {"i", "j"} or tree is None or (node := usage.name_at(tree, span, name)) is None:
        return
    match tree.parents.get(node):
        case ast.BinOp(left=left, right=right) if isinstance(right if left is node else left, ast.Constant):
            edit = Edit(tree.span(node).start, tree.span(node).end, "1j")
            reason = f"`{name}` is not defined; the imaginary unit is `1j`"
            yield Candidate.edit(source, edit, reason=reason, prior=0.45 if name == "j" else 0.3)


def _keywords(name: str, *, statement: bool) -> Iterator[tuple[str, float]]:
    """Yield the keywords that a word may stand for where an expression, or a whole statement, stands."""
    foreign = {"null": "None", "nil": "None", "undefined": "None", "NULL": "None", "T": "True", "F": "False"}
    if name in foreign:
        yield foreign[name], 0.85 if len(name) > 1 else 0.75
    words = ["pass", "break", "continue"] if statement else ["True", "False", "None"]
    if name.lower() == "yes" or name.lower() == "no":
        yield ("True" if name.lower() == "yes" else "False"), 0.3
    for match in near(name, words, limit=1, least=0.7) if keyword.iskeyword(name) is False else ():
        same = match.name.casefold() == name.casefold()
        yield match.name, 0.95 if same or (statement and match.score > 0.75) else 0.15


_ONE_SLIP = 0.92
"""How likely a name of four letters or more is meant that is one slip away, and fits its use, is never read, or has the
same letters: two names of which one swaps neighbours in the other are hardly ever both meant."""


def renames(nodes: Sequence[ast.Name], tree: Tree, context: Context) -> list[Rename]:
    """Return the names that an undefined name may stand for, the likeliest first.

    Args:
        nodes: the places that read the undefined name.
        tree: the text's tree.
        context: what the failing program could see.
    """
    name = nodes[0].id
    local = _locals(nodes[0], tree, context) - {name}
    names = context.names() or bound_names(tree.text)
    usual = [n for n in names if n not in _NO_REPLACEMENTS and n != name] if len(name) > 2 else []
    found: dict[str, float] = {m.name: m.score for m in near(name, usual, limit=6, least=_NEAR_ENOUGH)}
    words = _words(name)
    alike = [other for other in usual[:_COMPARED] if len(words) > 1 and words & _words(other)]
    found.update({other: max(found.get(other, 0.0), _likeness(name, other)) for other in (*alike, *local)})
    unread = _unread(nodes[0], tree) if local else set()
    if any(_only_changed(n, tree) for n in nodes):
        unread |= _unfilled(nodes[0], tree)
    unread |= _loop_variable(nodes[0], tree) if len(name) == 1 else set()
    rated = [_rated(o, s, nodes, tree, context, local, unread) for o, s in found.items()]
    best = max((r.similarity for r in rated), default=0.0)
    rated = [
        replace(r, prior=r.prior * 0.5 ** ((best - r.similarity) / 0.06)) if r.name not in local else r for r in rated
    ]
    rated += _owners(nodes, tree, context) if len(name) <= 2 else []
    kept = [r for r in rated if r.prior >= 0.05]
    return sorted(kept, key=lambda r: (-r.prior, -r.similarity, r.name))[:8]


def _owners(nodes: Sequence[ast.Name], tree: Tree, context: Context) -> list[Rename]:
    """Return the names one letter away from a short one whose value has the attributes that are asked for."""
    from rapidfuzz.distance import DamerauLevenshtein

    parents = [tree.parents.get(node) for node in nodes]
    asked = {parent.attr for parent in parents if isinstance(parent, ast.Attribute)}
    name = nodes[0].id
    close = [n for n in context.names() if len(n) <= 3 and n != name and DamerauLevenshtein.distance(n, name) == 1]
    having = [n for n in close if asked and (v := context.value(n)) is not None and all(v.has(a) for a in asked)]
    return [Rename(n, 0.9 / len(having) ** 0.5, 1 - 1 / max(len(n), len(name)), 1.0) for n in having]


def _rated(  # noqa: PLR0913, PLR0917 - all that is known of one name
    other: str, similarity: float, nodes: Sequence[ast.Name], tree: Tree, context: Context, local: set[str],
    unread: set[str],
) -> Rename:  # fmt: skip
    value = context.value(other)
    fit = usage.fits(value, nodes, tree, context) if value is not None else 0.5
    odds = next(p for least, p in _ODDS if similarity >= least)
    if other in local:
        odds = max(odds, 0.12 + 0.1 * (fit == 1.0))
        odds = odds + (0.9 - odds) * (0.55 if other in unread else 0.15) * (fit > 0)
    elif len(nodes[0].id) <= 2 or similarity < _NEAR_ENOUGH:
        odds *= 0.3
    elif other in dir(builtins):
        odds *= 0.9
    odds *= 1.0 if fit == 1.0 else 0.93 if fit else 0.12
    one_slip = len(nodes[0].id) >= 4 and similarity > 1 - 1.05 / len(nodes[0].id)
    swapped = sorted(other) == sorted(nodes[0].id)
    if one_slip and (fit == 1.0 or (fit and (other in unread or swapped))):
        odds = max(odds, _ONE_SLIP)
    return Rename(other, min(odds, 0.97), similarity, fit)


def _locals(node: ast.Name, tree: Tree, context: Context) -> set[str]:
    """Return the variables of the functions around a node that hold a value where it stands."""
    names = usage.function_names(tree, node)
    live = set(context.local_names())
    return {n for n in names if n in live} if live else names


def _unread(node: ast.Name, tree: Tree) -> set[str]:
    """Return the variables and parameters of the innermost named function around a node that it makes no use of."""
    function = tree.function(node)
    if function is None:
        return set()
    read = {
        n.id
        for n in ast.walk(function)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and not _only_changed(n, tree)
    }
    return usage.bound_in(function) - read - {"self", "cls", "_"}


def _unfilled(node: ast.Name, tree: Tree) -> set[str]:
    """Return the variables that the function around a node makes empty and never fills."""
    function = tree.function(node)
    found: set[str] = set()
    for statement in ast.walk(function) if function is not None else ():
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=[]) | ast.Dict(keys=[])):
                found.add(name)
    changed = (
        {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and _only_changed(n, tree)} if function else set()
    )
    return found - changed


def _loop_variable(node: ast.Name, tree: Tree) -> set[str]:
    """Return the variable of the innermost loop around a node."""
    loop = next((a for a in tree.ancestors(node) if isinstance(a, ast.For)), None)
    return {loop.target.id} if loop is not None and isinstance(loop.target, ast.Name) else set()


def _only_changed(node: ast.Name, tree: Tree) -> bool:
    """Whether a name is read only to change its object: `rows.append(x)`, `table[key] = x`."""
    parent = tree.parents.get(node)
    match parent:
        case ast.Subscript(ctx=ast.Store()):
            return parent.value is node
        case ast.Attribute(attr=attr) if attr in _CHANGES:
            call = tree.parents.get(parent)
            return isinstance(call, ast.Call) and isinstance(tree.parents.get(call), ast.Expr)
    return False


def _likeness(name: str, other: str) -> float:
    """Return how alike two names are: by their letters, or by a word that they share."""
    letters = next((m.score for m in near(name, [other], limit=1, least=0.4)), 0.0)
    ours, theirs = _words(name), _words(other)
    shared = ours & theirs
    if not shared or len(max(shared, key=len)) < 2:
        return letters
    same_case = any(w in name and w in other for w in re.findall(r"[A-Z]?[a-z]+", other))
    return max(letters, 0.5 + 0.3 * len(shared) / max(len(ours), len(theirs)) + 0.02 * same_case)


def _words(name: str) -> set[str]:
    return {w.lower().rstrip("s") or w for w in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", name)}
