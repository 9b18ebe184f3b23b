"""What a language model adds: its answers join the candidates as they come, each checked, one candidate a meaning."""

from __future__ import annotations

import math
from collections.abc import Generator, Hashable, Sequence
from dataclasses import dataclass, field, replace

from bestfix.core import Candidate, Deadline, EditError, Failure, Language, Report, Scored
from bestfix.generate.llm.asking import Asking
from bestfix.generate.llm.dialogue import Dialogue
from bestfix.generate.pool import identity
from bestfix.lang.sql.tokens import meaning as query_meaning
from bestfix.work import Found, Work

__all__ = ["Joined", "agreement", "consulted"]

RESERVE = 0.03
"""Seconds before the deadline at which no answer is awaited any more, so that the last one can be checked."""


@dataclass(eq=False)
class Joined:
    """The candidates of one failure while more of them come: one a meaning, with the votes of all.

    Attributes:
        report: the failure.
        scored: the candidates; at first those of the repairs.
        dialect: the dialect of a query.
    """

    report: Report
    scored: list[Scored]
    dialect: str = ""
    _places: dict[Hashable, int] = field(default_factory=dict, init=False)
    _answers: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._places = {self._key(scored.candidate): at for at, scored in enumerate(self.scored)}

    def added(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Let what a model wrote vote for what means the same; return, merged, what nobody has proposed before."""
        fresh: dict[Hashable, Candidate] = {}
        for candidate in candidates:
            self._answers += 1
            key = self._key(candidate)
            if key in self._places and key is not None:
                at = self._places[key]
                self.scored[at] = replace(self.scored[at], candidate=_supported(self.scored[at].candidate, candidate))
            elif key is not None:
                fresh[key] = _supported(fresh[key], candidate) if key in fresh else _first(candidate)
        self.scored = [replace(one, candidate=self._estimated(one.candidate)) for one in self.scored]
        return sorted(map(self._estimated, fresh.values()), key=lambda candidate: -candidate.prior)

    def extend(self, scored: Sequence[Scored]) -> None:
        """Take in candidates with their verdicts."""
        for one in scored:
            key = self._key(one.candidate)
            if key not in self._places:
                self._places[key] = len(self.scored)
                self.scored.append(one)

    def _key(self, candidate: Candidate) -> Hashable:
        """Return what candidates of one meaning share; `None` for one that changes nothing or cannot be applied."""
        patch, source = candidate.patch, self.report.source(candidate.patch.source)
        try:
            if self.report.language is Language.SQL and source is not None and not patch.display_only:
                text = patch.apply(source.text)
                return None if text == source.text else (patch.source, query_meaning(text, self.dialect))
            return identity(self.report, candidate)
        except EditError:
            return None

    def _estimated(self, candidate: Candidate) -> Candidate:
        """Return what a model wrote with the estimate that the answers so far give it."""
        if not candidate.model:
            return candidate
        p = agreement(candidate.evidence.get("answers", 1.0), self._answers, candidate.evidence.get("logprob"))
        return replace(candidate, prior=p)


def _first(candidate: Candidate) -> Candidate:
    return replace(candidate, votes=(candidate.proposer,), evidence={**candidate.evidence, "answers": 1.0})


def _supported(candidate: Candidate, other: Candidate) -> Candidate:
    """Return a candidate with the vote of a model's answer that means the same."""
    votes = tuple(dict.fromkeys([*(candidate.votes or (candidate.proposer,)), other.proposer]))
    known = [c.evidence["logprob"] for c in (candidate, other) if "logprob" in c.evidence]
    evidence = {**candidate.evidence, **({"logprob": max(known)} if known else {})}
    evidence["answers"] = candidate.evidence.get("answers", 0.0) + 1
    return replace(candidate, votes=votes, evidence=evidence)


def agreement(agreeing: float, answers: float, logprob: float | None) -> float:
    """Return the estimate of a candidate that so many of the answers hold, before it has been tried.

    It is the share of the answers, drawn towards a half as though another answer and a half had been undecided; a low
    mean log-probability of its tokens takes up to 40 % off.
    """
    share = (agreeing + 1.0) / (answers + 2.5)
    return share if logprob is None else share * (0.6 + 0.4 * math.exp(min(logprob, 0.0)))


def consulted(work: Work, local: Found, deadline: Deadline, dialogue: Dialogue) -> Generator[Found, None, None]:
    """Ask the model, and yield what there is each time something has come, until all has or time is up.

    Closing the iterator closes the requests that are under way.
    """
    until = replace(deadline, at=deadline.at - RESERVE)
    try:
        asking = Asking.begun(work.settings, work.report, work.context, until, dialogue.previous)
    except Exception as error:  # noqa: BLE001 - a model that cannot be asked leaves the repairs
        yield replace(local, failures=(*local.failures, Failure("llm", f"{type(error).__name__}: {error}")))
        return
    joined = Joined(work.report, list(local.scored), work.binder.dialect if work.binder is not None else "")
    with asking:
        while True:
            before = asking.awaited
            fresh = joined.added(asking.arrived(min(dialogue.patience, deadline.left)))
            joined.extend(work.checked(fresh, deadline))
            awaited = 0 if deadline.passed else asking.awaited
            failures = (*work.failures, *asking.failures)
            yield Found(tuple(joined.scored), failures, tuple(asking.asked), awaited, news=asking.awaited < before)
            if not awaited:
                return
