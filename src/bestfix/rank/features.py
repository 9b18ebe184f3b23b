"""Features of a candidate beside its rivals: named, in a fixed order, `nan` where something is not known."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bestfix.core import Outcome, Report, Scored
from bestfix.core.odds import log_odds
from bestfix.rank.calibration import COMPILED
from bestfix.rank.facts import LONG, Facts, facts
from bestfix.rank.families import FAMILIES

__all__ = [
    "ESTIMATE", "FEATURES", "FEATURE_SET", "GROUPS", "RAN", "UNVERIFIED", "VERSION", "Feature", "before_trying",
    "feature_table",
]  # fmt: skip

VERSION = 2
"""Raised whenever a feature is added, removed or computed in another way: a model fits one version."""
NAN = math.nan
Columns = Sequence[tuple[int, Callable[[Facts], float]]]
"""Places in a row, and what computes each."""
GROUPS = {
    "error": "what failed",
    "position": "where the change stands beside the error",
    "edit": "what the change does to the text",
    "verdict": "what checking and running the candidate found",
    "agreement": "how much of the rest agrees with it",
    "evidence": "what its proposer knows",
    "formula": "what the hand-made calibration makes of estimates and verdicts",
}
"""The groups of features, with what they have in common."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A number that is computed for every candidate.

    Attributes:
        group: one of `GROUPS`.
        name: unique among the features.
        meaning: one line for the documentation.
        of: computes it.
        untried: what it is where nothing was tried; `None` where trying does not change it.
    """

    group: str
    name: str
    meaning: str
    of: Callable[[Facts], float]
    untried: float | None = None

    @property
    def shared(self) -> bool:
        """Whether all candidates of a failure have the same value."""
        return self.group == "error"


def feature_table(
    report: Report, candidates: Sequence[Scored], read: frozenset[int] | None = None
) -> list[list[float]]:
    """Return the values of the features, one row for each candidate of a failure.

    Args:
        report: the failure.
        candidates: what is ranked.
        read: the columns that are needed, the others being missing; `None` for all.
    """
    rows = facts(report, candidates)
    if not rows:
        return []
    shared, own = _computed(read)
    first = [NAN] * len(FEATURES)
    for column, of in shared:
        first[column] = float(of(rows[0]))
    return [_filled(first.copy(), own, row) for row in rows]


@lru_cache(maxsize=8)
def _computed(read: frozenset[int] | None) -> tuple[Columns, Columns]:
    """Return what computes the columns that are read: those that all candidates share, and each one's own."""
    wanted = [(n, f) for n, f in enumerate(FEATURES) if read is None or n in read]
    return [(n, f.of) for n, f in wanted if f.shared], [(n, f.of) for n, f in wanted if not f.shared]


def _filled(values: list[float], columns: Columns, row: Facts) -> list[float]:
    for column, of in columns:
        values[column] = float(of(row))
    return values


def before_trying(row: Sequence[float]) -> tuple[list[float], float]:
    """Return the values of a candidate for code that did not compile as they were before anything was tried.

    Beside them stands what trying it has added to the log-odds of its estimate.
    """
    added = sum(COMPILED[outcome] * row[column] for outcome, column in RAN.items())
    before = list(row)
    for column, value in _BEFORE.items():
        before[column] = value
    before[ESTIMATE] -= added
    return before, added


def _log(value: float) -> float:
    return math.log1p(max(value, 0.0))


def _in_family(name: str) -> Feature:
    return Feature("error", f"family.{name}", f"the error is of the family `{name}`", lambda c: c.failed.family == name)


def _with_outcome(outcome: Outcome) -> Feature:
    name = outcome.name.lower()
    return Feature(
        "verdict", f"outcome.{name}", f"the outcome is *{outcome}*", lambda c: c.verdict.outcome is outcome,
        float(outcome is Outcome.UNVERIFIED),
    )  # fmt: skip


def _given(key: str, meaning: str, name: str = "") -> Feature:
    return Feature("evidence", name or key, meaning, lambda c: c.evidence.get(key, NAN))


