"""bestfix in one IPython shell: which cell failed last, and what is offered for it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from threading import Thread

    from bestfix.config import Settings
    from bestfix.config_layers import InForce
    from bestfix.core import Attempt, Cell, Decision, Exposure
    from bestfix.recording import Tracker
    from bestfix.surfaces.failed import Failed
    from bestfix.surfaces.following import Following
    from bestfix.surfaces.offer import Offer

from bestfix.surfaces.showing import Showing

__all__ = ["Front", "Session"]

HISTORY = 500
"""Earlier cells that are looked at."""
IMPORTING = 5.0
"""Seconds that the first failing cell waits at most for what is being imported."""
SILENT = ("KeyboardInterrupt", "SystemExit", "BdbQuit")
"""Errors that are the user's wish."""


class Front(Protocol):
    """A front end that knows the notebook and shows decisions in its own way."""

    @property
    def attached(self) -> bool:
        """Whether anybody is there to show something."""

    def failing(self, failed: Failed) -> None:
        """Say that a cell has failed and is answered when the user asks."""

    def decided(self, failed: Failed, decision: Decision) -> None:
        """Show a decision, in the place of an earlier one about the same failure."""

    def cells(self, failed: Failed, run: Sequence[Cell]) -> list[Cell]:
        """Return the notebook's other cells, given those that the session has run."""


