"""A scripted endpoint, and clients that leave nothing behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from scripted_endpoint import ScriptedEndpoint, scripted_endpoint

from bestfix.generate.llm.connections import connections


@pytest.fixture
def endpoint() -> Iterator[ScriptedEndpoint]:
    """A server that answers as the test says; the clients' thread ends with the test."""
    with scripted_endpoint() as served:
        yield served
        connections().close()
