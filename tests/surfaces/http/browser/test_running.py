"""Running: the statement at the cursor, what is selected, stopping; tabs and history."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("sql-editor")

ENDLESS = "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE a.range * b.range % 7 = 3"


def test_a_first_visitor_finds_a_query_that_runs_and_one_that_is_fixed(editor):
    editor.page.keyboard.press("Control+Enter")
    expect(editor.grid.locator(".grid-row")).to_have_count(6)
    editor.page.keyboard.press("Control+End")
    editor.page.keyboard.press("Control+Enter")
    expect(editor.card).to_contain_text("price")


def test_the_statement_at_the_cursor_runs_and_is_marked(editor):
    editor.write("SELECT 1 AS one;\n\nSELECT 2 AS two;\n")
    editor.page.keyboard.press("Control+Home")
    expect(editor.page.locator(".cm-statement")).to_have_text("SELECT 1 AS one;")
    editor.page.keyboard.press("Control+Enter")
    editor.has_rows([["1"]])
    editor.page.keyboard.press("Control+End")
    editor.page.get_by_role("button", name="Run").click()
    expect(editor.grid.get_by_role("columnheader", name="two")).to_be_visible()
    editor.has_rows([["2"]])


def test_what_is_selected_runs_statement_by_statement(editor):
    editor.write("SELECT 1; SELECT 2 AS last; SELEC 3")
    editor.page.keyboard.press("Home")
    for _ in range(26):
        editor.page.keyboard.press("Shift+ArrowRight")
    editor.page.keyboard.press("Control+Enter")
    expect(editor.grid.get_by_role("columnheader", name="last")).to_be_visible()
    editor.page.keyboard.press("Control+a")
    editor.page.keyboard.press("Control+Enter")
    expect(editor.error).to_contain_text("SELEC")


def test_a_long_statement_shows_its_time_and_is_stopped(editor):
    editor.run(ENDLESS)
    stop = editor.page.get_by_role("button", name="Stop")
    expect(stop).to_contain_text("1.")
    editor.page.keyboard.press("Control+.")
    expect(editor.notice).to_contain_text("Stopped after")
    editor.run("SELECT 'still here' AS word")
    editor.has_rows([["still here"]])


def test_values_have_types_and_null_is_no_text(editor):
    editor.run("SELECT NULL AS n, 'NULL' AS s, 1.5::DECIMAL(4,2) AS d, DATE '2024-02-29' AS t, true AS b, [1, 2] AS l")
    editor.has_rows([["NULL", "NULL", "1.50", "2024-02-29", "true", "[1,2]"]])
    cells = editor.grid.locator(".grid-row .cell")
    expect(cells.nth(0)).to_have_class("cell null")
    expect(cells.nth(2)).to_have_class("cell numeric")
    assert editor.grid.get_by_role("columnheader", name="d decimal").count() == 1


def test_tabs_and_their_texts_are_there_after_a_reload(editor):
    editor.write("SELECT 'one'")
    editor.page.keyboard.press("Alt+n")
    editor.write("SELECT 'two'")
    editor.page.get_by_role("tab", name="Query 2").dblclick()
    editor.page.get_by_role("textbox", name="Name").fill("Second")
    editor.page.get_by_role("button", name="Rename").click()
    editor.page.reload()
    expect(editor.page.get_by_role("tab", name="Second")).to_have_attribute("aria-selected", "true")
    editor.shows("SELECT 'two'")
    editor.page.keyboard.press("Alt+1")
    editor.shows("SELECT 'one'")
    editor.page.keyboard.press("Alt+w")
    expect(editor.page.get_by_role("tab")).to_have_count(1)


def test_a_result_stays_with_its_tab(editor):
    editor.run("SELECT 'first' AS tab")
    expect(editor.grid).to_be_visible()
    editor.page.keyboard.press("Alt+n")
    expect(editor.page.locator(".invitation")).to_be_visible()
    editor.page.keyboard.press("Alt+1")
    editor.has_rows([["first"]])


def test_the_history_is_searched_and_opened_again(editor):
    editor.run("SELECT 'findme' AS needle")
    expect(editor.grid).to_be_visible()
    editor.run("SELECT nowhere")
    expect(editor.error).to_be_visible()
    editor.page.keyboard.press("Alt+h")
    expect(editor.page.locator(".past").first).to_contain_text("failed")
    editor.page.get_by_label("Search in statements").fill("findme")
    expect(editor.page.locator(".past")).to_have_count(1)
    expect(editor.page.locator(".past")).to_contain_text("1 row")
    editor.page.locator(".past").click()
    editor.shows("SELECT 'findme' AS needle")
    expect(editor.page.get_by_role("tab")).to_have_count(2)
