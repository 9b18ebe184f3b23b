"""The judge: how likely each text that compiles is the one that the author meant."""

from __future__ import annotations

import ast
import itertools
import math
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from bestfix.generate.python.syntax.base import Move
from bestfix.generate.python.syntax.model import load_model
from bestfix.lang.python import masked

__all__ = ["features", "judged"]

REPEATS = 3
"""Times that one pattern of the syntax tree is counted."""
NONE = "none of these"
"""The feature of the possibility that no candidate is right."""


class Fix(Protocol):
    """What is judged: the text that moves led to."""

    @property
    def text(self) -> str:
        """The text that compiles."""

    @property
    def moves(self) -> tuple[Move, ...]:
        """The moves that led to it."""

    @property
    def cost(self) -> float:
        """The negative logarithm of the moves' own probabilities."""


FixT = TypeVar("FixT", bound=Fix)


def judged(found: Sequence[FixT]) -> list[tuple[float, FixT]]:
    """Return each text with the probability that it is right, best first."""
    if not found:
        return []
    weights = load_model().judge
    scores = [sum(value * weights.get(name, 0.0) for name, value in features(each).items()) for each in found]
    scores.append(weights.get(NONE, 0.0))
    best = max(scores)
    odds = [math.exp(score - best) for score in scores]
    total = sum(odds)
    pairs = [(odd / total, each) for odd, each in zip(odds, found, strict=False)]
    return sorted(pairs, key=lambda pair: -pair[0])


def features(fix: Fix) -> Mapping[str, float]:
    """Return the features of a text that compiles: how it was made and what its syntax tree looks like."""
    found: dict[str, float] = {"cost": fix.cost, f"moves {len(fix.moves)}": 1.0}
    for move in fix.moves:
        for name in itertools.chain.from_iterable(move.evidence):
            found[name] = found.get(name, 0.0) + 1.0
    for pattern, count in Counter(_patterns(fix.text)).items():
        found[pattern] = float(min(count, REPEATS))
    return found


def _patterns(text: str) -> Iterator[str]:
    """Yield for every node of the syntax tree where it hangs: the class of its parent, the field and its own class."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            root = ast.parse(masked(text))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
    for node in ast.walk(root):
        parent = type(node).__name__
        for field, value in ast.iter_fields(node):
            if isinstance(value, ast.AST):
                if not isinstance(value, ast.expr_context):
                    yield f"{parent}.{field}>{_class(value)}"
            elif isinstance(value, list):
                if not value:
                    yield f"{parent}.{field}>"
                for child in value:
                    yield f"{parent}.{field}>{_class(child)}"


def _class(node: object) -> str:
    if isinstance(node, ast.Constant):
        return f"Constant {type(node.value).__name__}"
    if isinstance(node, ast.Name) and node.id in {"print", "self"}:
        return f"Name {node.id}"
    return type(node).__name__
