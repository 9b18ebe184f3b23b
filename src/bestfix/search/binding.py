"""Repair until it binds: best-first over one-step repairs, guided by the engine's own next error."""

from __future__ import annotations

import heapq
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from bestfix.core import (
    Applicability,
    Candidate,
    Context,
    Deadline,
    Edit,
    ErrorInfo,
    Failure,
    Patch,
    Report,
    Scored,
    Source,
    Verdict,
)  # fmt: skip
from bestfix.core.tracing import stage
from bestfix.generate.base import Repair
from bestfix.generate.pool import gather
from bestfix.generate.sql.forms import null_comparison
from bestfix.lang.sql.statements import first_words
from bestfix.lang.sql.tokens import meaning
from bestfix.validate.explain import Checker
from bestfix.validate.losses import loses_value, losses, other_statement

__all__ = ["Limits", "Search"]


_SURE = 0.97
_SLOW = "sql.dialects.translation"
"""The repair that loads sqlglot's dialects, when it first runs; the others go first, for time may end."""
_LOSSY = 0.5
_BELOW = 0.9


@dataclass(frozen=True, slots=True)
class Limits:
    """How far the search goes.

    Attributes:
        wanted: how many binding candidates are enough.
        binds: how many texts are bound at most.
        further: how many texts are bound at most after the first that binds.
        steps: how many repairs one candidate may be made of.
        spread: a candidate this much less likely than the best found is not looked for.
        seconds: how long the search goes on once it has found a candidate.
        patience: how long it goes on with none found, in seconds.
    """

    wanted: int = 10
    binds: int = 150
    further: int = 10
    steps: int = 6
    spread: float = 0.05
    seconds: float = 0.04
    patience: float = 0.6


@dataclass(order=True, slots=True)
class _Node:
    """A text of the search, not yet bound; the likeliest comes first."""

    cost: float
    number: int
    text: str = field(compare=False)
    p: float = field(compare=False)
    steps: tuple[Candidate, ...] = field(compare=False)
    error: ErrorInfo = field(compare=False)
    """The error of the text that this one repairs."""


