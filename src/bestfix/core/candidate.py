"""What is proposed, what checking it found, and what is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bestfix.core.edit import Applicability, Edit, Patch
from bestfix.core.report import ErrorInfo, Report, Source

__all__ = ["Asked", "Attempt", "Candidate", "Decision", "Failure", "Outcome", "Scored", "Verdict"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible fix.

    Attributes:
        patch: the edits.
        reason: one line for the user that says what was wrong.
        proposer: the name of the generator, such as `"python.names.near_name"`.
        prior: the proposer's own estimate, 0 to 1, that this is the fix the user wants.
        evidence: named measurements behind `prior` (similarity, uniqueness, …), for the ranker.
        votes: the proposers of every candidate with this meaning, this one first; filled by merging.
        model: the language model that wrote it; empty for what a repair proposes.
        run_first: the label of the cell that the advice is to run, such as `"cell 3"`; empty for any other candidate.
    """

    patch: Patch
    reason: str
    proposer: str = ""
    prior: float = 0.5
    evidence: Mapping[str, float] = field(default_factory=dict)
    votes: tuple[str, ...] = ()
    model: str = ""
    run_first: str = ""

    @classmethod
    def edit(
        cls,
        source: Source,
        *edits: Edit,
        reason: str,
        prior: float = 0.5,
        applicability: Applicability = Applicability.SAFE,
        evidence: Mapping[str, float] | None = None,
    ) -> Candidate:
        """Return a candidate that makes `edits` in `source`; its proposer is filled in by the pool."""
        return cls(Patch(source.name, edits, applicability), reason, prior=prior, evidence=evidence or {})

    @classmethod
    def advice(cls, source: Source, *edits: Edit, reason: str, prior: float = 0.5, run_first: str = "") -> Candidate:
        """Return a display-only candidate: something to do (`reason`), with the edits that illustrate it, if any."""
        return cls(Patch(source.name, edits, Applicability.DISPLAY_ONLY), reason, prior=prior, run_first=run_first)


class Outcome(StrEnum):
    """What is known of how a candidate behaves."""

    BROKEN = "broken"
    """It does not parse, names something that does not exist, or must raise the same error again."""
    UNVERIFIED = "not verifiable"
    """It parses and nothing speaks against it."""
    BINDS = "binds"
    """The database prepared it."""
    RAN_CLEAN = "ran clean"
    """It ran to its end."""
    MOVED = "moved the error"
    """It got past the failing statement and met another error later."""
    NEW_ERROR = "new error"
    """It met another error no later than the failing statement."""
    SAME_ERROR = "same error"
    """It met the same error again."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking a candidate found. `None` stands for *not known*.

    Attributes:
        parses: whether the fixed source parses.
        unresolved: names that the fixed source uses and nothing defines, which the failing source did not.
        recurs: whether the original error is still there.
        outcome: the summary of these and of running or binding.
        notes: what speaks against the candidate, one line each.
        seconds: the time that checking took.
        error: the error that running or binding it met; `None` when it met none or was not tried.
        resumed: whether only the failing top-level statement and what follows ran, in the state that it left.
        hides: whether it only keeps the error from being seen (an empty `except`, a deleted statement, `pass`).
        result: kind and shape of the last expression's value, such as `"DataFrame (0, 3)"`; empty when unknown.
        untried: why it was not run, or what its run could not tell; empty when its outcome comes from running it.
    """

    parses: bool | None = None
    unresolved: tuple[str, ...] = ()
    recurs: bool | None = None
    outcome: Outcome = Outcome.UNVERIFIED
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    error: ErrorInfo | None = None
    resumed: bool = False
    hides: bool = False
    result: str = ""
    untried: str = ""

    @property
    def acceptable(self) -> bool:
        """Whether nothing that is known rules the candidate out."""
        return self.outcome not in {Outcome.BROKEN, Outcome.SAME_ERROR}


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its verdict, the text it gives and the probability that it is right.

    Attributes:
        candidate: the candidate.
        verdict: what checking found.
        text: the patched source; for a display-only candidate what its illustration would give.
        p_accept: probability, 0 to 1, that the user keeps it; `None` when no selector has scored it.
        p_success: probability, 0 to 1, that it runs without an error; `None` when the selector does not say.
    """

    candidate: Candidate
    verdict: Verdict
    text: str
    p_accept: float | None = None
    p_success: float | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Something of ours or of a third party's that went wrong and was contained.

    Attributes:
        where: the generator, check or hook.
        error: the exception as `"Type: message"`.
    """

    where: str
    error: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """A fix that was tried before, for the same failure.

    Attributes:
        text: the whole text that it gave.
        error: what running or checking it met, as the user would see it; empty when it met nothing.
        rejected: whether the user did not want it.
    """

    text: str
    error: str = ""
    rejected: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One question that was put to a language model, and what came of it.

    Attributes:
        strategy: the name of the strategy that asked.
        model: the model, as its endpoint names it where it answered.
        answers: how many answers came.
        usable: how many of them held a fix.
        prompt_tokens: length of the question; `None` where the endpoint does not say.
        completion_tokens: length of all answers; `None` where the endpoint does not say.
        seconds: the time until the last answer; `None` when none came.
        failure: why no answer came; empty when one did.
    """

    strategy: str
    model: str
    answers: int = 0
    usable: int = 0
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    seconds: float | None = None
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What to show the user: one fix, or nothing and why.

    Attributes:
        shown: the fix to show, or `None`.
        reason: the line for the user when there is a fix; otherwise why nothing is shown.
        ranked: every acceptable candidate, best first (the shown one is the first of them).
        unmoved: the same as they were ranked, where their edits have been moved into another source since.
        sources: the text of every source that a ranked patch may name, before patching.
        failures: what was contained on the way.
        seconds: the time from report to decision.
        report: the failure that was decided on, when it is at hand.
        asked: what a language model was asked, as far as its answers have come.
        pending: whether a better decision may follow, since answers are still awaited.
        propensities: with which probability each ranked candidate was to be shown, where that was drawn by lot.
    """

    shown: Scored | None
    reason: str
    ranked: tuple[Scored, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    seconds: float = 0.0
    report: Report | None = None
    asked: tuple[Asked, ...] = ()
    pending: bool = False
    propensities: tuple[float, ...] = ()
    unmoved: tuple[Scored, ...] = ()

    def __bool__(self) -> bool:
        return self.shown is not None

    @property
    def code(self) -> str | None:
        """The whole text of the source that the shown fix edits, fixed; `None` with nothing to apply."""
        if self.shown is None or self.shown.candidate.patch.display_only:
            return None
        return self.shown.text

    @property
    def diff(self) -> str:
        """The unified diff of the shown fix; empty with nothing shown."""
        return "" if self.shown is None else self.diff_of(self.shown)

    def diff_of(self, scored: Scored, *, context: int = 1) -> str:
        """Return the unified diff of one of the ranked fixes, with `context` lines around each change."""
        patch = scored.candidate.patch
        return patch.diff(self.sources[patch.source], context=context) if patch.edits else ""
