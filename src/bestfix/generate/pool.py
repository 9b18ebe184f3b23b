"""All generators under one deadline; candidates of one meaning become one."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

from bestfix.core import Candidate, Context, Deadline, EditError, Failure, Language, Report
from bestfix.generate.base import Repair
from bestfix.lang.python.meaning import meaning

__all__ = ["gather", "identity"]

PER_REPAIR = 30
"""Candidates that one repair may give for one failure."""


def gather(
    repairs: Sequence[Repair], report: Report, context: Context, deadline: Deadline
) -> tuple[list[Candidate], list[Failure]]:
    """Return the candidates of all repairs that answer the report, the most likely first, and what went wrong.

    A candidate that leaves its source as it was is dropped; of several with one meaning the most likely stands,
    with the proposers of all as its votes.
    """
    found: list[Candidate] = []
    failures: list[Failure] = []
    kinds = report.error.kinds()
    for repair in repairs:
        if deadline.passed:
            failures.append(Failure(repair.name, "TimeoutError: the deadline passed before its turn"))
            continue
        try:
            if not repair.answers(report.language, kinds):
                continue
            for number, candidate in enumerate(repair(report, context, deadline)):
                found.append(replace(candidate, proposer=candidate.proposer or repair.name))
                if number + 1 >= PER_REPAIR or deadline.passed:
                    break
        except Exception as error:  # noqa: BLE001 - a repair, ours or a third party's, may raise anything
            failures.append(Failure(repair.name, f"{type(error).__name__}: {error}"))
    return _merged(report, found, failures), failures


def _merged(report: Report, found: list[Candidate], failures: list[Failure]) -> list[Candidate]:
    """Return one candidate a meaning, the most likely first; none that means what its source means."""
    merged: dict[Hashable, Candidate] = {}
    for candidate in sorted(found, key=lambda c: -c.prior):
        try:
            key = identity(report, candidate)
        except EditError as error:
            failures.append(Failure(candidate.proposer, f"EditError: {error}"))
            continue
        if key is None:
            continue
        first = merged.get(key)
        if first is None:
            merged[key] = replace(candidate, votes=candidate.votes or (candidate.proposer,))
        elif candidate.proposer not in first.votes:
            merged[key] = replace(first, votes=(*first.votes, candidate.proposer))
    return list(merged.values())


def identity(report: Report, candidate: Candidate) -> Hashable:
    """Return what is equal for two candidates with one meaning, or `None` for one that changes nothing."""
    patch = candidate.patch
    source = report.source(patch.source)
    if patch.display_only:
        return patch.source, candidate.reason, patch.edits
    if source is None:
        return None
    text = patch.apply(source.text)
    key = meaning(text, source.text) if report.language is Language.PYTHON else text
    return None if key is None or text == source.text else (patch.source, key)
