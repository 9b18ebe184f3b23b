"""`bestfix llm preview` prints what would be sent, and sends nothing."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from bestfix.surfaces.cli_llm import llm

BROKEN = 'who = "Alice"\nprint(who\n'


@pytest.fixture(autouse=True)
def settings(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("BESTFIX_LLM_MODEL", "m-1")
    monkeypatch.setenv("BESTFIX_LLM_MODELS", "direct=m-2")


def preview(*arguments, given=""):
    return CliRunner().invoke(llm, ["preview", *arguments], input=given)


def requests(*arguments, given=""):
    result = preview(*arguments, "--json", given=given)
    assert result.exit_code == 0, result.output
    return {request["strategy"]: request for request in json.loads(result.stdout)}


def test_script(tmp_path):
    (tmp_path / "broken.py").write_text(BROKEN, encoding="utf-8")
    result = preview(str(tmp_path / "broken.py"))
    assert result.exit_code == 0
    assert 'who = "text_1"\nprint(who\n' in result.stdout
    assert "══ strategy direct, model m-2, temperature 0.0, n 1" in result.stdout
    assert "stays here: text_1 is 'Alice'" in result.stdout
    assert "6 questions to m-1, level schema-only; nothing was sent" in result.stderr


def test_level_and_strategy(tmp_path, monkeypatch):
    monkeypatch.setenv("BESTFIX_LLM_PRIVACY", "with-values")
    (tmp_path / "broken.py").write_text(BROKEN, encoding="utf-8")
    found = requests(str(tmp_path / "broken.py"), "--strategy", "sampled")
    assert list(found) == ["sampled"]
    assert 'who = "Alice"' in found["sampled"]["user"]
    assert found["sampled"]["n"] == 8


def test_script_with_a_traceback(tmp_path):
    (tmp_path / "wrong.py").write_text("total = 1\nprint(totl)\n", encoding="utf-8")
    said = 'Traceback (most recent call last):\n  File "wrong.py", line 2, in <module>\n    print(totl)\n'
    found = requests(str(tmp_path / "wrong.py"), "--error", f"{said}NameError: name 'totl' is not defined\n")
    assert "NameError: name 'totl' is not defined\nat the line: print(totl)" in found["minimal-line"]["user"]


def test_notebook_with_a_saved_error(tmp_path):
    failed = {"output_type": "error", "ename": "NameError", "evalue": "name 'totl' is not defined", "traceback": []}
    cells = [
        {"cell_type": "code", "source": "total = 4711", "outputs": [], "metadata": {}},
        {"cell_type": "code", "source": ["print(totl)"], "outputs": [failed], "metadata": {}},
    ]
    (tmp_path / "a.ipynb").write_text(json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}), encoding="utf-8")
    user = requests(str(tmp_path / "a.ipynb"))["direct"]["user"]
    assert "[cell 1]\ntotal = 700001" in user
    assert "NameError: name 'totl' is not defined" in user


def test_query_with_its_database(tmp_path):
    import duckdb

    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, full_name VARCHAR)")
    (tmp_path / "q.sql").write_text("SELECT fullname FROM customers WHERE id > 4711", encoding="utf-8")
    said = 'Binder Error: Referenced column "fullname" not found in FROM clause!'
    user = requests(str(tmp_path / "q.sql"), "-e", said, "-d", str(tmp_path / "shop.duckdb"))["schema-rich"]["user"]
    assert "table customers (id INTEGER, full_name VARCHAR, primary key (id))" in user
    assert "id > 700001" in user
    assert preview(str(tmp_path / "q.sql")).exit_code == 2


def test_request_in_json():
    found = requests("-", given=json.dumps({"code": BROKEN}))
    assert 'who = "text_1"' in found["direct"]["user"]


@pytest.mark.parametrize("text", ["print(1)\n", None])
def test_nothing_to_ask_about(tmp_path, text):
    if text is not None:
        (tmp_path / "fine.py").write_text(text, encoding="utf-8")
    result = preview(str(tmp_path / "fine.py"))
    assert result.exit_code == 2
    assert result.stderr.startswith("bestfix: ")
