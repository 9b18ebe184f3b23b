"""Results: a million rows, copying, exports, charts."""

from __future__ import annotations

import csv

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("sql-editor")

MILLION = "SELECT range AS i, 'row ' || range AS label FROM range(1000000)"


def clipboard(editor) -> str:
    """What was copied last."""
    expect(editor.page.locator(".toast").last).to_contain_text("Copied")
    return editor.page.evaluate("() => navigator.clipboard.readText()")


def test_a_million_rows_are_walked_from_end_to_end_and_only_what_is_seen_is_drawn(editor):
    editor.run(MILLION)
    expect(editor.page.locator(".count")).to_contain_text("rows so far")
    editor.grid.focus()
    editor.page.keyboard.press("Control+End")
    expect(editor.page.locator(".count")).to_have_text("1,000,000 rows")
    expect(editor.grid.get_by_text("row 999999", exact=True)).to_be_visible()
    assert editor.grid.locator(".grid-row").count() < 80
    editor.page.keyboard.press("PageUp")
    editor.page.keyboard.press("Control+Home")
    expect(editor.grid.get_by_text("row 0", exact=True)).to_be_visible()
    editor.grid.evaluate("grid => { grid.scrollTop = grid.scrollHeight / 2 }")
    expect(editor.grid.locator(".grid-row .cell", has_text="row 50").first).to_be_visible()
    assert editor.grid.locator(".grid-row").count() < 80


def test_many_columns_are_drawn_as_they_come_into_view(editor):
    editor.run("SELECT " + ", ".join(f"{n} AS column_{n}" for n in range(300)))
    expect(editor.grid).to_be_visible()
    assert editor.grid.locator(".grid-row .cell").count() < 60
    editor.grid.focus()
    editor.page.keyboard.press("End")
    expect(editor.grid.get_by_role("columnheader", name="column_299")).to_be_visible()


def test_cells_and_rows_are_copied(editor):
    editor.run("SELECT 1 AS a, 'x\ty' AS b, NULL AS c UNION ALL SELECT 2, 'z', 'w' ORDER BY a")
    cells = editor.grid.locator(".grid-row .cell")
    expect(cells).to_have_count(6)
    cells.nth(4).click()
    editor.page.keyboard.press("Control+c")
    assert clipboard(editor) == "z"
    editor.page.keyboard.press("Control+a")
    editor.page.keyboard.press("Control+c")
    expect(editor.page.locator(".toast").last).to_contain_text("2 rows")
    assert clipboard(editor) == '1\t"x\ty"\t\n2\tz\tw'
    editor.grid.locator(".grid-row .number").first.click()
    editor.page.get_by_role("button", name="Copy").click()
    expect(editor.page.locator(".toast").last).to_contain_text("1 row")
    assert clipboard(editor) == 'a\tb\tc\n1\t"x\ty"\t'


def test_a_long_value_is_read_in_full(editor):
    editor.run("SELECT repeat('long ', 2000) AS text, {'a': [1, 2]} AS nested")
    editor.grid.locator(".grid-row .cell").first.dblclick()
    value = editor.page.locator(".value")
    expect(value).to_contain_text("long long long")
    assert len(value.inner_text()) > 9000
    editor.page.keyboard.press("Escape")
    expect(editor.grid).to_be_focused()
    editor.page.keyboard.press("ArrowRight")
    editor.page.keyboard.press("Enter")
    expect(value).to_have_text('{\n  "a": [\n    1,\n    2\n  ]\n}')


def test_all_rows_are_exported(editor, tmp_path):
    import pyarrow.parquet as pq

    editor.run("SELECT range AS i, NULL AS n, 'a,\"b\"' AS s FROM range(2500)")
    expect(editor.grid).to_be_visible()
    with editor.page.expect_download() as saved:
        editor.page.get_by_role("link", name="CSV").click()
    saved.value.save_as(tmp_path / "result.csv")
    with (tmp_path / "result.csv").open(newline="", encoding="utf-8") as file:
        lines = list(csv.reader(file))
    assert (len(lines), lines[0], lines[-1]) == (2501, ["i", "n", "s"], ["2499", "", 'a,"b"'])
    with editor.page.expect_download() as saved:
        editor.page.get_by_role("link", name="Parquet").click()
    saved.value.save_as(tmp_path / "result.parquet")
    table = pq.read_table(tmp_path / "result.parquet")
    assert (table.num_rows, table.column_names, table["i"][2499].as_py()) == (2500, ["i", "n", "s"], 2499)


def test_two_columns_become_a_chart(editor):
    editor.run("SELECT 'k' || range AS k, range * range AS v, range AS w FROM range(12)")
    editor.page.get_by_role("button", name="Chart").click()
    picture = editor.page.locator(".picture")
    expect(picture).to_have_attribute("aria-label", "w by k, 12 values")
    expect(picture.locator(".bar")).to_have_count(12)
    editor.page.get_by_label("Height", exact=True).select_option(label="v")
    expect(picture).to_have_attribute("aria-label", "v by k, 12 values")
    editor.page.get_by_label("Form of the chart").select_option("line")
    expect(picture.locator(".curve")).to_have_count(1)
    editor.page.get_by_role("button", name="Table", exact=True).click()
    expect(editor.grid).to_be_visible()


def test_a_column_is_made_wider(editor):
    editor.run("SELECT 1 AS narrow")
    head = editor.grid.get_by_role("columnheader", name="narrow")
    before, grip = head.bounding_box(), head.locator(".grip").bounding_box()
    editor.page.mouse.move(grip["x"] + 3, grip["y"] + 8)
    editor.page.mouse.down()
    editor.page.mouse.move(grip["x"] + 83, grip["y"] + 8)
    editor.page.mouse.up()
    expect(head).not_to_have_css("width", f"{before['width']}px")
    assert head.bounding_box()["width"] == pytest.approx(before["width"] + 80, abs=2)
