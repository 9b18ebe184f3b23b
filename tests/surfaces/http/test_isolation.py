"""What one user has is not there for another one."""

from __future__ import annotations

import pytest
from http_service import connect

from bestfix.config import Log, Settings
from bestfix.surfaces.http import Access, Databases


@pytest.fixture
def two(serve, data):
    """A service with the files of `data`, and the headers of two users."""
    client = serve(access=Access(keys=True), databases=Databases(folders=(str(data),)))
    store = client.app.state.service.store
    return client, *({"Authorization": f"Bearer {store.new_key(user)}"} for user in ("ada", "bob"))


def test_connections_are_their_users(two, data):
    client, ada, bob = two
    made = connect(client, "duckdb", str(data / "a.duckdb"), headers=ada)
    assert [c["id"] for c in client.get("/v1/connections", headers=bob).json()["connections"]] == ["sample"]
    asked = {"connection": made, "code": "SELECT 1"}
    failure = {"language": "sql", "code": "SELECT nope FROM t", "connection": made}
    for answer in (
        client.post("/v1/run", json=asked, headers=bob),
        client.post("/v1/fix", json=failure, headers=bob),
        client.get("/v1/catalog", params={"connection": made}, headers=bob),
        client.delete(f"/v1/connections/{made}", headers=bob),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert client.post("/v1/run", json=asked, headers=ada).status_code == 200
    assert client.delete(f"/v1/connections/{made}", headers=ada).status_code == 204


def test_history_and_results_are_their_users(two):
    client, ada, bob = two
    found = client.post("/v1/run", json={"connection": "sample", "code": "SELECT 'ada' AS x"}, headers=ada).json()
    assert client.get("/v1/history", headers=bob).json() == {"statements": []}
    assert client.get("/v1/history", params={"before": found["id"]}, headers=bob).json() == {"statements": []}
    for path in (f"/v1/results/{found['id']}", f"/v1/results/{found['id']}/export"):
        assert client.get(path, headers=bob).status_code == 404
    client.delete(f"/v1/results/{found['id']}", headers=bob)
    client.delete("/v1/history", headers=bob)
    assert client.get(f"/v1/results/{found['id']}", headers=ada).json()["rows"] == [["ada"]]
    assert len(client.get("/v1/history", headers=ada).json()["statements"]) == 1


def test_nobody_tells_of_another_users_failure(serve, tmp_path):
    settings = Settings(log=Log(path=str(tmp_path / "events.db")))
    client = serve(settings, access=Access(keys=True))
    store = client.app.state.service.store
    ada, bob = ({"Authorization": f"Bearer {store.new_key(user)}"} for user in ("ada", "bob"))
    answer = client.post("/v1/fix", json={"code": "print(1"}, headers=ada).json()
    event = {"failure": answer["failure"], "action": "accepted", "candidate": 0}
    assert client.post("/v1/events", json=event, headers=bob).status_code == 404
    assert client.post("/v1/events", json={**event, "failure": "made-up"}, headers=ada).status_code == 404
    assert client.post("/v1/events", json=event, headers=ada).status_code == 204


def test_the_shared_sample_is_nobodys_to_write(two):
    client, ada, _ = two
    asked = {"connection": "sample", "code": "DROP TABLE reviews", "confirm": True}
    assert client.post("/v1/run", json=asked, headers=ada).status_code == 403


def test_session_state_of_one_user_is_not_seen_by_another(two, data):
    client, ada, bob = two
    for user in (ada, bob):
        made = connect(client, "duckdb", str(data / "a.duckdb"), headers=user)
        code = "SELECT * FROM duckdb_tables() WHERE temporary"
        asked = {"connection": made, "code": "CREATE TEMP TABLE mine AS SELECT 1", "confirm": True}
        client.post("/v1/run", json=asked, headers=user)
        rows = client.post("/v1/run", json={"connection": made, "code": code}, headers=user).json()["page"]["rows"]
        assert rows == []


def test_passwords_are_not_in_answers_nor_in_the_store(serve, home, postgres, postgres_server):
    from http_service import postgres_url

    client = serve(databases=Databases(hosts=("127.0.0.1",)))
    url = postgres_url(postgres_server).replace("postgres@", "postgres:hunter2@")
    assert "hunter2" not in client.post("/v1/connections", json={"name": "p", "kind": "postgres", "target": url}).text
    assert "***" in client.get("/v1/connections").text
    assert "hunter2" not in client.get("/v1/connections").text
    assert b"hunter2" not in b"".join(path.read_bytes() for path in home.iterdir() if path.is_file())


def test_keys_are_stored_as_digests(two, home):
    secret = two[1]["Authorization"].split("_", 2)[2].encode()
    assert secret not in b"".join(path.read_bytes() for path in home.iterdir() if path.is_file())
