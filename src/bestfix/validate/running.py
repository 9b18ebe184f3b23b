"""Run candidates on copies of the live session, and say how each ended."""

from __future__ import annotations

import itertools
import json
import math
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

from bestfix.capture import Origins
from bestfix.capture.frames import user_frames
from bestfix.capture.ipython import CellSources
from bestfix.capture.message import slot
from bestfix.core import Candidate, Cell, Deadline, Outcome, Report, Scored, Source, Verdict
from bestfix.core.document import DocumentError, structured
from bestfix.core.odds import log_odds
from bestfix.lang.python import is_foreign
from bestfix.validate.hiding import hides
from bestfix.validate.progress import confined, graded, same_error, same_line
from bestfix.validate.safety import added_effects
from bestfix.validate.sandbox import Ended, Limits, capabilities, run_apart
from bestfix.validate.steps import Plan, Program
from bestfix.validate.trial import Change, Live, Ran, Then, Trial

__all__ = ["BEATEN", "Runner", "Trials"]

RESERVE = 0.05
"""Seconds before the deadline at which no trial runs any more."""
FIRST = 0.5
"""Share of the time that is left in which the failure must come again, or nothing can be learned from trials."""
BEATEN = "another fix is far likelier"
"""Why a candidate is not run that could not come before another one."""
UNHURRIED = 5.0
"""Seconds of processor time that a trial has where no deadline is set."""
PATIENCE = 0.3
"""Share of the time that is left which a trial may take beyond the time after which the failure came again."""
LEAD = math.log(3)
"""How far in log-odds a candidate must be ahead of another one so that, once it ran clean, the other one is not run."""


_OWN = frozenset({"In", "Out", "exit", "quit", "get_ipython", "open"})
"""What IPython itself puts into the session."""
_EMPTY = re.compile(r" \(0,")
_UNSUCCESSFUL = frozenset({Outcome.SAME_ERROR, Outcome.NEW_ERROR})


_Tried = tuple[tuple[Change, ...], Ended]
"""What a candidate changes, and how its trial ended."""


class Runner(Protocol):
    """What runs candidates: for programs what a binder is for queries."""

    def verdicts(self, scored: Sequence[Scored], deadline: Deadline) -> list[Verdict]:
        """Return the verdict of each candidate, in their order; one that was not run says why."""

    def onward(self, scored: Sequence[Scored], then: Then, deadline: Deadline) -> list[Sequence[Candidate]]:
        """Return the candidates that `then` finds for the error that each candidate meets, where it meets it."""


@dataclass(frozen=True)
class _Base:
    """How the program as it was behaves in a trial.

    Attributes:
        fails: whether it fails as it did.
        start: the statement from which it ran.
        seconds: how long it took to fail.
        why: why nothing can be learned from trials, where it does not fail so.
    """

    fails: bool = False
    start: int = 0
    seconds: float = 0.0
    why: str = "the failure does not come again on a copy of the session"


