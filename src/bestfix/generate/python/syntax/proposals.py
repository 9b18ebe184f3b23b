"""Edits of tokens: every kind in every place, with the sites whose features the learned model judges them by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from bestfix.generate.python.syntax.view import CLOSER, OPENER, View, applied

__all__ = ["WRAPS", "Proposal", "Wanted", "pairs", "singles", "spans"]

WRAPS = ("(", "[", "{")
"""The brackets that may be missing on both sides."""

_LOST = (
    ") ] } : , ( [ { = == . + - * % ** / in is as and or not if else for import from def class return lambda while "
    "with except try elif raise yield pass await @ -> := NAME STRING NL"
)
_INSERTIONS = tuple((kind, "ins " + kind) for kind in _LOST.split())
REPLACEMENTS = {
    "=": ("==", ":", "+=", ",", "is", "-=", "in"), ",": ("as", ":", ".", "=", ")", "in", "]", "}"),
    ")": ("]", "}", ":"), "]": (")", "}"), "}": (")", "]"), "(": ("[", "{"), "[": ("(", "{"), "{": ("(", "["),
    ".": (",", ":", "="),
    ";": (":", ","), ":": (",", "=", ";", "."), "in": ("NAME", "="), "import": ("from", "NAME"),
    "from": ("import", "NAME"), "class": ("NAME", "def"), "pass": ("NAME",), "is": ("NAME", "=="),
    "def": ("class", "NAME"), "else": ("elif", "except"), "if": ("elif", "while", "for"), "and": ("NAME", ","),
    "as": ("in", "NAME", "for"), "lambda": ("NAME",), "return": ("NAME",), "for": ("NAME", "in"),
    "while": ("with", "if", "for"), "with": ("while", "if"), "except": ("else",), ">>": ("=",), "==": ("=",),
    "+=": ("+", "="), "->": (":", "."), "not": ("NAME",), "yield": ("NAME",), "del": ("NAME",), "global": ("NAME",),
    "None": ("NAME",), "True": ("NAME",), "False": ("NAME",), "await": ("NAME",), "async": ("NAME",),
    "assert": ("NAME",), "try": ("NAME",), "raise": ("NAME",), "elif": ("if",), "or": (",",), ">": (".", ")", ":"),
    "<": ("(", ","), "*": (",",),
}  # fmt: skip
"""What a token may stand for."""
_STATEMENTS = ("class", "def", "if", "for", "while", "with", "import", "from", "return", "elif", "try", "raise")
_INNER = ("in", "as", "import", "for", "if", "and", "or", "else", "is", "from")
_BRACKETS = frozenset({*CLOSER, *OPENER})
_NOT_AT_END = frozenset({"def", "class", "import", "from", "for", "if", "while", "NL", *CLOSER}) - {"{"}
_NOT_AT_START = frozenset({*OPENER, ",", ":", "=", "==", "NL"})
_ONCE = frozenset({",", ":", ".", "NL", "NAME", "STRING"})


Wanted = Callable[[str, str], bool]
"""Whether a template at a site is worth a proposal."""


class Proposal(NamedTuple):
    """One edit of tokens.

    Attributes:
        parts: pairs of a template (`ins )`) and the site whose features it is judged by.
        action: what is done: `ins`, `del`, `rep`, `wrap`, `unwrap`, `swap`, `run` or `quote`.
        first, last: the items `first` up to `last`, or the gap before `first`, that it is done to.
        new: the kind of token or bracket that is put in.
        complete: whether all brackets match afterwards.
    """

    parts: tuple[tuple[str, str], ...]
    action: str
    first: int
    last: int
    new: str
    complete: bool


def singles(view: View, span: Sequence[int], wanted: Wanted = lambda _template, _site: True) -> Iterator[Proposal]:
    """Yield every edit of one token whose template is wanted."""
    for i in span:
        yield from _insertions(view, i, wanted)
        if i < len(view.items):
            if wanted("del", f"t{i}"):
                yield from _deletions(view, i)
            yield from _replacements(view, i, wanted)


def pairs(view: View, span: Sequence[int]) -> Iterator[Proposal]:
    """Yield the edits of two matching brackets: removed, or made another kind."""
    stack: list[int] = []
    complete = view.opened[-1] == ""
    for i, kind in view.brackets:
        if kind in CLOSER:
            stack.append(i)
            continue
        if not stack:
            continue
        opening = stack.pop()
        if view.kind(opening) != OPENER[kind] or opening not in span or i not in span:
            continue
        parts = (("unwrap o", f"t{opening}"), ("unwrap c", f"t{i}"))
        yield Proposal(parts, "unwrap", opening, i, "", complete)
        for new in CLOSER:
            if new != OPENER[kind]:
                parts = ((f"swap{new} o", f"t{opening}"), (f"swap{new} c", f"t{i}"))
                yield Proposal(parts, "swap", opening, i, new, complete)


def spans(view: View, starts: Sequence[int], ends: Sequence[int], action: str, new: str = "") -> Iterator[Proposal]:
    """Yield the edits of runs of items: put in brackets, deleted or quoted."""
    complete = view.opened[-1] == ""
    for i in starts:
        for j in ends:
            if j <= i + (action != "wrap") or j > len(view.items):
                continue
            pair = f"s{i},{j}"
            if action == "wrap":
                if _nested(view, i, j):
                    parts = ((f"wrap{new} o", f"g{i}"), (f"wrap{new} c", f"g{j}"), (f"wrap{new}", pair))
                    yield Proposal(parts, "wrap", i, j, new, complete)
                continue
            if action == "quote" and any(view.kind(k)[:2] in {"ST", "OP", "NL", "nl"} for k in range(i, j)):
                continue
            balance = _balance(view, i, j, "")
            ends_of = ((f"{action} o", f"t{i}"), (f"{action} c", f"t{j - 1}"), (action, pair), (action, balance))
            yield Proposal(ends_of, action, i, j, "", balance == "B1")


def _nested(view: View, i: int, j: int) -> bool:
    """Whether the brackets among the items are complete."""
    stack: str | None = ""
    for _, kind in view.brackets[view.ranks[i] : view.ranks[j]]:
        stack = applied(stack, kind)
        if stack is None:
            return False
    return not stack


def _insertions(view: View, i: int, wanted: Wanted) -> Iterator[Proposal]:
    p, n = view.kind(i - 1), view.kind(i)
    at_start, at_end = p[:2] in {"NL", "nl"}, n[:2] in {"NL", "nl", "$"}
    complete = view.opened[-1] == ""
    site = f"g{i}"
    for new, template in _INSERTIONS:
        if not wanted(template, site):
            continue
        if (new == n and (new in OPENER or new in _ONCE)) or (new == p and (new in CLOSER or new in _ONCE)):
            continue
        if (at_start and new in _NOT_AT_START) or (at_end and new in _NOT_AT_END):
            continue
        if new in _BRACKETS:
            balance = _balance(view, i, i, new)
            yield Proposal(((template, site), (template, balance)), "ins", i, i, new, balance == "B1")
        else:
            yield Proposal(((template, site),), "ins", i, i, new, complete)


def _deletions(view: View, i: int) -> Iterator[Proposal]:
    kind = view.kind(i)
    if kind == view.kind(i - 1) and kind not in {"NAME", "STRING", "NUMBER"}:
        return
    if kind in _BRACKETS:
        balance = _balance(view, i, i + 1, "")
        yield Proposal((("del", f"t{i}"), ("del", balance)), "del", i, i + 1, "", balance == "B1")
    else:
        yield Proposal((("del", f"t{i}"),), "del", i, i + 1, "", view.opened[-1] == "")


def _replacements(view: View, i: int, wanted: Wanted) -> Iterator[Proposal]:
    kind = view.kind(i)
    for new in _stands_for(view, i):
        template = "rep " + new
        if not wanted(template, f"t{i}"):
            continue
        if kind in _BRACKETS or new in _BRACKETS:
            balance = _balance(view, i, i + 1, new)
            parts = ((template, f"t{i}"), (template, balance))
            yield Proposal(parts, "rep", i, i + 1, new, balance == "B1")
        else:
            yield Proposal(((template, f"t{i}"),), "rep", i, i + 1, new, view.opened[-1] == "")


def _stands_for(view: View, i: int) -> Iterator[str]:
    """Yield what an item may stand for."""
    kind = view.kind(i)
    yield from REPLACEMENTS.get(kind, ())
    if kind[0] == "~":
        yield kind[1:]
    if kind in {"NAME", "print", "function", "var"} or kind[0] == "~":
        yield "STRING"
        words = _STATEMENTS if view.kind(i - 1)[:2] in {"NL", "^"} else _INNER if abs(i - view.stop) < 4 else ()
        yield from (word for word in words if word != kind[1:])
    if kind == "NUMBER" and view.kind(i + 1) == "NAME":
        yield "NAME"


def _balance(view: View, i: int, j: int, new: str) -> str:
    """Say how brackets match once `new` stands for the items `i` to `j`: `B1` all, `B0` no longer, `B2` still not."""
    stack = view.opened[view.ranks[i]]
    if new in _BRACKETS:
        stack = applied(stack, new)
    if stack is not None and stack == view.needed[view.ranks[j]]:
        return "B1"
    return "B0" if view.opened[-1] == "" else "B2"