@dataclass(eq=False)
class Search:
    """The search for the candidates that bind, each made of as many repairs as it takes.

    Attributes:
        repairs: the repairs of one step.
        report: the failure.
        context: what is known of the database.
        binder: what binds a text.
        deadline: when results are no longer wanted.
        limits: how far to go.
        failures: what was contained on the way.
    """

    repairs: Sequence[Repair]
    report: Report
    context: Context
    binder: Checker
    deadline: Deadline
    limits: Limits = field(default_factory=Limits)
    failures: list[Failure] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _heap: list[_Node] = field(default_factory=list)

    def results(self) -> list[Scored]:
        """Return the candidates that bind; those that leave out part of the query are below all that keep it."""
        found = self._merged(self._binding())
        least = min((s.candidate.prior for s in found if not s.verdict.notes), default=1.0)
        return [_lowered(s, least * _BELOW) if s.verdict.notes else s for s in found]

    def _merged(self, found: Iterable[Scored]) -> list[Scored]:
        """Return one candidate a meaning, the likeliest, with the votes of all."""
        merged: dict[tuple[str, ...], Scored] = {}
        for scored in found:
            key = meaning(scored.text, self.binder.dialect)
            first = merged.setdefault(key, scored)
            votes = tuple(dict.fromkeys([*first.candidate.votes, *scored.candidate.votes]))
            merged[key] = replace(first, candidate=replace(first.candidate, votes=votes))
        return list(merged.values())

    def _binding(self) -> Iterator[Scored]:
        """Yield the candidates that bind, the likeliest first."""
        self.repairs = sorted(self.repairs, key=lambda repair: repair.name == _SLOW)
        self._seen.add(self.report.code)
        self._begin()
        found, best, scale, binds = 0, 0.0, 1.0, self.limits.binds
        deadline = self.deadline.within(self.limits.patience)
        while self._heap and binds > 0 and found < self.limits.wanted and not deadline.passed:
            node = heapq.heappop(self._heap)
            if node.p < best * self.limits.spread:
                return
            if other_statement(self.report.code, node.text):
                continue
            binds -= 1
            with stage("validate"):
                error = self.binder.error(node.text)
            if error is None:
                if not found:
                    scale = node.p ** (1 / len(node.steps)) / node.p
                    deadline, binds = deadline.within(self.limits.seconds), min(binds, self.limits.further)
                scored = self._scored(node, min(node.p * scale, _SURE))
                if self._changes_rows and (scored.verdict.notes or loses_value(self.report.code, node.text)):
                    continue
                found, best = found + 1, max(best, node.p)
                yield scored
            elif len(node.steps) < self.limits.steps:
                self._expand(node.text, error, node.p * _progress(node, error), node.steps)

    def _begin(self) -> None:
        """Repair the query; one that compares with NULL as it is without that, for the engine does not complain."""
        text, error = self.report.code, self.report.error
        unseen = replace(self.report, error=ErrorInfo("NullComparison", ""))
        steps = tuple(null_comparison(unseen, self.context, self.deadline)) if error.type != "NullComparison" else ()
        if steps and (found := self.binder.error(fixed := steps[0].patch.apply(text))) is not None:
            self._seen.add(fixed)
            self._expand(fixed, found, 1.0, steps)
        else:
            self._expand(text, error, 1.0, ())

    @cached_property
    def _changes_rows(self) -> bool:
        """Whether the statement deletes or changes rows: with a condition less it would take more of them."""
        return first_words(self.report.code, 1)[:1] in {("DELETE",), ("UPDATE",)}

    def _expand(self, text: str, error: ErrorInfo, p: float, steps: tuple[Candidate, ...]) -> None:
        """Add the texts that one more repair gives."""
        source = Source(self.report.failing.name, text)
        report = replace(self.report, failing=source, error=error)
        with stage("generate"):
            candidates, failed = gather(self.repairs, report, self.context, self.deadline)
        self.failures += failed
        for candidate in candidates:
            fixed = candidate.patch.apply(text)
            if fixed not in self._seen and not candidate.patch.display_only:
                self._seen.add(fixed)
                likely = p * candidate.prior
                heapq.heappush(
                    self._heap, _Node(-likely, next(self._numbers), fixed, likely, (*steps, candidate), error)
                )

    def _scored(self, node: _Node, p: float) -> Scored:
        """Return what the repairs of a node come to as one candidate, right with probability `p`."""
        steps, source = node.steps, self.report.failing
        safety = min((s.patch.applicability for s in steps), default=Applicability.SAFE)
        patch = Patch(source.name, tuple(_edits(source.text, node.text)), safety)
        lost = losses(source.text, node.text, patch.edits)
        said = [s.reason for s in steps]
        reason = "; ".join(dict.fromkeys([*said, *(n for n in lost if not any("drop" in r for r in said))]))
        votes = tuple(dict.fromkeys(vote for s in steps for vote in s.votes))
        candidate = Candidate(patch, reason, steps[0].proposer, p, {"steps": float(len(steps))}, votes)
        known = self.binder.outcome
        verdict = Verdict(parses=True, recurs=False, outcome=known, notes=lost, untried=self.binder.untried)
        return Scored(candidate, verdict, node.text)


def _lowered(scored: Scored, limit: float) -> Scored:
    """Return a candidate with its estimate halved, and below the limit."""
    candidate = scored.candidate
    return replace(scored, candidate=replace(candidate, prior=min(candidate.prior * _LOSSY, limit)))


def _progress(node: _Node, error: ErrorInfo) -> float:
    """Return how much a repair after which the engine says `error` is still worth."""
    same = error.type == node.error.type and error.message == node.error.message
    return 0.4 if same else 0.9


_PIECE = re.compile(r"\w+|\s+|.", re.DOTALL)


def _edits(before: str, after: str) -> Iterator[Edit]:
    """Yield the edits that turn one text into the other, by words."""
    from rapidfuzz.distance import Levenshtein

    old, new = _PIECE.findall(before), _PIECE.findall(after)
    starts = list(itertools.accumulate(map(len, old), initial=0))
    for _, group in itertools.groupby(Levenshtein.opcodes(old, new), key=lambda code: code.tag == "equal"):
        codes = list(group)
        if codes[0].tag != "equal":
            first, last = codes[0], codes[-1]
            yield Edit(starts[first.src_start], starts[last.src_end], "".join(new[first.dest_start : last.dest_end]))
