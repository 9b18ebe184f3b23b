"""`bestfix llm preview`: what would be sent, made as it is made for sending."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bestfix.config import Settings
from bestfix.core import Cell, Context, Language, Report
from bestfix.surfaces import wire
from bestfix.surfaces.card import emit
from bestfix.surfaces.cli_fix import failure_of
from bestfix.surfaces.files import FileError, TextFile
from bestfix.surfaces.notebook_file import NotebookFile

__all__ = ["Job", "preview"]

SHOWN = 60
"""Characters of a hidden text that are shown on the terminal."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be previewed; see `bestfix llm preview --help`."""

    file: str
    error: str = ""
    database: str = ""
    strategies: Sequence[str] = ()
    json: bool = False


def preview(job: Job, settings: Settings) -> int:
    """Print the questions that would be asked about the failure in a file; return 2 when there is none to ask about."""
    from bestfix.generate.llm.questions import questions

    llm = replace(settings.llm, strategies=tuple(job.strategies)) if job.strategies else settings.llm
    try:
        report, context = _failure(job)
    except (FileError, wire.WireError, ValueError) as error:
        emit(f"bestfix: {error}", sys.stderr)
        return 2
    found = questions(llm, report, context)
    requests = [request for _, request in found.asked]
    if job.json:
        emit(json.dumps([asdict(request) for request in requests], ensure_ascii=False), sys.stdout)
        return 0
    for request in requests:
        emit("\n".join(_lines(asdict(request))), sys.stdout)
    for placeholder, hidden in found.briefing.veil.hidden.items():
        raw = "(a secret)" if hidden.kind == "secret" else repr(hidden.raw[:SHOWN])
        emit(f"stays here: {placeholder} is {raw}", sys.stdout)
    for failure in found.failures:
        emit(f"not asked: {failure.where}: {failure.error}", sys.stderr)
    model = llm.model or "no model: none is connected"
    count = f"{len(requests)} question{'s' * (len(requests) != 1)}"
    emit(f"{count} to {model}, level {llm.privacy}; nothing was sent", sys.stderr)
    return 0


def _lines(request: dict[str, object]) -> Iterator[str]:
    """Yield a request as text: its settings on one line, then its messages as they are."""
    texts = {name: request.pop(name) for name in ("system", "user", "prediction")}
    yield "══ " + ", ".join(f"{name} {value}" for name, value in request.items() if value != "")
    for name, text in texts.items():
        if text:
            yield f"── {name}\n{text}"


def _failure(job: Job) -> tuple[Report, Context]:
    """Return the failure that a file holds, and what is known of what its program could see."""
    if job.file == "-" or job.file.endswith(".json"):
        data = sys.stdin.buffer.read() if job.file == "-" else Path(job.file).read_bytes()
        return failure_of(wire.decoded(wire.Request, wire.loads(data)))
    if job.file.endswith(".ipynb"):
        return failure_of(_of_notebook(NotebookFile.read(Path(job.file))))
    file = TextFile.read(Path(job.file))
    if job.file.endswith(".sql"):
        return _of_query(file.text, job)
    error = wire.ErrorText(traceback=job.error) if job.error else None
    return failure_of(wire.Request(file.text, name=str(file.path), error=error))


def _of_notebook(notebook: NotebookFile) -> wire.Request:
    """Return the first cell that failed, as the file remembers it, or does not compile."""
    from bestfix.lang.python import compiles

    texts = notebook.code
    for number, (text, error) in enumerate(zip(texts, notebook.errors, strict=True)):
        if error is None and compiles(text) is None:
            continue
        cells = tuple(
            Cell(f"cell {other + 1}", texts[other], ran=other < number, before=other < number)
            for other in range(len(texts))
            if other != number
        )
        name = f"<cell {number + 1}>"
        return wire.Request(text, name=name, cells=cells, error=wire.ErrorText(*error) if error else None)
    raise FileError(f"{notebook.file.path} holds no cell that failed: run it and save it first")


def _of_query(text: str, job: Job) -> tuple[Report, Context]:
    """Return the failure of a query with the catalog of the database that is named, if one is."""
    if not job.database:
        return failure_of(wire.Request(text, language=Language.SQL, error=wire.ErrorText(message=job.error)))
    from bestfix.capture.catalog import SqlContext
    from bestfix.capture.catalog.database import Database
    from bestfix.capture.sql_error import report_sql
    from bestfix.core import Source
    from bestfix.surfaces.databases import opened

    database = Database.of(opened(job.database, read_only=True).connection)
    error: BaseException | str = job.error
    if not error:
        raise wire.WireError("--error: is missing; a query is not run here")
    return report_sql(Source(job.file, text), error, database.dialect), SqlContext(database=database.catalog())