class Session:
    """bestfix in one IPython shell.

    Attributes:
        ip: the `InteractiveShell`.
        automatic: whether a failing cell is answered unasked; `None` for what the settings say.
        wishes: the settings that a front end asks for, by their dotted names.
        front: a front end that shows decisions itself.
        failed: the last cell that failed.
        standing: whether nothing has run since it failed.
        offer: the fixes for it, when they have been asked for.
        following: the decisions that are still coming for it.
        places: the notebook's ids of the cells that have run, by their execution counts.
        tracker: what becomes of failures; `None` until a cell has failed.
        trouble: what of ours went wrong last; the user's cells never notice.
    """

    def __init__(self, ip: Any) -> None:
        self.ip = ip
        self.automatic: bool | None = None
        self.wishes: dict[str, object] = {}
        self.front: Front | None = None
        self.failed: Failed | None = None
        self.standing = False
        self.offer: Offer | None = None
        self.following: Following | None = None
        self.places: dict[int, str] = {}
        self.tracker: Tracker | None = None
        self.trouble = ""
        self._showing = Showing()
        self._taken: tuple[str, tuple[Attempt, ...]] = ("", ())
        self._failed_counts: set[int | None] = set()
        self._running: list[Any] = []
        self._warming: Thread | None = None

    def before(self, info: Any) -> None:
        """Note that a cell starts; cells run cells (`%%capture`), and only the outermost is the user's."""
        if info.store_history:
            self._running.clear()
        self._running.append(info)
        if not info.raw_cell.lstrip().startswith("%fix"):
            self._go_on()

    def after(self, result: Any) -> None:
        """Answer a cell that failed."""
        if result is None:
            return
        info = result.info
        if info in self._running:
            del self._running[self._running.index(info) :]
        if self._warming is None:
            self.warm()
        if not self._running and (place := getattr(info, "cell_id", None)) is not None:
            self.places[result.execution_count] = place
        if self._running or info.silent or (result.success and self.tracker is None):
            return
        try:
            if not info.raw_cell.lstrip().startswith("%fix"):
                self.ran(info.raw_cell, clean=result.success, place=getattr(info, "cell_id", None))
            if not result.success:
                self.failing(result)
        except Exception as error:  # noqa: BLE001 - a bug of ours must not break the user's cell
            self.note(error)

    def note(self, error: Exception) -> None:
        """Remember what of ours went wrong."""
        self.trouble = f"{type(error).__name__}: {error}"

    def warm(self) -> None:
        """Import what an answer needs, while the shell waits for its next cell."""
        from threading import Thread

        self._warming = Thread(target=_import_repairs, name="bestfix-import", daemon=True)
        self._warming.start()

    def _warmed(self) -> None:
        """Wait for the imports under way: a module that two threads import from both ends may be seen half made."""
        if self._warming is not None:
            self._warming.join(IMPORTING)

    def remember(self, result: Any) -> bool:
        """Remember a result as the last that failed; say whether it did, against the user's will."""
        self._warmed()
        from bestfix.surfaces.failed import Failed

        failed = Failed(result)
        if failed.error is None or any(cls.__name__ in SILENT for cls in type(failed.error).__mro__):
            return False
        if self.following is not None:
            self.following.close()
        self.failed, self.offer, self.following, self.standing = failed, None, None, True
        self._failed_counts.add(failed.count)
        text, tried = self._taken
        failed.previous = tried if failed.raw.strip() == text.strip() else ()
        return True

    def failing(self, result: Any) -> None:
        """Remember a result that failed, and show the fix when that is wanted."""
        if not self.remember(result):
            return
        if self.wanted():
            self.answer()
        elif self.front is not None and self.failed is not None and self.front.attached:
            self.front.failing(self.failed)

    def held(self) -> InForce:
        """Return the settings that hold in this session, and what is locked."""
        from bestfix.config_layers import in_force

        return in_force(overrides=self.wishes)

    def settings(self) -> Settings:
        """Return the settings that hold in this session."""
        return self.held().settings

    def _assigned(self) -> tuple[Settings, Sequence[Exposure]]:
        """Return the settings by which a failure is decided, and what experiments have changed in them."""
        from bestfix.experiment.doors import assigned

        return assigned(self.settings())

    def wanted(self) -> bool:
        """Whether a failing cell is to be answered unasked."""
        return self.settings().automatic if self.automatic is None else self.automatic

    def asked(self) -> Offer | None:
        """Return the fixes for the last cell that failed, if one has."""
        from bestfix.surfaces.offer import Offer

        if (
            self.following is not None
            and self.following.active
            and self.offer is not None
            and self.offer.current is None
        ):
            self.following.finish()
        self._settle()
        self._showing.forget()
        if self.offer is None and self.failed is not None:
            settings, exposures = self._assigned()
            self.offer = Offer(self.failed.decided(self.ip, self.cells(), settings))
            self._recorded(self.failed, self.offer.decision, settings, exposures)
        return self.offer

    def again(self, offer: Offer) -> Offer | None:
        """Ask the model again, which is told what the user did not want; `None` where that gives nothing new."""
        from dataclasses import replace

        from bestfix.core import Attempt
        from bestfix.surfaces.offer import Offer

        failed, unwanted = self.failed, {s.text for s in offer.decision.ranked}
        if failed is None or failed.error is None:
            return None
        rejected = tuple(Attempt(text, rejected=True) for text in unwanted)
        failed.previous = (*(tried for tried in failed.previous if tried.text not in unwanted), *rejected)
        decision = failed.decided(self.ip, self.cells(), self._assigned()[0])
        fresh = tuple(s for s in decision.ranked if s.text not in unwanted)
        if not fresh:
            return None
        best = fresh[0]
        self.offer = Offer(replace(decision, ranked=fresh, shown=best, reason=best.candidate.reason, propensities=()))
        if self.tracker is not None:
            self.tracker.better(self.offer.decision)
        return self.offer

    def ran(self, text: str, *, clean: bool, place: str | None = None) -> None:
        """Note that a cell has run: it may tell what became of the one that failed."""
        if self.tracker is not None:
            self.tracker.ran(text, clean=clean, cell=place or "")

    def took(self, text: str, candidate: int, *, run: bool) -> None:
        """Remember the text of a fix that the user took, so that it is known if it fails, too.

        Args:
            text: the text.
            candidate: the place of the fix in the decision's ranking.
            run: whether it is run at once.
        """
        from bestfix.core import Attempt

        if self.tracker is not None:
            self.tracker.took(candidate, text, run=run)

        report = self.offer.decision.report if self.offer is not None else None
        if self.failed is not None and report is not None:
            tried = Attempt(self.failed.raw, f"{report.error.type}: {report.error.message}")
            self._taken = (text, (*self.failed.previous, tried))

    def recovered(self) -> bool:
        """Roll back the transaction that a failure has left good for nothing else; say whether there was one."""
        if self.failed is None or self.failed.connection is None:
            return False
        from bestfix.capture.embedded import rolled_back

        return rolled_back(self.failed.connection)

    def answer(self) -> None:
        """Show the fix for the cell that failed as far as it is known, and go on with what comes."""
        from bestfix.surfaces.offer import Offer

        if (failed := self.failed) is None:
            return
        self._showing.forget()
        settings, exposures = self._assigned()
        decisions = failed.decisions(self.ip, self.cells(), settings, 0.0, lambda: not self.standing)
        first = next(decisions)
        self.offer = Offer(self._recorded(failed, first, settings, exposures))
        self._present(self.offer)
        if not first.pending:
            decisions.close()
            return
        from bestfix.surfaces.following import Following

        self.following = Following(decisions, self._better, self.note)
        self.following.begin(first)

    def _recorded(
        self, failed: Failed, decision: Decision, settings: Settings, exposures: Sequence[Exposure]
    ) -> Decision:
        """Record a failure and the decision about it; return the decision as the user's history has it."""
        from bestfix.recording import Recorder, Tracker

        self.tracker = self.tracker or Tracker()
        self.tracker.reported = self._fronted
        self.tracker.recorder = Recorder.of(settings, "jupyter" if self._fronted else "ipython")
        decision = self.tracker.recorder.personal(decision)
        self.tracker.failed(decision, failed.raw, cell=failed.place or "", exposures=exposures)
        return decision

    def _better(self, decision: Decision) -> None:
        """Show a later decision in the place of the one before."""
        from bestfix.surfaces.offer import Offer

        if self.tracker is not None:
            decision = self.tracker.recorder.personal(decision)
        before = self.offer.current if self.offer is not None else None
        if decision.shown is None and before is not None:
            self._ended()
            return
        self.offer = Offer(decision)
        if self.tracker is not None:
            self.tracker.better(decision)
        same = before is not None and decision.shown is not None and before.text == decision.shown.text
        if self._showing.begun or self._fronted or not same:
            self._present(self.offer)

    def _go_on(self) -> None:
        """Let a page hear of better fixes while other cells run; end the asking where nobody would.

        A database that is asked whether a statement is right is the session's own, and busy with what runs now.
        """
        self.standing = False
        follows = self.following is not None and self.following.active
        if self.following is None or not follows:
            return
        if self._fronted and self.failed is not None and self.failed.connection is None:
            self.following.detach()
        else:
            self._settle()

    def _settle(self) -> None:
        """End the asking, where a model is asked; what is shown stands."""
        if self.following is not None and self.following.active:
            self.following.close()
            self._ended()

    def _ended(self) -> None:
        """Say that nothing better is coming any more."""
        from dataclasses import replace

        if self.offer is not None and self.offer.decision.pending:
            self.offer.decision = replace(self.offer.decision, pending=False)
            if self._showing.begun or self._fronted:
                self._present(self.offer)

    def cells(self) -> list[Cell]:
        """Return the notebook's cells as far as they are known, without the one that failed last."""
        run = self.history()
        if self.front is not None and self.failed is not None and self.front.attached:
            return self.front.cells(self.failed, run)
        return run

    def history(self) -> list[Cell]:
        """Return the cells that the session has run, without the one that failed last."""
        from bestfix.core import Cell

        texts = list(self.ip.history_manager.input_hist_raw)
        last = self.failed.count if self.failed is not None else None
        return [
            Cell(f"cell {count}", texts[count], ran=count not in self._failed_counts)
            for count in range(max(1, len(texts) - HISTORY), len(texts))
            if count != last and texts[count].strip()
        ]

    @property
    def graphical(self) -> bool:
        """Whether the front end shows HTML."""
        return getattr(self.ip, "kernel", None) is not None

    @property
    def _fronted(self) -> bool:
        return self.front is not None and self.front.attached

    def _present(self, offer: Offer) -> None:
        """Show what has been decided unasked: in the front end's own way where it has one."""
        if self.front is not None and self.failed is not None and self.front.attached:
            self.front.decided(self.failed, offer.decision)
        else:
            self.show(offer)

    def show(self, offer: Offer) -> None:
        """Show the fix that is looked at under the cell that runs."""
        if self.tracker is not None and offer.current is not None:
            self.tracker.shown(offer.index)
        self._showing.show(offer, graphical=self.graphical)


def _import_repairs() -> None:
    """Import the engine and every repair of Python, and load what ranks fixes and what asks a model that is named.

    What fails here fails again, and is reported, when it is needed.
    """
    with suppress(Exception):  # what fails here fails again, and is told, when it is needed
        import bestfix.api
        import bestfix.config
        import bestfix.core
        import bestfix.experiment.doors
        import bestfix.generate.base
        import bestfix.rank.selectors
        import bestfix.recording

        bestfix.generate.base.load_repairs(bestfix.core.Language.PYTHON)
        settings = bestfix.config.Settings.load()
        bestfix.rank.selectors.load_selector(settings.selector, settings.models)
        if settings.asks_model:
            from bestfix.generate.llm.client import Client

            Client.of(settings).warm()
