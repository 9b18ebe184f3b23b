"""Every strategy for Python and SQL: what is asked, and the fix that an answer in its form gives."""

from __future__ import annotations

import pytest

from bestfix.capture import LiveContext, report_exception
from bestfix.capture.catalog import SqlContext, StoredCatalog
from bestfix.capture.sql_error import report_sql
from bestfix.core import Applicability, Column, Report, Source, Table
from bestfix.generate.llm.briefing import Briefing, brief
from bestfix.generate.llm.parse import AnswerError
from bestfix.generate.llm.strategies import Options, load_strategies
from bestfix.generate.llm.strategies.bounds import beyond

NAMES = ("direct", "cause-first", "minimal-line", "schema-rich", "predicted-output", "sampled")
QUERY = "SELECT nmae, city\nFROM people\nWHERE city = 'O''Brien''s Zanzibar' AND n > 4711 -- for Alice\n"
CATALOG = StoredCatalog("postgres", (Table("people", (Column("name", "TEXT"), Column("city", "TEXT"), Column("n"))),))
CELL = """\
rate = 4711
prices = [1, 2]

def total(items):
    return sum(items) * raet  # for Alice

print(total(prices), 'Zanzibar')
"""


@pytest.fixture(scope="module")
def of_query() -> Briefing:
    report = report_sql(Source("<query>", QUERY), 'column "nmae" does not exist\nLINE 1: SELECT nmae', "postgres")
    return brief(report, SqlContext(database=CATALOG))


def failure(code: str) -> tuple[Report, LiveContext]:
    namespace: dict[str, object] = {}
    with pytest.raises(NameError) as caught:
        exec(compile(code, "<cell>", "exec"), namespace)
    return report_exception(caught.value, Source("<cell>", code)), LiveContext.of(namespace, caught.value)


@pytest.fixture(scope="module")
def of_cell() -> Briefing:
    return brief(*failure(CELL))


def answer(name: str, briefing: Briefing, wrong: str, right: str) -> str:
    """The answer of a model that does as it is asked."""
    code = briefing.texts[0][1].text
    line = next(line for line in code.splitlines() if wrong in line)
    if name == "predicted-output":
        return f"```\n{code.replace(wrong, right)}```"
    if name == "minimal-line":
        return f"```\n{line.strip().replace(wrong, right)}\n```"
    edit = f"<<<<<<< SEARCH\n{line}\n=======\n{line.replace(wrong, right)}\n>>>>>>> REPLACE"
    return f"The column is misspelt.\nwhy: it is `{right}`, not text_1\n{edit}"


@pytest.mark.parametrize("name", NAMES)
def test_query(of_query: Briefing, name: str) -> None:
    strategy = load_strategies([name])[0][name]
    request = strategy.request(of_query, Options("m", max_tokens=77))
    assert request.strategy == name
    assert request.max_tokens == 77
    assert "a SQL query" in request.system
    assert "WHERE city = 'text_1' AND n > 700001 -- comment_1" in request.user
    assert "table people (name TEXT, city TEXT, n)" in request.user
    (found,) = strategy.candidates(answer(name, of_query, "nmae", "name"), of_query)
    assert found.patch.apply(QUERY) == QUERY.replace("nmae", "name")
    assert found.patch.applicability is Applicability.UNSAFE


@pytest.mark.parametrize("name", NAMES)
def test_cell(of_cell: Briefing, name: str) -> None:
    strategy = load_strategies([name])[0][name]
    request = strategy.request(of_cell, Options("m"))
    assert "at the line: return sum(items) * raet  # comment_1\n" in request.user
    assert "called at the line: print(total(prices), 'text_1')" in request.user
    (found,) = strategy.candidates(answer(name, of_cell, "raet", "rate"), of_cell)
    assert found.patch.apply(CELL) == CELL.replace("raet", "rate")


def test_temperatures_and_predictions(of_cell: Briefing) -> None:
    found = {name: s.request(of_cell, Options("m", n=3)) for name, s in load_strategies(NAMES)[0].items()}
    assert {name for name, request in found.items() if request.temperature} == {"sampled"}
    assert {name for name, request in found.items() if request.prediction} == {"predicted-output"}
    assert {name: request.n for name, request in found.items() if request.n != 1} == {"sampled": 3}


def test_reason_names_what_was_hidden(of_query: Briefing) -> None:
    (found,) = load_strategies(["direct"])[0]["direct"].candidates(answer("direct", of_query, "nmae", "name"), of_query)
    assert found.reason == "it is `name`, not O''Brien''s Zanzibar"


def test_hidden_text_in_other_quotes_is_refused(of_query: Briefing) -> None:
    strategy = load_strategies(["direct"])[0]["direct"]
    with pytest.raises(AnswerError, match="does not fit"):
        strategy.candidates(answer("direct", of_query, "'text_1'", '"text_1"'), of_query)


def test_a_fix_of_the_cell_that_called() -> None:
    helper = Source("<cell 1>", "def half(x):\n    return x / two\n")
    namespace: dict[str, object] = {}
    exec(compile(helper.text, "<cell 1>", "exec"), namespace)
    code = "value = 4711\nhalf(value)\n"
    with pytest.raises(NameError) as caught:
        exec(compile(code, "<cell 2>", "exec"), namespace)
    report = report_exception(caught.value, Source("<cell 2>", code), sources={"<cell 1>": helper})
    briefing = brief(report, LiveContext.of(namespace, caught.value))
    strategy = load_strategies(["direct"])[0]["direct"]
    assert "<calling-cell-" in strategy.request(briefing, Options("m")).user
    edit = "<<<<<<< SEARCH\n{}\n=======\n{}\n>>>>>>> REPLACE"
    (here,) = strategy.candidates(edit.format("    return x / two", "    return x / 2"), briefing)
    assert (here.patch.source, here.patch.apply(helper.text)) == ("<cell 1>", helper.text.replace("two", "2"))
    (there,) = strategy.candidates(edit.format("value = 700001", "value, two = 700001, 2"), briefing)
    assert (there.patch.source, there.patch.apply(code)) == ("<cell 2>", "value, two = 4711, 2\nhalf(value)\n")


def test_bounds_of_a_cell(of_cell: Briefing) -> None:
    report, source = of_cell.report, of_cell.report.failing
    assert not beyond(report, source, CELL.replace("raet", "rate"))
    assert not beyond(report, source, "import math\n" + CELL)
    many = "".join(f"other_{number} = {number}\n" for number in range(4)) + CELL
    assert beyond(report, source, many) == "it changes 4 lines that have nothing to do with the error"
    assert beyond(report, source, CELL.replace("raet", "rate" + "\n    rate" * 20)).endswith("lines")


def test_bounds_of_a_query(of_query: Briefing) -> None:
    report, source = of_query.report, of_query.report.failing
    assert not beyond(report, source, QUERY.replace("nmae", "name"))
    assert beyond(report, source, "SELECT " + ", ".join(f"{n} AS a{n}" for n in range(30))) == (
        "it changes most of the query"
    )
