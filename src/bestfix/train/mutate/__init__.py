"""How people break code: each family of mistakes in a module of its own, mixed as often as people make them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources

from bestfix.train.mutate.attributes import ATTRIBUTES
from bestfix.train.mutate.base import Mutator, Program
from bestfix.train.mutate.calls import CALLS
from bestfix.train.mutate.imports import IMPORTS
from bestfix.train.mutate.keys import KEYS
from bestfix.train.mutate.names import NAMES
from bestfix.train.mutate.stale import STALE
from bestfix.train.mutate.syntax import SYNTAX
from bestfix.train.mutate.values import VALUES

__all__ = ["MUTATORS", "Program", "broken"]

MUTATORS: Mapping[str, Mutator] = {
    mutator.__name__: mutator
    for family in (NAMES, ATTRIBUTES, KEYS, CALLS, VALUES, IMPORTS, STALE, SYNTAX)
    for mutator in family
}
"""The mutators of Python by name."""
_SEVERAL = 0.06
"""How often a second mistake follows a first one, and a third a second."""


@lru_cache(maxsize=1)
def mix() -> Mapping[str, float]:
    """Return how often each mutator is tried, relative to the others."""
    text = resources.files("bestfix.train.mutate").joinpath("mix.json").read_text(encoding="utf-8")
    weights: Mapping[str, float] = json.loads(text)["python"]
    return weights


def broken(program: Program, rng: random.Random, count: int) -> Iterator[tuple[Program, tuple[str, ...]]]:
    """Yield different broken versions of a program, `count` at most, each with the names of its mutators."""
    names, weights = list(mix()), list(mix().values())
    seen = {(program.setup, program.code)}
    for _ in range(4 * count):
        version, applied = program, list[str]()
        while not applied or rng.random() < _SEVERAL:
            [name] = rng.choices(names, weights)
            changed = MUTATORS[name](version, rng)
            if changed is None:
                break
            version, applied = changed, [*applied, name]
        if applied and (version.setup, version.code) not in seen:
            seen.add((version.setup, version.code))
            yield version, tuple(applied)
            count -= 1
        if count <= 0:
            return
