"""Decisions that are still coming, taken up while the shell is free, or beside what it runs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from threading import RLock, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bestfix.core import Decision

__all__ = ["Following"]

INTERVAL = 0.04
"""Seconds between two looks whether an answer has come."""


class Following:
    """The rest of a stream of decisions, taken in the thread of the shell for as long as that is free.

    In a notebook the shell's event loop looks for answers between cells, so that nobody waits; the stream must not wait
    either. When a cell runs, a thread can go on (`detach`). Anywhere else the rest is taken before the prompt comes
    back, and Ctrl-C ends that.

    Attributes:
        decisions: the rest of the stream.
        changed: is told of each decision that shows another fix, or is the last; never after `close` has returned.
        failed: is told of what goes wrong between cells, where nobody else would notice.
        active: whether more may come.
    """

    def __init__(
        self,
        decisions: Generator[Decision, None, None],
        changed: Callable[[Decision], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self.decisions = decisions
        self.changed = changed
        self.failed = failed
        self.active = True
        self._shown: str | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._thread: Thread | None = None
        self._telling = RLock()

    def begin(self, first: Decision) -> None:
        """Follow the stream after its first decision."""
        self._shown = _text(first)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.finish()
        else:
            self._timer = loop.call_later(INTERVAL, self._look, loop)

    def detach(self) -> None:
        """Go on in a thread, since the shell is busy from now on."""
        if self._thread is not None or not self.active:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._thread = Thread(target=self._alone, name="bestfix-following", daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Wait for all that comes."""
        if self._thread is not None:
            self._thread.join()
            return
        with suppress(KeyboardInterrupt):
            while self._step():
                time.sleep(INTERVAL / 2)
        self.close()

    def close(self) -> None:
        """Take nothing more; questions that are under way are given up."""
        with self._telling:
            self.active = False
        if self._timer is not None:
            self._timer.cancel()
        if self._thread is None:
            self.decisions.close()

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            if self.active and self._step():
                self._timer = loop.call_later(INTERVAL, self._look, loop)
        except Exception as error:  # noqa: BLE001 - a bug of ours must not reach the shell's event loop
            self.failed(error)

    def _alone(self) -> None:
        """Take the rest of the stream, and end it."""
        try:
            while self.active and self._step():
                time.sleep(INTERVAL)
        except Exception as error:  # noqa: BLE001 - a bug of ours must not be printed into the user's cell
            self.failed(error)
        self.decisions.close()

    def _step(self) -> bool:
        """Take the next decision; say whether more may come."""
        try:
            decision = next(self.decisions, None)
            with self._telling:
                if not self.active:
                    return False
                if decision is not None and (_text(decision) != self._shown or not decision.pending):
                    self._shown = _text(decision)
                    self.changed(decision)
                self.active = decision is not None and decision.pending
        except Exception:  # whatever went wrong, requests that are under way are closed before it is raised on
            self.close()
            raise
        return self.active


def _text(decision: Decision) -> str | None:
    return decision.shown.text if decision.shown is not None else None
