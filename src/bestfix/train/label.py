"""Programs that fail are run, the engine answers, and every candidate is run in its turn."""

from __future__ import annotations

import ast
import builtins
import itertools
import json
import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from bestfix.api import fix
from bestfix.config import Settings
from bestfix.core import Deadline, Outcome, Scored, Source
from bestfix.core.document import encoded, structured
from bestfix.lang.python import compiles
from bestfix.lang.python.lexical import lexical
from bestfix.lang.python.meaning import meaning
from bestfix.train.label_sql import labelled_queries
from bestfix.train.observe import CELL, SETUP, UNSTARTED, Observation, observed, run
from bestfix.train.record import Broken, Label, Labelled, doubted, unlabelled
from bestfix.validate.sandbox import Limits, run_apart

__all__ = ["SETTINGS", "labelled"]

SETTINGS = Settings(selector="first", k=10, deadline=math.inf, threshold=0.0, verify="sandbox")
"""How candidates are made: counted in steps, so that the same failure has the same ones however busy the machine is.

They are put in order by what is not learned, so that no model has a hand in what the next one learns from.
"""
_RUN = Limits(cpu=5.0, answer=4 << 20)
_FAILURE = Limits(cpu=20.0, answer=16 << 20)
_SESSION = Limits(cpu=90.0, answer=64 << 20)
_LEXICAL_WEIGHT = _BLANK_WEIGHT = 0.5


def labelled(records: Sequence[Broken], settings: Settings = SETTINGS) -> list[Labelled]:
    """Return the failures among the records, with their candidates and how each turned out.

    A record that does not fail gives nothing. The result depends on nothing but the arguments; records of one cell that
    stand together share a session.
    """
    found: list[Labelled] = []
    for (runs, database, *_), group in itertools.groupby(
        records, lambda r: (r.runs, bool(r.database), r.setup, "" if r.database else r.intended)
    ):
        if database:
            found += labelled_queries(list(group), settings)
        elif runs:
            answer = _apart(partial(_of_session, list(group), settings), _SESSION)
            found += [structured(Labelled, item) for item in answer or ()]
        else:
            found += [one for record in group if (one := _by_text(record, settings)) is not None]
    return found


def _apart(task: Callable[[], object], limits: Limits) -> Any:
    """Return what a task in a child returns, as plain JSON values; `None` when it gives nothing.

    It is bounded by its processor time, which hardly depends on what else the machine does.
    """

    def bytes_of() -> bytes:
        return json.dumps(encoded(task())).encode()

    [ended] = run_apart([bytes_of], Deadline.never(), limits, jobs=1)
    return None if ended.answer is None else json.loads(ended.answer)


def _of_session(records: Sequence[Broken], settings: Settings) -> list[object]:
    """Return the failures of programs with one setup, as JSON values; the process is a child that may be spoilt."""
    os.chdir(Path(gettempdir()))
    namespace: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
    if records[0].setup and run(SETUP, records[0].setup, namespace).error is not None:
        return []
    cell = _Cell(records[0].intended[0], namespace)
    if cell.wanted is None or cell.wanted.error:
        return []
    found: list[object] = []
    for record in records:
        answer = _apart(partial(_failure, record, namespace, settings), _FAILURE)
        if answer is None:
            continue
        failure, met = structured(Labelled, answer[0]), structured(Observation, answer[1])
        labels = doubted([_label(record, scored, met, cell) for scored in failure.candidates])
        found.append({**answer[0], "labels": encoded(labels)})
    return found


@dataclass
class _Cell:
    """What the intended cell does, and how others compare; each text runs in a child of its own.

    Attributes:
        intended: the text that is right.
        namespace: the session before it.
    """

    intended: str
    namespace: dict[str, Any]

    def observation(self, text: str) -> Observation | None:
        """Return what a text does; `None` when it does not end."""
        answer = _apart(partial(observed, text, self.namespace, intended=self.intended), _RUN)
        return None if answer is None else structured(Observation, answer)

    @cached_property
    def wanted(self) -> Observation | None:
        """What the intended text does."""
        return self.observation(self.intended)

    @cached_property
    def telling(self) -> bool:
        """Whether the intended text does something that can be seen, and the same each time."""
        again = self.observation(self.intended)
        return self.wanted is not None and not self.wanted.blank and again == self.wanted


