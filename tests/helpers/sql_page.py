"""The SQL editor in a real browser, before a real service: driven as a user drives it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from http_service import free_port
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, expect

__all__ = ["STATIC", "SqlPage", "serving"]

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "src" / "bestfix" / "surfaces" / "http" / "static"
AXE = ROOT / "ui" / "node_modules" / "axe-core" / "axe.min.js"
PATIENCE = 60_000
"""Milliseconds after which something that is waited for does not come."""
expect.set_options(timeout=PATIENCE)


class SqlPage:
    """The page of one visit.

    Attributes:
        page: the browser's page.
        url: the service.
        wrong: what the console complained of, and requests that went elsewhere.
    """

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.page = context.new_page()
        self.url = url
        self.wrong: list[str] = []
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.wrong.append(f"uncaught: {error.message}"))
        self.page.on("request", self._asked)
        self.page.on("dialog", lambda dialog: (self.wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "409 (Conflict)" not in message.text:
            self.wrong.append(f"{message.text} at {message.location}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.wrong.append(f"a request went to {request.url}")

    def open(self) -> SqlPage:
        """Go to the page, and wait until it has its catalog."""
        self.page.goto(self.url)
        expect(self.tree.get_by_role("treeitem").first).to_be_visible(timeout=PATIENCE)
        return self

    @property
    def tree(self) -> Locator:
        """The tables."""
        return self.page.get_by_role("tree")

    @property
    def content(self) -> Locator:
        """The text of the editor."""
        return self.page.locator(".editor-place .cm-content")

    @property
    def card(self) -> Locator:
        """The card; there is one where a fix is shown."""
        return self.page.locator(".bf-card")

    @property
    def grid(self) -> Locator:
        """The table of the result."""
        return self.page.get_by_role("grid")

    @property
    def error(self) -> Locator:
        """What the database said."""
        return self.page.locator(".failed")

    @property
    def notice(self) -> Locator:
        """What the user is told in place of a result."""
        return self.page.locator(".notice")

    def shows(self, text: str) -> None:
        """Wait until the editor holds a text."""
        expect(self.content.locator(".cm-line")).to_have_text(text.split("\n"))

    def has_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Wait until the result has these rows and no others."""
        expect(self.grid.locator(".grid-row .cell")).to_have_text([cell for row in rows for cell in row])

    def write(self, code: str) -> None:
        """Paste a text in the place of the one in the editor."""
        self.content.click()
        self.page.evaluate("text => navigator.clipboard.writeText(text)", code)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.press("Control+v")

    def run(self, code: str | None = None) -> None:
        """Run what is in the editor, or a text put there first."""
        if code is not None:
            self.write(code)
        self.page.keyboard.press("Control+Enter")

    def use(self, name: str) -> None:
        """Choose a connection by its name."""
        option = self.page.locator(".database option", has_text=f"{name} ·")
        self.page.locator(".database").select_option(option.get_attribute("value"))

    def connect(self, kind: str, target: str, name: str) -> None:
        """Connect to a database through the dialog."""
        self.page.get_by_role("button", name="Connections").click()
        self.page.get_by_role("button", name="Connect to a database…").click()
        self.page.get_by_label("Engine").select_option(kind)
        self.page.get_by_label("File or URL").fill(target)
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_role("button", name="Connect", exact=True).click()

    def violations(self) -> list[str]:
        """What axe-core finds wrong with what is on the page."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("async () => (await axe.run(document)).violations")
        return [f"{v['id']}: {node['html'][:200]} {node['failureSummary']}" for v in found for node in v["nodes"]]


@contextmanager
def serving(home: Path, *options: str) -> Iterator[str]:
    """Start `bestfix serve` with its own files in a folder, and give its address.

    It may open the files of `home/data`.
    """
    if not (STATIC / "index.html").is_file():
        raise FileNotFoundError(f"{STATIC} does not hold the page: run `make ui`")
    port = free_port()
    command: Sequence[str] = (
        sys.executable, "-m", "bestfix", "serve", "--port", str(port), "--data", str(home / "service"),
        "--folder", str(home / "data"), *options,
    )  # fmt: skip
    own = {name: str(home / name.lower()) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
    environ = {**os.environ, **own, "BESTFIX_LOG_ENABLED": "off"}
    with (home / "service.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=home, env=environ, stdout=log, stderr=log)
    try:
        _awaited(process, f"http://127.0.0.1:{port}", home / "service.log")
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(60)


def _awaited(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(log.read_text(encoding="utf-8"))
