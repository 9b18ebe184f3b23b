"""Prompts stay inside their budget, whatever the failure and the session hold."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bestfix.capture import report_syntax
from bestfix.capture.catalog import SqlContext, StoredCatalog
from bestfix.capture.sql_error import report_sql
from bestfix.core import Attempt, Cell, Column, EmptyContext, Source, Table
from bestfix.generate.llm.briefing import Briefing, BriefingError, brief
from bestfix.generate.llm.budget import CUT, Section, fit, rendered, tokens
from bestfix.generate.llm.strategies import Options, load_strategies

STRATEGIES = load_strategies(["direct", "cause-first", "minimal-line", "schema-rich", "predicted-output", "sampled"])[0]
ITEMS = st.lists(st.text(max_size=60), max_size=12).map(tuple)
SECTIONS = st.lists(st.builds(Section, st.sampled_from(["code", "error", "x y"]), ITEMS, st.floats(0, 1)), max_size=6)


@given(SECTIONS, st.integers(0, 400))
def test_sections_fit(sections: list[Section], budget: int) -> None:
    found = fit(sections, budget, {})
    assert found is not None
    assert sum(tokens(rendered(section, "0123456789")) for section in found) <= budget
    assert all(section.items for section in found)


@given(ITEMS, st.permutations(range(12)), st.integers(0, 300))
def test_the_most_needed_items_are_kept(items: tuple[str, ...], rank: list[int], budget: int) -> None:
    section = Section("code", items, 1.0, tuple(rank[: len(items)]))
    kept = section.kept(budget)
    assert sorted(rank[n] for n in kept) == sorted(rank[: len(items)])[: len(kept)]
    assert [item for item in section.only(kept).items if item != CUT] == [items[n] for n in kept if items[n] != CUT]


def test_cuts_are_marked() -> None:
    section = Section("code", tuple("abcdef"), 1.0)
    assert section.only([2, 3]).items == (CUT, "c", "d", CUT)
    assert section.only([0, 5]).items == ("a", CUT, "f")


def test_a_needed_section_that_does_not_fit() -> None:
    assert fit([Section("code", ("x" * 4000,), 1.0, needed=True)], 100, {}) is None


@pytest.mark.parametrize("text", ["", "a", "total = price * 2\n", "SELECT * FROM t", "é" * 10, "日本", "\n\n", "a" * 9])
def test_estimate_is_above_bytes_by_four(text: str) -> None:
    assert tokens(text) >= len(text.encode()) / 4


def within(briefing: Briefing) -> None:
    for strategy in STRATEGIES.values():
        try:
            request = strategy.request(briefing, Options("m", n=3))
        except BriefingError:
            continue
        assert tokens(request.system) + tokens(request.user) <= briefing.budget
        assert request.n == (3 if strategy.name == "sampled" else 1)


TEXTS = st.text(max_size=400)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["x = 1", "def f(", "print('a')", "é = '日本'", "# note", "y" * 300]), min_size=1, max_size=60
    ),
    st.lists(TEXTS, max_size=5),
    st.lists(st.builds(Attempt, TEXTS, TEXTS, st.booleans()), max_size=4),
    st.integers(300, 4000),
    st.booleans(),
)
def test_python(lines: list[str], cells: list[str], tried: list[Attempt], budget: int, values: bool) -> None:
    report = report_syntax(Source("<cell>", "\n".join([*lines, "print(("])))
    context = EmptyContext(tuple(Cell(f"cell {n}", text, ran=True) for n, text in enumerate(cells)))
    within(brief(report, context, values=values, budget=budget, previous=tried))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(TEXTS, st.lists(TEXTS, max_size=40)), max_size=30),
    TEXTS,
    st.lists(st.builds(Attempt, TEXTS, TEXTS, st.booleans()), max_size=4),
    st.integers(300, 4000),
)
def test_sql(tables: list[tuple[str, list[str]]], message: str, tried: list[Attempt], budget: int) -> None:
    stored = tuple(Table(name, tuple(map(Column, columns))) for name, columns in tables)
    report = report_sql(Source("<query>", "SELECT nmae FROM customers"), message, "duckdb")
    within(brief(report, SqlContext(database=StoredCatalog("duckdb", stored)), budget=budget, previous=tried))


def test_a_long_cell_is_shown_around_its_failure() -> None:
    lines = [f"value_{number} = {number}" for number in range(3000)]
    lines[1500] = "value_1500 = ("
    briefing = brief(report_syntax(Source("<cell>", "\n".join(lines))), EmptyContext())
    request = STRATEGIES["direct"].request(briefing, Options("m"))
    assert "\nvalue_1500 = (\n" in request.user
    assert "\nvalue_1501 = " in request.user
    assert "\nvalue_3 = " not in request.user
    with pytest.raises(BriefingError, match="too long to be written out"):
        STRATEGIES["predicted-output"].request(briefing, Options("m"))


def test_a_line_that_is_too_long_is_not_asked_about() -> None:
    briefing = brief(report_syntax(Source("<cell>", f"x = ({'a + ' * 20_000}")), EmptyContext())
    with pytest.raises(BriefingError, match="does not fit"):
        STRATEGIES["direct"].request(briefing, Options("m"))


def test_prediction_is_the_code() -> None:
    briefing = brief(report_syntax(Source("<cell>", "x = '```'\nprint((x)\n")), EmptyContext())
    request = STRATEGIES["predicted-output"].request(briefing, Options("m"))
    assert request.prediction == "````\nx = '```'\nprint((x)\n````"
