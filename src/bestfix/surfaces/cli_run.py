"""`bestfix run`."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bestfix.config import SettingsError
from bestfix.surfaces import wire
from bestfix.surfaces.ask import Asker, Consent, Round
from bestfix.surfaces.card import emit
from bestfix.surfaces.files import FileError
from bestfix.surfaces.journal import Journal

__all__ = ["Job", "document", "run"]

CANNOT = 2
"""The exit code when there is nothing to run or a file cannot be written."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be run, and how; see `bestfix run --help`."""

    file: Path
    arguments: tuple[str, ...] = ()
    yes: bool = False
    diff: bool = False
    json: bool = False
    output: Path | None = None
    kernel: str | None = None

    @property
    def is_notebook(self) -> bool:
        """Whether the file is a notebook."""
        return self.file.suffix.lower() == ".ipynb"

    @property
    def consent(self) -> Consent:
        """Where the consent to change files comes from; a program that reads JSON cannot be asked."""
        if self.yes:
            return Consent.GIVEN
        return Consent.WITHHELD if self.diff or self.json else Consent.ASK


def run(job: Job) -> int:
    """Run a script or notebook; return the exit code."""
    stream = sys.stdout if job.is_notebook else sys.stderr
    asker = Asker(stream, sys.stdin, job.consent, quiet=job.json)
    problem = None
    try:
        code = _run(job, asker)
    except (FileError, SettingsError, wire.WireError) as error:
        code, problem = CANNOT, str(error)
        emit(f"bestfix: {error}", sys.stderr)
    if job.json:
        emit(json.dumps(document(code, asker.rounds, problem)), sys.stdout)
    return code


def _run(job: Job, asker: Asker) -> int:
    if not job.is_notebook:
        from bestfix.surfaces.script import run_script

        if job.output or job.kernel:
            raise FileError("--output and --kernel are for notebooks")
        return run_script(job.file, job.arguments, asker, Journal.default())
    from bestfix.surfaces.notebook import NotebookError, run_notebook

    if job.arguments:
        raise FileError("a notebook takes no arguments")
    try:
        return run_notebook(job.file, asker, Journal.default(), output=job.output, kernel=job.kernel)
    except NotebookError as error:
        raise FileError(str(error)) from error


def document(code: int, rounds: list[Round], problem: str | None) -> dict[str, Any]:
    """Return the JSON document of a run (docs/wire.md)."""
    shown = [{"applied": r.taken is not None, "decision": wire.decision_to(r.decision)} for r in rounds]
    return {"version": wire.VERSION, "exit_code": code, "problem": problem, "rounds": shown}
