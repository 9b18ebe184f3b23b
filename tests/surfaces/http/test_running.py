"""Statements run, their results in pages, exports; on every engine."""

from __future__ import annotations

import io

import pytest
from http_service import connect, postgres_url, run, until, working

from bestfix.surfaces.http import Limits


@pytest.fixture(params=["duckdb", "sqlite", "postgres"])
def connection(request, editor, data):
    """A connection to a database with a table `t` on each of the engines."""
    if request.param != "postgres":
        return connect(editor, request.param, str(data / f"a.{request.param}"))
    postgres = request.getfixturevalue("postgres")
    postgres.execute("CREATE TABLE t AS SELECT i, CASE WHEN i < 2 THEN 'x' || i END AS s FROM generate_series(0, 2) i")
    postgres.commit()
    return connect(editor, "postgres", postgres_url(request.getfixturevalue("postgres_server")))


def test_a_query_gives_its_columns_and_rows(editor, connection):
    found = run(editor, connection, "SELECT i, s FROM t ORDER BY i")
    assert [column["name"] for column in found["columns"]] == ["i", "s"]
    assert found["page"]["rows"][:2] == [[0, "x0"], [1, "x1"]]
    assert (found["page"]["known"], found["page"]["complete"], found["error"]) == (3, True, None)


def test_a_failing_query_tells_where_and_its_fix_binds_there(editor, connection):
    code = "SELECT i,  nope FROM t"
    failed = run(editor, connection, code)["error"]
    assert "nope" in failed["message"]
    if failed["span"] is not None:  # SQLite tells no place
        assert code[failed["span"]["start"] : failed["span"]["end"]] == "nope"
    failure = {"language": "sql", "code": code, "connection": connection, "error": {"message": failed["message"]}}
    answer = editor.post("/v1/fix", json=failure).json()
    assert answer["ranked"][0]["verdict"]["outcome"] == "binds"


def test_what_writes_is_run_when_it_is_confirmed_alone(editor, connection):
    code = "INSERT INTO t (i) VALUES (7)"
    refused = editor.post("/v1/run", json={"connection": connection, "code": code})
    assert (refused.status_code, refused.json()["code"]) == (409, "needs_confirmation")
    assert run(editor, connection, code, confirm=True)["wrote"]
    assert run(editor, connection, "SELECT count(*) FROM t")["page"]["rows"] == [[4]]


def test_a_result_that_is_not_open_any_more_is_made_again(editor, connection):
    found = run(editor, connection, "SELECT i FROM t ORDER BY i", limit=1)
    editor.delete(f"/v1/results/{found['id']}")
    page = editor.get(f"/v1/results/{found['id']}", params={"offset": 1}).json()
    assert (page["rows"], page["again"]) == ([[1], [2]], True)


def test_one_statement_at_a_time(editor, connection):
    for code in ("", "-- nothing", "SELECT 1; SELECT 2", "SELECT 1; DELETE FROM t"):
        assert editor.post("/v1/run", json={"connection": connection, "code": code}).status_code == 422


def test_the_catalog_tells_tables_and_columns(editor, connection):
    catalog = editor.get("/v1/catalog", params={"connection": connection}).json()
    table = next(table for table in catalog["tables"] if table["name"] == "t")
    assert [column["name"] for column in table["columns"]] == ["i", "s"]
    assert "count" in catalog["functions"]


def test_any_row_of_a_million_can_be_asked_for(client):
    found = run(client, "sample", "SELECT range AS i, range % 7 AS r FROM range(1000000)", limit=5)
    assert (found["page"]["complete"], found["page"]["known"] < 10_000) == (False, True)
    page = client.get(f"/v1/results/{found['id']}", params={"offset": 999_998}).json()
    assert (page["rows"], page["known"], page["complete"]) == (
        [[999_998, 999_998 % 7], [999_999, 999_999 % 7]],
        10**6,
        True,
    )
    assert client.get(f"/v1/results/{found['id']}", params={"offset": 2_000_000}).json()["rows"] == []


def test_values_that_json_lacks_are_text(client):
    code = """SELECT NULL a, 9007199254740993 b, 1.50::DECIMAL(4,2) c, DATE '2020-01-02' d, 'NaN'::DOUBLE e,
              '\\xAB'::BLOB f, [1, NULL] g, {'k': TRUE} h, TIMESTAMPTZ '2020-01-02 03:04:05+00' i, '' j"""
    assert run(client, "sample", code)["page"]["rows"] == [
        [None, "9007199254740993", "1.50", "2020-01-02", "nan", "\\xab", [1, None], {"k": True},
         "2020-01-02 03:04:05+00:00", ""]
    ]  # fmt: skip


def test_a_long_text_is_cut_in_a_page_and_whole_in_the_export(client):
    found = run(client, "sample", "SELECT repeat('x', 50000) AS s")
    assert len(found["page"]["rows"][0][0]) == 20_001
    assert len(client.get(f"/v1/results/{found['id']}/export").text) > 50_000


def test_csv_tells_null_from_an_empty_text_and_quotes(client):
    found = run(client, "sample", """SELECT NULL AS a, '' AS "b,c", 'say "x"' AS d, 1.5 AS e, TRUE AS f""")
    answer = client.get(f"/v1/results/{found['id']}/export", params={"format": "csv"})
    assert answer.text == 'a,"b,c",d,e,f\r\n,"","say ""x""",1.5,true\r\n'
    assert answer.headers["content-disposition"] == 'attachment; filename="result.csv"'


