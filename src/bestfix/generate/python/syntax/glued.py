"""Words that run into one another where a bracket between them was lost."""

from __future__ import annotations

import builtins
import re
from collections import Counter
from collections.abc import Iterator

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Broken, Move, slip
from bestfix.lang.python import Token

__all__ = ["glued_call"]

_FUNCTIONS = frozenset(name for name in dir(builtins) if name.islower() and not name.startswith("_"))
_CLOSED, _OPENED = frozenset(")]}"), frozenset("([{")
_SHORTEST = 3
"""Letters of a word that is taken for a function which nothing else names."""


@slip
def glued_call(broken: Broken) -> Iterator[Move]:
    """Open the parenthesis between a function and its first argument, which have become one word.

    Why: a key is not pressed hard enough.
    Example: `total = sumprices)` → `total = sum(prices)`
    Safety: safe where both words are known.
    """
    if "unmatched" not in broken.message:
        return
    line = [t for t in broken.tokens if broken.lines.lineno(t.start) == broken.lineno and t.start < broken.offset]
    known = Counter(t.text for t in broken.tokens if t.kind == "name")
    depth = 0
    for token in reversed(line):
        depth += (token.text in _CLOSED) - (token.text in _OPENED)
        if depth < 0:
            return
        for at, p in _splits(token, known) if token.kind == "name" and known[token.text] == 1 else ():
            gap = token.start + at
            reason = f"`{token.text[:at]}` is called with `{token.text[at:]}`: `(` is missing"
            yield Move((Edit.insert(gap, "("),), p, reason)


def _splits(token: Token, known: Counter[str]) -> Iterator[tuple[int, float]]:
    """Yield where a word may have been two, a function and its argument, and how likely."""
    for at in range(1, len(token.text)):
        function, argument = token.text[:at], token.text[at:]
        called = function in _FUNCTIONS or (known[function] and len(function) >= _SHORTEST)
        if called and known[argument]:
            yield at, 0.985 if len(argument) > 1 or len(function) > _SHORTEST else 0.9
    number = re.fullmatch(r"([A-Za-z_]+[A-Za-z])(\d+)", token.text)
    if number is not None and len(number[1]) > _SHORTEST:
        yield number.end(1), 0.9
    definition = re.fullmatch(r"(\w{3,}?)([a-z])", token.text)
    if definition is not None and known[definition[2]]:
        yield definition.end(1), 0.7
