"""What is kept of a decision, and of an action."""

from __future__ import annotations

import builtins
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bestfix._version import __version__
from bestfix.config import Settings
from bestfix.core import Action, Decision, ErrorInfo, Exposure, Habit, Language, Report, Scored, Source
from bestfix.feedback.place import Install
from bestfix.feedback.sink import Row

__all__ = ["ActionEvent", "FailureEvent", "referred"]

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class FailureEvent:
    """A failure, with the decision about it.

    Attributes:
        id: the failure's.
        revision: 0, or higher for a better decision about the same failure.
        at: when it was seen, in microseconds since 1970-01-01 UTC.
        decision: what was decided.
        exposures: what experiments had assigned.
        settings: those that it was decided by.
        surface: the door.
        user: who saw it; empty for the one user of the install.
        follows: the reference of an earlier failure of the same code, if any.
        habit: how the user takes what is shown for such failures.
    """

    id: str
    revision: int
    at: int
    decision: Decision
    exposures: Sequence[Exposure]
    settings: Settings
    surface: str
    user: str
    follows: str = ""
    habit: Habit = Habit()

    def rows(self, install: Install) -> Iterator[Row]:
        """Yield the rows of the failure, its candidates, its exposures and the names of its features."""
        from bestfix.rank.policy import leaning

        decision, settings, report = self.decision, self.settings, self.decision.report
        judged = _judged(decision)
        features = _Features.of(report, judged)
        shadow = _Shadow.of(settings, report, judged)
        history = leaning(self.habit) if self.habit.shown else None
        used, model = _chosen(settings.selector, settings.models)
        yield "failures", {
            "id": self.id, "at": self.at, "user": self.user or install.id, "install": install.id,
            "surface": self.surface, "version": __version__, "follows": referred(self.follows)[0] or None,
            **_described(report, install, texts=settings.log.code),
            "revision": self.revision, "shown": decision.shown is not None,
            "silence": _silence(decision, settings.threshold), "ranked": len(decision.ranked),
            "selector": used, "model": model, "feature_set": features.set,
            "shadow": settings.shadow, "shadow_model": shadow.model, "shadow_rank": shadow.rank,
            "threshold": settings.threshold, "deadline": settings.deadline, "k": settings.k, "history": history,
            "seconds": decision.seconds, "asked": len(decision.asked), "contained": len(decision.failures),
        }  # fmt: skip
        for rank, scored in enumerate(decision.ranked):
            yield "candidates", {
                "failure_id": self.id, "revision": self.revision, "rank": rank,
                **_candidate(scored, install, texts=settings.log.code),
                "propensity": _propensity(decision, rank),
                "shadow_p_accept": shadow.p_accept[rank] if shadow.p_accept else None,
                "features": features.values[rank] if features.values else "[]",
            }  # fmt: skip
        for position, name in enumerate(features.names):
            yield "features", {"feature_set": features.set, "position": position, "name": name}
        for e in self.exposures:
            yield "exposures", {
                "failure_id": self.id, "experiment": clean(e.experiment), "version": e.version,
                "layer": clean(e.layer), "arm": clean(e.arm), "at": self.at,
            }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ActionEvent:
    """Something that the user did, or that happened, about a failure.

    Attributes:
        id: unique.
        failure: what `Recorder.failure` returned.
        action: what happened.
        rank: the candidate that it is about, if any.
        at: when, in microseconds since 1970-01-01 UTC.
    """

    id: str
    failure: str
    action: Action
    rank: int | None
    at: int

    def rows(self, _: Install) -> Iterator[Row]:
        """Yield the one row."""
        failure, revision = referred(self.failure)
        yield "actions", {
            "id": self.id, "failure_id": failure, "at": self.at, "action": str(self.action),
            "revision": revision, "rank": self.rank,
        }  # fmt: skip


def referred(reference: str) -> tuple[str, int]:
    """Return the failure and the revision that a reference names: `ID` or `ID:REVISION`."""
    failure, _, revision = reference.partition(":")
    return clean(failure), int(revision) if revision.isdigit() else 0


def clean(text: str) -> str:
    """Return a text that every database can hold."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _described(report: Report | None, install: Install, *, texts: bool) -> Mapping[str, Any]:
    """Return what is kept of what failed."""
    from bestfix.rank.families import family

    error = ErrorInfo("", "") if report is None else report.error
    return {
        "language": str(report.language) if report is not None else "",
        "family": family(report) if report is not None else "",
        "error_type": clean(_public_type(report)) if report is not None else "",
        "message_hash": install.digest(_template(error.message)),
        "code_hash": install.digest(report.code if report is not None else ""),
        "code": clean(report.code) if texts and report is not None else None,
        "message": clean(error.message) if texts else None,
    }


def _public_type(report: Report) -> str:
    """Return the class of the error, unless its name may be the user's own: then the builtin one that it inherits."""
    error = report.error
    if report.language is Language.SQL:
        return error.type
    return next((name for name in (error.type, *error.bases) if name in vars(builtins)), "Exception")


