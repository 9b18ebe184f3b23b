"""How people break code: each family of mistakes in a module of its own, mixed as often as people make them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib import resources
from typing import TypeVar

from bestfix.train.mutate.attributes import ATTRIBUTES
from bestfix.train.mutate.base import Mutator, Program
from bestfix.train.mutate.calls import CALLS
from bestfix.train.mutate.imports import IMPORTS
from bestfix.train.mutate.keys import KEYS
from bestfix.train.mutate.loops import LOOPS
from bestfix.train.mutate.names import NAMES
from bestfix.train.mutate.sql_clauses import SQL_CLAUSES
from bestfix.train.mutate.sql_names import SQL_NAMES
from bestfix.train.mutate.stale import STALE
from bestfix.train.mutate.statement import SqlMutator, Statement
from bestfix.train.mutate.syntax import SYNTAX
from bestfix.train.mutate.values import VALUES

__all__ = ["MUTATORS", "SQL_MUTATORS", "Program", "Statement", "broken", "broken_query", "mix"]

MUTATORS: Mapping[str, Mutator] = {
    mutator.__name__: mutator
    for family in (NAMES, ATTRIBUTES, KEYS, LOOPS, CALLS, VALUES, IMPORTS, STALE, SYNTAX)
    for mutator in family
}
"""The mutators of Python by name."""
SQL_MUTATORS: Mapping[str, SqlMutator] = {mutator.__name__: mutator for mutator in (*SQL_NAMES, *SQL_CLAUSES)}
"""The mutators of SQL by name."""
_TRIES, _PATIENCE = 4, 15
"""How many versions are tried for one that is new, and how many mutators for one mistake: most have no place."""
_SEVERAL = 0.06
"""How often a second mistake follows a first one, and a third a second."""
_T = TypeVar("_T", Program, Statement)


@lru_cache(maxsize=2)
def mix(language: str) -> Mapping[str, float]:
    """Return how often each mutator of a language (`python` or `sql`) is tried, relative to the others."""
    text = resources.files("bestfix.train.mutate").joinpath("mix.json").read_text(encoding="utf-8")
    weights: Mapping[str, float] = json.loads(text)[language]
    return weights


def broken(program: Program, rng: random.Random, count: int) -> Iterator[tuple[Program, tuple[str, ...]]]:
    """Yield different broken versions of a program, `count` at most, each with the names of its mutators."""
    seen = {(program.setup, program.code)}
    for version, applied in _versions(program, MUTATORS, mix("python"), rng, _TRIES * count):
        if (version.setup, version.code) not in seen and count > 0:
            seen.add((version.setup, version.code))
            count -= 1
            yield version, applied


def broken_query(statement: Statement, rng: random.Random, count: int) -> Iterator[tuple[Statement, tuple[str, ...]]]:
    """Yield different broken versions of a query, `count` at most, each with the names of its mutators."""
    seen = {statement.code}
    for version, applied in _versions(statement, SQL_MUTATORS, mix("sql"), rng, _TRIES * count):
        if version.code not in seen and count > 0:
            seen.add(version.code)
            count -= 1
            yield version, applied


def _versions(
    whole: _T,
    mutators: Mapping[str, Callable[[_T, random.Random], _T | None]],
    weights: Mapping[str, float],
    rng: random.Random,
    tries: int,
) -> Iterator[tuple[_T, tuple[str, ...]]]:
    for _ in range(tries):
        version = whole
        applied: list[str] = []
        wanted = 1
        while rng.random() < _SEVERAL:
            wanted += 1
        for name in rng.choices(list(weights), list(weights.values()), k=_PATIENCE * wanted):
            changed = mutators[name](version, rng)
            if changed is None or (applied and changed.intended != version.intended):
                continue
            version = changed
            applied.append(name)
            if len(applied) == wanted:
                break
        if applied:
            yield version, tuple(applied)
