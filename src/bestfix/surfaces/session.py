"""bestfix in one IPython shell: which cell failed last, and what is offered for it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bestfix.core import Attempt, Cell, Decision
    from bestfix.surfaces.failed import Failed
    from bestfix.surfaces.following import Following
    from bestfix.surfaces.offer import Offer

__all__ = ["Session"]

HISTORY = 500
"""Earlier cells that are looked at."""
SILENT = ("KeyboardInterrupt", "SystemExit", "BdbQuit")
"""Errors that are the user's wish."""


class Session:
    """bestfix in one IPython shell.

    Attributes:
        ip: the `InteractiveShell`.
        automatic: whether a failing cell is answered unasked; `None` until the settings have been read.
        failed: the last cell that failed.
        offer: the fixes for it, when they have been asked for.
        following: the decisions that are still coming for it.
        trouble: what of ours went wrong last; the user's cells never notice.
    """

    def __init__(self, ip: Any) -> None:
        self.ip = ip
        self.automatic: bool | None = None
        self.failed: Failed | None = None
        self.offer: Offer | None = None
        self.following: Following | None = None
        self.trouble = ""
        self._card: Any = None
        self._taken: tuple[str, tuple[Attempt, ...]] = ("", ())
        self._failed_counts: set[int | None] = set()
        self._running: list[Any] = []
        self._warm = False

    def before(self, info: Any) -> None:
        """Note that a cell starts; cells run cells (`%%capture`), and only the outermost is the user's."""
        if info.store_history:
            self._running.clear()
        self._running.append(info)
        if not info.raw_cell.lstrip().startswith("%fix"):
            self._settle()

    def after(self, result: Any) -> None:
        """Answer a cell that failed."""
        if result is None:
            return
        if result.info in self._running:
            del self._running[self._running.index(result.info) :]
        if not self._warm:
            self.warm()
        if result.success or self._running or result.info.silent:
            return
        try:
            self.failing(result)
        except Exception as error:  # noqa: BLE001 - a bug of ours must not break the user's cell
            self.note(error)

    def note(self, error: Exception) -> None:
        """Remember what of ours went wrong."""
        self.trouble = f"{type(error).__name__}: {error}"

    def warm(self) -> None:
        """Import what an answer needs, while the shell waits for its next cell."""
        from threading import Thread

        self._warm = True
        Thread(target=_import_repairs, name="bestfix-import", daemon=True).start()

    def remember(self, result: Any) -> bool:
        """Remember a result as the last that failed; say whether it did, against the user's will."""
        from bestfix.surfaces.failed import Failed

        failed = Failed(result)
        if failed.error is None or any(cls.__name__ in SILENT for cls in type(failed.error).__mro__):
            return False
        self.failed, self.offer, self.following = failed, None, None
        self._failed_counts.add(failed.count)
        text, tried = self._taken
        failed.previous = tried if failed.raw.strip() == text.strip() else ()
        return True

    def failing(self, result: Any) -> None:
        """Remember a result that failed, and show the fix when that is wanted."""
        if self.remember(result) and self.wanted() and self.failed is not None:
            self._answer(self.failed)

    def wanted(self) -> bool:
        """Whether a failing cell is to be answered unasked."""
        if self.automatic is None:
            from bestfix.config import Settings

            self.automatic = Settings.load().automatic
        return self.automatic

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
        self._card = None
        if self.offer is None and self.failed is not None:
            self.offer = Offer(self.failed.decided(self.ip, self.cells()))
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
        decision = failed.decided(self.ip, self.cells())
        fresh = tuple(s for s in decision.ranked if s.text not in unwanted)
        if not fresh:
            return None
        self.offer = Offer(replace(decision, ranked=fresh, shown=fresh[0], reason=fresh[0].candidate.reason))
        return self.offer

    def took(self, offer: Offer) -> None:
        """Remember that the user took the fix that is looked at, so that it is known if it fails, too."""
        from bestfix.core import Attempt

        report = offer.decision.report
        if self.failed is not None and offer.current is not None and report is not None:
            tried = Attempt(self.failed.raw, f"{report.error.type}: {report.error.message}")
            self._taken = (offer.current.text, (*self.failed.previous, tried))

    def _answer(self, failed: Failed) -> None:
        """Show the fix as far as it is known, and go on with what comes."""
        from bestfix.surfaces.offer import Offer

        self._card = None
        decisions = failed.decisions(self.ip, self.cells(), patience=0.0)
        first = next(decisions)
        self.offer = Offer(first)
        self.show(self.offer)
        if not first.pending:
            decisions.close()
            return
        from bestfix.surfaces.following import Following

        self.following = Following(decisions, self._better, self.note)
        self.following.begin(first)

    def _better(self, decision: Decision) -> None:
        """Show a later decision in the place of the one before."""
        from bestfix.surfaces.offer import Offer

        before = self.offer.current if self.offer is not None else None
        if decision.shown is None and before is not None:
            return
        self.offer = Offer(decision)
        same = before is not None and decision.shown is not None and before.text == decision.shown.text
        if self._card is not None or not same:
            self.show(self.offer)

    def _settle(self) -> None:
        """End the asking, where a model is asked; what is shown stands."""
        if self.following is None or not self.following.active:
            return
        from dataclasses import replace

        self.following.close()
        if self.offer is not None and self.offer.decision.pending:
            self.offer.decision = replace(self.offer.decision, pending=False)
            if self._card is not None:
                self.show(self.offer)

    def cells(self) -> list[Cell]:
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

    def show(self, offer: Offer) -> None:
        """Show the fix that is looked at."""
        import sys

        from bestfix.surfaces import card

        scored = offer.current
        if scored is None:
            return
        hint = f"%fix{' · %fix run' if offer.applicable else ''} · %fix next · %fix why"
        hint += " · a model is being asked" if offer.decision.pending else ""
        if self.graphical:
            from IPython.display import display

            plain = card.terminal(offer.decision, scored, color=False, footer=hint)
            bundle = {"text/plain": plain, "text/html": card.html(offer.decision, scored, footer=hint)}
            if self._card is not None:
                self._card.update(bundle, raw=True)
            else:
                self._card = display(bundle, raw=True, display_id=True)
        else:
            card.emit(card.terminal(offer.decision, scored, color=card.colored(sys.stdout), footer=hint), sys.stdout)


def _import_repairs() -> None:
    """Import the engine and every repair of Python, and what asks a model that the user has named.

    What fails here fails again, and is reported, when it is needed.
    """
    with suppress(Exception):
        import bestfix.api
        import bestfix.config
        import bestfix.core
        import bestfix.generate.base

        bestfix.generate.base.load_repairs(bestfix.core.Language.PYTHON)
        settings = bestfix.config.Settings.load()
        if settings.asks_model:
            from bestfix.generate.llm.client import Client

            Client.of(settings).warm()
