"""Connections, the catalog, and writing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("sql-editor")


def test_a_file_that_may_not_be_opened_is_refused_with_what_to_do(editor):
    editor.connect("duckdb", "/etc/passwd", "secrets")
    problem = editor.page.get_by_role("alert").last
    expect(problem).to_contain_text("--folder")
    editor.page.get_by_label("File or URL").fill("missing.duckdb")
    editor.page.get_by_role("button", name="Connect", exact=True).click()
    expect(problem).to_contain_text("there is no file missing.duckdb")
    editor.page.keyboard.press("Escape")
    expect(editor.page.get_by_role("dialog")).to_have_count(0)
    editor.wrong.clear()


def test_a_connection_is_forgotten(connected):
    editor = connected("sqlite")
    expect(editor.page.locator(".database option:checked")).not_to_contain_text("Sample shop")
    chosen = editor.page.locator(".database option:checked").inner_text().split(" ·")[0]
    editor.page.get_by_role("button", name="Connections").click()
    editor.page.get_by_role("button", name=f"Forget {chosen}").click()
    expect(editor.page.locator(".connections li", has_text=chosen)).to_have_count(0)
    editor.page.keyboard.press("Escape")
    expect(editor.page.locator(".database option:checked")).to_have_text("Sample shop · DuckDB")


def test_the_tables_are_filtered_walked_by_keys_and_put_into_the_query(editor):
    editor.page.keyboard.press("Alt+c")
    editor.page.keyboard.type("customer")
    expect(editor.tree.get_by_role("treeitem", name="customers")).to_be_visible()
    expect(editor.tree.get_by_role("treeitem", name="regions")).to_have_count(0)
    editor.page.get_by_label("Filter tables and columns").fill("currency")
    expect(editor.tree.get_by_role("treeitem", name="currency, varchar")).to_be_visible()
    editor.write("")
    editor.page.keyboard.press("Alt+c")
    editor.page.keyboard.press("ArrowDown")
    editor.page.keyboard.press("ArrowRight")
    editor.page.keyboard.press("Enter")
    editor.shows("currency")


def test_the_first_rows_of_a_table_are_shown(editor):
    editor.page.keyboard.press("Alt+c")
    editor.page.keyboard.type("regions")
    editor.page.keyboard.press("ArrowDown")
    editor.page.keyboard.press("Space")
    expect(editor.page.get_by_role("tab", name="regions")).to_have_attribute("aria-selected", "true")
    expect(editor.grid.locator(".grid-row")).to_have_count(6)


def test_columns_tables_and_functions_are_completed(editor):
    editor.write("SELECT c. FROM customers c")
    editor.page.keyboard.press("Home")
    for _ in range(9):
        editor.page.keyboard.press("ArrowRight")
    editor.page.keyboard.press("Control+Space")
    options = editor.page.locator(".cm-tooltip-autocomplete li")
    expect(options.filter(has_text="region_code")).to_have_count(1)
    editor.page.keyboard.type("em")
    expect(options.first).to_contain_text("email")
    editor.page.keyboard.press("Enter")
    editor.shows("SELECT c.email FROM customers c")


@pytest.mark.parametrize("kind", ["duckdb", "sqlite", "postgres"])
def test_a_statement_that_writes_is_refused_then_asked_about_then_run(connected, kind):
    editor = connected(kind)
    switch = editor.page.get_by_role("switch", name="Read-only")
    expect(switch).to_be_checked()
    editor.run("CREATE TABLE made_here (i INTEGER)")
    expect(editor.notice).to_contain_text("read-only")
    editor.page.get_by_role("button", name="Turn read-only off and run").click()
    expect(switch).not_to_be_checked()
    editor.page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(editor.notice).to_contain_text("not run")
    expect(editor.tree.get_by_role("treeitem", name="made_here")).to_have_count(0)
    editor.page.get_by_role("button", name="Run").click()
    editor.page.get_by_role("dialog").get_by_role("button", name="Run it").click()
    expect(editor.notice).to_contain_text("Done")
    expect(editor.tree.get_by_role("treeitem", name="made_here")).to_be_visible()
    editor.run("INSERT INTO made_here VALUES (1), (2)")
    editor.page.get_by_role("dialog").get_by_role("button", name="Run it").click()
    expect(editor.notice).to_contain_text("2 rows changed")
    editor.run("SELECT count(*) FROM made_here")
    editor.has_rows([["2"]])
