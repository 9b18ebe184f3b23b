"""The service in this process for most tests, on a real port of the loopback where the connection itself matters."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from http_service import free_port
from starlette.testclient import TestClient

from bestfix.config import Log, Settings
from bestfix.surfaces.http import Access, Databases, Limits, ServeOptions
from bestfix.surfaces.http.app import create_app
from bestfix.surfaces.http.databases.sample import sample_database

HOST = "127.0.0.1:8750"
QUIET = Settings(log=Log(enabled=False), deadline=30.0)
LEISURE = Limits(deadline=30.0)
"""Time enough for fixes on a busy machine."""


@pytest.fixture(scope="session")
def sample(tmp_path_factory) -> Path:
    """The sample database, made once."""
    return sample_database(tmp_path_factory.mktemp("sample"))


@pytest.fixture
def home(tmp_path, sample) -> Path:
    """A folder of a service of its own, with the sample database."""
    folder = tmp_path / "service"
    folder.mkdir()
    shutil.copy(sample, folder / "sample.duckdb")
    return folder


@pytest.fixture
def serve(home):
    """Start a service in this process and give a client of it; it ends with the test."""
    with ExitStack() as stack:

        def start(settings: Settings = QUIET, **options) -> TestClient:
            app = create_app(ServeOptions(folder=str(home), **{"limits": LEISURE, **options}), settings)
            return stack.enter_context(TestClient(app, base_url=f"http://{HOST}"))

        yield start


@pytest.fixture
def client(serve) -> TestClient:
    """A client of a service on the loopback that asks nobody who they are."""
    return serve()


@pytest.fixture
def data(tmp_path) -> Path:
    """A folder with a database of DuckDB and one of SQLite, beside a file that is none."""
    import duckdb

    folder = tmp_path / "data"
    folder.mkdir()
    with duckdb.connect(str(folder / "a.duckdb")) as connection:
        connection.execute("CREATE TABLE t AS SELECT range AS i, 'x' || range AS s FROM range(3)")
    lite = sqlite3.connect(folder / "a.sqlite")
    lite.executescript("CREATE TABLE t (i INTEGER, s TEXT); INSERT INTO t VALUES (0, 'x0'), (1, 'x1'), (2, NULL)")
    lite.close()
    (folder / "secret.txt").write_text("the secret\n")
    return folder


@pytest.fixture
def editor(serve, data, postgres_server):
    """A client that may open the files of `data` and the tests' PostgreSQL server."""
    return serve(databases=Databases(folders=(str(data),), hosts=("127.0.0.1",)))


@pytest.fixture
def keyed(serve, home):
    """A service that asks for keys, with one for Ada and one for Bob."""
    client = serve(access=Access(keys=True))
    store = client.app.state.service.store
    return client, *({"Authorization": f"Bearer {store.new_key(user)}"} for user in ("ada", "bob"))


@pytest.fixture
def listening(home):
    """Start services on real ports of the loopback, in threads; they end with the test."""
    with ExitStack() as stack:

        def start(limits: Limits | None = None, **options) -> int:
            chosen = ServeOptions(folder=str(home), port=free_port(), limits=limits or LEISURE, **options)
            return stack.enter_context(_server(chosen))

        yield start


@contextmanager
def _server(options: ServeOptions):
    import uvicorn

    from bestfix.surfaces.http.guards.protocol import PatientProtocol

    app = create_app(options, QUIET)
    config = uvicorn.Config(app, port=options.port, http=PatientProtocol, log_level="error", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    assert server.started, "the service did not start within a minute"
    yield options.port
    server.should_exit = True
    thread.join(30)
