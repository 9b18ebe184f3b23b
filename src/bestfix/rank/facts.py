"""What features are computed from: a failure, each of its candidates, and how they compare."""

from __future__ import annotations

import keyword
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bestfix.core import Edit, Language, Report, Scored
from bestfix.lang.sql.tokens import KEYWORDS
from bestfix.rank.calibration import calibrated
from bestfix.rank.families import family

__all__ = ["Change", "Facts", "Failed", "facts"]

LONG = 20_000
"""Characters of a source in which the names are counted."""
_TOKEN = re.compile(r"""(?:\#|--)[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\w+|[^\w\s]""")
_WORD = re.compile(r"[^\W\d]\w*")
_SAID = re.compile(r"""['"`]([^'"`\s]+)['"`]""")
_PYTHON = frozenset(keyword.kwlist)


class Failed:
    """A failure and all its candidates.

    Attributes:
        report: the failure.
        candidates: what is ranked.
        family: the family of its error.
        priors: the estimates, the largest first.
        total: their sum.
        baseline: the calibrated probability of each candidate by its estimate.
        votes: how many proposers there are, each counted once a candidate.
        results: how many candidates ran to each result.
    """

    def __init__(self, report: Report, candidates: Sequence[Scored]) -> None:
        self.report = report
        self.candidates = candidates
        self.family = family(report)
        self.priors = sorted((s.candidate.prior for s in candidates), reverse=True)
        self.total = sum(self.priors) or 1.0
        self.baseline = calibrated(candidates)
        self.votes = sum(len(s.candidate.votes) or 1 for s in candidates)
        self.results = Counter(s.verdict.result for s in candidates if s.verdict.result)
        self.source, self.span, lineno = report.innermost
        self.lineno = lineno
        self.sql = report.language is Language.SQL
        self.keywords = KEYWORDS if self.sql else _PYTHON

    @cached_property
    def said(self) -> frozenset[str]:
        """The words that the message quotes."""
        return frozenset(_SAID.findall(self.report.error.message[:500]))

    @cached_property
    def names(self) -> Counter[str]:
        """How often each word stands in the failing source."""
        return Counter(_WORD.findall(self.source.text[:LONG]))

    @cached_property
    def costs(self) -> float:
        """The least cost that the search over syntax found."""
        return min((s.candidate.evidence.get("cost", math.inf) for s in self.candidates), default=math.inf)

    @cached_property
    def smallest(self) -> int:
        """The size of the smallest change, in characters."""
        return min(sum(e.end - e.start + len(e.text) for e in s.candidate.patch.edits) for s in self.candidates)


@dataclass(frozen=True, slots=True)
class Change:
    """The lines that a patch touches, and the tokens in which they differ.

    Attributes:
        start: the offset of the first edit; -1 when nothing is edited.
        before: the lines as they were.
        after: the lines as they become.
        dropped: tokens that are in `before` only, in order; comments and strings are one token.
        added: tokens that are in `after` only.
    """

    start: int
    before: str
    after: str
    dropped: tuple[str, ...]
    added: tuple[str, ...]

    @classmethod
    def of(cls, text: str, edits: Sequence[Edit]) -> Change:
        """Return the change that edits make in a text."""
        if not edits:
            return cls(-1, "", "", (), ())
        before, after = _touched(text, edits)
        return cls(edits[0].start, before, after, *_differing(_TOKEN.findall(before), _TOKEN.findall(after)))


def _touched(text: str, edits: Sequence[Edit]) -> tuple[str, str]:
    """Return the whole lines that the edits touch, before and after."""
    before: list[str] = []
    after: list[str] = []
    done = 0
    for edit in edits:
        end = _line_end(text, done)
        if not before or edit.start >= end:
            rest = text[done:end] if before else ""
            done = max(text.rfind("\n", 0, edit.start) + 1, end if before else 0)
            before.append(rest)
            after.append(rest)
        before.append(text[done : edit.end])
        after.append(text[done : edit.start] + edit.text)
        done = edit.end
    rest = text[done : _line_end(text, done)]
    return "".join(before) + rest, "".join(after) + rest


def _line_end(text: str, at: int) -> int:
    """Return the offset after the end of the line of a character."""
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _differing(old: list[str], new: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the tokens that only one of two lists has, as multisets."""
    head, limit = 0, min(len(old), len(new))
    while head < limit and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < limit - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    first, second = old[head : len(old) - tail], new[head : len(new) - tail]
    if first and second:
        rest = Counter(first)
        rest.subtract(second)
        return tuple(t for t, n in rest.items() for _ in range(n)), tuple(t for t, n in rest.items() for _ in range(-n))
    return tuple(first), tuple(second)


class Facts:
    """A candidate, what it changes, and the failure that it belongs to."""

    def __init__(self, failed: Failed, index: int) -> None:
        scored = failed.candidates[index]
        self.failed = failed
        self.scored = scored
        self.verdict = scored.verdict
        self.candidate = scored.candidate
        self.prior = scored.candidate.prior
        self.baseline = failed.baseline[index]
        self.evidence = scored.candidate.evidence
        patch = scored.candidate.patch
        self.edits = patch.edits
        source = failed.report.source(patch.source) or failed.report.failing
        self.text = source.text
        self.elsewhere = source.name != failed.source.name
        self.change = Change.of(source.text, patch.edits)
        self.removed = sum(e.end - e.start for e in patch.edits)
        self.inserted = sum(len(e.text) for e in patch.edits)

    @cached_property
    def line(self) -> int:
        """The 1-based line of the first edit; 0 without one."""
        return self.text.count("\n", 0, self.change.start) + 1 if self.edits else 0

    @cached_property
    def dropped_names(self) -> list[str]:
        """The names that are dropped."""
        return self._names(self.change.dropped)

    @cached_property
    def added_names(self) -> list[str]:
        """The names that are added."""
        return self._names(self.change.added)

    def _names(self, tokens: Sequence[str]) -> list[str]:
        words, upper = self.failed.keywords, self.failed.sql
        named = [t for t in tokens if t[0].isalpha() or t[0] == "_"]
        return [t for t in named if (t.upper() if upper else t) not in words]

    @cached_property
    def renamed(self) -> tuple[str, str] | None:
        """The one name that becomes another, when that is all that names do."""
        old, new = self.dropped_names, self.added_names
        return (old[0], new[0]) if len(set(old)) == 1 and len(set(new)) == 1 else None

    @cached_property
    def alike(self) -> float:
        """How alike the old name and the new one are, 0 to 1."""
        if self.renamed is None:
            return math.nan
        from rapidfuzz.distance import DamerauLevenshtein

        return float(DamerauLevenshtein.normalized_similarity(*self.renamed))

    @cached_property
    def gap(self) -> float:
        """The distance of the estimate to the best rival's."""
        priors = self.failed.priors
        if len(priors) < 2:
            return self.prior
        return self.prior - (priors[1] if self.prior == priors[0] else priors[0])


def facts(report: Report, candidates: Sequence[Scored]) -> list[Facts]:
    """Return the facts of each candidate of a failure."""
    failed = Failed(report, candidates)
    return [Facts(failed, index) for index in range(len(candidates))]
