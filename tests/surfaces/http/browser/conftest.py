"""A browser, a service, and a page without a past for each test."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from chromium import browser
from sql_page import SqlPage, serving

__all__ = ["browser"]


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Path:
    """The folder of the service; `data` in it holds databases."""
    folder = tmp_path_factory.mktemp("editor")
    (folder / "data").mkdir()
    return folder


@pytest.fixture(scope="session")
def url(home):
    """A service that runs as long as the tests."""
    with serving(home, "--database-host", "127.0.0.1") as address:
        yield address


@pytest.fixture
def context(browser):
    with browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield context


@pytest.fixture
def editor(context, url):
    """The page; what the console then complains of, or asks of other servers, fails the test."""
    page = SqlPage(context, url)
    yield page.open()
    assert page.wrong == []


@pytest.fixture
def file_of(home, tmp_path, duck, sqlite):
    """Make a database file of the shop that no other test has; return its name."""

    def made(kind: str) -> str:
        path = home / "data" / f"{tmp_path.name}.{kind}"
        path.unlink(missing_ok=True)
        if kind == "duckdb":
            duck.execute(f"ATTACH '{path}' AS file; COPY FROM DATABASE memory TO file; DETACH file")
        else:
            with sqlite3.connect(path) as copy:
                sqlite.backup(copy)
            copy.close()
        return path.name

    return made


@pytest.fixture
def connected(editor, file_of, request):
    """Connect the page to the shop on an engine; return it."""

    def connect(kind: str) -> SqlPage:
        if kind == "postgres":
            info = request.getfixturevalue("postgres").info
            target = f"postgresql://{info.user}@{info.host}:{info.port}/{info.dbname}"
        else:
            target = file_of(kind)
        editor.connect(kind, target, f"shop {target[-40:]}")
        editor.tree.get_by_role("treeitem", name="regions").wait_for()
        return editor

    return connect
