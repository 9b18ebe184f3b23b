"""The search: moves of all slips, best first and guided by the parser, until the code compiles."""

from __future__ import annotations

import heapq
import importlib
import math
import pkgutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bestfix.core import Applicability, Candidate, Context, Deadline, Patch, Report, Source
from bestfix.generate.base import repair
from bestfix.generate.python.syntax.base import Broken, Move, Slip
from bestfix.generate.python.syntax.judge import judged
from bestfix.generate.python.syntax.lastresort import without_bad_lines
from bestfix.generate.python.syntax.window import Window
from bestfix.lang.python import compiles, gains_escapes

__all__ = ["Found", "load_slips", "search", "syntax_error"]

LARGEST = 120_000
"""Characters of a text up to which it is searched."""
PARSES = 250
"""Texts that one search may parse."""
EXPANSIONS, FURTHER = 12, 4
"""Broken texts that one search may ask the slips about: while nothing compiles, and once something does."""
STEPS = 10
"""Moves that one candidate may be made of."""
WANTED = 16
"""Candidates after which a search stops."""
MARGIN, EXPENSE = 8.0, 1.0
"""How much less likely, as a logarithm, what is parsed may be than the best candidate; the same for asking again."""
WINDOWS = 4
"""Windows of a long text that are searched, one after the other."""
HOPELESS = 1e-4
"""How likely the author meant to leave out lines."""
LAST_RESORT = 0.1
"""Seconds that leaving out lines may take."""
SECONDS = 0.3
"""Time that one search may take, whatever the deadline."""
ASKING = 2.0
"""What is added to the cost of asking the slips, which takes longer than parsing."""
MOVED_ON, STALLED = -2.5, 3.5
"""What is added to the cost of asking again when the parser stops later than before the last move, or does not."""


@repair("SyntaxError")
def syntax_error(report: Report, context: Context, deadline: Deadline) -> Iterator[Candidate]:  # noqa: ARG001 - every repair is given it
    """Fix code that does not parse.

    Why: a bracket, a quote, a colon or a comma is easily lost, and habits come along from other languages.
    Example: `print("a"` → `print("a")`
    Safety: every candidate compiles; one that deletes code or puts in a placeholder is marked unsafe.
    """
    source = report.failing
    if len(source.text) > LARGEST:
        return
    found = search(source.text, load_slips(), deadline.within(SECONDS))
    for p, each in judged(found):
        yield each.candidate(source, p)


