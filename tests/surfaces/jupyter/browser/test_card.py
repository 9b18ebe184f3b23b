"""The card in JupyterLab: where it stands, and what its buttons do."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("lab")


def test_the_card_stands_between_input_and_output_and_the_cell_is_untouched_until_accepted(notebook):
    page = notebook("price = 3", "print(prise)")
    page.run(1)
    page.run(2)
    expect(page.card).to_contain_text("prise is not defined; price is")
    expect(page.card).to_contain_text("ran clean")
    above, card, below = (
        page.cell(2).locator(part).bounding_box() for part in (".jp-Cell-inputWrapper", ".bf-card", ".jp-OutputArea")
    )
    assert above["y"] + above["height"] <= card["y"]
    assert card["y"] + card["height"] <= below["y"]
    assert page.text(2) == "print(prise)"
    assert "bestfix" not in page.outputs(2)
    page.button("Accept").click()
    expect(page.card).to_have_count(0)
    assert page.text(2) == "print(price)"
    page.cell(2).locator(".cm-content").click()
    page.page.keyboard.press("Control+z")
    assert page.text(2) == "print(prise)"


def test_accept_and_run_runs_it(notebook):
    page = notebook("total = sum([1, 2, 3]\nprint('it is', total)")
    page.run(1)
    page.button("Accept & Run").click()
    expect(page.cell(1).locator(".jp-OutputArea-output")).to_have_text("it is 6\n")
    expect(page.card).to_have_count(0)


def test_what_was_rejected_stays_away_and_comes_when_it_is_asked_for(notebook):
    page = notebook("pritn(1)", "pritn(2)")
    page.run(1)
    page.button("Reject").click()
    expect(page.card).to_have_count(0)
    page.run(1)
    page.done(1)
    page.run(2)
    expect(page.cell(2).locator(".bf-card")).to_be_visible()
    expect(page.card).to_have_count(1)
    page.execute("bestfix:reject")
    page.run(1)
    page.done(1)
    expect(page.card).to_have_count(0)
    page.execute("bestfix:ask")
    expect(page.cell(1).locator(".bf-card")).to_be_visible()


def test_next_and_previous_go_round(notebook):
    page = notebook("price_a = 1\nprice_b = 2\nprint(price_c)")
    page.run(1)
    expect(page.card).to_contain_text("1 of ")
    first = page.card.inner_text()
    page.button("Next fix").click()
    expect(page.card).to_contain_text("2 of ")
    assert page.card.inner_text() != first
    page.button("Previous fix").click()
    expect(page.card).to_contain_text("1 of ")
    page.button("Next fix").click()
    page.button("Accept").click()
    assert page.text(1) in {f"price_a = 1\nprice_b = 2\nprint(price_{letter})" for letter in "ab"}


def test_the_card_goes_when_the_user_edits_or_runs_the_cell(notebook):
    page = notebook("pritn(1)")
    page.run(1)
    expect(page.card).to_be_visible()
    page.cell(1).locator(".cm-content").first.click()
    page.page.keyboard.type("#")
    expect(page.card).to_have_count(0)


def test_a_fix_that_would_do_more_than_compute_is_asked_about_first(notebook):
    page = notebook("from pathlib import Path\nPath('written.txt').writ_text('x')")
    page.run(1)
    expect(page.card).to_contain_text("New: it writes files")
    page.button("Accept & Run").click()
    dialog = page.page.locator(".jp-Dialog")
    expect(dialog).to_contain_text("it writes files")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    assert not (page.host.home / "written.txt").exists()
    page.button("Accept & Run").click()
    dialog.get_by_role("button", name="Accept & Run").click()
    page.done(1)
    expect(page.card).to_have_count(0)
    assert (page.host.home / "written.txt").read_text() == "x"


def test_what_is_taken_before_the_failing_cell_has_ended_is_run(notebook):
    slow = "import time\nget_ipython().events.register('post_run_cell', lambda _: time.sleep(1.5))"
    page = notebook(slow, "pritn(6)")
    page.run(1)
    page.done(1)
    page.run(2)
    page.button("Accept & Run").click()
    expect(page.cell(2).locator(".jp-OutputArea-output")).to_have_text("6\n", timeout=20_000)