@dataclass(eq=False)
class Trials:
    """The trials of one failure's candidates.

    A trial says something only where the program as it was, taken up in the same way, fails as it did. So that is
    tried first: from the failing statement, in the state that it left, and if that does not reproduce the failure,
    from the beginning.

    Attributes:
        report: the failure.
        live: the session that it happened in.
        lineno: the line of the failing source's top level that was running; `None` when it did not compile, so that
            all of it is yet to run.
        limits: what a child may use.
        gone_on: says whether the session has gone on since.
    """

    report: Report
    live: Live
    lineno: int | None
    limits: Limits = field(default_factory=Limits)
    gone_on: Callable[[], bool] = bool
    _base: _Base | None = None

    @classmethod
    def of(cls, report: Report, error: BaseException, origins: Origins, cells: Sequence[Cell] = ()) -> Trials | None:
        """Return the trials for an error that came up; `None` where no top level of its own was running."""
        for frame, source, lineno, _ in user_frames(slot(error, "__traceback__"), origins):
            if source.name == report.failing.name:
                if not _is_top_level(frame):
                    return None
                shell = origins.sources.ip if isinstance(origins.sources, CellSources) else None
                return cls(report, Live(frame.f_globals, origins.sources, shell, cells), lineno)
        return None

    @classmethod
    def uncompiled(
        cls, report: Report, namespace: object, sources: Mapping[str, Source], cells: Sequence[Cell] = ()
    ) -> Trials | None:
        """Return the trials for a source that did not compile; `None` where there is no session to run it in."""
        if type(namespace) is not dict or not any(_is_of_the_user(name) for name in list(namespace)):
            return None
        shell = sources.ip if isinstance(sources, CellSources) else None
        return cls(report, Live(namespace, sources, shell, cells), None)

    def verdicts(self, scored: Sequence[Scored], deadline: Deadline) -> list[Verdict]:
        """Return the verdict of each candidate, the first ones run first.

        Where time counts, those are not run that could not come first: others are far likelier that ran clean, or are
        advice.
        """
        reasons = [self._untried(one) for one in scored]
        found = {i: replace(s.verdict, untried=reasons[i]) for i, s in enumerate(scored) if reasons[i]}
        todo = [i for i in range(len(scored)) if i not in found]
        until = replace(deadline, at=deadline.at - RESERVE)
        advice = (s for s in scored if s.candidate.patch.display_only and s.verdict.acceptable)
        advised = max((log_odds(s.candidate.prior) for s in advice), default=-math.inf)
        for index, verdict in self._tried([scored[i] for i in todo], advised, until):
            found[todo[index]] = verdict
        late = "there was no time left for it"
        return [found.get(i) or replace(s.verdict, untried=late) for i, s in enumerate(scored)]

    def onward(self, scored: Sequence[Scored], then: Then, deadline: Deadline) -> list[Sequence[Candidate]]:
        """Return the candidates for the error that each candidate meets, found in the state that the error left."""
        base = self._reproduced(deadline)
        found: list[Sequence[Candidate]] = [()] * len(scored)
        todo = [i for i, one in enumerate(scored) if base.fails and not self._untried(one)]
        trials = [Trial(self.live, self._plans(scored[i], base.start), then) for i in todo]
        until = deadline.within(base.seconds + FIRST * deadline.left)
        for index, ended in zip(todo, self._run(trials, until), strict=True):
            if (ran := _ran(ended)) is not None:
                found[index] = ran.onward
        return found

    def _tried(self, scored: Sequence[Scored], best: float, deadline: Deadline) -> Iterator[tuple[int, Verdict]]:
        """Yield the verdicts of candidates that may be run, while there is time; `best` are the log-odds to match."""
        first = 0
        while first < len(scored) and not deadline.passed:
            batch = self._rivals(scored[first:], best, deadline)
            early = self._beside_the_failure(batch, deadline)
            base = self._reproduced(deadline) if batch else _Base(why=BEATEN)
            if not base.fails:
                yield from ((i, replace(scored[i].verdict, untried=base.why)) for i in range(first, len(scored)))
                return
            until = deadline.within(base.seconds + PATIENCE * deadline.left)
            tried = early or self._ended([self._plans(one, base.start) for one in batch], until)
            for index, (changes, end) in enumerate(tried, first):
                verdict = self._verdict(scored[index], changes, end)
                if verdict.outcome in _UNSUCCESSFUL and base.start:
                    until = deadline.within(base.seconds + PATIENCE * deadline.left)
                    verdict = self._from_first_change(scored[index], changes, until) or verdict
                if verdict.outcome is Outcome.RAN_CLEAN and not verdict.hides:
                    best = max(best, log_odds(scored[index].candidate.prior))
                yield index, verdict
            first += len(tried)

    @staticmethod
    def _rivals(scored: Sequence[Scored], best: float, deadline: Deadline) -> Sequence[Scored]:
        """Return those of the first candidates that are run side by side: who would lose to the first one waits."""
        least = -math.inf if deadline.endless else max(best, log_odds(scored[0].candidate.prior)) - LEAD
        near = itertools.takewhile(lambda one: log_odds(one.candidate.prior) > least, scored)
        return list(itertools.islice(near, len(os.sched_getaffinity(0))))

    def _beside_the_failure(self, scored: Sequence[Scored], deadline: Deadline) -> list[_Tried]:
        """Run candidates beside the program as it was, from the failing statement; return how they ended.

        Returns:
            Nothing where it is known already from where the program fails again, or it does not fail from there.
        """
        if self.lineno is None or self._base is not None or not scored:
            return []
        start = self._failing
        plans = [self._plans(one, start) for one in scored]
        trials = [self._as_it_was(start), *(Trial(self.live, plan) for plan in plans)]
        until, patience = deadline.within(FIRST * deadline.left), PATIENCE * deadline.left
        first, *ended = self._run(trials, until, patience)
        self._base = self._based(first, start)
        return list(zip(plans, ended, strict=True)) if self._base.fails else []

    def _ended(self, plans: Sequence[tuple[Change, ...]], deadline: Deadline) -> list[_Tried]:
        """Run candidates and return how they ended."""
        return list(zip(plans, self._run([Trial(self.live, plan) for plan in plans], deadline), strict=True))

    def _run(self, trials: Sequence[Trial], deadline: Deadline, patience: float = math.inf) -> list[Ended]:
        limits = replace(self.limits, cpu=UNHURRIED) if deadline.endless else self.limits
        return run_apart(trials, deadline, limits, patience=patience)

    def _from_first_change(self, scored: Scored, changes: tuple[Change, ...], deadline: Deadline) -> Verdict | None:
        """Return the verdict of running all that follows a candidate's first change; `None` where it says nothing."""
        *others, last = changes
        found = last.plan.from_first_change(last.before, last.after)
        if found is None or not self._fails_from(found[1], deadline).fails:
            return None
        changes = (*others, replace(last, plan=found[0]))
        (ended,) = self._run([Trial(self.live, changes)], deadline)
        return self._verdict(scored, changes, ended)

    def _reproduced(self, deadline: Deadline) -> _Base:
        """Return from where the program fails again as it did: from the failing statement on, or from the beginning."""
        if self.lineno is None:
            return _Base(fails=True)
        if self._base is None:
            self._base = self._fails_from(self._failing, deadline.within(FIRST * deadline.left))
        if not self._base.fails and self._base.start:
            self._base = self._fails_from(0, deadline.within(FIRST * deadline.left))
        return self._base

    def _fails_from(self, start: int, deadline: Deadline) -> _Base:
        """Return whether the program as it was fails again when it runs from a statement on."""
        (ended,) = self._run([self._as_it_was(start)], deadline)
        return self._based(ended, start)

    def _as_it_was(self, start: int) -> Trial:
        """Return the trial of the program as it was, from a statement on."""
        program = self._program
        return Trial(self.live, (Change(program, program, Plan((), start, self._failing), self.live.space),))

    def _based(self, ended: Ended, start: int) -> _Base:
        """Return what the end of the trial of the program as it was says."""
        ran = _ran(ended)
        error = ran.error if ran is not None and ran.step == self._failing else None
        fails = error is not None and same_error(error, self.report.error)
        return _Base(fails, start, ended.seconds, ended.why or (ran and ran.stopped) or _Base.why)

    def _plans(self, scored: Scored, start: int) -> tuple[Change, ...]:
        """Return what a candidate changes, and what of it is to run so that the failing statement is reached."""
        source = scored.candidate.patch.source
        after = self._compiling(Source(source, scored.text))
        if self.lineno is None:
            return (Change(after, after, Plan((), 0, -1), self.live.space),)
        program = self._program
        if source == self.report.failing.name:
            plan = Plan.resuming(program, after, self._failing)
            whole = start < self._failing
            return (Change(program, after, Plan((), 0, plan.failing) if whole else plan, self.live.space),)
        before, space = self._compiling(self.report.others[source]), _space_of(source, self.live.space)
        if space is None:
            raise LookupError(f"{source} is not loaded")
        edited = Change(before, after, Plan.changes(before, after), space)
        return edited, Change(program, program, Plan((), start, self._failing), self.live.space)

    def _verdict(self, scored: Scored, changes: tuple[Change, ...], ended: Ended) -> Verdict:
        """Return the verdict that the end of a trial gives."""
        plan = changes[-1].plan
        verdict = replace(
            scored.verdict,
            seconds=scored.verdict.seconds + ended.seconds,
            resumed=plan.start > 0,
            hides=hides(self.report, scored.candidate.patch, scored.text),
        )
        ran = _ran(ended)
        if ran is None:
            return replace(verdict, untried=ended.why or "it gave no answer that can be read")
        past = ran.step > plan.failing
        if ran.stopped or (ran.error is not None and confined(self.report, ran.error)):
            why = ran.stopped or f"a trial may not do what it does: {ran.error and ran.error.message[:200]}"
            further = past and self.lineno is not None  # what did not compile has no statement to get past
            return replace(verdict, outcome=Outcome.MOVED if further else Outcome.UNVERIFIED, untried=why)
        if ran.error is None:
            notes = ("its result is empty",) if _EMPTY.search(ran.value) else ()
            return replace(verdict, outcome=Outcome.RAN_CLEAN, result=ran.value, notes=(*verdict.notes, *notes))
        patch = scored.candidate.patch
        outcome = Outcome.MOVED if past else graded(self.report, patch, ran.error)
        if outcome is Outcome.MOVED and same_line(self.report, patch, ran.error):
            verdict = replace(verdict, notes=(*verdict.notes, "it meets another error in the same line"))
        return replace(verdict, outcome=outcome, error=ran.error)

    def _untried(self, scored: Scored) -> str:
        """Return why a candidate may not be run; empty when it may."""
        if self._refusal:
            return self._refusal
        if self.gone_on():
            return "the session has gone on since the failure"
        patch = scored.candidate.patch
        if not scored.verdict.acceptable:
            return "it is ruled out without running"
        if patch.display_only:
            return "it is advice"
        source = self.report.source(patch.source)
        if source is None or (source is not self.report.failing and _space_of(source.name, self.live.space) is None):
            return "what it edits is not loaded in the session"
        if added := added_effects(source.text, scored.text):
            return f"it {added[0]}, which the program did not"
        return ""

    @cached_property
    def _refusal(self) -> str:
        """Why nothing can be run; empty when it can."""
        if missing := capabilities().missing:
            return missing[0]
        return "the cell is not Python" if is_foreign(self.report.code) else ""

    @cached_property
    def _program(self) -> Program:
        return self._compiling(self.report.failing)

    @cached_property
    def _failing(self) -> int:
        """The index of the top-level statement that failed."""
        return self._program.at(self.lineno or 1) or 0

    def _compiling(self, source: Source) -> Program:
        shell = self.live.shell
        program = Program.of(source, shell.transform_cell if shell is not None else None)
        if program is None:
            raise LookupError(f"{source.name} does not parse")
        return program


def _ran(ended: Ended) -> Ran | None:
    """Return what a child answered; `None` without an answer, and for one that has not its form."""
    try:
        return None if ended.answer is None else structured(Ran, json.loads(ended.answer))
    except (DocumentError, ValueError, RecursionError):
        return None


def _is_of_the_user(name: object) -> bool:
    return type(name) is str and not name.startswith("_") and name not in _OWN


def _is_top_level(frame: FrameType) -> bool:
    return frame.f_code.co_name == "<module>" and frame.f_locals is frame.f_globals and type(frame.f_globals) is dict


def _space_of(source: str, session: dict[str, Any]) -> dict[str, Any] | None:
    """Return the globals of a source: those of the session for a cell, of the module that a file was loaded as."""
    if source.startswith("<"):
        return session
    name = Path(source).name
    for module in list(sys.modules.values()):
        space = getattr(module, "__dict__", None)
        file = space.get("__file__") if type(space) is dict else None
        if type(file) is str and file.endswith(name) and Path(file).resolve() == Path(source):
            return space
    return None
