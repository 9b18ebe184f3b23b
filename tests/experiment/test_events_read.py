"""The sums that SQL returns, on SQLite, PostgreSQL and DuckDB, are those of what was simulated."""

import numpy as np
import pytest

from bestfix.experiment.assign import Arm, Experiment
from bestfix.experiment.population import Behaviour, Fault, Population, drawn_users
from bestfix.experiment.query import InParquet, InStore, user_days
from bestfix.experiment.shortcut import summed
from bestfix.experiment.simulate import START, to_parquet, to_store
from bestfix.feedback.export import export
from bestfix.feedback.place import Place
from bestfix.feedback.store import Store

VOTES = Experiment("votes", (Arm("first"), Arm("majority")), "ranking", "votes", (0.0, 0.5), version=3)
TREES = Experiment("trees", (Arm("first"), Arm("trees", 2), Arm("logistic")), "ranking", "trees", (0.5, 1.0))
POPULATION = Population(users=300, days=5, before=8, arms={"trees": Behaviour((0.7, 0.5))}, fault=Fault.CROSSED)


@pytest.fixture
def parquet(tmp_path):
    assert to_parquet(POPULATION, [VOTES, TREES], tmp_path, seed=5) > 10_000
    return InParquet(tmp_path)


@pytest.fixture
def sqlite_store(tmp_path):
    store = Store.open(Place(tmp_path, tmp_path / "events.db"))
    to_store(POPULATION, [VOTES, TREES], store, seed=5)
    yield InStore(store)
    store.close()


@pytest.fixture
def exported(sqlite_store, tmp_path):
    export(sqlite_store.store, tmp_path / "export")
    return InParquet(tmp_path / "export")


@pytest.fixture
def postgres_store(tmp_path, postgres_server):
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    with psycopg.connect(f"{postgres_server} dbname=postgres", autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS experiments")
        admin.execute("CREATE DATABASE experiments")
    server = conninfo_to_dict(postgres_server)
    url = f"postgresql://{server['user']}@{server['host']}:{server['port']}/experiments"
    store = Store.open(Place(tmp_path, None, url))
    to_store(POPULATION, [VOTES, TREES], store, seed=5)
    yield InStore(store)
    store.close()


@pytest.fixture(params=["parquet", "sqlite_store", "exported", "postgres_store"])
def events(request):
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("which", [0, 1])
def test_every_sum_is_that_of_what_was_simulated(events, which):
    experiments = [VOTES, TREES]
    found = user_days(events, experiments[which])
    drawn = drawn_users(POPULATION, experiments, seed=5 * 1_000_003)
    expected = summed(drawn, experiments, which)
    assert found.arms == expected.arms
    assert found.crossed == expected.crossed > 0
    order, wanted = rows(found), rows(expected)
    assert order.shape == wanted.shape
    np.testing.assert_allclose(order, wanted, rtol=1e-9, atol=1e-6)


def rows(days):
    """The rows without the users' numbers, which the two count differently, in an order of their own."""
    table = np.column_stack([days.arm, days.day, days.values])
    return table[np.lexsort(np.round(table, 6).T[::-1])]


def test_the_time_that_is_looked_at_can_end_earlier(parquet):
    early = user_days(parquet, TREES, until=START + 2 * 86_400_000_000)
    assert early.day.max() == 1


def test_another_version_of_an_experiment_is_another_experiment(parquet):
    other = Experiment("votes", VOTES.arms, "ranking", "votes", version=4)
    assert len(user_days(parquet, other).user) == 0
