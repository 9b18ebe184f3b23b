"""What is open in the editor, what was found in it, and what was decided: the language server without its protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from bestfix.config import LLM, Settings
from bestfix.core import Language, Source, Span
from bestfix.recording import Recorder
from bestfix.surfaces.lsp.actions import Answer
from bestfix.surfaces.lsp.document import Document
from bestfix.surfaces.lsp.findings import Finding

__all__ = ["Desk", "Options", "OptionsError"]

PAUSE = 0.25
"""Seconds without a keystroke after which a text is looked at."""
LIMIT = 50
"""Findings of one text that are shown."""

T = TypeVar("T")


class OptionsError(ValueError):
    """What the editor is configured with cannot be understood; the message says what."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the editor is configured.

    Attributes:
        database: what `.sql` files are checked against: a file of DuckDB or SQLite, or a URL; empty for none.
        diagnostics: whether errors are marked; fixes are offered in any case.
    """

    database: str = ""
    diagnostics: bool = True

    @classmethod
    def of(cls, document: object, folder: Path | None, default: Options) -> Options:
        """Return the options of a JSON object; a relative path is one in the opened `folder`.

        Raises:
            OptionsError: when an option is unknown or of another type.
        """
        if document is None:
            return default
        if not isinstance(document, Mapping):
            raise OptionsError(f"the options of bestfix must be an object, not {document!r}")
        for name, value in document.items():
            if name not in {"database", "diagnostics"}:
                raise OptionsError(f"bestfix has no option {name!r}; there are database and diagnostics")
            if not isinstance(value, bool if name == "diagnostics" else str):
                raise OptionsError(f"option {name}: {value!r} is no {'boolean' if name == 'diagnostics' else 'text'}")
        options = replace(default, **document)
        local = options.database and "://" not in options.database
        return replace(options, database=str(folder / options.database)) if local and folder is not None else options


@dataclass(frozen=True, slots=True)
class _Checked:
    """What was found in one version of a text, and the answers that were given so far."""

    document: Document
    findings: tuple[Finding, ...]
    answers: dict[int, Answer] = field(default_factory=dict)


class Desk:
    """The open texts and what is known of them. To be used from one event loop; the work is done in threads.

    Attributes:
        settings: how to behave: nothing is run, and no model is asked, for an editor asks at every step of the cursor.
        options: how the editor is configured.
        recorder: where what users take is logged.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = replace(settings, verify="static", llm=LLM())
        self.options = Options(settings.database)
        self.recorder = Recorder.of(settings, surface="lsp")
        self._documents: dict[str, Document] = {}
        self._checked: dict[str, _Checked] = {}
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="bestfix-lsp")

    def put(self, document: Document) -> None:
        """Open a text, or give the next version of it."""
        self._documents[document.uri] = document

    def drop(self, uri: str) -> None:
        """Close a text."""
        self._documents.pop(uri, None)
        self._checked.pop(uri, None)

    def forget(self) -> None:
        """Let everything be looked at again, for the options have changed."""
        self._checked.clear()

    def document(self, uri: str) -> Document | None:
        """Return a text as it is now; `None` when it is not open or of no language of ours."""
        return self._documents.get(uri)

    @property
    def open(self) -> list[str]:
        """The texts that are open."""
        return list(self._documents)

    def warm_up(self) -> None:
        """Load in the background what the first fix needs."""
        from bestfix.surfaces.lsp.python import findings as of_python

        patient = replace(self.settings, deadline=60.0)
        self._threads.submit(lambda: [f.decide() for f in of_python(Source("<warming up>", "pritn(1)"), patient)])

    def close(self) -> None:
        """End the threads, what they do now being done within its deadline, and write what is still to be logged."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self.recorder.close()

    async def findings(self, document: Document) -> tuple[Finding, ...]:
        """Return what is wrong in a text; nothing when it has been changed meanwhile.

        Raises:
            ConnectError: when the database that is configured cannot be opened.
        """
        checked = self._checked.get(document.uri)
        if checked is None or checked.document is not document:
            found = await self._in_thread(partial(self._look, document))
            if not self._is_current(document):
                return ()
            checked = _Checked(document, found)
            self._checked[document.uri] = checked
        return checked.findings

    async def answers(self, document: Document, place: Span) -> list[Answer]:
        """Return what is decided about the findings in the lines of a place, those that it touches first."""
        lines = document.lines_around(place)
        found = [
            (_apart(finding, place), index, finding)
            for index, finding in enumerate(await self.findings(document))
            if not _apart(finding, lines)
        ]
        return [
            await self._answer(document, index, finding) for _, index, finding in sorted(found, key=lambda f: f[:2])
        ]

    async def _answer(self, document: Document, index: int, finding: Finding) -> Answer:
        known = self._checked[document.uri].answers
        if index not in known:
            decision = await self._in_thread(finding.decide)
            known.setdefault(index, Answer(finding, decision, self.recorder.failure(decision)))
        return known[index]

    def _look(self, document: Document) -> tuple[Finding, ...]:
        """Look for what is wrong in a text."""
        if document.language is Language.PYTHON:
            from bestfix.surfaces.lsp.python import findings as of_python

            return tuple(of_python(document.source, self.settings))[:LIMIT]
        if not self.options.database:
            return ()
        from bestfix.surfaces.lsp.sql import findings as of_sql

        wanted = partial(self._is_current, document)
        return tuple(of_sql(document.source, self.options.database, self.settings, wanted))[:LIMIT]

    def _is_current(self, document: Document) -> bool:
        return self._documents.get(document.uri) is document

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _apart(finding: Finding, place: Span) -> bool:
    """Whether a finding does not touch a place."""
    return not any(span.start <= place.end and place.start <= span.end for span in finding.spans)
