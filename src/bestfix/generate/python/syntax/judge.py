"""The judge: how likely each text that compiles is the one that the author meant."""

from __future__ import annotations

import ast
import builtins
import itertools
import math
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Protocol, TypeVar

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Move
from bestfix.generate.python.syntax.model import load_model
from bestfix.lang.python import masked, tokenized

__all__ = ["features", "judged"]

EXAMINED = 20_000
"""Characters up to which the syntax tree is looked at."""
REPEATS = 3
"""Times that one pattern of the syntax tree is counted."""
_BUILTINS = frozenset(dir(builtins))
NONE = "none of these"
"""The feature of the possibility that no candidate is right."""


INVENTED, INVENTION = "ins NAME|1", -1.2
"""The feature of a placeholder, and what it adds to the score: nobody means it, though the fit counts it as right."""
LEARNED, LONGER = 2, -0.4
"""Moves up to which the fit has seen enough, and what each further one adds to the score."""
GENERIC = "python.syntax.tokenedits."
"""The slips that edit any token, whatever it says."""
STATED = 0.6
"""What the probability that a slip states counts beyond the fitted weight."""
CERTAIN, CONTESTED = 0.98, -2.0
"""The probability from which a slip claims the characters that it rewrites, and what a generic edit of them loses."""


class Fix(Protocol):
    """What is judged: the text that moves led to."""

    @property
    def before(self) -> str:
        """The text before the moves."""

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
    claimed = _claimed(found)
    scores = [_score(weights, each) + CONTESTED * _contests(each, claimed) for each in found]
    scores.append(weights.get(NONE, 0.0))
    best = max(scores)
    odds = [math.exp(score - best) for score in scores]
    total = sum(odds)
    pairs = [(odd / total, each) for odd, each in zip(odds, found, strict=False)]
    return sorted(pairs, key=lambda pair: -pair[0])


def _claimed(found: Sequence[Fix]) -> list[Edit]:
    """Return the edits of the slips that leave no doubt."""
    alone = [fix.moves[0] for fix in found if len(fix.moves) == 1]
    return [edit for move in alone if move.p >= CERTAIN and not move.slip.startswith(GENERIC) for edit in move.edits]


def _contests(fix: Fix, claimed: Sequence[Edit]) -> bool:
    """Whether a fix is one generic edit of characters that a slip claims."""
    if len(fix.moves) != 1 or not fix.moves[0].slip.startswith(GENERIC):
        return False
    return any(a.start < b.end and b.start < a.end for a in fix.moves[0].edits for b in claimed)


def _score(weights: Mapping[str, float], fix: Fix) -> float:
    found = features(fix)
    score = sum(value * weights.get(name, 0.0) for name, value in found.items())
    score += STATED * sum(math.log(max(move.p, 1e-6)) for move in fix.moves)
    return score + (INVENTION if INVENTED in found else 0.0) + LONGER * max(0, len(fix.moves) - LEARNED)


def features(fix: Fix) -> Mapping[str, float]:
    """Return the features of a text that compiles: how it was made and what its syntax tree looks like."""
    found: dict[str, float] = {"cost": fix.cost, f"moves {len(fix.moves)}": 1.0}
    for move in fix.moves:
        for name in itertools.chain.from_iterable(move.evidence):
            found[name] = found.get(name, 0.0) + 1.0
    root = _tree(fix.text)
    if root is not None:
        for pattern, count in Counter(_patterns(root)).items():
            found[pattern] = float(min(count, REPEATS))
        for pattern, count in Counter(_gained(root, _names(fix.before))).items():
            found[pattern] = float(min(count, REPEATS))
    return found


@lru_cache(maxsize=8)
def _names(text: str) -> Counter[str]:
    """Return how often each name stands in a text."""
    return Counter(token.text for token in tokenized(text) if token.kind == "name")


def _gained(root: ast.Module, before: Counter[str]) -> Iterator[str]:
    """Yield for each name that stands in the tree more often than before whether anything else speaks of it."""
    after = Counter(node.id for node in ast.walk(root) if isinstance(node, ast.Name))
    for name, count in after.items():
        if count > before[name]:
            yield "gained known" if before[name] or name in _BUILTINS else "gained fresh"


def _tree(text: str) -> ast.Module | None:
    if len(text) > EXAMINED:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(masked(text))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _patterns(root: ast.Module) -> Iterator[str]:
    """Yield for every node of a syntax tree where it hangs: the class of its parent, the field and its own class."""
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
