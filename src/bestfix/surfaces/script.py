"""`bestfix run script.py`: run, fix, run again in a fresh process, until it ends or nothing helps."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bestfix.core import Decision
from bestfix.surfaces import script_child, wire
from bestfix.surfaces.ask import Asker
from bestfix.surfaces.card import place
from bestfix.surfaces.files import TextFile
from bestfix.surfaces.journal import Journal

__all__ = ["ROUNDS", "run_script"]

ROUNDS = 20
"""Fixes that one run applies at most."""


@dataclass(slots=True)
class _Run:
    """One `bestfix run` of a script."""

    command: Sequence[str]
    asker: Asker
    journal: Journal
    group: str = field(default_factory=lambda: uuid.uuid4().hex)
    seen: set[tuple[str, str]] = field(default_factory=set)

    def fixed(self, decision: Decision) -> bool:
        """Show a decision and apply the fix that the user takes; say whether to run again."""
        taken = self.asker.choose(decision, then="Apply it and run again")
        if taken is None:
            return False
        after = (taken.candidate.patch.source, taken.text)
        if after in self.seen:
            self.asker.say("bestfix: this fix was applied before; stopping")
            return False
        self.seen.add(after)
        self.journal.apply(decision, taken, group=self.group, origin=self.asker.tracker.taken)
        self.asker.say(f"bestfix: wrote {place(taken)} (`bestfix undo` takes it back)")
        return True


def run_script(script: Path, arguments: Sequence[str], asker: Asker, journal: Journal) -> int:
    """Run a script until it ends or the user stops; return its exit code as a shell would see it.

    Raises:
        FileError: when the script cannot be read or a fix cannot be written.
    """
    TextFile.read(script)
    run = _Run([str(script), *arguments], asker, journal)
    for _ in range(ROUNDS):
        code, decision = _once(run.command, stdout=sys.stderr.fileno() if asker.quiet else None)
        if decision is None:
            asker.tracker.ended(clean=code == 0)
        if decision is None or not run.fixed(decision):
            return code
    asker.say(f"bestfix: stopped after {ROUNDS} fixes")
    return code


def _once(command: Sequence[str], stdout: int | None) -> tuple[int, Decision | None]:
    """Run the script in a fresh interpreter; return its exit code and, after a crash, the decision."""
    with tempfile.TemporaryDirectory(prefix="bestfix-") as folder:
        answer = Path(folder) / "answer.json"
        handler = signal.signal(signal.SIGINT, lambda *_: None)
        try:
            child = [sys.executable, script_child.__file__, str(answer), *command]
            code = subprocess.run(child, check=False, stdout=stdout).returncode  # noqa: S603 - the user's own script
        finally:
            signal.signal(signal.SIGINT, handler)
        decision = wire.decision_from(wire.loads(answer.read_bytes())) if answer.exists() else None
    return (128 - code if code < 0 else code), decision
