"""`bestfix sql`."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bestfix.capture.catalog.database import Database
from bestfix.core import Decision, Scored, Source
from bestfix.lang.sql.statements import first_words, statements
from bestfix.recording import Tracker
from bestfix.surfaces.ask import Asker, Consent
from bestfix.surfaces.card import emit
from bestfix.surfaces.databases import INSTALL, ConnectError, Opened, opened
from bestfix.surfaces.files import TextFile
from bestfix.surfaces.finish import finished
from bestfix.surfaces.journal import Journal
from bestfix.surfaces.result_table import table
from bestfix.surfaces.script import ROUNDS

__all__ = ["Job", "run"]

STDIN = "-"
_READING = (("SELECT",), ("WITH",), ("FROM",), ("VALUES",))
_BEGIN, _END = frozenset({"BEGIN", "START"}), frozenset({"COMMIT", "ROLLBACK", "END", "ABORT"})


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be run, and how; see `bestfix sql --help`."""

    file: str
    database: str
    read_only: bool = False
    yes: bool = False
    diff: bool = False
    json: bool = False


def run(job: Job) -> int:
    """Run the statements of a file; return the exit code."""
    consent = Consent.of(yes=job.yes, diff=job.diff, json=job.json)
    tracker = Tracker.of("sql, unasked" if job.yes else "sql")
    asker = Asker(sys.stderr, sys.stdin, consent, quiet=job.json, tracker=tracker)
    return finished(lambda asker: _run(job, asker), asker, ConnectError, json=job.json)


def _run(job: Job, asker: Asker) -> int:
    if job.file == STDIN:
        file = None
        text = sys.stdin.read()
    else:
        file = TextFile.read(Path(job.file))
        text = file.text
    database = opened(job.database, read_only=job.read_only)
    name = "<stdin>" if file is None else str(file.path)
    script = _Script(Source(name, text), database, asker, show=not job.json)
    try:
        return script.run()
    except ModuleNotFoundError as error:
        raise ConnectError(f"fixing SQL needs {error.name}: {INSTALL}") from error
    finally:
        database.connection.close()


@dataclass(slots=True)
class _Script:
    """One run of a file.

    Attributes:
        source: its text, fixed as far as the user took fixes.
        database: the database.
        asker: shows the fixes and learns which to take.
        show: whether results are printed.
    """

    source: Source
    database: Opened
    asker: Asker
    show: bool = True
    _group: str = field(default_factory=lambda: uuid.uuid4().hex)
    _seen: set[str] = field(default_factory=set)
    _begun: int | None = None
    """The statement that opened the transaction that is open."""
    _catalogued: Database | None = None

    def run(self) -> int:
        """Run every statement in order, each fixed until it runs; return 0 when all have."""
        at, failed = 0, -1
        while at < len(spans := statements(self.source.text, self.database.dialect)):
            span = spans[at]
            error = self._execute(span.of(self.source.text), at)
            if error is None:
                if at == failed:
                    self.asker.tracker.ended(clean=True)
                at += 1
                continue
            failed = at
            self.asker.failed(f"statement {at + 1}", str(error).strip().partition("\n")[0])
            restart = at if self._begun is None else self._begun
            decision = self._decision(span.of(self.source.text), span.start, error)
            self._roll_back()
            if decision is None or not self._fixed(decision):
                return 1
            at = restart
        if self._begun is not None:
            self.asker.say("bestfix: the file ends with its transaction open; it was rolled back")
            self._roll_back()
        return 0

    def _execute(self, statement: str, number: int) -> Exception | None:
        """Run a statement and show its result; return the engine's error."""
        cursor, words = self.database.cursor, first_words(statement)
        try:
            cursor.execute(statement)
            if self.show and _has_rows(cursor, words):
                emit(table(cursor), sys.stdout)
        except Exception as error:  # noqa: BLE001 - every driver has its own exceptions
            return error
        if words[:1] and words[0] in _BEGIN and self._begun is None:
            self._begun = number
        elif words[:1] and words[0] in _END and words[1:] != ("TO",):
            self._begun = None
        return None

    def _decision(self, statement: str, start: int, error: Exception) -> Decision | None:
        """Return the fix of a statement as an edit of the file."""
        from bestfix.embedded import relocated
        from bestfix.lang.python.literals import verbatim
        from bestfix.sql import fix_sql

        if self._catalogued is None:
            self._catalogued = Database.of(self.database.connection)
        decision = fix_sql(statement, error=error, connection=self._catalogued, name=self.source.name)
        return relocated(decision, verbatim(statement, start), self.source)

    def _roll_back(self) -> None:
        if self._begun is not None:
            self.database.connection.rollback()
            self._begun = None

    def _fixed(self, decision: Decision) -> bool:
        """Show a decision and apply the fix that the user takes; say whether to go on."""
        if (taken := self.asker.choose(decision, then="Apply it and go on")) is None:
            return False
        if taken.text in self._seen or len(self._seen) >= ROUNDS:
            self.asker.say("bestfix: this fix was applied before; stopping")
            return False
        self._seen.add(taken.text)
        self._write(decision, taken)
        self.source = Source(self.source.name, taken.text)
        return True

    def _write(self, decision: Decision, taken: Scored) -> None:
        if self.source.name.startswith("<"):
            return
        Journal.default().apply(decision, taken, group=self._group, origin=self.asker.tracker.taken)
        self.asker.say(f"bestfix: wrote {Path(self.source.name).name} (`bestfix undo` takes it back)")


def _has_rows(cursor: Any, words: Sequence[str]) -> bool:
    """Whether a statement gives rows to look at, and not just DuckDB's word that it was done."""
    names = [column[0] for column in cursor.description or ()]
    return bool(names) and (names not in (["Count"], ["Success"]) or words[:1] in _READING)
