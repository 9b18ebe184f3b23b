"""What the service does not do, whoever asks."""

from __future__ import annotations

import sqlite3

import pytest
from http_service import connect, postgres_url

from bestfix.surfaces.http import Access, Databases, Limits, ServeError, ServeOptions


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.com"])
def test_it_does_not_listen_to_others_without_asking_who_they_are(host):
    with pytest.raises(ServeError, match="--keys"):
        ServeOptions(host=host)
    assert ServeOptions(host=host, access=Access(keys=True)).public


def test_an_issuer_without_an_audience_is_refused():
    with pytest.raises(ServeError, match="--audience"):
        ServeOptions(access=Access(issuer="https://issuer.example"))


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:80", "localhost.evil.example:8750", ""])
def test_a_foreign_host_is_refused(client, host):
    assert client.get("/v1/history", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:3000", "Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
    ],
)
def test_a_foreign_page_is_refused(client, headers):
    body = {"connection": "sample", "code": "SELECT 1"}
    assert client.post("/v1/run", json=body, headers=headers).status_code == 403
    assert client.get("/v1/history", headers=headers).status_code == 403


def test_a_link_to_the_page_may_be_followed(client):
    assert client.get("/", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}).status_code == 200


def test_a_form_of_another_page_cannot_be_sent(client):
    body = '{"connection": "sample", "code": "SELECT 1"}'
    assert client.post("/v1/run", content=body, headers={"Content-Type": "text/plain"}).status_code == 422
    assert client.post("/v1/fix", content='{"code": "print("}').status_code == 422


def test_other_origins_are_told_nothing_unless_the_operator_names_them(serve):
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    assert "access-control-allow-origin" not in serve().options("/v1/fix", headers=asked).headers
    named = serve(access=Access(origins=("https://app.example",)))
    answer = named.options("/v1/fix", headers=asked)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "https://app.example")
    assert named.post("/v1/fix", json={"code": "print(1"}, headers={"Origin": "https://app.example"}).status_code == 200
    assert named.post("/v1/fix", json={"code": "print(1"}, headers={"Origin": "https://b.example"}).status_code == 403


def test_a_request_that_is_too_large_is_refused(serve):
    client = serve(limits=Limits(body=1000))
    assert client.post("/v1/fix", json={"code": "x" * 2000}).status_code == 413

    def chunks():
        for _ in range(100):
            yield b"x" * 100

    answer = client.post("/v1/fix", content=chunks(), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_too_many_requests_of_one_user_are_refused(serve):
    client = serve(access=Access(rate=3))
    answers = [client.get("/v1/history") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "target",
    ["../service/service.sqlite", "/etc/passwd", "secret.txt", "link.duckdb", "none.duckdb", "~root/x", "a\0b"],
)
@pytest.mark.parametrize("kind", ["duckdb", "sqlite"])
def test_files_elsewhere_and_files_that_are_no_database_are_not_opened(editor, data, home, kind, target):
    link = data / "link.duckdb"
    if not link.exists():
        link.symlink_to(home / "sample.duckdb")
    answer = editor.post("/v1/connections", json={"name": "x", "kind": kind, "target": target})
    assert answer.status_code in {403, 422}
    assert "the secret" not in answer.text


def test_without_folders_no_file_is_opened(serve, data):
    answer = serve().post("/v1/connections", json={"name": "x", "kind": "duckdb", "target": str(data / "a.duckdb")})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "target",
    [
        "postgresql://u@127.0.0.1/x", "postgresql://u@localhost/x", "postgresql://u@[::1]/x",
        "postgresql://u@2130706433/x", "postgresql://u@0/x", "postgresql://u@169.254.169.254/x", "postgresql://u@10.0.0.1/x",
        "postgresql://u@db.example.com,127.0.0.1/x", "postgresql:///x", "host=/var/run/postgresql dbname=x",
        "postgresql://u@db.example.com/x?hostaddr=127.0.0.1", "service=prod", "postgresql://u@h/x?passfile=/etc/passwd",
        "postgresql://u@h/x?sslkey=/etc/ssl/key.pem", "postgresql://u@h/x?options=-c%20default_transaction_read_only=off",
        "not a connection string",
    ],
)  # fmt: skip
def test_servers_that_the_operator_has_not_named_are_not_asked(serve, target):
    client = serve(databases=Databases(hosts=("db.example.com", "*.internal.example")))
    answer = client.post("/v1/connections", json={"name": "x", "kind": "postgres", "target": target})
    assert answer.status_code in {403, 422}, answer.text


def test_a_pattern_does_not_lead_to_the_loopback(monkeypatch, serve):
    import socket

    told = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 5432))]
    client = serve(databases=Databases(hosts=("*.example.com",)))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: told)
    target = {"name": "x", "kind": "postgres", "target": "postgresql://u@rebind.example.com/x"}
    assert client.post("/v1/connections", json=target).status_code == 403


@pytest.mark.parametrize("confirm", [False, True])
@pytest.mark.parametrize(
    "code",
    [
        "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM '/etc/passwd'", "FROM read_text('{data}/secret.txt')",
        "ATTACH '{data}/a.sqlite' AS x", "COPY t TO '{data}/stolen.csv'", "COPY t FROM '/etc/passwd'",
        "INSTALL httpfs", "LOAD httpfs", "SET enable_external_access = true", "EXPORT DATABASE '{data}/stolen'",
        "SELECT * FROM glob('/*')",
        "CREATE SECRET s (TYPE s3)", "SET lock_configuration = false", "PRAGMA database_list; SELECT 1",
    ],
)  # fmt: skip
def test_duckdb_reaches_nothing_but_its_file(editor, data, code, confirm):
    connection = connect(editor, "duckdb", str(data / "a.duckdb"))
    asked = {"connection": connection, "code": code.replace("{data}", str(data)), "confirm": confirm}
    answer = editor.post("/v1/run", json=asked)
    assert answer.status_code in {409, 422} or answer.json()["error"] is not None, answer.text
    assert "the secret" not in answer.text
    assert "root:" not in answer.text
    assert not list(data.glob("stolen*"))


