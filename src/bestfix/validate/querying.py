"""Run queries that bind on copies of a database that lives in this process, and say how each ended."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from bestfix.capture.catalog.database import Database
from bestfix.core import Candidate, Deadline, Outcome, Report, Scored, Verdict
from bestfix.core.document import DocumentError, structured
from bestfix.lang.sql import masked, tokenized
from bestfix.validate.asking import Asking, Gave, refusal
from bestfix.validate.sandbox import Ended, Limits, capabilities, run_apart
from bestfix.validate.trial import Then

__all__ = ["Queries"]

WIDTH = 3
"""Candidates that are run, the likeliest."""
SECONDS = 0.15
"""How long all of them may take."""
SHARE = 0.4
"""Share of the time that is left which they may take."""
_READING = frozenset({"SELECT", "WITH", "VALUES", "FROM", "TABLE"})
"""The first words of statements that may only read; the engine has the last word on that, in the child."""


@dataclass(frozen=True)
class Queries:
    """What runs the candidates for a query.

    Attributes:
        report: the failure.
        database: the database that the query failed on.
        limits: what a child may use.
    """

    report: Report
    database: Database
    limits: Limits = field(default_factory=lambda: Limits(memory=1 << 30))

    @classmethod
    def of(cls, report: Report, database: Database) -> Queries | None:
        """Return what runs queries on a database; `None` where that is on a server: there, they are only bound."""
        module = type(database.connection).__module__.partition(".")[0].lstrip("_")
        here = (database.dialect, module) in {("duckdb", "duckdb"), ("sqlite", "sqlite3")}
        return cls(report, database) if here else None

    def verdicts(self, scored: Sequence[Scored], deadline: Deadline) -> list[Verdict]:
        """Return the verdict of each candidate, in their order; one that was not run says why."""
        reasons = [self._untried(one) for one in scored]
        usable = (i for i, reason in enumerate(reasons) if not reason)
        first = sorted(usable, key=lambda i: (bool(scored[i].verdict.notes), -scored[i].candidate.prior))[:WIDTH]
        found = dict(zip(first, self._ran([scored[i] for i in first], deadline), strict=True))
        others = f"only the {WIDTH} likeliest are run"
        return [found.get(i) or _untried(s.verdict, reasons[i] or others) for i, s in enumerate(scored)]

    def onward(self, scored: Sequence[Scored], then: Then, deadline: Deadline) -> list[Sequence[Candidate]]:  # noqa: ARG002 - `Runner` gives it to every kind of trial
        """Return no candidates: what rows do not fit is told by the first of them, and its repair is another one's."""
        return [()] * len(scored)

    def _ran(self, scored: Sequence[Scored], deadline: Deadline) -> Iterator[Verdict]:
        if not scored:
            return
        until = deadline.within(min(SECONDS, SHARE * deadline.left))
        ended = run_apart([Asking(self.database, one.text) for one in scored], until, self.limits)
        for one, end in zip(scored, ended, strict=True):
            yield self._verdict(one.verdict, end)

    def _verdict(self, verdict: Verdict, ended: Ended) -> Verdict:
        """Return the verdict that the end of a run gives."""
        verdict = replace(verdict, seconds=verdict.seconds + ended.seconds)
        gave = _gave(ended)
        if gave is None or gave.stopped:
            return _untried(verdict, ended.why or (gave and gave.stopped) or "it gave no answer that can be read")
        if gave.error is not None:
            said = gave.error.message.partition("\n")[0]
            same = gave.error.type == self.report.error.type and said in self.report.error.message
            return replace(verdict, outcome=Outcome.SAME_ERROR if same else Outcome.NEW_ERROR, error=gave.error)
        return replace(verdict, outcome=Outcome.RAN_CLEAN, result=gave.shape)

    def _untried(self, scored: Scored) -> str:
        """Return why a candidate may not be run; empty when it may."""
        if not scored.verdict.acceptable:
            return "it is ruled out without running"
        if scored.candidate.patch.display_only:
            return "it is advice"
        if scored.verdict.outcome is not Outcome.BINDS:
            return "it does not bind"
        if next((t.upper for t in tokenized(scored.text) if t.text != "("), "") not in _READING:
            return "it does more than read"
        mask = masked(scored.text, self.database.dialect)
        if mask.parts or mask.parameters:
            return "it has parameters"
        return self._refusal

    @cached_property
    def _refusal(self) -> str:
        """Why nothing can be run; empty when it can."""
        if missing := capabilities().missing:
            return missing[0]
        return refusal(self.database)


def _untried(verdict: Verdict, why: str) -> Verdict:
    return replace(verdict, untried=verdict.untried or why)


def _gave(ended: Ended) -> Gave | None:
    """Return what a child answered; `None` without an answer, and for one that has not its form."""
    try:
        return None if ended.answer is None else structured(Gave, json.loads(ended.answer))
    except (DocumentError, ValueError, RecursionError):
        return None
