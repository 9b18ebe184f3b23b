"""The work on one failure: candidates gathered from the repairs, and the checks of those from wherever they come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bestfix.config import Settings
from bestfix.core import Asked, Candidate, Context, Deadline, Failure, Outcome, Report, Scored, Verdict
from bestfix.core.tracing import stage
from bestfix.generate.base import Repair
from bestfix.generate.pool import gather
from bestfix.search.binding import Limits, Search
from bestfix.search.running import run
from bestfix.validate import static
from bestfix.validate.explain import Checker
from bestfix.validate.losses import losses, other_statement
from bestfix.validate.running import Runner

__all__ = ["Found", "Work"]


@dataclass(frozen=True, slots=True)
class Found:
    """What has been found so far.

    Attributes:
        scored: the candidates with their verdicts.
        failures: what went wrong.
        asked: what a model was asked, as far as its answers have come.
        awaited: how many questions to it have no answer yet.
        news: whether anything has come since the last time.
    """

    scored: tuple[Scored, ...]
    failures: tuple[Failure, ...] = ()
    asked: tuple[Asked, ...] = ()
    awaited: int = 0
    news: bool = True


@dataclass(frozen=True)
class Work:
    """The work on one failure.

    Attributes:
        settings: how to behave.
        repairs: the repairs of its language.
        report: the failure.
        context: what the failing program could see.
        binder: what has the database check a query.
        runner: what runs a program on a copy of its session.
        failures: what went wrong so far.
    """

    settings: Settings
    repairs: Sequence[Repair]
    report: Report
    context: Context
    binder: Checker | None
    runner: Runner | None
    failures: list[Failure]

    def local(self, deadline: Deadline) -> Found:
        """Return the candidates of the repairs, checked."""
        if self.binder is not None:
            limits = Limits(wanted=self.settings.k)
            search = Search(self.repairs, self.report, self.context, self.binder, deadline, limits)
            scored, failed = search.results(), search.failures
            if self.runner is not None and scored:
                scored, not_run = run(self.runner, self.repairs, self.report, self.context, scored, deadline)
                failed = [*failed, *not_run]
        else:
            with stage("generate"):
                candidates, failed = gather(self.repairs, self.report, self.context, deadline)
            scored = self.checked(candidates, deadline)
        self.failures.extend(failed)
        return Found(tuple(scored), tuple(self.failures))

    def checked(self, candidates: Sequence[Candidate], deadline: Deadline) -> list[Scored]:
        """Return candidates with their verdicts, in order until `k` are acceptable or time is up."""
        scored: list[Scored] = []
        usable = 0
        for candidate in candidates:
            try:
                with stage("validate"):
                    one = self._checked(candidate)
            except Exception as error:  # noqa: BLE001 - whatever a check trips over, the other candidates go on
                self.failures.append(Failure(f"check of {candidate.proposer}", f"{type(error).__name__}: {error}"))
                continue
            scored.append(one)
            usable += one.verdict.acceptable
            if usable >= self.settings.k or deadline.passed:
                break
        if self.runner is None or not scored:
            return scored
        scored, not_run = run(self.runner, self.repairs, self.report, self.context, scored, deadline)
        self.failures.extend(not_run)
        return scored

    def _checked(self, candidate: Candidate) -> Scored:
        """Return a candidate with the verdict of checking that runs nothing."""
        source = self.report.source(candidate.patch.source) or self.report.failing
        text = candidate.patch.apply(source.text)
        if self.binder is None or candidate.patch.display_only:
            return Scored(candidate, static.check(self.report, self.context, candidate, source, text), text)
        if other_statement(source.text, text):
            return Scored(candidate, Verdict(outcome=Outcome.BROKEN, notes=("it is another kind of statement",)), text)
        error = self.binder.error(text)
        outcome = Outcome.BROKEN if error is not None else self.binder.outcome
        notes = losses(source.text, text, candidate.patch.edits)
        return Scored(candidate, Verdict(error is None, outcome=outcome, notes=notes, error=error), text)
