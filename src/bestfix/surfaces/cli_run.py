"""`bestfix run`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from bestfix.recording import Tracker
from bestfix.surfaces import wire
from bestfix.surfaces.ask import Asker, Consent
from bestfix.surfaces.files import FileError
from bestfix.surfaces.finish import finished
from bestfix.surfaces.journal import Journal

__all__ = ["Job", "run"]


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


def run(job: Job) -> int:
    """Run a script or notebook; return the exit code."""
    stream = sys.stdout if job.is_notebook else sys.stderr
    consent = Consent.of(yes=job.yes, diff=job.diff, json=job.json)
    tracker = Tracker.of("run, unasked" if job.yes else "run")
    asker = Asker(stream, sys.stdin, consent, quiet=job.json, tracker=tracker)
    return finished(lambda asker: _run(job, asker), asker, wire.WireError, json=job.json)


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
