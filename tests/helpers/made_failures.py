"""Labelled failures as a corpus has them, of which it is known what can be learned."""

from __future__ import annotations

import random

from bestfix.core import Candidate, Edit, ErrorInfo, Language, Outcome, Patch, Report, Scored, Source, Span, Verdict
from bestfix.train.record import Label, Labelled


def failure(number: int, *, right: int | None = None) -> Labelled:
    """A failure with candidates of which one that ran clean is right, whatever its estimate."""
    draw = random.Random(f"seed {number}")
    report = Report(
        Language.PYTHON, Source("<cell>", "x = oops\n"), ErrorInfo("NameError", "'oops'", ("Exception",), Span(4, 8), 1)
    )
    right = draw.randrange(4) if right is None else right
    candidates, labels = [], []
    for index in range(4):
        outcome = Outcome.RAN_CLEAN if index == right else draw.choice([Outcome.MOVED, Outcome.NEW_ERROR])
        patch = Patch("<cell>", (Edit(4, 8, f"name{index}"),))
        candidate = Candidate(patch, "because", "python.names.near_name", draw.random())
        candidates.append(Scored(candidate, Verdict(outcome=outcome), patch.apply(report.code)))
        labels.append(Label(outcome, equals=index == right, how="meaning"))
    return Labelled(str(number), f"g{number % 20}", "made", "runtime", (), (), report, tuple(candidates), tuple(labels))
