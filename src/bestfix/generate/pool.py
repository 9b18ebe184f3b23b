"""All generators under one deadline; candidates of one meaning become one."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from bestfix.core import Candidate, Context, Deadline, EditError, Failure, Language, Report
from bestfix.generate.base import Repair
from bestfix.lang.python import parsed

__all__ = ["gather"]

PER_REPAIR = 30
"""Candidates that one repair may give for one failure."""
COMPARED = 20_000
"""Characters of a source up to which candidates are compared by syntax tree; longer ones by text."""


def gather(
    repairs: Sequence[Repair], report: Report, context: Context, deadline: Deadline
) -> tuple[list[Candidate], list[Failure]]:
    """Return the candidates of all repairs that answer the report, the most likely first, and what went wrong.

    A candidate that leaves its source as it was is dropped; of several with one meaning the most likely stands,
    with the proposers of all as its votes.
    """
    found: list[Candidate] = []
    failures: list[Failure] = []
    for repair in repairs:
        if deadline.passed:
            failures.append(Failure(repair.name, "TimeoutError: the deadline passed before its turn"))
            continue
        try:
            if not repair.answers(report):
                continue
            for number, candidate in enumerate(repair(report, context, deadline)):
                found.append(replace(candidate, proposer=candidate.proposer or repair.name))
                if number + 1 >= PER_REPAIR or deadline.passed:
                    break
        except Exception as error:  # noqa: BLE001 - a repair, ours or a third party's, may raise anything
            failures.append(Failure(repair.name, f"{type(error).__name__}: {error}"))
    return _merged(report, found, failures), failures


def _merged(report: Report, found: list[Candidate], failures: list[Failure]) -> list[Candidate]:
    merged: dict[tuple[str, str, bool], Candidate] = {}
    for candidate in sorted(found, key=lambda c: -c.prior):
        patch = candidate.patch
        source = report.source(patch.source)
        try:
            text = patch.apply(source.text) if source else patch.source
        except EditError as error:
            failures.append(Failure(candidate.proposer, f"EditError: {error}"))
            continue
        if patch.display_only:
            text = f"{candidate.reason}\n{text}"
        elif source is None or text == source.text:
            continue
        key = (patch.source, _meaning(text, report.language), patch.display_only)
        first = merged.get(key)
        if first is None:
            merged[key] = replace(candidate, votes=candidate.votes or (candidate.proposer,))
        elif candidate.proposer not in first.votes:
            merged[key] = replace(first, votes=(*first.votes, candidate.proposer))
    return list(merged.values())


def _meaning(text: str, language: Language) -> str:
    """Return a text that is equal for two sources with the same meaning."""
    if language is Language.PYTHON and len(text) <= COMPARED and (tree := parsed(text)) is not None:
        return ast.dump(tree.root)
    return text