def _known(value: bool | None) -> float:
    return NAN if value is None else float(value)


_GRADES = {
    Outcome.RAN_CLEAN: 4, Outcome.BINDS: 4, Outcome.MOVED: 3, Outcome.NEW_ERROR: 1, Outcome.SAME_ERROR: 0,
    Outcome.BROKEN: 0,
}  # fmt: skip


_UNTRIED = frozenset({Outcome.UNVERIFIED, Outcome.BROKEN})


def _starting(tokens: Iterable[str], characters: str) -> int:
    return sum(token[0] in characters for token in tokens)


def _lines_away(c: Facts) -> float:
    if c.failed.lineno is None or not c.edits or c.elsewhere:
        return NAN
    return float(c.line - c.failed.lineno)


def _characters_away(c: Facts) -> float:
    if c.failed.span is None or not c.edits or c.elsewhere:
        return NAN
    first, last, span = c.edits[0].start, c.edits[-1].end, c.failed.span
    return float(max(span.start - last, first - span.end, 0))


def _similarity(c: Facts) -> float:
    if not c.edits:
        return NAN
    from rapidfuzz.distance import Indel

    return float(Indel.normalized_similarity(c.change.before[:2000], c.change.after[:2000]))


def _name_similarity(c: Facts) -> float:
    if c.renamed is None:
        return NAN
    from rapidfuzz.distance import DamerauLevenshtein

    return float(DamerauLevenshtein.normalized_similarity(*c.renamed))


def _occurrences(c: Facts) -> float:
    return c.failed.names[c.rarest] if c.rarest else NAN


def _rarer(c: Facts) -> float:
    rivals = [other.failed.names[other.rarest] for other in c.failed.facts if other.rarest]
    return _log(c.failed.names[c.rarest]) - _log(min(rivals)) if c.rarest else NAN


def _unread(c: Facts) -> float:
    if not c.rarest or c.failed.sql:
        return NAN
    return c.failed.names[c.rarest] <= c.failed.bound[c.rarest]


def _name_away(c: Facts) -> float:
    if not c.rarest or c.elsewhere or c.failed.names[c.rarest] == 0:
        return NAN
    at = c.change.start
    found = [m.start() for m in re.finditer(rf"\b{c.rarest}\b", c.text[:LONG])]
    if not found:
        return NAN
    nearest = min(found, key=lambda place: abs(place - at))
    return float(c.text.count("\n", min(at, nearest), max(at, nearest)))


def _passed_over(c: Facts) -> float:
    return c.verdict.outcome in _UNTRIED and any(o.verdict.outcome not in _UNTRIED for o in c.failed.facts)


def _behind(c: Facts) -> float:
    grades = [_GRADES[o.verdict.outcome] for o in c.failed.facts if o.verdict.outcome in _GRADES]
    return max(grades) - _GRADES[c.verdict.outcome] if c.verdict.outcome in _GRADES else NAN


def _result_empty(c: Facts) -> float:
    return NAN if not c.verdict.result else "(0" in c.verdict.result or c.verdict.result == "NoneType"


def _result_share(c: Facts) -> float:
    if not c.verdict.result:
        return NAN
    return c.failed.results[c.verdict.result] / sum(c.failed.results.values())


def _logprob_share(c: Facts) -> float:
    own = c.evidence.get("logprob")
    if own is None:
        return NAN
    others = [s.candidate.evidence["logprob"] for s in c.failed.candidates if "logprob" in s.candidate.evidence]
    return math.exp(own) / sum(math.exp(other) for other in others)


def _by_model(c: Facts) -> bool:
    return any(vote.startswith("llm") for vote in c.candidate.votes or (c.candidate.proposer,))


def _sources(c: Facts) -> int:
    return len({vote.rpartition(".")[0] for vote in c.candidate.votes}) or 1


