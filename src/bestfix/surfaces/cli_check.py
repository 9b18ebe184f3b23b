"""`bestfix check`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bestfix.core import Decision
from bestfix.recording import Tracker
from bestfix.surfaces import wire
from bestfix.surfaces.card import colored, emit, terminal, visible
from bestfix.surfaces.files import FileError, TextFile
from bestfix.surfaces.notebook_file import NotebookFile, OtherLanguageError

__all__ = ["check"]

SUFFIXES = (".py", ".ipynb")
FOREIGN = frozenset({"__pycache__", "node_modules", "site-packages"})
"""Folders that hold what others wrote."""


@dataclass(frozen=True, slots=True)
class _Finding:
    """A source that does not parse."""

    path: Path
    source: str
    lineno: int
    message: str
    decision: Decision

    @property
    def document(self) -> dict[str, Any]:
        found = {"path": str(self.path), "source": self.source, "line": self.lineno, "message": self.message}
        return {**found, "decision": wire.decision_to(self.decision)}


def check(paths: Sequence[Path], *, as_json: bool = False) -> int:
    """Show the fix of every source that does not parse; return 1 if there is one, 2 if a file cannot be read."""
    findings: list[_Finding] = []
    problems: list[str] = []
    recorder = Tracker.of("check").recorder
    for path in _files(paths):
        try:
            for finding in _findings(path):
                findings.append(finding)
                recorder.noticed(finding.decision)
                if not as_json:
                    _show(finding)
        except FileError as error:
            if isinstance(error, OtherLanguageError) and path not in paths:
                continue
            problems.append(str(error))
            emit(f"bestfix: {error}", sys.stderr)
    if as_json:
        document = {"version": wire.VERSION, "findings": [f.document for f in findings], "problems": problems}
        emit(json.dumps(document), sys.stdout)
    return 2 if problems else int(bool(findings))


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files that are named, and the scripts and notebooks in folders that are not hidden."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for found in sorted(path.rglob("*")):
            foreign = any(part.startswith(".") or part in FOREIGN for part in found.relative_to(path).parts)
            if found.suffix in SUFFIXES and not foreign and found.is_file():
                yield found


def _findings(path: Path) -> Iterator[_Finding]:
    from bestfix.api import fix
    from bestfix.lang.python import compiles

    for name, text in _sources(path):
        if (error := compiles(text, name=name)) is not None:
            yield _Finding(path, name, error.lineno or 1, str(error.msg), fix(text, name=name))


def _sources(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and text of a script, or of each code cell of a notebook."""
    if path.suffix.lower() != ".ipynb":
        yield str(path), TextFile.read(path).text
        return
    for number, text in enumerate(NotebookFile.read(path).code, 1):
        yield f"<cell {number}>", text


def _show(finding: _Finding) -> None:
    where = f"{finding.path}:" + (f"{finding.source.strip('<>')}:" if finding.source.startswith("<") else "")
    emit(f"{where}{finding.lineno}: {visible(finding.message)}", sys.stdout)
    if (shown := finding.decision.shown) is not None:
        emit(terminal(finding.decision, shown, color=colored(sys.stdout)) + "\n", sys.stdout)
    else:
        emit(f"bestfix: {finding.decision.reason}\n", sys.stdout)
