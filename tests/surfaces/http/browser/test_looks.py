"""How the page looks: light, dark, narrow, wide. axe-core finds nothing, and the guide's pictures are made."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from sql_page import ROOT, SqlPage

pytestmark = pytest.mark.xdist_group("sql-editor")

SIZES = {"narrow": (400, 800), "laptop": (1440, 900), "4k": (3840, 2160)}
LOOKS = ("light-laptop", "dark-laptop", "light-narrow", "dark-4k")
REVENUE = "SELECT * FROM revenue_by_month ORDER BY month"
BROKEN = """SELECT c.name, count(*) AS orders, sum(i.quantity * i.unit_prize) AS revenue
FROM customers c
JOIN orders o USING (customer_id)
JOIN order_items i USING (order_id)
GROUP BY c.name
ORDER BY revenue DESC"""


@pytest.fixture(params=LOOKS)
def looked_at(request, browser, url):
    """The page in one size and one set of colours."""
    colours, _, size = request.param.partition("-")
    width, height = SIZES[size]
    rights = ["clipboard-read", "clipboard-write"]
    viewport = {"width": width, "height": height}
    with browser.new_context(viewport=viewport, color_scheme=colours, permissions=rights) as context:
        editor = SqlPage(context, url)
        editor.page.goto(url)
        editor.name = request.param
        expect(editor.page.locator(".database option")).not_to_have_count(0)
        expect(editor.page.locator(".node").first).to_be_attached()
        yield editor
        assert editor.wrong == []


@pytest.fixture
def picture(request, tmp_path):
    """Take a picture of a page; into the guide with `--pictures`."""

    def take(editor: SqlPage, name: str) -> None:
        editor.page.mouse.move(0, 0)
        editor.page.wait_for_timeout(200)
        folder = ROOT / "docs" / "images" if request.config.getoption("--pictures") else tmp_path
        editor.page.screenshot(path=folder / f"{name}.png")
        assert (Path(folder) / f"{name}.png").stat().st_size > 5000

    return take


def fits(editor: SqlPage) -> None:
    """Nothing sticks out of the page to the side, and no button out of the window."""
    assert editor.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    for button in editor.page.locator(".top button, .run-bar button").all():
        if button.is_visible():
            box = button.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= editor.page.viewport_size["width"] + 1


def test_a_failing_query_with_its_fix(looked_at, picture):
    looked_at.run(BROKEN)
    expect(looked_at.card).to_contain_text("unit_price")
    fits(looked_at)
    assert looked_at.violations() == []
    if looked_at.name in {"light-laptop", "dark-laptop"}:
        picture(looked_at, f"sql-editor-fix-{looked_at.name.partition('-')[0]}")


def test_rows_and_a_chart(looked_at, picture):
    looked_at.run("SELECT * FROM orders JOIN customers USING (customer_id) ORDER BY order_id")
    expect(looked_at.grid.locator(".grid-row").first).to_be_visible()
    fits(looked_at)
    assert looked_at.violations() == []
    if looked_at.name in {"dark-laptop", "light-narrow"}:
        picture(looked_at, f"sql-editor-rows-{looked_at.name.partition('-')[2]}")
    looked_at.run(REVENUE)
    expect(looked_at.page.get_by_role("status").filter(has_text="35 rows")).to_be_visible()
    looked_at.page.get_by_role("button", name="Chart").click()
    expect(looked_at.page.locator(".picture")).to_be_visible()
    fits(looked_at)
    assert looked_at.violations() == []
    if looked_at.name == "light-laptop":
        picture(looked_at, "sql-editor-chart")


def test_tables_and_dialogs(looked_at):
    looked_at.page.keyboard.press("Alt+c")
    expect(looked_at.page.get_by_label("Filter tables and columns")).to_be_focused()
    looked_at.page.get_by_label("Filter tables and columns").fill("customer_id")
    expect(looked_at.tree.get_by_role("treeitem").first).to_be_visible()
    assert looked_at.violations() == []
    looked_at.page.get_by_label("Filter tables and columns").fill("")
    if looked_at.name.endswith("narrow"):
        looked_at.page.get_by_role("button", name="Tables").click()
    for name in ("Keyboard", "History", "Connections"):
        looked_at.page.get_by_role("button", name=name, exact=True).click()
        expect(looked_at.page.get_by_role("dialog")).to_be_visible()
        assert looked_at.violations() == []
        looked_at.page.keyboard.press("Escape")
        expect(looked_at.page.get_by_role("dialog")).to_have_count(0)


def test_the_colours_are_chosen_and_kept(editor):
    root = editor.page.locator("html")
    expect(root).not_to_have_class("bf-dark")
    editor.page.get_by_role("button", name="Colours: as the system").click()
    editor.page.get_by_role("button", name="Colours: light").click()
    expect(root).to_have_class("bf-dark")
    editor.page.reload()
    expect(root).to_have_class("bf-dark")


def test_everything_is_reached_by_the_keyboard(editor):
    editor.page.keyboard.press("F6")
    editor.page.keyboard.press("F6")
    expect(editor.page.get_by_label("Filter tables and columns")).to_be_focused()
    editor.page.keyboard.press("F6")
    expect(editor.content).to_be_focused()
    editor.page.keyboard.press("Escape")
    editor.page.keyboard.press("Tab")
    expect(editor.page.get_by_role("separator")).to_be_focused()
    before = editor.page.locator(".editor-place").bounding_box()["height"]
    editor.page.keyboard.press("ArrowDown")
    assert editor.page.locator(".editor-place").bounding_box()["height"] > before
    editor.page.keyboard.press("F1")
    expect(editor.page.get_by_role("dialog", name="Keyboard")).to_be_visible()
