"""When two texts mean the same: they differ in layout, comments, quotes or needless brackets only."""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterator
from functools import lru_cache
from types import CodeType

from bestfix.lang.python.cell import is_foreign, masked
from bestfix.lang.python.quiet import quietly
from bestfix.lang.python.tokens import tokenized

__all__ = ["meaning"]

COMPILED = 6_000
"""Characters up to which texts are compared by what they compile to; longer ones by the tokens that change."""


def meaning(text: str, before: str) -> Hashable:
    """Return a key that is equal for two changed versions of `before` with one meaning.

    It is `None` for a version that changes nothing but layout and comments.
    """
    if len(before) > COMPILED:
        return _changed_tokens(before, text) or None
    own = _compiled(text)
    return text if own is None else None if own == _compiled(before) else own


@lru_cache(maxsize=128)
def _compiled(text: str) -> Hashable:
    """Return what running the text would execute; `None` when it does not compile or is not Python alone."""
    if is_foreign(text) or masked(text) != text:
        return None
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        code = quietly(lambda name: compile(text, name, "exec", flags, dont_inherit=True, optimize=0))
        return _instructions(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None


def _instructions(code: CodeType) -> Hashable:
    """Return what tells two code objects apart, positions and the places of their constants left out."""
    constants = tuple(_instructions(c) if isinstance(c, CodeType) else (type(c), repr(c)) for c in code.co_consts)
    names = (code.co_names, code.co_varnames, code.co_cellvars, code.co_freevars)
    counts = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags)
    return code.co_name, code.co_code, code.co_exceptiontable, constants, names, counts


def _changed_tokens(before: str, after: str) -> tuple[int, int, tuple[tuple[int, str], ...]] | tuple[()]:
    """Return the line of the first change, the lines that it replaces and its tokens; nothing for the same tokens."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    limit = min(len(old), len(new))
    head = next((i for i in range(limit) if old[i] != new[i]), limit)
    tail = next((i for i in range(limit - head) if old[-1 - i] != new[-1 - i]), limit - head)
    tokens = tuple(_placed("".join(new[head : len(new) - tail])))
    if tokens == tuple(_placed("".join(old[head : len(old) - tail]))):
        return ()
    return head, len(old) - tail - head, tokens


def _placed(text: str) -> Iterator[tuple[int, str]]:
    """Yield the tokens that count, each with its column where it starts a line, otherwise with -1."""
    start, fresh = 0, True
    for token in tokenized(text):
        if token.kind == "newline":
            start, fresh = token.end, True
        else:
            yield (token.start - start if fresh else -1), token.text
            fresh = False