def _failure(record: Broken, namespace: dict[str, Any], settings: Settings) -> tuple[Labelled, Observation] | None:
    """Let a program fail and return it with its candidates, and what it did; `None` when it does not fail."""
    error, met = None, Observation("SyntaxError", UNSTARTED, "", blank=True)
    if compiles(record.code) is None:
        trace = run(CELL, record.code, namespace)
        if not isinstance(trace.error, Exception) or isinstance(trace.error, SyntaxError | MemoryError):
            return None
        error, met = _from_cell(trace.error), trace.observation()
    sources = {SETUP: Source(SETUP, record.setup)} if record.setup else {}
    decision = fix(record.code, error=error, namespace=namespace, name=CELL, sources=sources, settings=settings)
    failure = unlabelled(record, decision, "syntax" if error is None else "runtime")
    return None if failure is None else (failure, met)


def _from_cell(error: Exception) -> Exception:
    """Return an error with the part of its traceback that starts in the cell."""
    tb = error.__traceback__
    while tb is not None and tb.tb_frame.f_code.co_filename != CELL:
        tb = tb.tb_next
    return error.with_traceback(tb)


def _label(record: Broken, scored: Scored, met: Observation, cell: _Cell) -> Label:
    """Return how a candidate turned out; `met` is what the failing program did."""
    patch = scored.candidate.patch
    if patch.display_only or patch.source != CELL:
        return Label(Outcome.UNVERIFIED, equals=None, how="untried")
    if _means(record, scored.text):
        return Label(Outcome.RAN_CLEAN, equals=True, how="meaning")
    did = cell.observation(scored.text)
    ran = _outcome(met, did)
    if did is None or cell.wanted is None or did.error:
        return Label(ran, equals=False, how="result")
    if not did.blank and did.digest == cell.wanted.digest:
        return Label(ran, equals=True, how="result")
    return Label(ran, equals=False, how="result", weight=1.0 if cell.telling else _BLANK_WEIGHT)


def _outcome(met: Observation, did: Observation | None) -> Outcome:
    """Return what a run came to, beside that of the failing program."""
    if did is None:
        return Outcome.UNVERIFIED
    if not did.error:
        return Outcome.RAN_CLEAN
    if did.error == met.error and did.left >= met.left:
        return Outcome.SAME_ERROR
    return Outcome.MOVED if did.left < met.left else Outcome.NEW_ERROR


def _by_text(record: Broken, settings: Settings) -> Labelled | None:
    """Return a failure that nothing can run: its candidates are compared with what was meant."""
    if compiles(record.code) is None:
        return None
    failure = unlabelled(record, fix(record.code, name=CELL, settings=settings), "syntax")
    if failure is None:
        return None
    labels = tuple(_label_by_text(record, scored) for scored in failure.candidates)
    return replace(failure, labels=labels)


def _label_by_text(record: Broken, scored: Scored) -> Label:
    if _means(record, scored.text):
        return Label(Outcome.UNVERIFIED, equals=True, how="meaning")
    shape = lexical(scored.text)
    alike = shape is not None and any(shape == lexical(right) for right in record.intended)
    return Label(Outcome.UNVERIFIED, equals=alike, how="lexical", weight=_LEXICAL_WEIGHT if alike else 1.0)


def _means(record: Broken, text: str) -> bool:
    """Whether a text is, layout and comments apart, one of those that are right."""
    key = meaning(text, record.code)
    return any(key == meaning(right, record.code) or _tree(text) == _tree(right) for right in record.intended)


def _tree(text: str) -> str | None:
    try:
        return ast.dump(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
