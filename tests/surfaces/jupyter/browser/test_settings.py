"""The status bar's item, the settings, and what an administrator has locked."""

from __future__ import annotations

import pytest
from lab import hosting
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("lab")

PLUGIN = "@bestfix/labextension:plugin"


def test_off_asks_first_and_on_answers_again(notebook):
    page = notebook("pritn(1)")
    page.status.click()
    expect(page.status).to_have_text("bestfix: on click")
    page.run(1)
    page.page.get_by_role("button", name="Suggest a fix").click()
    expect(page.card).to_be_visible()
    page.status.click()
    expect(page.status).to_have_text("bestfix: on")
    page.button("Accept").click()
    assert page.text(1) == "print(1)"


def test_what_is_locked_cannot_be_changed(tmp_path, browser):
    site = tmp_path / "site.toml"
    site.write_text('locked = ["automatic", "threshold"]\nthreshold = 0.06\n')
    wanted = {PLUGIN: {"answer": "on click", "threshold": 0.9, "deadline": 2.5}}
    with hosting(tmp_path, preferences=wanted, BESTFIX_SITE_CONFIG=str(site)) as host, browser.new_context() as context:
        page = host.open(context.new_page(), "pritn(1)")
        expect(page.status).to_be_disabled()
        assert "administrator" in page.status.get_attribute("title")
        page.run(1)
        expect(page.card).to_be_visible()
        assert page.errors() == []
