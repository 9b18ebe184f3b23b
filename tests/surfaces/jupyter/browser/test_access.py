"""For every user: by the keyboard alone, for screen readers, in dark; and small."""

from __future__ import annotations

import gzip

import pytest
from lab import ASSETS, ROOT
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("lab")

AXE = ROOT / "ui" / "node_modules" / "axe-core" / "axe.min.js"
KILOBYTE = 1024


def violations(page) -> list[str]:
    """Return what axe-core finds wrong with the card."""
    page.page.add_script_tag(path=AXE)
    found = page.page.evaluate("() => axe.run('.bf-card').then(result => result.violations)")
    return [f"{one['id']}: {one['help']} {[node['html'] for node in one['nodes']]}" for one in found]


def drawn(page, path) -> None:
    """Write a picture of the notebook, down to where the traceback begins to name folders."""
    page.page.set_viewport_size({"width": 900, "height": 520})
    page.execute("application:toggle-left-area")
    page.page.mouse.move(0, 0)
    card = page.card.bounding_box()
    clip = {"x": 0, "y": 0, "width": 900, "height": card["y"] + card["height"] + 44}
    page.page.screenshot(path=path, clip=clip, animations="disabled")


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_axe_finds_nothing_in_either_theme(notebook, theme, request):
    page = notebook(
        "import pandas as pd\nsales = pd.DataFrame({'shop': ['a', 'b'], 'price': [3.5, 4.0], 'pieces': [120, 80]})",
        "sales['turnover'] = sales['prise'] * sales['pieces']\nsales.groupby('shop')['turnover'].sum()",
    )
    page.execute("apputils:change-theme", {"theme": f"JupyterLab {theme}"})
    expect(page.page.locator(f"body[data-jp-theme-name='JupyterLab {theme}']")).to_be_attached()
    page.run(1)
    page.done(1)
    page.run(2)
    expect(page.card).to_contain_text("ran clean")
    assert page.page.evaluate("() => document.body.classList.contains('bf-dark')") == (theme == "Dark")
    assert violations(page) == []
    if request.config.getoption("--pictures"):
        drawn(page, ROOT / "docs" / "images" / f"card-{theme.lower()}.png")


def test_all_by_the_keyboard(notebook):
    page = notebook("pritn(1)", "pritn(2)")
    page.cell(1).locator(".cm-content").click()
    page.page.keyboard.press("Shift+Enter")
    expect(page.card).to_be_visible()
    page.page.keyboard.press("Control+Alt+Backspace")
    expect(page.card).to_have_count(0)
    page.execute("notebook:enter-edit-mode")
    page.page.keyboard.press("Control+Enter")
    expect(page.cell(2).locator(".bf-card")).to_be_visible()
    page.page.keyboard.press("Control+Alt+Enter")
    expect(page.cell(2).locator(".jp-OutputArea-output")).to_have_text("2\n")


def test_the_focus_goes_through_the_card_and_escape_leaves_it(notebook):
    page = notebook("pritn(1)")
    page.run(1)
    expect(page.card).to_be_visible()
    page.button("Accept & Run").focus()
    page.page.keyboard.press("Tab")
    expect(page.button("Accept")).to_be_focused()
    page.page.keyboard.press("Tab")
    expect(page.button("Reject")).to_be_focused()
    page.page.keyboard.press("Escape")
    expect(page.card).to_have_count(0)
    assert page.text(1) == "pritn(1)"


def test_what_is_loaded_is_small():
    sizes = {file.name: file.stat().st_size for file in ASSETS.rglob("*.js")}
    assert sum(sizes.values()) <= 120 * KILOBYTE, sizes
    packed = sum(len(gzip.compress(file.read_bytes())) for file in ASSETS.rglob("*.js"))
    assert packed <= 45 * KILOBYTE
