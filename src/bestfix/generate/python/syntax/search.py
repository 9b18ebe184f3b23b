"""The search: moves of all slips, best first and guided by the parser, until the code compiles."""

from __future__ import annotations

import heapq
import importlib
import math
import pkgutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bestfix.core import Applicability, Candidate, Context, Deadline, Edit, Patch, Report, Source
from bestfix.generate.base import repair
from bestfix.generate.python.syntax.base import Broken, Move, Slip
from bestfix.lang.python import compiles

__all__ = ["Found", "load_slips", "search", "syntax_error"]

PARSES = 400
"""Texts that one search may parse."""
EXPANSIONS = 25
"""Broken texts that one search may ask the slips about."""
STEPS = 6
"""Moves that one candidate may be made of."""
WANTED = 16
"""Candidates after which a search stops."""
SECONDS = 0.4
"""Time that one search may take, whatever the deadline."""
STALLED = 3.0
"""Cost of a move after which the parser stops no later than before."""


@repair("SyntaxError")
def syntax_error(report: Report, context: Context, deadline: Deadline) -> Iterator[Candidate]:  # noqa: ARG001 - contract
    """Fix code that does not parse.

    Why: a bracket, a quote, a colon or a comma is easily lost, and habits come along from other languages.
    Example: `print("a"` → `print("a")`
    Safety: every candidate compiles; one that deletes code or puts in a placeholder is marked unsafe.
    """
    source = report.failing
    found = list(search(source.text, load_slips(), deadline.within(SECONDS)))
    total = sum(f.p for f in found) + 0.02
    for each in sorted(found, key=lambda f: -f.p):
        yield each.candidate(source, each.p / total)


@dataclass(frozen=True, slots=True)
class Found:
    """A text that compiles, and the moves that led to it."""

    text: str
    moves: tuple[Move, ...]
    cost: float

    @property
    def p(self) -> float:
        """The probability that the moves' own estimates give."""
        return math.exp(-self.cost)

    def candidate(self, source: Source, prior: float) -> Candidate:
        """Return the candidate that makes these moves in the source."""
        reasons = dict.fromkeys(move.reason for move in self.moves)
        safe = all(move.safe for move in self.moves)
        return Candidate(
            _patch(source, self.text, Applicability.SAFE if safe else Applicability.UNSAFE),
            "; ".join(reasons),
            prior=prior,
            evidence={"cost": self.cost, "moves": float(len(self.moves))},
        )


@lru_cache(maxsize=1)
def load_slips() -> tuple[Slip, ...]:
    """Return every slip of the modules of this package."""
    package = importlib.import_module(__package__ or "")
    found: list[Slip] = []
    for info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        found += [value for value in vars(module).values() if isinstance(value, Slip)]
    return tuple(dict.fromkeys(found))


def search(text: str, slips: Sequence[Slip], deadline: Deadline) -> Iterator[Found]:
    """Yield texts that compile, roughly the most likely first."""
    heap: list[tuple[float, int, Found, Broken | None, bool]] = [(0.0, 0, Found(text, (), 0.0), None, False)]
    seen = {text}
    number = parses = expansions = found = 0
    while heap and found < WANTED and not deadline.passed:
        cost, _, state, before, expand = heapq.heappop(heap)
        if not expand:
            if parses >= PARSES:
                continue
            parses += 1
            error = compiles(state.text)
            if error is None:
                found += 1
                yield state
                continue
            broken = Broken.of(state.text, error)
            penalty = 0.0 if before is None else _stall(before, broken)
            if len(state.moves) < STEPS:
                number += 1
                heapq.heappush(heap, (cost + penalty, number, state, broken, True))
            continue
        if expansions >= EXPANSIONS or before is None:
            continue
        expansions += 1
        for move in _moves(before, slips):
            after = move.apply(state.text)
            if after in seen:
                continue
            seen.add(after)
            number += 1
            total = cost - math.log(max(move.p, 1e-9))
            heapq.heappush(heap, (total, number, Found(after, (*state.moves, move), total), before, False))


def _moves(broken: Broken, slips: Sequence[Slip]) -> Iterator[Move]:
    for each in slips:
        for move in each(broken):
            yield replace(move, slip=each.name)


def _stall(before: Broken, after: Broken) -> float:
    """Return what it costs that the parser stops at `after`, when it stopped at `before` until the last move."""
    gained = (len(before.text) - before.offset) - (len(after.text) - after.offset)
    return 0.5 if gained > 0 else STALLED


def _patch(source: Source, after: str, applicability: Applicability) -> Patch:
    """Return the patch from the source's text to `after`; the lines that both share at either end are not compared."""
    before = source.text
    limit = min(len(before), len(after))
    head = 0
    while head < limit and before[head] == after[head]:
        head += 1
    head = before.rfind("\n", 0, head) + 1
    tail = 0
    while tail < limit - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    inner = Patch.between(before[head : len(before) - tail], after[head : len(after) - tail], source=source.name)
    edits = tuple(Edit(e.start + head, e.end + head, e.text) for e in inner.edits)
    return Patch(source.name, edits, applicability)