def _template(message: str) -> str:
    """Return a message without what it quotes and counts."""
    return _NUMBER.sub("0", _QUOTED.sub("''", message))


def _judged(decision: Decision) -> Sequence[Scored]:
    """Return the candidates as a selector sees them beside the report; none where that is no longer known."""
    report, ranked = decision.report, decision.unmoved or decision.ranked
    names = {scored.candidate.patch.source for scored in ranked}
    if report is None or any(report.source(name) is None for name in names):
        return ()
    if decision.unmoved or all(report.source(name) == Source(name, decision.sources[name]) for name in names):
        return ranked
    return ()


def _silence(decision: Decision, threshold: float) -> str:
    """Return why nothing is shown, in a word; empty when something is."""
    if decision.shown is not None:
        return ""
    if not decision.ranked:
        return "nothing found"
    return "history" if (decision.ranked[0].p_accept or 0.0) >= threshold else "unlikely"


def _propensity(decision: Decision, rank: int) -> float:
    """Return the probability with which a candidate was shown."""
    if decision.shown is not None and decision.propensities:
        return decision.propensities[rank]
    return float(decision.ranked[rank] is decision.shown)


def _candidate(scored: Scored, install: Install, *, texts: bool) -> Mapping[str, Any]:
    """Return what is kept of a candidate by itself."""
    candidate, verdict = scored.candidate, scored.verdict
    return {
        "proposer": clean(candidate.proposer), "votes": json.dumps(candidate.votes or (candidate.proposer,)),
        "model": clean(candidate.model),
        "strategy": clean(candidate.proposer.removeprefix("llm.")) if candidate.model else "",
        "prior": number(candidate.prior) or 0.0,
        "applicability": candidate.patch.applicability.name.lower().replace("_", "-"),
        "p_accept": number(scored.p_accept), "p_success": number(scored.p_success),
        "outcome": str(verdict.outcome), "parses": verdict.parses, "recurs": verdict.recurs,
        "unresolved": len(verdict.unresolved), "resumed": verdict.resumed, "hides": verdict.hides,
        "verdict_seconds": number(verdict.seconds) or 0.0, "text_hash": install.digest(scored.text),
        "text": clean(scored.text) if texts else None, "reason": clean(candidate.reason) if texts else None,
    }  # fmt: skip


def number(value: float | None) -> float | None:
    """Return a finite number; anything else is not known."""
    return float(value) if value is not None and math.isfinite(value) else None


def _chosen(selector: str, models: str) -> tuple[str, str]:
    """Return the selector that was used, and the name of its model: another one where the wanted one cannot be."""
    from bestfix.rank.policy import FALLBACK, chosen

    found, failures = chosen(selector, models)
    version = str(getattr(found, "version", ""))
    return (FALLBACK if failures and not version else selector), version


@dataclass(frozen=True, slots=True)
class _Features:
    """The features of the candidates of a decision.

    Attributes:
        set: the version of the features, and a hash of their names.
        names: their names.
        values: the values of each candidate as a JSON list.
    """

    set: str = ""
    names: tuple[str, ...] = ()
    values: tuple[str, ...] = ()

    @classmethod
    def of(cls, report: Report | None, ranked: Sequence[Scored]) -> _Features:
        if report is None or not ranked:
            return cls()
        from bestfix.rank.features import FEATURE_SET, FEATURES, feature_table

        names = tuple(feature.name for feature in FEATURES)
        rows = feature_table(report, ranked)
        values = tuple(json.dumps([number(value) for value in row]) for row in rows)
        return cls(FEATURE_SET, names, values)


@dataclass(frozen=True, slots=True)
class _Shadow:
    """What another selector would have done.

    Attributes:
        model: the hash of its model.
        rank: the candidate that it would have shown, as ranked by the selector in use.
        p_accept: its probability of each candidate.
    """

    model: str = ""
    rank: int | None = None
    p_accept: tuple[float | None, ...] = ()

    @classmethod
    def of(cls, settings: Settings, report: Report | None, ranked: Sequence[Scored]) -> _Shadow:
        from bestfix.rank.lead import guarded
        from bestfix.rank.policy import decide, ranked_by

        if not settings.shadow or report is None or not ranked:
            return cls()
        best_first, _ = ranked_by(settings.shadow, report, ranked, settings.models)
        best_first = guarded(best_first, settings.threshold)
        places = {id(scored.candidate): rank for rank, scored in enumerate(ranked)}
        scores = {places[id(scored.candidate)]: scored.p_accept for scored in best_first}
        shown, _ = decide(best_first, settings.threshold)
        rank = None if shown is None else places[id(shown.candidate)]
        return cls(
            _chosen(settings.shadow, settings.models)[1], rank, tuple(number(scores.get(r)) for r in range(len(ranked)))
        )
