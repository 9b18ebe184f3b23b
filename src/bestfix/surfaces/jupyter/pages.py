"""The notebook pages that are connected to a kernel: what they say, and what they are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from bestfix._version import __version__
from bestfix.config import SettingsError
from bestfix.core import Cell, Decision, Scored
from bestfix.core.document import DocumentError
from bestfix.recording import Recorder
from bestfix.recording.rows import referred
from bestfix.surfaces.card import place as shown_place
from bestfix.surfaces.failed import Failed
from bestfix.surfaces.jupyter.cells import NotebookCells
from bestfix.surfaces.jupyter.messages import PROTOCOL, Ask, CellsChanged, Taken, read, wishes
from bestfix.surfaces.jupyter.missing import missing
from bestfix.surfaces.jupyter.reported import UNLOGGED, record, reports
from bestfix.surfaces.session import Session
from bestfix.surfaces.wire import decision_to

__all__ = ["Pages"]

LIMIT = 16
"""Pages that are told what is decided; one that was closed without a word gives way to newer ones."""


@dataclass(eq=False, slots=True)
class _Page:
    comm: Any
    cells: NotebookCells = field(default_factory=NotebookCells)


class Pages:
    """The pages that are connected to a kernel, each by a comm that it has opened.

    Attributes:
        session: bestfix in the kernel.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self._pages: dict[str, _Page] = {}
        self._id = uuid4().hex

    @property
    def attached(self) -> bool:
        """Whether a page is connected."""
        return bool(self._pages)

    def opened(self, comm: Any, message: Mapping[str, Any]) -> None:
        """Greet a page that connects, and tell it of the cell that failed last, if nothing has run since."""
        page = _Page(comm)
        while len(self._pages) >= LIMIT:
            self._pages.pop(next(iter(self._pages)))
        self._pages[comm.comm_id] = page
        comm.on_close(lambda _: self._pages.pop(comm.comm_id, None))
        comm.on_msg(lambda said: self._heard(page, said["content"]["data"]))
        self._contained(lambda: self._greeted(page, message["content"]["data"]))

    def cells(self, failed: Failed, run: Sequence[Cell]) -> list[Cell]:
        """Return the notebook's other cells, given those that the session has run."""
        notebook = self._notebook(failed)
        return notebook.others(failed, run, self.session.places) if notebook.order else list(run)

    def failing(self, failed: Failed) -> None:
        """Tell every page of a cell that failed and is answered on click alone."""
        self._tell({"type": "failed", **self._run_of(failed)})

    def decided(self, failed: Failed, decision: Decision) -> None:
        """Tell every page what has been decided about a cell that failed."""
        self._tell(self._decision(failed, decision, asked=False))

    def _greeted(self, page: _Page, hello: Mapping[str, Any]) -> None:
        if isinstance(cells := hello.get("cells"), dict):
            self._cells(page, cells)
        self._settings(page, hello)
        session = self.session
        if session.failed is None or not session.standing:
            return
        if session.offer is not None:
            page.comm.send(self._decision(session.failed, session.offer.decision, asked=False))
        elif session.wanted():
            session.answer()
        else:
            page.comm.send({"type": "failed", **self._run_of(session.failed)})

    def _heard(self, page: _Page, message: Mapping[str, Any]) -> None:
        kinds: dict[str, Callable[[_Page, Mapping[str, Any]], None]] = {
            "settings": self._settings,
            "cells": self._cells,
            "ask": self._ask,
            "running": self._running,
            "write": self._write,
            "action": self._action,
        }
        if (act := kinds.get(str(message.get("type")))) is not None:
            self._pages[page.comm.comm_id] = self._pages.pop(page.comm.comm_id, page)
            self._contained(lambda: act(page, message))

    def _contained(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001 - a bug of ours, or a strange message, must not reach the kernel's loop
            self.session.note(error)

    def _settings(self, page: _Page, message: Mapping[str, Any]) -> None:
        """Take over what the page asks for, and say what holds."""
        before = self.session.wishes
        try:
            self.session.wishes = wishes(message)
            held = self.session.held()
            told = {"settings": held.flat(), "locked": sorted(held.locked), "missing": missing(held.settings)}
        except (SettingsError, DocumentError) as error:
            self.session.wishes = before
            told = {"settings": {}, "locked": [], "missing": [str(error)]}
        page.comm.send({"type": "hello", "protocol": PROTOCOL, "version": __version__, **told})

    def _cells(self, page: _Page, message: Mapping[str, Any]) -> None:
        told = read(CellsChanged, message)
        page.cells.update(told.order, told.changed)

    def _ask(self, page: _Page, message: Mapping[str, Any]) -> None:
        """Answer about the cell that failed last, when it is the one that is meant."""
        ask, session = read(Ask, message), self.session
        failed = session.failed
        if failed is None or not self._is_meant(ask, failed):
            reason = "this cell has not failed, or another one has failed since: run it again"
            page.comm.send({"type": "nothing", "cell": ask.cell, "reason": reason})
        elif (offer := session.offer or session.asked()) is not None:
            page.comm.send(self._decision(failed, offer.decision, asked=True))

    def _running(self, _: _Page, message: Mapping[str, Any]) -> None:
        """Make ready for a fix that is about to run: end the transaction that the failure has aborted."""
        if self._chosen(taken := read(Taken, message)) is not None:
            self.session.took(taken.text, taken.candidate, run=True)
        if taken.failure == self._reference[0]:
            self.session.recovered()

    def _write(self, page: _Page, message: Mapping[str, Any]) -> None:
        """Write a fix of a file, which the user has seen and accepted, and say how that went."""
        taken, offer = read(Taken, message), self.session.offer
        place, problem = "", "the fix is not known any more: run the cell again"
        if (scored := self._chosen(taken)) is not None and offer is not None:
            place, problem = shown_place(scored), self._written(offer.decision, scored)
            if not problem:
                self.session.took(taken.text, taken.candidate, run=False)
        page.comm.send({"type": "written", "failure": taken.failure, "place": place, "problem": problem})

    def _chosen(self, taken: Taken) -> Scored | None:
        """Return the fix that a page has taken, when the last decision ranks it there."""
        ranked = self.session.offer.decision.ranked if self.session.offer is not None else ()
        if taken.failure != self._reference[0] or not 0 <= taken.candidate < len(ranked):
            return None
        return ranked[taken.candidate] if taken.revision == self._reference[1] else None

    @staticmethod
    def _written(decision: Decision, scored: Scored) -> str:
        """Write the fixed file; return what went wrong."""
        from bestfix.surfaces.files import FileError
        from bestfix.surfaces.journal import Journal

        try:
            Journal.default().apply(decision, scored, group=uuid4().hex)
        except FileError as error:
            return str(error)
        return ""

    def _action(self, _: _Page, message: Mapping[str, Any]) -> None:
        """Record what a user did, where the server has no bestfix to take it."""
        recorder = Recorder.of(self.session.settings(), surface="jupyter")
        record(recorder, reports({"events": [message]}))

    def _is_meant(self, ask: Ask, failed: Failed) -> bool:
        place = self._notebook(failed).place(failed, self.session.places)
        return ask.cell == place if ask.cell and place else ask.text.strip() == failed.raw.strip()

    def _decision(self, failed: Failed, decision: Decision, *, asked: bool) -> dict[str, Any]:
        notebook, (failure, revision) = self._notebook(failed), self._reference
        return {
            "type": "decision",
            "failure": failure,
            "revision": revision,
            **self._run_of(failed),
            "asked": asked,
            "decision": decision_to(decision),
            "cells": notebook.named(decision, failed, self.session.history(), self.session.places),
        }

    def _run_of(self, failed: Failed) -> dict[str, Any]:
        """Return which run of which cell failed, and how."""
        place = self._notebook(failed).place(failed, self.session.places)
        return {"cell": place, "text": failed.raw, "count": failed.count, "error": failed.said}

    @property
    def _reference(self) -> tuple[str, int]:
        """The id of the failure, also where nothing is recorded, and which decision about it is the last."""
        failed, tracker = self.session.failed, self.session.tracker
        if tracker is not None and tracker.reference:
            return referred(tracker.reference)
        return f"{UNLOGGED}{self._id}-{failed.count if failed is not None else 0}", 0

    def _notebook(self, failed: Failed) -> NotebookCells:
        """Return the cells of the page that has the cell that failed; of the one heard last where none is sure to."""
        pages = list(reversed(self._pages.values()))
        for page in pages:
            if failed.place is not None and failed.place in page.cells.told:
                return page.cells
        return next((page.cells for page in pages), NotebookCells())

    def _tell(self, message: Mapping[str, Any]) -> None:
        for page in list(self._pages.values()):
            page.comm.send(message)
