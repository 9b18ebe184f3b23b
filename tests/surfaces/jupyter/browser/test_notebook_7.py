"""The same in Jupyter Notebook 7."""

from __future__ import annotations

import pytest
from lab import hosting
from playwright.sync_api import expect

pytest.importorskip("notebook")

pytestmark = pytest.mark.xdist_group("together")


def test_the_card_comes_and_its_fix_runs(tmp_path, browser):
    with hosting(tmp_path, app="notebook") as host, browser.new_context() as context:
        page = host.open(context.new_page(), "pritn('it is', 6)")
        page.run(1)
        expect(page.card).to_contain_text("pritn is not defined; print is")
        page.button("Accept & Run").click()
        expect(page.cell(1).locator(".jp-OutputArea-output")).to_have_text("it is 6\n")
        assert page.errors() == []
