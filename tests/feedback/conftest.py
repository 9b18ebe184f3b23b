"""Places for events: a file of one's own, and a database on a real PostgreSQL server."""

import pytest

from bestfix.config import Log
from bestfix.feedback.place import Place
from bestfix.feedback.store import Store


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch):
    """Point the user's data folder into a temporary one, and turn the log on."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("BESTFIX_LOG_ENABLED", "on")
    return tmp_path / "data" / "bestfix"


@pytest.fixture
def postgres_url(postgres_server):
    """The address of an empty database."""
    import psycopg

    parts = dict(part.split("=") for part in postgres_server.split())
    with psycopg.connect(f"{postgres_server} dbname=postgres", autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS events WITH (FORCE)")
        admin.execute("CREATE DATABASE events")
    return f"postgresql://{parts['user']}@{parts['host']}:{parts['port']}/events"


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, own_data):
    """Where events go, on each of the databases."""
    if request.param == "sqlite":
        return Place.of(Log())
    return Place.of(Log(url=request.getfixturevalue("postgres_url")))


@pytest.fixture
def store(place):
    """The open store of the place."""
    store = Store.open(place)
    yield store
    store.close()
