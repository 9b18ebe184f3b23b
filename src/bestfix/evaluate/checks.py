"""When a candidate counts as right, as far as its text alone tells."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Protocol

from bestfix.evaluate.cases import Case
from bestfix.lang.python import compiles, parsed, tokenized
from bestfix.lang.python.lexical import lexical

__all__ = ["TEXT_CHECKS", "TextCheck", "has_advice", "token_distance"]


class TextCheck(Protocol):
    """Says whether a candidate's whole new text is right; it runs nothing."""

    def __call__(self, case: Case, text: str) -> bool:
        """Whether `text` fixes the case."""


def exact_ast(case: Case, text: str) -> bool:
    """Whether the text has the syntax tree of an accepted fix."""
    shape = _shape(text)
    return shape is not None and any(shape == _shape(fixed) for fixed in case.fixed)


def exact_lex(case: Case, text: str) -> bool:
    """Whether the text has the tokens of an accepted fix, names, numbers and strings abstracted."""
    tokens = lexical(text)
    return tokens is not None and any(tokens == lexical(fixed) for fixed in case.fixed)


def parses(case: Case, text: str) -> bool:
    """Whether the text compiles as a cell and is not empty where the case was not."""
    return compiles(text) is None and (bool(text.strip()) or not case.code.strip())


def contains_any(case: Case, text: str) -> bool:
    """Whether the text contains one of the expected snippets, spaces apart."""
    bare = "".join(text.split())
    return any("".join(snippet.split()) in bare for snippet in _expected(case))


def has_advice(case: Case, reason: str) -> bool:
    """Whether a line of advice contains one of the expected phrases."""
    return any(phrase in reason for phrase in _expected(case))


def _expected(case: Case) -> Sequence[str]:
    return case.record["check"].get("any_of") or ()


TEXT_CHECKS: Mapping[str, TextCheck] = {
    "exact-ast": exact_ast, "exact-lex": exact_lex, "parses": parses, "contains-any": contains_any,
}  # fmt: skip


def token_distance(before: str, after: str) -> int:
    """Return how many tokens must be inserted, deleted or replaced to turn one text into the other."""
    from rapidfuzz.distance import Levenshtein

    return int(Levenshtein.distance(_texts(before), _texts(after)))


@lru_cache(maxsize=64)
def _texts(text: str) -> list[str]:
    return [token.text for token in tokenized(text) if token.kind != "newline"]


@lru_cache(maxsize=64)
def _shape(text: str) -> str | None:
    tree = parsed(text)
    return None if tree is None else ast.dump(tree.root)
