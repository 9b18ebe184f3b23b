"""One case judged: its failure, the decision, how each selector ranks the candidates, and which of them are right."""

from __future__ import annotations

import operator
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bestfix.config import Settings
from bestfix.core import Applicability, Asked, Decision, Language, Scored
from bestfix.evaluate.cases import Case
from bestfix.evaluate.checks import TEXT_CHECKS, has_advice, token_distance
from bestfix.evaluate.python import CELL, PythonSession
from bestfix.evaluate.sql import SqlSession
from bestfix.lang.sql.tokens import distance
from bestfix.rank.policy import decide, ranked
from bestfix.rank.selectors import edit_size, load_selector

__all__ = ["Proposal", "Ranking", "Result", "judged"]

_RUNS = frozenset({"runs", "executes"})
"""The methods that tell whether a candidate runs."""
_UNJUDGED = frozenset({"nothing", "advice"})
"""The methods that do not tell of a candidate whether it is right."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A candidate as the evaluation keeps it.

    Attributes:
        text: the whole new text of the failing source.
        reason: the line for the user.
        votes: its proposers.
        prior: the proposer's estimate.
        safe: whether it is marked as keeping what the author meant.
        size: characters that it removes and adds.
        unresolved: names in it that nothing defines.
        advice: whether it is display-only.
        applicable: whether it can be applied to the failing source: neither advice nor an edit of another source.
        distance: tokens between it and the broken text.
        outcome: how it behaved, as far as that is known.
        met: the error that running it met.
        resumed: whether it ran from the failing statement on.
        hides: whether it only keeps the error from being seen.
        untried: why it was not run.
        answers: how many of a model's answers hold it.
    """

    text: str
    reason: str
    votes: tuple[str, ...]
    prior: float
    safe: bool
    size: int
    unresolved: tuple[str, ...]
    advice: bool
    applicable: bool
    distance: int
    outcome: str = ""
    met: str = ""
    resumed: bool = False
    hides: bool = False
    untried: str = ""
    answers: int = 0


