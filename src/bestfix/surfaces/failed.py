"""A cell that failed, and the decisions about it."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bestfix.config import Settings
    from bestfix.core import Attempt, Cell, Decision

__all__ = ["Failed"]


class Failed:
    """A cell that failed.

    Attributes:
        raw: its text.
        count: its execution count.
        place: the notebook's id of it; `None` where it was run without one.
        said: type and message of its error, on one line.
        error: what it raised; dropped once there is a decision, since its frames hold on to the user's objects, unless
            a model can be asked again.
        connection: the database that refused a statement of it.
        previous: what was tried before this.
    """

    def __init__(self, result: Any) -> None:
        self.raw: str = result.info.raw_cell
        self.count: int | None = result.execution_count
        self.place: str | None = getattr(result.info, "cell_id", None)
        self.error: BaseException | None = result.error_before_exec or result.error_in_exec
        self.said = said(self.error) if self.error is not None else ""
        self.connection: Any = None
        self.previous: tuple[Attempt, ...] = ()

    def decided(self, ip: Any, cells: Sequence[Cell], settings: Settings) -> Decision:
        """Return the decision about the cell, when all has come that comes."""
        *_, last = self.decisions(ip, cells, settings)
        return last

    def decisions(
        self,
        ip: Any,
        cells: Sequence[Cell],
        settings: Settings,
        patience: float = math.inf,
        gone_on: Callable[[], bool] = bool,
    ) -> Generator[Decision, None, None]:
        """Yield the decisions about the cell, once.

        Args:
            ip: the shell that it failed in.
            cells: the other cells.
            settings: how to behave.
            patience: seconds that the next decision is waited for, before the same one comes again.
            gone_on: says whether the session has gone on since.
        """
        from bestfix.api import stream
        from bestfix.capture.embedded import used_connection
        from bestfix.capture.ipython import cell_name, cell_sources
        from bestfix.core import Source
        from bestfix.generate.llm.dialogue import Dialogue

        name, sources = cell_name(self.count), cell_sources(ip, running=self.raw)
        if self.error is not None:
            self.connection = used_connection(self.error, Source(name, self.raw), sources, ip.user_ns)
        decision: Decision | None = None
        try:
            for decision in stream(
                self.raw,
                error=self.error,
                namespace=ip.user_ns,
                name=name,
                sources=sources,
                cells=cells,
                settings=settings,
                dialogue=Dialogue(self.previous, patience, gone_on),
            ):
                yield decision
        finally:
            if decision is None or not (decision.asked or decision.pending):
                self.error = None


def said(error: BaseException) -> str:
    """Return type and message of an error on one line; nothing of the user's is run for it."""
    from bestfix.capture.message import message_of

    first = next(iter(message_of(error).splitlines()), "")
    return f"{type(error).__name__}: {first}" if first else type(error).__name__
