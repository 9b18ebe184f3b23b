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
_MESSAGE = 500
_BOUND = (
    re.compile(r"^[ \t]*([^\W\d]\w*(?:[ \t]*,[ \t]*\w+)*)[ \t]*=(?!=)", re.MULTILINE),
    re.compile(r"\bfor\s+([\w\s,()]+?)\s+in\b"),
    re.compile(r"\bdef\s+\w+\s*\(([^)]*)\)"),
)
"""Where names get their values: assignments, loops, parameters."""


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
        source, span, lineno: where the failure is.
        sql: whether it is a query.
        keywords: the words that are no names.
        said: the words that the message quotes.
        cheapest: the least cost that the search over syntax found.
        smallest: the size of the smallest change, in characters.
        facts: those of each candidate, once all are there.
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
        self.said = frozenset(_SAID.findall(report.error.message[:_MESSAGE]))
        self.cheapest = min((s.candidate.evidence.get("cost", math.inf) for s in candidates), default=math.inf)
        self.facts: list[Facts] = []
        self.smallest = min((_size(s.candidate.patch.edits) for s in candidates), default=0)

    @cached_property
    def names(self) -> Counter[str]:
        """How often each word stands in the failing source."""
        return Counter(_WORD.findall(self.source.text[:LONG]))

    @cached_property
    def bound(self) -> Counter[str]:
        """How often each word is given a value in the failing source, as far as lines tell."""
        text = self.source.text[:LONG]
        return Counter(word for form in _BOUND for found in form.findall(text) for word in _WORD.findall(found))


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
        rest: dict[str, int] = {}
        for token in first:
            rest[token] = rest.get(token, 0) + 1
        for token in second:
            rest[token] = rest.get(token, 0) - 1
        uneven = [(token, n) for token, n in rest.items() if n]
        return tuple(t for t, n in uneven for _ in range(n)), tuple(t for t, n in uneven for _ in range(-n))
    return tuple(first), tuple(second)


class Facts:
    """A candidate, what it changes, and the failure that it belongs to.

    Attributes:
        failed: the failure.
        scored, candidate, verdict, prior, evidence, edits: the candidate and its parts.
        baseline: its calibrated probability by its estimate.
        text: the source that it edits.
        elsewhere: whether that is another one than the failing source.
        change: the lines and tokens that differ.
        removed, inserted: characters.
        line: the 1-based line of the first edit; 0 without one.
        dropped_names, added_names: the names among the tokens that differ.
        renamed: the one name that becomes another, when that is all that names do.
        rarest: of the new names the one that stands least often in the failing source; empty without one.
        gap: the distance of the estimate to the best rival's.
    """

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
        self.line = source.text.count("\n", 0, self.change.start) + 1 if patch.edits else 0
        self.dropped_names = self._names(self.change.dropped)
        self.added_names = self._names(self.change.added)
        self.renamed = _renamed(self.dropped_names, self.added_names)
        self.rarest = min(self.added_names, key=lambda name: failed.names[name], default="")
        self.gap = self._gap()

    def _names(self, tokens: Sequence[str]) -> list[str]:
        words, upper = self.failed.keywords, self.failed.sql
        named = [t for t in tokens if t[0].isalpha() or t[0] == "_"]
        return [t for t in named if (t.upper() if upper else t) not in words]

    def _gap(self) -> float:
        priors = self.failed.priors
        if len(priors) < 2:
            return self.prior
        return self.prior - (priors[1] if self.prior == priors[0] else priors[0])


def _renamed(old: Sequence[str], new: Sequence[str]) -> tuple[str, str] | None:
    return (old[0], new[0]) if len(set(old)) == 1 and len(set(new)) == 1 else None


def _size(edits: Sequence[Edit]) -> int:
    return sum(e.end - e.start + len(e.text) for e in edits)


def facts(report: Report, candidates: Sequence[Scored]) -> list[Facts]:
    """Return the facts of each candidate of a failure."""
    failed = Failed(report, candidates)
    failed.facts = [Facts(failed, index) for index in range(len(candidates))]
    return failed.facts
