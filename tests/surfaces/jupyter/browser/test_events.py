"""What the user does with a card comes into the store, whatever the kernel does."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

pytestmark = pytest.mark.xdist_group("lab")


def stored(home: Path, wanted: dict[str, int], seconds: float = 60) -> dict[str, int]:
    """Return how often each action is in the store, when those that are wanted are there or time is up."""
    engine = create_engine(f"sqlite:///{home / 'xdg_data_home' / 'bestfix' / 'events.db'}")
    end, found = time.monotonic() + seconds, {}
    while time.monotonic() < end:
        with suppress(OperationalError), engine.connect() as connection:
            found = dict(connection.execute(text("SELECT action, count(*) FROM actions GROUP BY action")).all())
        if all(found.get(action, 0) >= number for action, number in wanted.items()):
            break
        time.sleep(0.05)
    engine.dispose()
    return found


def test_with_the_kernel_busy_and_with_the_kernel_dead(notebook):
    page = notebook("pritn('busy')", "import time\nfor _ in range(3000):\n    time.sleep(0.01)", "pritn('dead')")
    before = stored(page.host.home, {})
    page.run(1)
    expect(page.card).to_be_visible()
    page.run(2)
    page.page.wait_for_function("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'busy'")
    page.button("Reject").click()
    wanted = {"dismissed": before.get("dismissed", 0) + 1, "shown": before.get("shown", 0) + 1}
    assert stored(page.host.home, wanted).items() >= wanted.items()
    assert page.js("() => kernel().status") == "busy"
    page.js("() => kernel().interrupt()")
    page.done(2)
    page.run(3)
    expect(page.card).to_be_visible()
    page.js("() => kernel().shutdown()")
    page.button("Accept").click()
    wanted = {"accepted": before.get("accepted", 0) + 1, "shown": before.get("shown", 0) + 2}
    assert stored(page.host.home, wanted).items() >= wanted.items()
