"""Two users in one notebook; and one whose cells the server runs."""

from __future__ import annotations

import pytest
from lab import Notebook, hosting
from playwright.sync_api import expect

pytest.importorskip("jupyter_collaboration")

pytestmark = pytest.mark.xdist_group("together")


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    with hosting(tmp_path_factory.mktemp("together"), together=True) as host:
        yield host


def test_both_see_the_card_and_one_accepts(shared, browser):
    with browser.new_context() as ada, browser.new_context() as bob:
        one = shared.open(ada.new_page(), "pritn(1)", "pritn(2)")
        two = Notebook(bob.new_page(), shared, one.name).opened()
        one.run(1)
        expect(one.card).to_be_visible()
        expect(two.card).to_be_visible()
        assert two.text(1) == "pritn(1)"
        one.button("Accept").click()
        expect(two.card).to_have_count(0)
        assert two.text(1) == "print(1)"
        one.done(1)
        two.run(2)
        expect(one.card).to_be_visible()
        two.button("Reject").click()
        expect(two.card).to_have_count(0)
        one.button("Accept & Run").click()
        expect(two.cell(2).locator(".jp-OutputArea-output").last).to_have_text("2\n")
        assert one.errors() + two.errors() == []


def test_cells_that_the_server_runs(tmp_path, browser):
    pytest.importorskip("jupyter_server_nbmodel")
    with hosting(tmp_path, together=True, on_server=True) as host, browser.new_context() as context:
        page = host.open(context.new_page(), "pritn(1)", "pritn(1)")
        page.run(2)
        expect(page.cell(2).locator(".bf-card")).to_be_visible()
        page.button("Accept & Run").click()
        expect(page.cell(2).locator(".jp-OutputArea-output")).to_have_text("1\n")
        assert page.text(1) == "pritn(1)"
        assert page.errors() == []