@pytest.mark.parametrize("confirm", [False, True])
@pytest.mark.parametrize(
    "code",
    [
        "ATTACH '{data}/stolen.sqlite' AS x", "VACUUM INTO '{data}/stolen.sqlite'", "SELECT load_extension('x')",
        "PRAGMA writable_schema = 1", "PRAGMA journal_mode = OFF", "PRAGMA temp_store_directory = '/tmp'",
        "SELECT readfile('{data}/secret.txt')",
    ],
)  # fmt: skip
def test_sqlite_reaches_nothing_but_its_file(editor, data, code, confirm):
    connection = connect(editor, "sqlite", str(data / "a.sqlite"))
    asked = {"connection": connection, "code": code.replace("{data}", str(data)), "confirm": confirm}
    answer = editor.post("/v1/run", json=asked)
    assert answer.status_code in {409, 422} or answer.json()["error"] is not None, answer.text
    assert not list(data.glob("stolen*"))


@pytest.mark.parametrize(
    "code",
    [
        "WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone", "SELECT nextval('n')",
        "SET TRANSACTION READ WRITE", "COPY t TO PROGRAM 'cat'", "COPY t TO '/tmp/stolen'",
        "EXPLAIN ANALYZE DELETE FROM t", "SELECT 1; DELETE FROM t",
        "SELECT set_config('transaction_read_only', 'off', false)", "BEGIN", "SELECT * INTO u FROM t",
    ],
)  # fmt: skip
def test_postgresql_is_only_read(editor, postgres, postgres_server, code):
    postgres.execute("CREATE TABLE t AS SELECT 1 AS i; CREATE SEQUENCE n")
    postgres.commit()
    connection = connect(editor, "postgres", postgres_url(postgres_server))
    answer = editor.post("/v1/run", json={"connection": connection, "code": code})
    assert answer.status_code in {409, 422} or answer.json()["error"] is not None, answer.text
    assert postgres.execute("SELECT count(*), (SELECT is_called FROM n) FROM t").fetchone() == (1, False)
    postgres.rollback()


def test_a_setting_of_one_statement_does_not_last(editor, postgres, postgres_server):
    connection = connect(editor, "postgres", postgres_url(postgres_server))
    for code in ("SELECT set_config('statement_timeout', '0', false)", "SELECT set_config('role', 'none', false)"):
        editor.post("/v1/run", json={"connection": connection, "code": code})
    asked = {"connection": connection, "code": "SELECT current_setting('statement_timeout')"}
    assert editor.post("/v1/run", json=asked).json()["page"]["rows"] == [["1min"]]


def test_copy_is_not_run_even_when_confirmed(editor, postgres, postgres_server):
    connection = connect(editor, "postgres", postgres_url(postgres_server))
    asked = {"connection": connection, "code": "COPY customers TO PROGRAM 'cat'", "confirm": True}
    assert editor.post("/v1/run", json=asked).status_code == 403


def test_a_superuser_is_warned_of(editor, postgres, postgres_server):
    target = {"name": "x", "kind": "postgres", "target": postgres_url(postgres_server)}
    assert "superuser" in editor.post("/v1/connections", json=target).json()["warnings"][0]


def test_a_python_failure_runs_and_imports_nothing(client, tmp_path):
    code = f"open({str(tmp_path / 'touched')!r}, 'w')\nimport antigravity\npritn(1)"
    failure = {"code": code, "error": {"type": "NameError", "message": "name 'pritn' is not defined"}}
    assert client.post("/v1/fix", json=failure).status_code == 200
    assert not (tmp_path / "touched").exists()


def test_names_that_are_markup_stay_text(client, editor, data):
    lite = sqlite3.connect(data / "b.sqlite")
    lite.execute('CREATE TABLE "<script>alert(1)</script>" ("<img src=x onerror=alert(2)>" TEXT)')
    lite.close()
    connection = connect(editor, "sqlite", str(data / "b.sqlite"))
    asked = {"connection": connection, "code": 'SELECT "<b>" FROM "<script>alert(1)</script>"; '}
    for answer in (
        editor.get("/v1/catalog", params={"connection": connection}),
        editor.post("/v1/run", json={**asked, "code": 'SELECT nope FROM "<script>alert(1)</script>"'}),
        editor.get("/v1/history"),
    ):
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_the_page_has_a_strict_policy_and_a_new_nonce_each_time(client):
    policies = [client.get("/").headers["content-security-policy"] for _ in range(2)]
    assert all("script-src 'self';" in policy and "unsafe" not in policy for policy in policies)
    assert policies[0] != policies[1]


@pytest.mark.parametrize(
    "path", ["/assets/../app.py", "/assets/%2e%2e/app.py", "/assets/..%2f..%2fapp.py", "/docs", "/redoc"]
)
def test_nothing_beside_the_page_is_served(client, path):
    assert client.get(path).status_code in {404, 405}


def test_a_bug_tells_nothing(serve, monkeypatch):
    from starlette.testclient import TestClient

    client = serve()
    monkeypatch.setattr(type(client.app.state.service.store), "history", lambda *_, **__: 1 / 0)
    quiet = TestClient(client.app, base_url=str(client.base_url), raise_server_exceptions=False)
    answer = quiet.get("/v1/history")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "ZeroDivision" not in answer.text
