"""A query that fails gets its fix at once, on every engine."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("sql-editor")

BROKEN, FIXED = "SELECT nmae FROM customers ORDER BY customer_id", "SELECT name FROM customers ORDER BY customer_id"


@pytest.mark.parametrize("kind", ["duckdb", "sqlite", "postgres"])
def test_the_card_comes_the_token_is_underlined_and_accept_and_run_shows_the_rows(connected, kind):
    editor = connected(kind)
    editor.run(BROKEN)
    expect(editor.card).to_contain_text("name")
    expect(editor.page.locator(".cm-lintRange-error")).to_have_text("nmae")
    editor.card.get_by_role("button", name="Accept & Run").click()
    editor.has_rows([["Ada"], ["Bob"]])
    editor.shows(FIXED)
    expect(editor.card).to_have_count(0)
    expect(editor.page.locator(".cm-lintRange-error")).to_have_count(0)


def test_accept_changes_the_text_alone_and_can_be_taken_back(connected):
    editor = connected("duckdb")
    editor.run(f"-- before 😀\n{BROKEN};\n-- after")
    editor.card.get_by_role("button", name="Accept", exact=True).click()
    editor.shows(f"-- before 😀\n{FIXED};\n-- after")
    expect(editor.card).to_have_count(0)
    editor.page.keyboard.press("Control+z")
    editor.shows(f"-- before 😀\n{BROKEN};\n-- after")


def test_the_card_is_driven_by_the_keyboard(connected):
    editor = connected("duckdb")
    editor.run("SELECT nme FROM customers")
    expect(editor.card).to_be_visible()
    editor.page.keyboard.press("Alt+f")
    editor.page.keyboard.press("Control+Enter")
    editor.has_rows([["Ada"], ["Bob"]])


def test_next_shows_another_fix_and_reject_takes_the_card_away(connected):
    editor = connected("duckdb")
    editor.run("SELECT * FROM custmers JOIN ordrs USING (customer_id)")
    expect(editor.card).to_be_visible()
    following = editor.card.get_by_role("button", name="Next fix")
    if following.count():
        following.click()
        expect(editor.card).to_contain_text("2 of")
    editor.card.get_by_role("button", name="Reject").click()
    expect(editor.card).to_have_count(0)
    expect(editor.error).to_be_visible()
    expect(editor.content).to_be_focused()


def test_a_fix_that_bestfix_is_not_sure_of_is_shown_when_asked_for(connected):
    editor = connected("duckdb")
    editor.run("SELECT qqqq FROM customers")
    expect(editor.page.locator(".card-place")).to_contain_text("No fix:")
    insist = editor.page.get_by_role("button", name="Show it even if unsure")
    if insist.count():
        insist.click()
        expect(editor.card).to_be_visible()


def test_the_card_goes_when_the_statement_is_changed(connected):
    editor = connected("duckdb")
    editor.run(BROKEN)
    expect(editor.card).to_be_visible()
    editor.content.click()
    editor.page.keyboard.press("Control+Home")
    editor.page.keyboard.insert_text("-- a comment before it leaves the statement as it is\n")
    expect(editor.card).to_be_visible()
    editor.page.keyboard.press("Control+End")
    editor.page.keyboard.press("Backspace")
    expect(editor.card).to_have_count(0)


def test_several_errors_are_fixed_one_after_the_other(connected):
    editor = connected("duckdb")
    editor.run("SELECT nmae, cuontry FROM custmers")
    for _ in range(3):
        if editor.card.count() or not editor.grid.count():
            expect(editor.card.or_(editor.grid)).to_be_visible()
        if editor.grid.count():
            break
        editor.card.get_by_role("button", name="Accept & Run").click()
        expect(editor.card).to_have_count(0)
    editor.has_rows([["Ada", "France"], ["Bob", "Chile"]])
