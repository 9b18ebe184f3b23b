"""The versioned JSON of requests and answers; docs/wire.md describes it for those who write to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from bestfix.capture.snapshot import Snapshot
from bestfix.core import (
    Asked,
    Attempt,
    Candidate,
    Cell,
    Decision,
    ErrorInfo,
    Failure,
    Language,
    Report,
    Scored,
    Source,
    Verdict,
)  # fmt: skip
from bestfix.core.document import DocumentError as WireError
from bestfix.core.document import encoded, structured
from bestfix.surfaces.trials import brief
from bestfix.validate.safety import added_effects

__all__ = [
    "VERSION", "Answer", "ErrorText", "RankedFix", "Request", "WireError", "decision_from", "decision_to", "decoded",
    "encoded", "loads",
]  # fmt: skip

VERSION = 1
"""The version of the format; a change that an old reader would misread raises it."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ErrorText:
    """An error as text.

    Attributes:
        type: the name of the exception's class.
        message: its message.
        traceback: the traceback as Python or IPython printed it.
    """

    type: str = ""
    message: str = ""
    traceback: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A failure that someone asks about.

    Attributes:
        code: the text that failed, as the user wrote it.
        version: the version of the format.
        language: the language of `code`.
        name: what `code` is called in the traceback and in the answer.
        dialect: the SQL dialect of a query.
        catalog: what the database of a query holds, in the form of `bestfix.capture.catalog.catalog_from_json`.
        error: the error; `None` for code that does not compile.
        sources: further texts of the user's by the names that the traceback gives them.
        cells: the other cells of the notebook, in order.
        names: the names that the session defines.
        snapshot: what the session held, in place of `cells` and `names`.
        previous: fixes for the same failure that were tried or rejected before.
    """

    code: str
    version: int = VERSION
    language: Language = Language.PYTHON
    name: str = "<cell>"
    dialect: str | None = None
    catalog: Mapping[str, object] | None = None
    error: ErrorText | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    cells: tuple[Cell, ...] = ()
    names: tuple[str, ...] = ()
    snapshot: Snapshot | None = None
    previous: tuple[Attempt, ...] = ()


@dataclass(frozen=True, slots=True)
class RankedFix:
    """A fix in an answer, with what a reader would otherwise have to work out; docs/wire.md tells each field."""

    candidate: Candidate
    verdict: Verdict
    text: str
    p_accept: float | None = None
    p_success: float | None = None
    diff: str = ""
    brief: str = ""
    added_effects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FailedSource:
    """What failed; docs/wire.md tells each field."""

    language: Language
    name: str
    error: ErrorInfo


@dataclass(frozen=True, slots=True)
class Answer:
    """The document of a decision; docs/wire.md tells each field."""

    version: int
    shown: bool
    reason: str
    ranked: tuple[RankedFix, ...]
    sources: Mapping[str, str]
    failures: tuple[Failure, ...] = ()
    seconds: float = 0.0
    code: str | None = None
    asked: tuple[Asked, ...] = ()
    pending: bool = False
    failure: str = ""
    failed: FailedSource | None = None


def loads(text: str | bytes) -> object:
    """Return the document that `text` holds.

    Raises:
        WireError: when it is no JSON.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WireError(f"not JSON: {error}") from error


def decision_to(decision: Decision, failure: str = "") -> dict[str, Any]:
    """Return the document of a decision.

    Args:
        decision: the decision.
        failure: the name under which what becomes of it can be told; empty where nothing is recorded.
    """
    answer = Answer(
        version=VERSION,
        shown=decision.shown is not None,
        reason=decision.reason,
        ranked=tuple(_ranked(decision, scored) for scored in decision.ranked),
        sources=decision.sources,
        failures=decision.failures,
        seconds=decision.seconds,
        code=decision.code,
        asked=decision.asked,
        pending=decision.pending,
        failure=failure,
        failed=_failed(decision.report),
    )
    document = encoded(answer)
    assert isinstance(document, dict)  # noqa: S101 - what a dataclass encodes to
    return document


def _ranked(decision: Decision, scored: Scored) -> RankedFix:
    patch, report = scored.candidate.patch, decision.report
    is_query = report is not None and report.language is Language.SQL and report.failing.name == patch.source
    before = decision.sources[patch.source]
    effects = (
        () if not patch.edits else added_effects(before, scored.text, Language.SQL if is_query else Language.PYTHON)
    )
    return RankedFix(
        scored.candidate,
        scored.verdict,
        scored.text,
        scored.p_accept,
        scored.p_success,
        diff=decision.diff_of(scored, context=3),
        brief=brief(scored.verdict),
        added_effects=tuple(effects),
    )


def decision_from(document: object) -> Decision:
    """Return the decision of a document.

    Raises:
        WireError: when the document is of another version or form.
    """
    answer = decoded(Answer, document)
    ranked = tuple(Scored(r.candidate, r.verdict, r.text, r.p_accept, r.p_success) for r in answer.ranked)
    if answer.shown and not ranked:
        raise WireError("ranked: must not be empty when a fix is shown")
    shown = ranked[0] if answer.shown else None
    return Decision(
        shown=shown,
        reason=answer.reason,
        ranked=ranked,
        sources=answer.sources,
        failures=answer.failures,
        seconds=answer.seconds,
        asked=answer.asked,
        pending=answer.pending,
        report=_report(answer),
    )


def _failed(report: Report | None) -> FailedSource | None:
    """Return what failed; what was printed of it is known to the reader."""
    if report is None:
        return None
    return FailedSource(report.language, report.failing.name, replace(report.error, traceback=""))


def _report(answer: Answer) -> Report | None:
    failed, sources = answer.failed, answer.sources
    if failed is None:
        return None
    others = {name: Source(name, text) for name, text in sources.items() if name != failed.name}
    return Report(failed.language, Source(failed.name, sources.get(failed.name, "")), failed.error, others)


def decoded(kind: type[T], document: object) -> T:
    """Return the dataclass `kind` that a document holds.

    Raises:
        WireError: when the document is of another version, or lacks, adds or mistypes a field.
    """
    if isinstance(document, dict) and (version := document.get("version", VERSION)) != VERSION:
        raise WireError(f"version: this bestfix speaks version {VERSION}, the document is of version {version!r}")
    return structured(kind, document)
