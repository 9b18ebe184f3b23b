"""The notebook pages that are connected to a kernel: what they say, and what they are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from bestfix._version import __version__
from bestfix.config import SettingsError
from bestfix.core import Cell, Decision
from bestfix.core.document import DocumentError
from bestfix.surfaces.failed import Failed
from bestfix.surfaces.jupyter.cells import NotebookCells
from bestfix.surfaces.jupyter.messages import PROTOCOL, Ask, CellsChanged, Running, read, wishes
from bestfix.surfaces.jupyter.missing import missing
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
        self._failure = (-1, "")

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

    def decided(self, failed: Failed, decision: Decision, *, asked: bool = False) -> None:
        """Tell every page what has been decided about a cell that failed."""
        self._tell(self._decision(failed, decision, asked=asked))

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

    def _heard(self, page: _Page, message: Mapping[str, Any]) -> None:
        kinds: dict[str, Callable[[_Page, Mapping[str, Any]], None]] = {
            "settings": self._settings,
            "cells": self._cells,
            "ask": self._ask,
            "running": self._running,
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
        before, problem = self.session.wishes, ""
        try:
            self.session.wishes = wishes(message)
            held = self.session.held()
        except (SettingsError, DocumentError) as error:
            self.session.wishes, problem = before, str(error)
            page.comm.send({**_hello(), "settings": {}, "locked": [], "missing": [problem]})
            return
        page.comm.send(
            {
                **_hello(),
                "settings": held.flat(),
                "locked": sorted(held.locked),
                "missing": missing(held.settings),
            }
        )

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
        running = read(Running, message)
        if running.failure == self._failure[1]:
            self.session.took(running.text)
            self.session.recovered()

    def _is_meant(self, ask: Ask, failed: Failed) -> bool:
        place = self._notebook(failed).place(failed, self.session.places)
        return ask.cell == place if ask.cell and place else ask.text.strip() == failed.raw.strip()

    def _decision(self, failed: Failed, decision: Decision, *, asked: bool) -> dict[str, Any]:
        notebook, places = self._notebook(failed), self.session.places
        return {
            "type": "decision",
            "failure": self._failure_id(failed),
            "cell": notebook.place(failed, places),
            "text": failed.raw,
            "count": failed.count,
            "asked": asked,
            "decision": decision_to(decision),
            "cells": notebook.named(decision, failed, self.session.history(), places),
        }

    def _failure_id(self, failed: Failed) -> str:
        if self._failure[0] != id(failed):
            self._failure = (id(failed), uuid4().hex)
        return self._failure[1]

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


def _hello() -> dict[str, Any]:
    return {"type": "hello", "protocol": PROTOCOL, "version": __version__}