FEATURES: tuple[Feature, ...] = (
    *(_in_family(name) for name in FAMILIES),
    Feature("error", "lines", "log of the lines of the source", lambda c: _log(c.failed.source.text.count("\n"))),
    Feature("error", "frames", "frames of the user's in the traceback", lambda c: len(c.failed.report.error.frames)),
    Feature("error", "quotes_names", "words that the message quotes", lambda c: len(c.failed.said)),
    Feature("error", "candidates", "how many candidates there are", lambda c: len(c.failed.candidates)),
    Feature("error", "best_prior", "the largest estimate of all", lambda c: c.failed.priors[0]),
    Feature("error", "total_prior", "the sum of all estimates", lambda c: c.failed.total),
    Feature("position", "lines_away", "lines from the error to the first edit; negative before it", _lines_away),
    Feature("position", "characters_away", "characters between the error and the nearest edit", _characters_away),
    Feature("position", "elsewhere", "another source than the failing one is edited", lambda c: c.elsewhere),
    Feature("position", "at_end", "the change is at the end of the text",
            lambda c: bool(c.edits) and not c.text[c.edits[-1].end :].strip()),
    Feature("position", "at_start", "the change is in the first line", lambda c: c.line == 1),
    Feature("edit", "removed", "log of the characters removed", lambda c: _log(c.removed)),
    Feature("edit", "inserted", "log of the characters inserted", lambda c: _log(c.inserted)),
    Feature("edit", "edits", "how many places change", lambda c: len(c.edits)),
    Feature("edit", "larger", "log of the characters beyond the smallest change of all",
            lambda c: _log(c.removed + c.inserted - c.failed.smallest)),
    Feature("edit", "tokens_dropped", "tokens that are gone", lambda c: len(c.change.dropped)),
    Feature("edit", "tokens_added", "tokens that are new", lambda c: len(c.change.added)),
    Feature("edit", "names_dropped", "names that are gone", lambda c: len(c.dropped_names)),
    Feature("edit", "names_added", "names that are new", lambda c: len(c.added_names)),
    Feature("edit", "strings_dropped", "strings that are gone", lambda c: _starting(c.change.dropped, "\"'")),
    Feature("edit", "numbers_dropped", "numbers that are gone", lambda c: _starting(c.change.dropped, "0123456789")),
    Feature("edit", "comments_lost", "comments that are gone", lambda c: _comments(c.change.dropped)),
    Feature("edit", "comments_added", "comments that are new", lambda c: _comments(c.change.added)),
    Feature("edit", "brackets", "brackets added less brackets dropped",
            lambda c: _starting(c.change.added, "()[]{}") - _starting(c.change.dropped, "()[]{}")),
    Feature("edit", "spacing_only", "no token changes", lambda c: not (c.change.dropped or c.change.added)),
    Feature("edit", "lines_touched", "lines that change", lambda c: c.change.before.count("\n")),
    Feature("edit", "lines_added", "lines added less lines removed",
            lambda c: c.change.after.count("\n") - c.change.before.count("\n")),
    Feature("edit", "similarity", "how alike the changed lines are before and after, 0 to 1", _similarity),
    Feature("edit", "imports", "an import is added", lambda c: "import" in c.change.added),
    Feature("edit", "safety", "0 advice, 1 may change the meaning, 2 keeps it",
            lambda c: int(c.candidate.patch.applicability)),
    Feature("edit", "drops_what_is_said", "what the message quotes is gone",
            lambda c: any(token.strip("\"'`") in c.failed.said for token in c.change.dropped)),
    Feature("edit", "adds_what_is_said", "what the message quotes is new",
            lambda c: any(token.strip("\"'`") in c.failed.said for token in c.change.added)),
    Feature("verdict", "grade", "4 ran clean or binds, 3 moved the error, 1 new error; missing when not run",
            lambda c: _GRADES.get(c.verdict.outcome, NAN), NAN),
    *(_with_outcome(o) for o in Outcome if o not in {Outcome.BROKEN, Outcome.SAME_ERROR}),
    Feature("verdict", "passed_over", "it was not run, though a rival was", _passed_over, 0.0),
    Feature("verdict", "behind", "the best grade of all less its own", _behind, NAN),
    Feature("verdict", "resumed", "only the failing statement and what follows were run",
            lambda c: c.verdict.resumed, 0.0),
    Feature("verdict", "hides", "it only keeps the error from being seen", lambda c: c.verdict.hides),
    Feature("verdict", "recurs", "the error must come again", lambda c: _known(c.verdict.recurs)),
    Feature("verdict", "result_empty", "the last expression gives nothing, or no rows", _result_empty,
            NAN),
    Feature("verdict", "unresolved", "names that nothing defines", lambda c: len(c.verdict.unresolved)),
    Feature("verdict", "notes", "what speaks against it, in lines", lambda c: len(c.verdict.notes)),
    Feature("agreement", "votes", "proposers of this meaning", lambda c: len(c.candidate.votes) or 1),
    Feature("agreement", "sources", "families of proposers of this meaning", _sources),
    Feature("agreement", "vote_share", "share of all votes", lambda c: (len(c.candidate.votes) or 1) / c.failed.votes),
    Feature("agreement", "result_share", "share of the candidates with a result that have this one", _result_share,
            NAN),
    Feature("evidence", "prior", "log-odds of the proposer's estimate", lambda c: log_odds(c.prior)),
    Feature("evidence", "share", "log of the estimate's share of all",
            lambda c: math.log(max(c.prior / c.failed.total, 0.001))),
    Feature("evidence", "place", "rank of the estimate, from 0", lambda c: c.failed.priors.index(c.prior)),
    Feature("evidence", "gap", "the estimate less the best rival's", lambda c: c.gap),
    Feature("formula", "baseline", "log-odds of the calibrated estimate", lambda c: log_odds(c.baseline)),
    Feature("evidence", "name_similarity", "how alike the old and the new name are, where one name changes",
            _name_similarity),
    Feature("evidence", "case_only", "the names differ in case alone",
            lambda c: NAN if c.renamed is None else c.renamed[0].lower() == c.renamed[1].lower()),
    Feature("evidence", "occurrences", "how often the rarest new name stands in the failing source", _occurrences),
    Feature("evidence", "rarer", "log of that number beyond the least of its rivals", _rarer),
    Feature("evidence", "unread", "the rarest new name is given a value and not read so far", _unread),
    Feature("evidence", "name_away", "lines to the nearest place where the rarest new name stands", _name_away),
    Feature("evidence", "by_model", "a language model proposes it", _by_model),
    Feature("evidence", "logprob_share", "its likelihood among the language model's answers", _logprob_share),
    _given("logprob", "mean log-probability of its tokens, by the language model"),
    _given("similarity", "how alike the names are, by the proposer", "stated_similarity"),
    _given("fit", "how well the new name's value suits its uses"),
    _given("places", "places that change together"),
    _given("uses", "uses of a removed interface that change together"),
    _given("steps", "repairs that it is made of"),
    _given("moves", "moves of the search over syntax that it is made of"),
    _given("cost", "negative log-probability of these moves"),
    Feature("evidence", "dearer", "that cost beyond the least of all",
            lambda c: c.evidence.get("cost", NAN) - c.failed.cheapest),
)  # fmt: skip
"""Every feature, in the order of a model's columns; those that all candidates of a failure share come first."""
ESTIMATE = [f.name for f in FEATURES].index("baseline")
"""The column of the log-odds of the calibrated estimate."""
UNVERIFIED = [f.name for f in FEATURES].index("outcome.unverified")
"""The column that tells which candidates were not tried."""
RAN = {o: n for n, f in enumerate(FEATURES) for o in COMPILED if f.name == f"outcome.{o.name.lower()}"}
"""The columns of the outcomes that move the estimate for code that did not compile."""
_BEFORE = {n: f.untried for n, f in enumerate(FEATURES) if f.untried is not None}
FEATURE_SET = f"{VERSION}-{hashlib.sha256(' '.join(f.name for f in FEATURES).encode()).hexdigest()[:8]}"
"""What tells these features from others: their version, and a hash of their names."""


def _comments(tokens: Sequence[str]) -> int:
    return sum(token[0] == "#" or token[:2] == "--" for token in tokens)
