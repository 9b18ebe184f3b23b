"""From a failure to a decision: generate, check, rank, show or stay silent."""

from __future__ import annotations

import random
import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field, replace

from bestfix.config import Settings, SettingsError
from bestfix.core import Context, Deadline, Decision, Report
from bestfix.core.tracing import stage
from bestfix.generate.base import load_repairs
from bestfix.generate.llm.dialogue import Dialogue
from bestfix.lang.text import SIZE_LIMIT
from bestfix.rank.explore import explored
from bestfix.rank.lead import guarded, settled
from bestfix.rank.policy import decide, ranked_by
from bestfix.rank.selectors import SELECTORS, is_selector
from bestfix.validate.explain import Checker
from bestfix.validate.running import Runner
from bestfix.work import Found, Work

__all__ = ["QuickFix"]


@dataclass(frozen=True)
class QuickFix:
    """The engine. Stateless: one instance serves any number of sessions and threads.

    Raises:
        SettingsError: when the settings name a selector that does not exist.
    """

    settings: Settings = field(default_factory=Settings)

    def __post_init__(self) -> None:
        for name in (self.settings.selector, self.settings.shadow or self.settings.selector):
            if not is_selector(name):
                raise SettingsError(f"no selector is called {name!r}; there are {', '.join(SELECTORS)}")

    def fix(
        self,
        report: Report,
        context: Context,
        *,
        binder: Checker | None = None,
        runner: Runner | None = None,
        dialogue: Dialogue = Dialogue(),
    ) -> Decision:
        """Return what to show for a failure: the last decision of `stream`, whose arguments it takes."""
        *_, last = self.stream(report, context, binder=binder, runner=runner, dialogue=dialogue)
        return last

    def stream(
        self,
        report: Report,
        context: Context,
        *,
        binder: Checker | None = None,
        runner: Runner | None = None,
        dialogue: Dialogue = Dialogue(),
    ) -> Generator[Decision, None, None]:
        """Yield what to show for a failure: at once by the repairs; then, while a model is asked, as answers come.

        Only the last decision is not `pending`. Without a model, or where nothing that it could say would be better,
        there is one. Never raises for a bug of ours: the decision is then to show nothing.

        Args:
            report: the failure.
            context: what the failing program could see.
            binder: for a query, the way to have its database check it; a fix is then repaired until it binds.
            runner: for a program that ran, the way to run candidates on a copy of its session.
            dialogue: what was tried before, and how patiently answers are awaited.
        """
        started = time.perf_counter()
        if (size := max(len(report.code), len(report.innermost[0].text))) > SIZE_LIMIT:
            yield Decision(None, f"the source is too long to be looked at: {size:,} characters")
            return
        repairs, unloaded = load_repairs(report.language)
        work = Work(self.settings, repairs, report, context, binder, runner, list(unloaded))
        until = Deadline.after(self.settings.llm.deadline)
        found = work.local(Deadline.after(self.settings.deadline))
        draw = random.random()
        decision = self._decision(report, found, started, draw)
        if self.settings.asks_model and not self._settled(decision, awaited=1):
            from bestfix.consult import consulted

            yield replace(decision, pending=True)
            with closing(consulted(work, found, until, dialogue)) as answers:
                for found in answers:
                    decision = self._decision(report, found, started, draw) if found.news else decision
                    if self._settled(decision, found.awaited):
                        break
                    yield replace(decision, pending=True)
            decision = replace(decision, seconds=time.perf_counter() - started)
        yield decision

    def _settled(self, decision: Decision, awaited: int) -> bool:
        """Whether nothing that may come is waited for."""
        if self.settings.llm.always:
            return not awaited
        return settled(decision.ranked, self.settings.threshold, awaited)

    def _decision(self, report: Report, found: Found, started: float, draw: float) -> Decision:
        """Return what to show by what has been found; `draw` is the lot that decides whether another one is tried."""
        with stage("rank"):
            best_first, unranked = ranked_by(self.settings.selector, report, found.scored, self.settings.models)
        best_first = guarded(best_first, self.settings.threshold)
        shown, reason = decide(best_first, self.settings.threshold)
        propensities: tuple[float, ...] = ()
        if shown is not None and self.settings.explore:
            best_first, propensities = explored(best_first, self.settings.threshold, self.settings.explore, draw)
            shown, reason = best_first[0], best_first[0].candidate.reason
        return Decision(
            shown=shown,
            reason=reason,
            ranked=best_first,
            sources={report.failing.name: report.failing.text, **{n: s.text for n, s in report.others.items()}},
            failures=(*found.failures, *unranked),
            seconds=time.perf_counter() - started,
            report=report,
            asked=found.asked,
            propensities=propensities,
        )
