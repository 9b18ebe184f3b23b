"""Decisions that are still coming, taken up while the shell is free."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bestfix.core import Decision

__all__ = ["Following"]

INTERVAL = 0.04
"""Seconds between two looks whether an answer has come."""


class Following:
    """The rest of a stream of decisions, all taken in the thread of the shell.

    In a notebook the shell's event loop looks for answers between cells, so that nobody waits; the stream must not wait
    either. Anywhere else the rest is taken before the prompt comes back, and Ctrl-C ends that.

    Attributes:
        decisions: the rest of the stream.
        changed: is told of each decision that shows another fix, or is the last.
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

    def begin(self, first: Decision) -> None:
        """Follow the stream after its first decision."""
        self._shown = _text(first)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.finish()
        else:
            self._timer = loop.call_later(INTERVAL, self._look, loop)

    def finish(self) -> None:
        """Wait for all that comes."""
        with suppress(KeyboardInterrupt):
            while self._step():
                time.sleep(INTERVAL / 2)
        self.close()

    def close(self) -> None:
        """Take nothing more; questions that are under way are given up."""
        self.active = False
        if self._timer is not None:
            self._timer.cancel()
        self.decisions.close()

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            if self.active and self._step():
                self._timer = loop.call_later(INTERVAL, self._look, loop)
        except Exception as error:  # noqa: BLE001 - a bug of ours must not reach the shell's event loop
            self.failed(error)

    def _step(self) -> bool:
        """Take the next decision; say whether more may come."""
        try:
            decision = next(self.decisions, None)
            if decision is not None and (_text(decision) != self._shown or not decision.pending):
                self._shown = _text(decision)
                self.changed(decision)
        except Exception:  # whatever went wrong, requests that are under way are closed before it is raised on
            self.close()
            raise
        self.active = decision is not None and decision.pending
        return self.active


def _text(decision: Decision) -> str | None:
    return decision.shown.text if decision.shown is not None else None
