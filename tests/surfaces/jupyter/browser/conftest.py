"""A browser, and a server for each worker of pytest-xdist that runs these tests."""

from __future__ import annotations

import pytest
from chromium import browser
from lab import Host, Notebook, hosting

__all__ = ["browser"]


@pytest.fixture(scope="session")
def host(tmp_path_factory) -> Host:
    """JupyterLab, where notebooks are each user's own."""
    with hosting(tmp_path_factory.mktemp("lab")) as host:
        yield host


SIZE = {"width": 1200, "height": 800}


@pytest.fixture
def context(browser):
    """A browser without a past."""
    with browser.new_context(viewport=SIZE) as context:
        yield context


@pytest.fixture(scope="package")
def window(browser):
    """The page in which the notebooks of most tests are opened one after the other: loading JupyterLab takes long."""
    with browser.new_context(viewport=SIZE) as context:
        yield context.new_page()


@pytest.fixture
def notebook(host, window):
    """Open notebooks with the cells given; what the console then says of us fails the test."""
    opened: list[Notebook] = []

    def open_one(*cells: str) -> Notebook:
        opened.append(host.open(window, *cells))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()
        assert one.errors() == []
