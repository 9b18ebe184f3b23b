"""Queries that fail are run on their database, the engine answers, and every candidate is run in its turn."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from bestfix.capture.catalog.database import Database
from bestfix.config import Settings
from bestfix.core import Deadline, Outcome, Scored
from bestfix.core.document import encoded, structured
from bestfix.lang.sql.tokens import meaning
from bestfix.sql import fix_sql
from bestfix.train.record import Broken, Label, Labelled, doubted, unlabelled
from bestfix.validate.rows import bag, opened, rows
from bestfix.validate.sandbox import Limits, run_apart

__all__ = ["labelled_queries"]

_QUERY = 3.0
_LIMITS = Limits(cpu=900.0, memory=6 << 30, answer=64 << 20)
_EMPTY_WEIGHT = 0.4
Rows = Counter[tuple[str, ...]]


def labelled_queries(records: Sequence[Broken], settings: Settings) -> list[Labelled]:
    """Return the failures among the queries, with their candidates and how each turned out.

    A record that does not fail gives nothing. Records of one database that stand together share a child.
    """
    found: list[Labelled] = []
    for database, group in itertools.groupby(records, lambda r: r.database):
        some = list(group)
        task = partial(_of_database, Path(database), some, settings)
        [ended] = run_apart([task], Deadline.never(), _LIMITS, jobs=1)
        if ended.answer is not None:
            found += [structured(Labelled, item) for item in json.loads(ended.answer)]
    return found


def _of_database(path: Path, records: Sequence[Broken], settings: Settings) -> bytes:
    database = opened(path, "sqlite" if path.suffix == ".sqlite" else "duckdb")
    found = [one for record in records if (one := _labelled(record, database, settings)) is not None]
    return json.dumps(encoded(found)).encode()


def _labelled(record: Broken, database: Database, settings: Settings) -> Labelled | None:
    wanted, _ = _asked(database, record.intended[0])
    _, error = _asked(database, record.code)
    if wanted is None or error is None:
        return None
    try:
        decision = fix_sql(record.code, error=error, connection=database, name="<query>", settings=settings)
    except ValueError:
        return None
    failure = unlabelled(record, decision, "sql")
    if failure is None:
        return None
    labels = [_label(record, scored, database, wanted, str(error)) for scored in failure.candidates]
    return replace(failure, labels=tuple(doubted(labels)))


def _asked(database: Database, text: str) -> tuple[Rows | None, Exception | None]:
    """Return the rows that a query gives, or the error."""
    try:
        return bag(rows(database, text, _QUERY)), None
    except Exception as error:  # noqa: BLE001 - every driver has its own exceptions
        return None, error


def _label(record: Broken, scored: Scored, database: Database, wanted: Rows, met: str) -> Label:
    """Return how a candidate turned out; an empty result tells little."""
    if scored.candidate.patch.display_only:
        return Label(Outcome.UNVERIFIED, equals=None, how="untried")
    found, error = _asked(database, scored.text)
    same = any(meaning(scored.text, database.dialect) == meaning(t, database.dialect) for t in record.intended)
    if found is None:
        ran = Outcome.SAME_ERROR if str(error) == met else Outcome.NEW_ERROR
        return Label(ran, equals=same, how="meaning" if same else "rows")
    if same:
        return Label(Outcome.RAN_CLEAN, equals=True, how="meaning")
    equal = found == wanted
    return Label(Outcome.RAN_CLEAN, equals=equal, how="rows", weight=1.0 if wanted or not equal else _EMPTY_WEIGHT)
