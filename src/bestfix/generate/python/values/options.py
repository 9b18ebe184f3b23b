"""Words that stand for one of several options, and are none of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from bestfix.core import Candidate, Context, Kind, Report, Value
from bestfix.generate.base import repair
from bestfix.generate.python.reading.site import Site
from bestfix.generate.python.writing.edits import quoted
from bestfix.generate.similar import Match, near, shortened

__all__ = ["option", "option_of_method"]

_LONGEST = 40
"""Characters of a word that can be an option."""
_DTYPES = (
    "int", "int64", "int32", "int8", "float", "float64", "float32", "str", "string", "object", "bool", "category",
    "datetime64[ns]", "timedelta64[ns]", "Int64", "complex", "number", "all",
)  # fmt: skip
_AXES = ("columns", "index")
_LISTED = re.compile(
    r"(?:one of|must be|should be|valid|supported|mean|types?|kinds?|among|either)\b[^\n]*?:?\s*((?:[\w-]+, )+[\w-]+)"
)
_QUOTED = re.compile(r"(['\"`])([^'\"`\n]{1,40})\1")
_MEANT: dict[str, str] = {
    "avg": "mean", "average": "mean", "mean": "avg", "length": "count", "len": "count", "total": "sum",
    "stdev": "std", "stddev": "std", "variance": "var", "distinct": "nunique", "unique": "nunique",
    "minimum": "min", "maximum": "max",
}  # fmt: skip
"""What aggregations are called elsewhere."""


@repair("ValueError", "TypeError", "KeyError", "NotImplementedError", "AttributeError")
def option(report: Report, context: Context) -> Iterator[Candidate]:
    """Write the option that was meant: one that the error, or the documentation of the function, lists.

    Why: options are words in quotes, which nothing completes and nobody checks before they are used.
    Example: `df.merge(other, how="lft")` → `df.merge(other, how="left")`
    Safety: safe; the function says that the word is no option of it.
    """
    site = Site.of(report, context)
    for literal in _refused(site) if site is not None else ():
        assert site is not None  # noqa: S101 - there is a literal only at a site
        word = str(literal.value)
        offered = [o for o in dict.fromkeys(_offered(site, literal)) if o != word]
        for match in _meant(word, offered):
            reason = f"{word!r} is no option here; {match.name!r} is"
            edit = site.replace(literal, quoted(match.name, site.text(literal)))
            yield site.fix(edit, reason=reason, prior=0.35 + 0.6 * match.score)


@repair("AttributeError")
def option_of_method(report: Report, context: Context) -> Iterator[Candidate]:
    """Name the aggregation that was meant, where it is given as a word.

    Why: other languages say `avg`; words in quotes are mistyped like all others.
    Example: `df.groupby("city").agg("avg")` → `df.groupby("city").agg("mean")`
    Safety: safe; the table has the method.
    """
    site = Site.of(report, context)
    found = (
        site.search(r".*has no attribute '(\w+)'|'(\w+)' is not a valid function", "attribute", "function")
        if site
        else None
    )
    if site is None or found is None:
        return
    word = found[1] or found[2]
    owner = context.subject() or context.class_named("pandas.DataFrame")
    methods = [n for n in owner.attributes() if not n.startswith("_")] if owner is not None else []
    for literal in _literals(site, word):
        names = [_MEANT[word]] if _MEANT.get(word) in methods else []
        matches = [Match(name, 0.95) for name in names] or near(word, methods, limit=2, least=0.6)
        for match in matches:
            reason = f"{word!r} is no method of the table; {match.name!r} is"
            edit = site.replace(literal, quoted(match.name, site.text(literal)))
            yield site.fix(edit, reason=reason, prior=0.3 + 0.65 * match.score)


def _meant(word: str, offered: Sequence[str]) -> list[Match]:
    return near(word, offered, limit=3, least=0.6) or shortened(word, offered)[:1]


def _literals(site: Site, word: str) -> list[ast.Constant]:
    """Return the places where a word is written in quotes: in the failing statement, or else anywhere."""
    for root in (site.statement, site.tree.root):
        found = [n for n in ast.walk(root) if isinstance(n, ast.Constant) and n.value == word]
        if found:
            return found
    return []


def _refused(site: Site) -> Iterator[ast.Constant]:
    """Yield the words in quotes of the failing statement that the message quotes, or else one of the whole text."""
    seen: set[str] = set()
    for root in (site.statement, site.tree.root):
        for node in ast.walk(root):
            word = node.value if isinstance(node, ast.Constant) else None
            if not isinstance(node, ast.Constant) or not isinstance(word, str) or word in seen:
                continue
            parent = site.tree.parents.get(node)
            spoken = [word, *([parent.arg] if isinstance(parent, ast.keyword) and parent.arg else [])]
            if 1 < len(word) <= _LONGEST and any(_says(site.message, text) for text in spoken):
                seen.add(word)
                yield node


def _says(message: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", message) is not None


def _offered(site: Site, literal: ast.Constant) -> Iterator[str]:
    """Yield what the error and the documentation of the function offer in the place of a word."""
    message = site.message
    if message.startswith("No axis named"):
        yield from _AXES
    elif message.startswith("data type") or "not understood" in message:
        yield from _DTYPES
    elif "valid value for color" in message or "RGBA" in message:
        colors = site.context.module("matplotlib.colors")
        known = colors.attribute("CSS4_COLORS") if colors is not None else None
        yield from (str(name) for name in (known.keys() if known is not None else ()))
    yield from (text for _, text in _QUOTED.findall(message))
    for listed in _LISTED.findall(message):
        yield from listed.split(", ")
    call, name = _argument(site, literal)
    value = site.value(call.func) if call is not None else None
    if value is not None and name:
        yield from _documented(value, name)


def _argument(site: Site, literal: ast.Constant) -> tuple[ast.Call | None, str]:
    """Return the call that a word is an argument of, and the argument's name."""
    parent = site.tree.parents.get(literal)
    keyword = parent.arg if isinstance(parent, ast.keyword) else None
    call = site.tree.parents.get(parent) if isinstance(parent, ast.keyword) else parent
    if not isinstance(call, ast.Call):
        return None, ""
    if keyword is not None:
        return call, keyword
    found = site.value(call.func)
    signature = found.signature() if found is not None else None
    names = list(signature.parameters) if signature is not None else []
    place = call.args.index(literal) if literal in call.args else len(names)
    return call, names[place] if place < len(names) else ""


def _documented(function: Value, name: str) -> Iterator[str]:
    """Yield the options that a docstring in numpy's style lists for a parameter."""
    text = function.documentation()
    if not text and function.kind is Kind.CLASS:
        made = function.attribute("__init__")
        text = made.documentation() if made is not None else ""
    entry = re.search(rf"^([ \t]*){re.escape(name)}\s*:.*\n(?:\1[ \t]+.*\n|[ \t]*\n)*", text, re.MULTILINE)
    if entry is not None:
        yield from (word for _, word in _QUOTED.findall(entry[0]))
