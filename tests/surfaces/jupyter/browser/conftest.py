"""A browser, and a server for each worker of pytest-xdist that runs these tests."""

from __future__ import annotations

import pytest
from lab import Host, Notebook, hosting


@pytest.fixture(scope="session")
def host(tmp_path_factory) -> Host:
    """JupyterLab, where notebooks are each user's own."""
    with hosting(tmp_path_factory.mktemp("lab")) as host:
        yield host


@pytest.fixture
def context(browser):
    """A browser without a past."""
    with browser.new_context(viewport={"width": 1200, "height": 800}) as context:
        yield context


@pytest.fixture
def notebook(host, context):
    """Open notebooks with the cells given; what the console then says of us fails the test."""
    opened: list[Notebook] = []

    def open_one(*cells: str, **options) -> Notebook:
        opened.append(host.open(context, *cells, **options))
        return opened[-1]

    yield open_one
    for one in opened:
        assert one.errors() == []
