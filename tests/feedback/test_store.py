"""One schema on both databases; whatever goes in comes out of the export."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from decisions import CELL, decided
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, inspect, text

from bestfix.config import Log, Settings
from bestfix.core import Action, Candidate, Decision, Exposure, Failure, Habit, Outcome, Patch, Scored, Verdict
from bestfix.feedback.clock import DAY, now
from bestfix.feedback.export import EXPORTED, PREFIX, export, schema
from bestfix.feedback.history import habits
from bestfix.feedback.migrate import FOLDER, HEAD, SchemaError, migrate
from bestfix.feedback.place import Install
from bestfix.feedback.reading import contents, recent
from bestfix.feedback.retention import expire, purge
from bestfix.feedback.store import Store
from bestfix.feedback.tables import TABLES, candidates, metadata
from bestfix.rank.features import FEATURES
from bestfix.recording.rows import ActionEvent, FailureEvent, clean, number

pytestmark = pytest.mark.xdist_group("postgres")
INSTALL = Install("install", b"salt")


def failure(decision, name="f1", at=None, **changes):
    event = FailureEvent(name, 0, at or now(), decision, (), Settings(), "test", "")
    return list(replace(event, **changes).rows(INSTALL))


def action(what, name="f1", rank=0):
    return list(ActionEvent(f"{name}-{what}", name, what, rank, now()).rows(INSTALL))


@pytest.fixture(scope="module")
def decision():
    return decided()


def test_the_migrations_make_the_tables(store):
    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = [change for change in compare_metadata(context, metadata) if "modify_comment" not in str(change)]
    assert found == []


def test_the_newest_migration_is_named():
    newest = max(file.stem for file in (FOLDER / "versions").glob("m*.py"))
    assert newest.startswith(f"m{HEAD}_")


def test_opening_again_changes_nothing(place, store, decision):
    store.write(failure(decision))
    with Store.open(place) as again:
        assert contents(again).failures == 1


def test_a_newer_schema_is_refused(store):
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaError, match="newer bestfix"):
        migrate(store.engine)


def test_writing_twice_is_writing_once(store, decision):
    rows = [*failure(decision, exposures=(Exposure("e", "a", "l", 2),)), *action(Action.SHOWN)]
    store.write(rows)
    store.write(rows)
    held = contents(store)
    assert (held.failures, held.actions) == (1, 1)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_last_decision_holds_whichever_comes_first(store, decision, order):
    decisions = [failure(decision), failure(replace(decision, shown=None, seconds=9.0), revision=1)]
    for which in order:
        store.write(decisions[which])
    with store.reading() as connection:
        assert connection.execute(text("SELECT revision, seconds FROM failures")).all() == [(1, 9.0)]
        assert connection.execute(text("SELECT count(DISTINCT revision) FROM candidates")).scalar_one() == 2


def test_the_latest_failures_with_their_fate(store, decision):
    store.write([*failure(decision, "f1"), *failure(Decision(None, "no fix was found"), "f2"), *action(Action.SHOWN)])
    last, first = recent(store, 10)
    assert (first.family, first.proposer, first.fate) == ("name", "python.names.near_name", ((Action.SHOWN, 0),))
    assert (last.silence, last.fate) == ("nothing found", ())


def test_habits_count_what_was_shown_and_kept(store, decision):
    for n in range(4):
        store.write([*failure(decision, f"f{n}"), *action(Action.SHOWN, f"f{n}")])
    store.write([*action(Action.ACCEPTED, "f0"), *action(Action.ACCEPTED_AND_RUN, "f1"), *action(Action.UNDONE, "f1")])
    store.write([*failure(decision, "unasked", surface="run, unasked"), *action(Action.SHOWN, "unasked")])
    [(of, habit)] = habits(store, "install").items()
    assert of == ("python", "name")
    assert (habit.shown, habit.taken) == (4, 1)
    assert habit.expected == pytest.approx(4 * decision.ranked[0].p_accept)
    assert habits(store, "somebody else") == {}


def test_what_is_too_old_goes(store, decision):
    old = now() - 10 * DAY
    store.write([*failure(decision, "old", at=old), *action(Action.SHOWN, "old"), *failure(decision, "new")])
    assert expire(store, 0) == 0
    assert expire(store, 5) == (1 if store.path else 0)
    assert purge(store, before=now() - 5 * DAY) == (0 if store.path else 1)
    held = contents(store)
    assert (held.failures, held.actions) == (1, 0)


def test_only_what_an_install_wrote_is_removed(store, decision):
    store.write(failure(decision, "mine"))
    store.write(FailureEvent("other", 0, now(), decision, (), Settings(), "test", "").rows(Install("other", b"")))
    assert purge(store, install="install") == 1
    assert purge(store) == 1
    assert contents(store).oldest is None


def test_nothing_of_what_is_removed_stays_in_the_file(own_data, decision):
    with Store.open(place_ := _file_place()) as store:
        store.write(failure(decision, settings=Settings(log=Log(code=True))))
        purge(store)
    assert all(CELL.encode() not in file.read_bytes() for file in place_.folder.glob("events.db*"))


def _file_place():
    from bestfix.feedback.place import Place

    return Place.of(Log())


texts = st.text(st.characters(codec=None), max_size=20)
chances = st.one_of(st.none(), st.floats(0, 1), st.just(math.nan))
verdicts = st.builds(
    Verdict, st.sampled_from([None, True, False]), st.lists(texts, max_size=2).map(tuple),
    st.sampled_from([None, True, False]), st.sampled_from(Outcome), seconds=st.floats(0, 10),
    resumed=st.booleans(), hides=st.booleans(),
)  # fmt: skip
scored = st.builds(
    Scored,
    st.builds(
        Candidate, st.just(Patch("<cell>", ())), texts, texts, st.floats(0, 1), votes=st.lists(texts).map(tuple),
        model=texts,
    ),
    verdicts, texts, chances, chances,
)  # fmt: skip


@st.composite
def decisions(draw):
    ranked = tuple(draw(st.lists(scored, max_size=4)))
    shown = ranked[0] if ranked and draw(st.booleans()) else None
    failures = tuple(Failure("where", "what") for _ in range(draw(st.integers(0, 2))))
    return Decision(shown, draw(texts), ranked, failures=failures, seconds=draw(st.floats(0, 100)))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=st.lists(decisions(), min_size=1, max_size=3))
def test_whatever_goes_in_comes_out(store, tmp_path, made):
    purge(store)
    allowed = Settings(log=Log(code=True))
    for n, decision in enumerate(made):
        assert store.write(failure(decision, f"f{n}", settings=allowed)) == 0
    rows = export(store, tmp_path / "out")
    assert rows["failures"] == len(made)
    kept = pq.read_table(tmp_path / "out" / "failures.parquet").to_pylist()
    found = pq.read_table(tmp_path / "out" / "candidates.parquet").to_pylist()
    for n, decision in enumerate(made):
        [one] = [row for row in kept if row["id"] == f"f{n}"]
        assert (one["shown"], one["ranked"]) == (decision.shown is not None, len(decision.ranked))
        assert (one["seconds"], one["contained"]) == (decision.seconds, len(decision.failures))
        own = sorted((row for row in found if row["failure_id"] == f"f{n}"), key=lambda row: row["rank"])
        for row, candidate in zip(own, decision.ranked, strict=True):
            assert row["p_accept"] == number(candidate.p_accept)
            assert row["outcome"] == candidate.verdict.outcome
            assert (row["parses"], row["recurs"]) == (candidate.verdict.parses, candidate.verdict.recurs)
            assert (row["text"], row["proposer"]) == (clean(candidate.text), clean(candidate.candidate.proposer))
            assert json.loads(row["votes"])[0] == (candidate.candidate.votes or (candidate.candidate.proposer,))[0]
            assert row["propensity"] == float(candidate is decision.shown)


def test_features_come_out_by_name_and_missing_is_missing(store, tmp_path, decision):
    store.write(failure(decision))
    export(store, tmp_path)
    table = pq.read_table(tmp_path / "candidates.parquet")
    assert [n.removeprefix(PREFIX) for n in table.column_names if n.startswith(PREFIX)] == [f.name for f in FEATURES]
    first = table.to_pylist()[0]
    assert first["feature.prior"] is not None
    assert first["feature.logprob"] is None


def test_files_have_the_schema_that_is_stated(store, tmp_path):
    export(store, tmp_path)
    for table in EXPORTED:
        assert pq.read_schema(tmp_path / f"{table.name}.parquet").equals(schema(table))
    assert "features" not in schema(candidates).names


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_documentation_describes_every_column(table):
    page = (Path(__file__).parents[2] / "docs" / "events.md").read_text("utf-8")
    section = page.partition(f"### {table.name}\n")[2].partition("\n### ")[0]
    assert [line for line in section.splitlines() if line.startswith("| `")] == list(described(table))


def described(table):
    """Yield the lines that docs/events.md has for a table."""
    for column in table.columns:
        kind = "time" if isinstance(column.type, BigInteger) else str(column.type).lower()
        yield f"| `{column.name}` | {kind}{', or null' if column.nullable else ''} | {column.comment} |"


def test_a_history_stands_beside_its_failure(store, decision):
    store.write(failure(decision, habit=Habit(20, 0, 18.0)))
    with store.reading() as connection:
        assert connection.execute(text("SELECT history FROM failures")).scalar_one() == -1.0
        assert inspect(connection).get_table_names()
