"""Tests that share a server stay on one worker; where a version of pytest hides their group, each worker starts it."""

import pytest


@pytest.mark.xdist_group("a-group")
def test_the_scheduler_is_told_the_group(request):
    assert request.node.nodeid.endswith("@a-group") == request.config.getoption("loadgroup", default=False)
