"""Names, values and messages that try to be markup stay text, everywhere they are shown."""

from __future__ import annotations

import urllib.request

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("sql-editor")

SCRIPT = "<img src=x onerror=\"window.taken = 'yes'\"><script>window.taken = 'yes'</script>"
NAME = SCRIPT.replace('"', '""')


def untouched(editor) -> None:
    """Nothing that was shown ran, or became an element."""
    editor.page.wait_for_timeout(200)
    assert editor.page.evaluate("() => window.taken") is None
    assert editor.page.locator("img, .app script, iframe, object").count() == 0


@pytest.fixture
def hostile(editor, home, tmp_path):
    """The page on a database whose names are hostile."""
    import duckdb

    file = home / "data" / f"{tmp_path.name}-hostile.duckdb"
    file.unlink(missing_ok=True)
    with duckdb.connect(str(file)) as connection:
        connection.execute(f'CREATE TABLE "{NAME}" ("{NAME}" VARCHAR, plain INTEGER)')
        connection.execute(f"INSERT INTO \"{NAME}\" VALUES ('{SCRIPT.replace(chr(39), chr(39) * 2)}', 1)")
    editor.connect("duckdb", file.name, SCRIPT[:90])
    expect(editor.tree.get_by_role("treeitem")).to_have_count(1)
    return editor


def test_names_of_tables_columns_and_connections(hostile):
    item = hostile.tree.get_by_role("treeitem").first
    item.click()
    expect(hostile.tree.get_by_role("treeitem")).to_have_count(3)
    hostile.page.get_by_role("button", name="Connections").click()
    expect(hostile.page.get_by_role("dialog")).to_contain_text("<img src=x")
    hostile.page.keyboard.press("Escape")
    untouched(hostile)


def test_values_headers_charts_and_the_reader(hostile):
    hostile.run(f'SELECT * FROM "{NAME}"')
    expect(hostile.grid.locator(".grid-row .cell").first).to_contain_text("<img src=x")
    hostile.grid.focus()
    hostile.page.keyboard.press("Enter")
    expect(hostile.page.locator(".value")).to_contain_text("<script>")
    hostile.page.keyboard.press("Escape")
    hostile.page.get_by_role("button", name="Chart").click()
    expect(hostile.page.locator(".picture")).to_be_visible()
    untouched(hostile)


def test_errors_fixes_completions_titles_and_history(hostile):
    hostile.run(f'SELECT plane, "{NAME}" FROM "{NAME}"')
    expect(hostile.error).to_be_visible()
    expect(hostile.page.locator(".cm-lintRange-error").first).to_be_visible()
    hostile.page.locator(".cm-lintRange-error").first.hover()
    expect(hostile.page.locator(".cm-diagnostic")).to_be_visible()
    hostile.page.keyboard.press("Alt+h")
    expect(hostile.page.locator(".past").first).to_contain_text("<img src=x")
    hostile.page.locator(".past").first.click()
    hostile.page.get_by_role("tab", name="Query 2").dblclick()
    hostile.page.get_by_role("textbox", name="Name").fill(SCRIPT)
    hostile.page.get_by_role("button", name="Rename").click()
    expect(hostile.page.get_by_role("tab", name="<img src=x")).to_be_visible()
    hostile.page.keyboard.press("Alt+n")
    hostile.page.keyboard.type('SELECT * FROM "<i')
    hostile.page.keyboard.press("Control+Space")
    untouched(hostile)


def test_what_was_saved_in_the_browser_is_no_markup_either(editor):
    tab = {"id": "x", "title": SCRIPT, "code": SCRIPT, "connection": SCRIPT}
    keep = "localStorage.setItem('bestfix.editor.1', JSON.stringify({tabs: [tab]}))"
    editor.page.evaluate(f"tab => {{ addEventListener('pagehide', () => {keep}) }}", tab)
    editor.page.reload()
    expect(editor.page.get_by_role("tab", name="<img src=x")).to_be_visible()
    untouched(editor)


def test_the_policy_of_the_page_allows_no_inline_script_and_no_other_server(url):
    with urllib.request.urlopen(url) as answer:
        policy, page = answer.headers["Content-Security-Policy"], answer.read().decode()
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert (rules["default-src"], rules["script-src"], rules["connect-src"]) == ("'none'", "'self'", "'self'")
    assert "unsafe" not in policy
    nonce = rules["style-src"].partition("'nonce-")[2].rstrip("'")
    assert nonce in page
    assert "style=" not in page
    assert page.count("<script") == page.count('<script type="module" crossorigin src="/assets/')
