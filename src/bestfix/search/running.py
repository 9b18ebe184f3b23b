"""Repair until it runs: where a fix gets past the failure and meets another error, repairs go on from there."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bestfix.core import Candidate, Context, Deadline, EditError, Failure, Outcome, Report, Scored, Source, Verdict
from bestfix.generate.base import Repair
from bestfix.generate.pool import gather
from bestfix.validate import static
from bestfix.validate.progress import graded
from bestfix.validate.running import Runner

__all__ = ["run"]

STEPS = 5
"""Repairs that one fix may be made of."""
ERRORS = 8
"""Errors that are repaired on all ways together."""
BESIDE = 2
"""Ways that are gone on together, since their trials run side by side."""
WIDTH = 3
"""Candidates for each further error that are run."""
LIKELY = 0.1
"""The least estimate of a fix that is gone on from."""
THINKING = 0.25
"""Seconds that the repairs have for a further error."""


def run(  # noqa: PLR0913, PLR0917 - what the engine knows of a failure
    runner: Runner,
    repairs: Sequence[Repair],
    report: Report,
    context: Context,
    scored: Sequence[Scored],
    deadline: Deadline,
) -> tuple[list[Scored], list[Failure]]:
    """Return the candidates with the verdicts of running them, those of several repairs last; and what went wrong.

    A candidate of several repairs makes the whole program run, and is looked for where one repair meets another error.

    Args:
        runner: what runs a candidate.
        repairs: the repairs of one step.
        report: the failure.
        context: what the failing program could see.
        scored: the candidates of one repair.
        deadline: when results are no longer wanted.
    """
    found, search = list(scored), _Search(repairs, report, context, runner, deadline)
    try:
        found = [replace(s, verdict=v) for s, v in zip(scored, runner.verdicts(scored, deadline), strict=True)]
        found += search.results(found)
    except Exception as error:  # noqa: BLE001 - whatever running trips over, the candidates stand as they were
        return found, [Failure("running the candidates", f"{type(error).__name__}: {error}")]
    return found, []


@dataclass(frozen=True, eq=False)
class _Way:
    """A fix that got past an error and met another one, and the repairs that it is made of."""

    reached: Scored
    steps: tuple[Candidate, ...]


@dataclass(eq=False)
class _Search:
    repairs: Sequence[Repair]
    report: Report
    context: Context
    runner: Runner
    deadline: Deadline
    _heap: list[tuple[float, int, _Way]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def results(self, scored: Sequence[Scored]) -> Iterator[Scored]:
        """Yield the fixes that run to their end; what is less likely than one of them is not gone on from."""
        best = max((s.candidate.prior for s in scored if s.verdict.outcome is Outcome.RAN_CLEAN), default=0.0)
        for one in scored:
            self._push(one, (one.candidate,))
        for _ in range(ERRORS // BESIDE):
            if self.deadline.passed or not (ways := self._likeliest(best)):
                return
            for one, steps in self._further(ways):
                if one.verdict.outcome is Outcome.RAN_CLEAN:
                    best = max(best, one.candidate.prior)
                    yield one
                else:
                    self._push(one, steps)

    def _likeliest(self, best: float) -> list[_Way]:
        """Take the ways that are to be gone on next: those that may still lead to a likelier fix than the best."""
        ways: list[_Way] = []
        while self._heap and len(ways) < BESIDE and -self._heap[0][0] > max(best, LIKELY):
            ways.append(heapq.heappop(self._heap)[2])
        return ways

    def _push(self, scored: Scored, steps: tuple[Candidate, ...]) -> None:
        """Remember a fix that got past the failure and met another error.

        What goes on from there comes out of a child, so no model may have had a hand in what that child ran.
        """
        verdict, candidate = scored.verdict, scored.candidate
        moved = verdict.outcome is Outcome.MOVED and verdict.error is not None and not candidate.model
        if moved and len(steps) < STEPS and candidate.patch.source == self.report.failing.name:
            heapq.heappush(self._heap, (-candidate.prior, next(self._numbers), _Way(scored, steps)))

    def _further(self, ways: Sequence[_Way]) -> Iterator[tuple[Scored, tuple[Candidate, ...]]]:
        """Yield the fixes that one more repair gives, with what they are made of."""
        onward = self.runner.onward([way.reached for way in ways], self._candidates, self.deadline)
        found = [
            (one, way, step)
            for way, candidates in zip(ways, onward, strict=True)
            for step in candidates[:WIDTH]
            if (one := self._joined(way.reached, way.steps, step)) is not None
        ]
        verdicts = self.runner.verdicts([one for one, _, _ in found], self.deadline)
        for (one, way, step), verdict in zip(found, verdicts, strict=True):
            if self._gets_further(way.reached, step, verdict):
                yield replace(one, verdict=verdict), (*way.steps, step)

    def _gets_further(self, node: Scored, step: Candidate, verdict: Verdict) -> bool:
        """Whether one more repair gets past the error that a fix met."""
        if verdict.error is None or node.verdict.error is None:
            return verdict.outcome is Outcome.RAN_CLEAN
        met = replace(self.report, failing=Source(self.report.failing.name, node.text), error=node.verdict.error)
        return graded(met, step.patch, verdict.error) is Outcome.MOVED

    def _candidates(self, report: Report, context: Context) -> list[Candidate]:
        """Return the candidates for a further error; this runs in the child that met it."""
        candidates, _ = gather(self.repairs, report, context, self.deadline.anew(THINKING))
        usable = (c for c in candidates if not c.patch.display_only and c.patch.source == report.failing.name)
        texts = ((c, c.patch.apply(report.code)) for c in usable)
        checked = (c for c, text in texts if static.check(report, context, c, report.failing, text).acceptable)
        return list(itertools.islice(checked, WIDTH))

    def _joined(self, node: Scored, steps: tuple[Candidate, ...], step: Candidate) -> Scored | None:
        """Return a fix and one more repair as one candidate for the failure."""
        before, first = self.report.failing, node.candidate
        try:
            text = step.patch.apply(node.text)
        except EditError:
            return None
        patch = first.patch.followed_by(step.patch, before.text)
        reason = "; ".join(dict.fromkeys([*(s.reason for s in steps), step.reason]))
        votes = tuple(dict.fromkeys([*first.votes, *step.votes]))
        evidence = {**first.evidence, "steps": float(len(steps) + 1)}
        candidate = Candidate(patch, reason, first.proposer, first.prior * step.prior, evidence, votes, first.model)
        verdict = static.check(self.report, self.context, candidate, before, text)
        return Scored(candidate, verdict, text) if verdict.acceptable else None
