"""`bestfix run notebook.ipynb`: every cell in a real kernel, the failing ones fixed and run again."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from pathlib import Path
from typing import Any

from bestfix.core import Decision, Report, Scored, Source
from bestfix.surfaces import wire
from bestfix.surfaces.ask import Asker
from bestfix.surfaces.files import FileError, write_bytes
from bestfix.surfaces.journal import Journal
from bestfix.surfaces.notebook_file import NotebookFile
from bestfix.surfaces.script import ROUNDS

__all__ = ["NotebookError", "run_notebook"]

INSTALL = 'pip install "bestfix[jupyter]"'


class NotebookError(Exception):
    """The notebook cannot be executed at all; the message says why and what to do."""


class _Ending(Enum):
    CLEAN = auto()
    STOPPED = auto()
    AGAIN = auto()


def run_notebook(
    path: Path, asker: Asker, journal: Journal, *, output: Path | None = None, kernel: str | None = None
) -> int:
    """Execute a notebook, fixing the cells that fail as the user consents; return 0 when it ends clean, otherwise 1.

    Args:
        path: the notebook.
        asker: shows the fixes and learns which to take.
        journal: what is written goes through it.
        output: where the executed, repaired notebook goes; without it the fixed cells are written to `path`.
        kernel: the name of the kernel, when it is not the notebook's own.

    Raises:
        FileError: when the notebook cannot be read or written.
        NotebookError: when no kernel can execute it.
    """
    file = NotebookFile.read(path)
    run = _Run(file, _executable(file), asker, journal, kernel)
    ending = _Ending.AGAIN
    try:
        for _ in range(ROUNDS):
            if (ending := asyncio.run(run.execute())) is not _Ending.AGAIN:
                break
    finally:
        run.write(output)
    return 0 if ending is _Ending.CLEAN else 1


def _executable(file: NotebookFile) -> Any:
    """Return the notebook as `nbclient` wants it."""
    try:
        import ipykernel  # noqa: F401 - without it no kernel starts
        import nbclient  # noqa: F401 - without it nothing is executed
        import nbformat
    except ImportError as error:
        raise NotebookError(f"running notebooks needs {error.name}: {INSTALL}") from error
    return nbformat.reads(json.dumps(file.document), as_version=4)


@dataclass(slots=True)
class _Run:
    """One execution of a notebook, cell by cell."""

    file: NotebookFile
    notebook: Any
    asker: Asker
    journal: Journal
    kernel: str | None
    counts: dict[int, int] = field(default_factory=dict)
    changed: bool = False
    group: str = field(default_factory=lambda: uuid.uuid4().hex)
    client: Any = None
    reply: dict[str, Any] = field(default_factory=dict)

    @property
    def cells(self) -> list[Any]:
        """The code cells; what the user calls `cell 1` is the first."""
        return [cell for cell in self.notebook.cells if cell.cell_type == "code"]

    async def execute(self) -> _Ending:
        """Execute every cell in a fresh kernel."""
        from nbclient import NotebookClient
        from nbclient.exceptions import DeadKernelError

        folder = {"metadata": {"path": str(self.file.file.path.parent)}}
        self.client = NotebookClient(
            self.notebook, timeout=None, kernel_name=self._kernel_name(), resources=folder, allow_errors=True
        )
        self.client.on_cell_executed = self._executed
        self.client.extra_arguments = ["--Application.log_level=CRITICAL"]
        self.counts.clear()
        try:
            async with self.client.async_setup_kernel():
                await self._call("attach()")
                for number, cell in enumerate(self.cells, 1):
                    if (ending := await self._settled(number, cell)) is not _Ending.CLEAN:
                        return ending
        except DeadKernelError as error:
            raise NotebookError("the kernel died") from error
        return _Ending.CLEAN

    def write(self, output: Path | None) -> None:
        """Write the executed notebook to `output`, or the fixed cells to the notebook itself."""
        import nbformat

        if output is not None:
            data = nbformat.writes(self.notebook).encode()
            if output.exists():
                self.journal.write(output, data, group=self.group)
            else:
                write_bytes(output, data)
        elif self.changed:
            path = self.file.file.path
            if path.read_bytes() != self.file.file.encoded():
                raise FileError(f"{path} was changed since it was read; nothing was written")
            data = self.file.with_code([cell.source for cell in self.cells])
            self.journal.write(path, data, group=self.group, origin=self.asker.tracker.taken)
            self.asker.say(f"bestfix: wrote {path.name} (`bestfix undo` takes it back)")

    async def _settled(self, number: int, cell: Any) -> _Ending:
        """Run a cell, fixing it until it runs clean."""
        seen: set[str] = set()
        while await self._fails(number, cell):
            if len(seen) >= ROUNDS or cell.source in seen:
                self.asker.say(f"bestfix: cell {number} goes on failing; stopping")
                return _Ending.STOPPED
            seen.add(cell.source)
            self.asker.failed(f"cell {number}", self._error())
            if (decision := await self._decision(number)) is None:
                return _Ending.STOPPED
            taken = self.asker.choose(decision, then="Apply it and go on")
            if taken is None:
                return _Ending.STOPPED
            if not await self._applied(number, decision, taken):
                return _Ending.AGAIN
        if seen:
            self.asker.passed(f"cell {number}", "runs clean")
        return _Ending.CLEAN

    async def _fails(self, number: int, cell: Any) -> bool:
        """Run a cell; say whether it failed against the author's will."""
        self.reply = {}
        await self.client.async_execute_cell(cell, self.notebook.cells.index(cell))
        content = self.reply.get("content", {})
        if count := content.get("execution_count"):
            self.counts[count] = number
        return content.get("status") == "error" and "raises-exception" not in cell.metadata.get("tags", [])

    def _error(self) -> str:
        """Return the error of the last reply in one line, without IPython's file name for a cell."""
        content = self.reply["content"]
        first = f"{content.get('ename')}: {content.get('evalue')}".splitlines()[0]
        return re.sub(r"\(\d+\.py, (line \d+)\)$", r"(\1)", first)

    async def _decision(self, number: int) -> Decision | None:
        """Ask the kernel about the cell that has just failed."""
        others = [
            {"label": f"cell {n}", "text": cell.source, "ran": n < number, "before": n < number}
            for n, cell in enumerate(self.cells, 1)
            if n != number
        ]
        count = self.reply["content"].get("execution_count")
        document = await self._call(f"answer({json.dumps(others)!r}, {count!r})")
        if not document:
            self.asker.say("bestfix: this is nothing that a fix would help")
            return None
        names = {f"<cell {count}>": f"<cell {n}>" for count, n in self.counts.items()}
        return _renamed(wire.decision_from(document), names)

    async def _applied(self, number: int, decision: Decision, taken: Scored) -> bool:
        """Make a fix; say whether it is in force (`False` for a file that the kernel has already imported)."""
        name = taken.candidate.patch.source
        if not name.startswith("<cell "):
            self.journal.apply(decision, taken, group=self.group, origin=self.asker.tracker.taken)
            self.asker.say(f"bestfix: wrote {name}; starting again in a fresh kernel")
            return False
        fixed = int(name.removeprefix("<cell ").rstrip(">"))
        cell = self.cells[fixed - 1]
        if cell.source.rstrip("\n") != decision.sources[name].rstrip("\n"):
            raise FileError(f"cell {fixed} has another text than the one that ran; nothing was written")
        cell.source = taken.candidate.patch.apply(cell.source)
        self.changed = True
        if fixed != number:
            await self._fails(fixed, cell)
        return True

    async def _call(self, call: str) -> Any:
        """Call a function of `bestfix.surfaces.kernel` in the kernel; return its JSON, if it gives any."""
        expression = f"__import__('bestfix.surfaces.kernel', fromlist=['answer']).{call}"
        sent = self.client.kc.execute("", silent=True, user_expressions={"bestfix": expression})
        reply = await self.client.async_wait_for_reply(sent)
        result = reply["content"].get("user_expressions", {}).get("bestfix", {})
        if result.get("status") != "ok":
            problem = f"{result.get('ename')}: {result.get('evalue')}"
            raise NotebookError(f"bestfix does not work in the notebook's kernel ({problem}); there, {INSTALL}")
        return result["data"].get("application/json")

    def _executed(self, cell: Any, cell_index: int, execute_reply: dict[str, Any]) -> None:  # noqa: ARG002 - nbclient passes it by this name
        self.reply = execute_reply

    def _kernel_name(self) -> str:
        """Return the kernel that was asked for, or the notebook's own where it is installed, or Python's."""
        from jupyter_client.kernelspec import KernelSpecManager

        installed = KernelSpecManager().find_kernel_specs()
        own = self.notebook.metadata.get("kernelspec", {}).get("name", "python3")
        name = self.kernel or (own if own in installed else "python3")
        if name not in installed:
            raise NotebookError(
                f"no kernel is called {name!r}; there are: {', '.join(installed) or 'none'} ({INSTALL})"
            )
        return name


def _renamed(decision: Decision, names: Mapping[str, str]) -> Decision:
    """Return a decision with the sources called as the user knows them."""

    def scored(one: Scored) -> Scored:
        patch = one.candidate.patch
        patch = replace(patch, source=names.get(patch.source, patch.source))
        return replace(one, candidate=replace(one.candidate, patch=patch))

    return replace(
        decision,
        shown=decision.shown and scored(decision.shown),
        ranked=tuple(scored(one) for one in decision.ranked),
        sources={names.get(name, name): text for name, text in decision.sources.items()},
        report=decision.report and _report(decision.report, names),
    )


def _report(report: Report, names: Mapping[str, str]) -> Report:
    """Return a report with the sources called as the user knows them."""

    def source(one: Source) -> Source:
        return replace(one, name=names.get(one.name, one.name))

    frames = tuple(replace(frame, source=names.get(frame.source, frame.source)) for frame in report.error.frames)
    others = {names.get(name, name): source(other) for name, other in report.others.items()}
    return replace(report, failing=source(report.failing), others=others, error=replace(report.error, frames=frames))