@dataclass(frozen=True, slots=True)
class Found:
    """A text, and the moves that led to it.

    Attributes:
        text: the text in the window, as it is after the moves.
        window: the window of the source that was searched.
        moves: the moves, in order.
        cost: the negative logarithm of the moves' own probabilities.
        drag: what is added to the cost for how far the parser came.
    """

    text: str
    window: Window
    moves: tuple[Move, ...]
    cost: float
    drag: float = 0.0

    @property
    def before(self) -> str:
        """The text in the window, as it was before the moves."""
        return self.window.inner

    @property
    def whole(self) -> str:
        """The whole source, as it is after the moves."""
        return self.window.whole(self.text)

    def then(self, rest: Found) -> Found:
        """Return what mends the source when `rest` mends what these moves leave broken."""
        window = Window.all(self.window.text)
        return Found(rest.whole, window, (*self.moves, *rest.moves), self.cost + rest.cost)

    def candidate(self, source: Source, prior: float) -> Candidate:
        """Return the candidate that makes these moves in the source."""
        reasons = dict.fromkeys(move.reason for move in self.moves)
        applicability = Applicability.SAFE if all(move.safe for move in self.moves) else Applicability.UNSAFE
        patch = Patch(source.name, self.window.edits(self.text), applicability)
        return Candidate(
            patch,
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


def search(text: str, slips: Sequence[Slip], deadline: Deadline, windows: int = WINDOWS) -> list[Found]:
    """Return texts that compile and how they were found, roughly the most likely first.

    Args:
        text: the broken text.
        slips: what is asked for moves.
        deadline: when to stop asking.
        windows: how many windows of a long text may be searched, one after the other.
    """
    error = compiles(text)
    if error is None:
        return []
    window = Window.around(text, error)
    found = _Search(window, slips, deadline).run()
    if window.everything or not found:
        return found
    best = found[0] if len(found) == 1 else judged(found)[0][1]
    if compiles(best.whole) is None:
        return found
    if windows <= 1 or deadline.passed:
        return _given_up((best.then(Found(best.whole, Window.all(best.whole), (), 0.0)),), deadline)
    return [best.then(rest) for rest in search(best.whole, slips, deadline, windows - 1)]


def _given_up(states: Sequence[Found], deadline: Deadline) -> list[Found]:
    """Leave out the bad lines of the first of some texts in which that leads to something that compiles."""
    for state in states:
        left = without_bad_lines(state.text, deadline.anew(LAST_RESORT))
        if left is not None:
            text, lines = left
            reason = f"what stands on {'line' if len(lines) == 1 else 'lines'} {_listed(lines)} is not Python"
            move = Move((), HOPELESS, reason, safe=False, slip="python.syntax.lastresort")
            return [Found(text, state.window, (*state.moves, move), state.cost - math.log(HOPELESS))]
    return []


class _Search:
    """A best-first search in one window. The heap holds texts to be parsed and broken texts to ask the slips about."""

    def __init__(self, window: Window, slips: Sequence[Slip], deadline: Deadline) -> None:
        self.window = window
        self.slips = slips
        self.deadline = deadline
        self.heap: list[tuple[float, int, Found, Broken, bool]] = []
        self.found: list[Found] = []
        self.seen = {window.inner}
        self.parses = self.expansions = self.pushed = 0
        self.furthest = Found(window.inner, window, (), 0.0)
        self.least = len(window.inner)

    def run(self) -> list[Found]:
        start = self.furthest
        error = compiles(start.text)
        if error is not None:
            broken = Broken.of(start.text, error)
            self.least, self.furthest = _rest(broken), start
            self._push(start, broken, expand=True)
        while self.heap and len(self.found) < WANTED and not self.deadline.passed:
            _, _, state, broken, expand = heapq.heappop(self.heap)
            if state.cost > self._worst(expand=expand):
                continue
            if expand:
                self._expand(state, broken)
            elif self.parses < PARSES:
                self._parse(state, broken)
        if not self.found:
            self.found += _given_up((self.furthest, Found(self.window.inner, self.window, (), 0.0)), self.deadline)
        return self.found

    def _push(self, state: Found, broken: Broken, *, expand: bool) -> None:
        self.pushed += 1
        heapq.heappush(self.heap, (state.cost + state.drag + ASKING * expand, self.pushed, state, broken, expand))

    def _worst(self, *, expand: bool) -> float:
        """Return the cost from which on it is not worth to go on."""
        return self.found[0].cost + (EXPENSE if expand else MARGIN) if self.found else math.inf

    def _parse(self, state: Found, before: Broken) -> None:
        self.parses += 1
        error = compiles(state.text)
        if error is None:
            if not gains_escapes(self.window.inner, state.text):
                self.found.append(state)
        elif len(state.moves) < STEPS:
            after = Broken.of(state.text, error)
            if _rest(after) < self.least:
                self.least, self.furthest = _rest(after), state
            self._push(replace(state, drag=state.drag + _drag(before, after)), after, expand=True)

    def _expand(self, state: Found, broken: Broken) -> None:
        if self.expansions >= (FURTHER if self.found else EXPANSIONS):
            return
        self.expansions += 1
        merged: dict[str, Move] = {}
        for each in self.slips:
            if self.deadline.passed:
                return
            for move in _moves(each, broken):
                after = move.apply(state.text)
                if after not in self.seen:
                    merged[after] = _merged(merged[after], move) if after in merged else move
        self.seen.update(merged)
        for after, move in merged.items():
            cost = state.cost - math.log(max(move.p, 1e-9))
            self._push(Found(after, self.window, (*state.moves, move), cost, state.drag), broken, expand=False)


def _moves(each: Slip, broken: Broken) -> Iterator[Move]:
    """Yield the moves of a slip, each with the slip and its own estimate as evidence."""
    try:
        for move in each(broken):
            names = (each.name, f"{each.name} {round(math.log2(max(move.p, 1e-4)))}")
            yield Move(move.edits, move.p, move.reason, move.safe, each.name, (*move.evidence, names))
    except Exception:  # noqa: BLE001 - a slip that trips over broken code must not cost the moves of the others
        return


def _merged(one: Move, other: Move) -> Move:
    """Return the likelier of two moves with one result, with the evidence of both."""
    best = one if one.p >= other.p else other
    return replace(best, evidence=(*one.evidence, *other.evidence))


def _drag(before: Broken, after: Broken) -> float:
    """Return what is added to the cost for the parser's new stop, when it stopped at `before` until the last move."""
    return MOVED_ON if _rest(after) < _rest(before) else STALLED


def _rest(broken: Broken) -> int:
    """Return how many characters the parser has not come to."""
    return len(broken.text) - broken.offset


def _listed(lines: Sequence[int]) -> str:
    """Return numbers as text, only the first of many."""
    return ", ".join(map(str, lines[:5])) + (" …" if len(lines) > 5 else "")