@dataclass(frozen=True, slots=True)
class Ranking:
    """How one selector ordered the proposals, and what the policy made of it.

    Attributes:
        order: indices of the applicable proposals, best first.
        confidence: the probability of the first of them; 0 with none.
        shown: whether the policy shows it.
        advised: whether the policy shows advice instead.
        rank: for each method the 1-based place of the first right proposal, or `None`.
        scores: for each proposal the probabilities that it is kept and that it runs; `None` where not given.
        seconds: the time that ordering them took.
    """

    order: tuple[int, ...]
    confidence: float
    shown: bool
    advised: bool
    rank: Mapping[str, int | None]
    scores: tuple[tuple[float | None, float | None], ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a case.

    Attributes:
        id, source, method, methods, tier, error: the case's own.
        proposals: the candidates that the engine ranked, in the order of their priors.
        rankings: by selector.
        seconds: from the report to the decision; `None` when there was none.
        reproduced: whether it failed here as recorded.
        note: what went differently here; why there is no decision.
        failures: what the engine contained on the way.
        asked: what a model was asked.
        written: for each of its candidates, by index among the proposals, whether it is right.
        right: the same for every applicable proposal, where selectors are compared.
        ran: whether it runs, where selectors are compared and running tells.
    """

    id: str
    source: str
    method: str
    methods: tuple[str, ...]
    tier: str
    error: str
    proposals: tuple[Proposal, ...] = ()
    rankings: Mapping[str, Ranking] = field(default_factory=dict)
    seconds: float | None = None
    reproduced: bool = True
    note: str = ""
    failures: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()
    written: Mapping[int, bool] = field(default_factory=dict)
    right: Mapping[int, bool] = field(default_factory=dict)
    ran: Mapping[int, bool] = field(default_factory=dict)

    @classmethod
    def failed(cls, case: Case, note: str) -> Result:
        """Return the result of a case that led to no decision."""
        return cls(case.id, case.source, case.method, case.methods, case.tier, case.error, reproduced=False, note=note)

    def candidates(self, selector: str) -> list[str]:
        """Return the texts of the applicable proposals, best first."""
        ranking = self.rankings.get(selector)
        return [self.proposals[i].text for i in ranking.order] if ranking else []


def judged(case: Case, *, selectors: Sequence[str], settings: Settings) -> Result:
    """Return the result of a case; it must run in a child, which the case may leave in any state."""
    session_of = SqlSession if case.language is Language.SQL else PythonSession
    with session_of.opened(case, settings) as session:
        attempt = session.attempt()
        session.before_trials()
        judge = _Judge(case, session.passes)
        scored = attempt.decision.ranked
        proposals = tuple(_proposal(case, s) for s in scored)
        compared = [(n, p.text) for n, p in enumerate(proposals) if p.applicable and len(selectors) > 1]
        runs = next((method for method in case.methods if method in _RUNS), None)
        return Result(
            case.id,
            case.source,
            case.method,
            case.methods,
            case.tier,
            case.error,
            proposals,
            {name: judge.ranking(name, attempt.decision, proposals, settings.threshold) for name in selectors},
            attempt.decision.seconds,
            attempt.reproduced,
            attempt.note,
            tuple(f"{f.where}: {f.error}" for f in attempt.decision.failures),
            attempt.decision.asked,
            {n: judge.right(case.method, p.text) for n, p in enumerate(proposals) if p.answers and p.applicable},
            {n: judge.right(case.method, text) for n, text in compared if case.method not in _UNJUDGED},
            {n: judge.right(runs, text) for n, text in compared} if runs else {},
        )


class _Judge:
    """Says which candidates of a case are right; each text is tried once a method."""

    def __init__(self, case: Case, passes: Callable[[str, str], bool]) -> None:
        self.case = case
        self._passes = passes
        self._known: dict[tuple[str, str], bool] = {}

    def right(self, method: str, text: str) -> bool:
        """Whether a candidate's text is right by a method."""
        if (method, text) not in self._known:
            check = TEXT_CHECKS.get(method)
            self._known[method, text] = check(self.case, text) if check else self._passes(method, text)
        return self._known[method, text]

    def ranking(self, selector: str, decision: Decision, proposals: Sequence[Proposal], threshold: float) -> Ranking:
        """Return how a selector orders the proposals, which are those of `decision`."""
        places = {id(s.candidate): index for index, s in enumerate(decision.ranked)}
        report = decision.report
        started = time.perf_counter()
        best_first = ranked(load_selector(selector), report, decision.ranked) if report else decision.ranked
        seconds = time.perf_counter() - started
        shown, _ = decide(best_first, threshold)
        ordered = [(places[id(s.candidate)], s) for s in best_first]
        usable = [(place, s) for place, s in ordered if proposals[place].applicable]
        in_order = [proposals[place] for place, _ in ordered]
        return Ranking(
            order=tuple(place for place, _ in usable),
            confidence=(usable[0][1].p_accept or 0.0) if usable else 0.0,
            shown=bool(usable) and shown is usable[0][1],
            advised=shown is not None and shown.candidate.patch.display_only,
            rank={m: self._rank(m, in_order, silent=shown is None) for m in self.case.methods},
            scores=tuple((s.p_accept, s.p_success) for _, s in sorted(ordered, key=operator.itemgetter(0))),
            seconds=seconds,
        )

    def _rank(self, method: str, in_order: Sequence[Proposal], *, silent: bool) -> int | None:
        if method == "nothing":
            return 1 if silent else None
        if method == "advice":
            return _first(has_advice(self.case, p.reason) if p.advice else False for p in in_order)
        return _first(self.right(method, p.text) for p in in_order if p.applicable)


def _distance(case: Case, text: str) -> int:
    return distance(case.code, text) if case.language is Language.SQL else token_distance(case.code, text)


def _first(flags: Iterable[bool]) -> int | None:
    """Return the 1-based place of the first true flag."""
    return next((place for place, flag in enumerate(flags, 1) if flag), None)


def _proposal(case: Case, scored: Scored) -> Proposal:
    candidate = scored.candidate
    advice = candidate.patch.display_only
    here = candidate.patch.source == CELL
    return Proposal(
        text=scored.text if here else case.code,
        reason=candidate.reason,
        votes=candidate.votes,
        prior=candidate.prior,
        safe=candidate.patch.applicability is Applicability.SAFE,
        size=edit_size(candidate),
        unresolved=scored.verdict.unresolved,
        advice=advice,
        applicable=here and not advice,
        distance=_distance(case, scored.text) if here else 0,
        outcome=scored.verdict.outcome,
        met=f"{error.type}: {error.message[:200]}" if (error := scored.verdict.error) else "",
        resumed=scored.verdict.resumed,
        hides=scored.verdict.hides,
        untried=scored.verdict.untried,
        answers=int(candidate.evidence.get("answers", 0)),
    )