def test_parquet_keeps_types(client):
    import duckdb

    code = """SELECT range AS i, range / 2 AS d, (range / 4)::DECIMAL(9, 2) AS m, DATE '2020-01-01' + range::INT AS day,
              NULL AS n, range > 1 AS b, TIMESTAMP '2020-01-01 00:00:01' AS t, 'x' || range AS s, '\\x00'::BLOB AS y,
              1 AS i FROM range(2500)"""
    found = run(client, "sample", code)
    content = client.get(f"/v1/results/{found['id']}/export", params={"format": "parquet"}).content
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(content))
    assert table.num_rows == 2500
    assert dict(zip(table.schema.names, map(str, table.schema.types), strict=True)) == {
        "i": "int64", "d": "double", "m": "decimal128(5, 2)", "day": "date32[day]", "n": "null", "b": "bool",
        "t": "timestamp[us]", "s": "string", "y": "binary", "i_2": "int64",
    }  # fmt: skip
    assert duckdb.sql('SELECT sum(i), max(day)::VARCHAR FROM "table"').fetchall() == [(2499 * 1250, "2026-11-04")]


def test_history_is_searched_and_forgotten(client):
    for number in range(3):
        run(client, "sample", f"SELECT {number}")
    run(client, "sample", "SELECT nope")
    found = client.get("/v1/history", params={"limit": 2}).json()["statements"]
    assert [past["code"] for past in found] == ["SELECT nope", "SELECT 2"]
    assert ["nope" in past["error"] for past in found] == [True, False]
    more = client.get("/v1/history", params={"before": found[1]["id"]}).json()["statements"]
    assert [past["code"] for past in more] == ["SELECT 1", "SELECT 0"]
    assert len(client.get("/v1/history", params={"containing": "NOPE"}).json()["statements"]) == 1
    assert client.get("/v1/history", params={"containing": "%"}).json()["statements"] == []
    assert client.delete("/v1/history").status_code == 204
    assert client.get("/v1/history").json() == {"statements": []}


def test_history_is_bounded(serve):
    client = serve(limits=Limits(history=3))
    for number in range(6):
        run(client, "sample", f"SELECT {number}")
    assert [p["code"] for p in client.get("/v1/history").json()["statements"]] == ["SELECT 5", "SELECT 4", "SELECT 3"]


def test_open_results_are_bounded(serve):
    client = serve(limits=Limits(results=2))
    for _ in range(5):
        run(client, "sample", "SELECT range FROM range(5000)")
    assert len(client.app.state.service.shelf) == 2


def test_a_result_keeps_no_more_than_its_share(serve):
    client = serve(limits=Limits(rows=1500))
    found = run(client, "sample", "SELECT range FROM range(5000)")
    page = client.get(f"/v1/results/{found['id']}", params={"offset": 1400}).json()
    assert (len(page["rows"]), page["known"], page["complete"], page["cut"]) == (100, 1500, True, True)


def test_a_statement_that_takes_too_long_is_stopped(serve):
    client = serve(limits=Limits(seconds=0.3))
    found = run(client, "sample", "SELECT count(*) FROM range(100000000) a, range(100000) b")
    assert found["error"]["type"] == "Stopped"


def test_a_client_that_goes_stops_its_statement(listening):
    import socket

    port = listening()
    body = b'{"connection": "sample", "code": "SELECT count(*) FROM range(100000000) a, range(100000) b"}'
    head = f"POST /v1/run HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
    head += f"Content-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(head.encode() + body)
        assert until(lambda: working(port) == 1)
    assert until(lambda: working(port) == 0)


def test_writing_waits_for_no_open_result(editor, data):
    connection = connect(editor, "duckdb", str(data / "a.duckdb"))
    open_one = run(editor, connection, "SELECT range FROM range(100000)", limit=1)
    assert run(editor, connection, "CREATE TABLE u AS SELECT 1 AS one", confirm=True)["error"] is None
    page = editor.get(f"/v1/results/{open_one['id']}", params={"offset": 99_999}).json()
    assert (page["rows"], page["again"]) == ([[99_999]], True)


def test_whether_a_statement_begins_as_one_that_reads():
    from bestfix.surfaces.http.databases.reading import reads

    assert all(map(reads, ["(SELECT 1)", "/* x */ with a as (select 1) select 2"]))
    assert not any(map(reads, ["DELETE FROM t", "", "COPY t TO 'x'"]))


def test_the_statements_of_a_text(client):
    code = "SELECT ';' AS a; -- b\nDROP TABLE t;"
    found = client.post("/v1/statements", json={"code": code}).json()["statements"]
    assert [(code[s["start"] : s["end"]], s["reads"]) for s in found] == [
        ("SELECT ';' AS a", True),
        ("DROP TABLE t", False),
    ]


def test_connections_that_the_server_has_ended_are_opened_anew(editor, postgres, postgres_server):
    connection = connect(editor, "postgres", postgres_url(postgres_server))
    statement = "SELECT 1 AS x"
    for _ in range(2):
        assert run(editor, connection, statement)["page"]["rows"] == [[1]]
        assert editor.get("/v1/catalog", params={"connection": connection}).status_code == 200
        ended = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'bestfix'"
        assert len(postgres.execute(ended).fetchall()) >= 2
        postgres.rollback()


def test_a_connection_that_ends_while_it_is_used_is_told(editor, postgres, postgres_server, monkeypatch):
    connection = connect(editor, "postgres", postgres_url(postgres_server))

    def ends(*_):
        postgres.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'bestfix'"
        )
        raise OSError("gone")

    monkeypatch.setattr("bestfix.capture.catalog.database.Database.catalog", ends)
    answer = editor.get("/v1/catalog", params={"connection": connection})
    assert (answer.status_code, answer.json()["code"]) == (503, "no_connection")
