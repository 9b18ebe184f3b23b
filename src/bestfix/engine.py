"""From a failure to a decision: generate, check, rank, show or stay silent."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from bestfix.config import Settings, SettingsError
from bestfix.core import Candidate, Context, Deadline, Decision, Failure, Report, Scored
from bestfix.generate.base import load_repairs
from bestfix.generate.pool import gather
from bestfix.lang.text import SIZE_LIMIT
from bestfix.rank.policy import decide, ranked_by
from bestfix.rank.selectors import SELECTORS, is_selector
from bestfix.search.binding import Limits, Search
from bestfix.search.running import run
from bestfix.validate import static
from bestfix.validate.explain import Binder
from bestfix.validate.running import Runner

__all__ = ["QuickFix"]


@dataclass(frozen=True)
class QuickFix:
    """The engine. Stateless: one instance serves any number of sessions and threads.

    Raises:
        SettingsError: when the settings name a selector that does not exist.
    """

    settings: Settings = field(default_factory=Settings)

    def __post_init__(self) -> None:
        if not is_selector(self.settings.selector):
            raise SettingsError(f"no selector is called {self.settings.selector!r}; there are {', '.join(SELECTORS)}")

    def fix(
        self, report: Report, context: Context, *, binder: Binder | None = None, runner: Runner | None = None
    ) -> Decision:
        """Return what to show for a failure. Never raises for a bug of ours: the decision is then to show nothing.

        Args:
            report: the failure.
            context: what the failing program could see.
            binder: for a query, the way to have its database check it; a fix is then repaired until it binds.
            runner: for a program that ran, the way to run candidates on a copy of its session.
        """
        started = time.perf_counter()
        if (size := max(len(report.code), len(report.innermost[0].text))) > SIZE_LIMIT:
            return Decision(None, f"the source is too long to be looked at: {size:,} characters")
        repairs, failures = load_repairs(report.language)
        deadline = Deadline.after(self.settings.deadline)
        if binder is None:
            candidates, failed = gather(repairs, report, context, deadline)
            scored = self._checked(report, context, candidates, deadline, failed)
            if runner is not None:
                scored, not_run = run(runner, repairs, report, context, scored, deadline)
                failed += not_run
        else:
            search = Search(repairs, report, context, binder, deadline, Limits(wanted=self.settings.k))
            scored, failed = search.results(), search.failures
        best_first, unranked = ranked_by(self.settings.selector, report, scored)
        shown, reason = decide(best_first, self.settings.threshold)
        return Decision(
            shown=shown,
            reason=reason,
            ranked=best_first,
            sources={report.failing.name: report.failing.text, **{n: s.text for n, s in report.others.items()}},
            failures=(*failures, *failed, *unranked),
            seconds=time.perf_counter() - started,
            report=report,
        )

    def _checked(
        self, report: Report, context: Context, candidates: list[Candidate], deadline: Deadline, failed: list[Failure]
    ) -> list[Scored]:
        """Check candidates in order until `k` are acceptable or time is up."""
        scored: list[Scored] = []
        usable = 0
        for candidate in candidates:
            source = report.source(candidate.patch.source) or report.failing
            try:
                text = candidate.patch.apply(source.text)
                verdict = static.check(report, context, candidate, source, text)
            except Exception as error:  # noqa: BLE001 - whatever a check trips over, the other candidates go on
                failed.append(Failure(f"check of {candidate.proposer}", f"{type(error).__name__}: {error}"))
                continue
            scored.append(Scored(candidate, verdict, text))
            usable += verdict.acceptable
            if usable >= self.settings.k or deadline.passed:
                break
        return scored
