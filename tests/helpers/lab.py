"""JupyterLab in a real browser: servers with the labextension as built, and notebooks driven as a user drives them."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from jupyter_host import TOKEN, Server, serving
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

__all__ = ["ASSETS", "Host", "Notebook", "hosting"]

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "src" / "bestfix" / "surfaces" / "jupyter" / "labextension"
PATIENCE = 60_000
"""Milliseconds after which something that is waited for does not come."""
COLLABORATION = ("@jupyter/collaboration-extension", "@jupyter/docprovider-extension")
"""Labextensions that make every notebook a shared one."""
NOISE = ("@jupyterlab/apputils-extension:announcements", "@jupyterlab/extensionmanager-extension")
"""Plugins that look things up in the network."""

_numbers = count(1)


class Host:
    """A server with the labextension, and the browser that looks at it."""

    def __init__(self, server: Server, home: Path, app: str) -> None:
        self.server = server
        self.home = home
        self.app = app

    def written(self, cells: Sequence[str], name: str = "") -> str:
        """Write a notebook with these code cells; return its name, which no other has."""
        name = f"{name or 'notebook'}-{next(_numbers)}.ipynb"
        empty = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
        document = {
            "cells": [{**empty, "id": f"c{n}", "source": text} for n, text in enumerate(cells, 1)],
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }  # fmt: skip
        (self.home / name).write_text(json.dumps(document))
        return name

    def url(self, name: str) -> str:
        """Return where a notebook is opened, in a workspace of its own."""
        if self.app == "notebook":
            return f"{self.server.url}/notebooks/{name}?token={TOKEN}"
        return f"{self.server.url}/lab/workspaces/{name.partition('.')[0]}/tree/{name}?token={TOKEN}"

    def open(self, context: BrowserContext, *cells: str, name: str = "", kernel: str = "") -> Notebook:
        """Open a new notebook with these cells, and wait for its kernel."""
        file = self.written(cells, name)
        if kernel:
            path = self.home / file
            path.write_text(path.read_text().replace('"name": "python3"', f'"name": "{kernel}"'))
        return Notebook(context.new_page(), self, file).opened()


class Notebook:
    """A notebook in a page."""

    def __init__(self, page: Page, host: Host, name: str) -> None:
        self.page = page
        self.host = host
        self.name = name
        self.console: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.console.append(f"uncaught: {error.message}\n{error.stack}"))
        page.set_default_timeout(PATIENCE)

    def opened(self) -> Notebook:
        """Go to the notebook, and wait until bestfix is attached to its kernel."""
        self.page.goto(self.host.url(self.name))
        return self.ready()

    def ready(self) -> Notebook:
        """Wait until the kernel is idle, and bestfix has greeted."""
        self.page.wait_for_function(
            """() => {
                const panel = window.jupyterapp?.shell.currentWidget;
                const context = panel?.sessionContext;
                return context?.isReady && context.session?.kernel?.status === 'idle'
                    && panel.content.widgets.length > 0;
            }"""
        )
        if self.host.app == "lab":
            expect(self.status).to_have_text("bestfix: on", timeout=PATIENCE)
        return self

    @property
    def status(self) -> Locator:
        """The item in the status bar."""
        return self.page.locator(".bf-status")

    @property
    def card(self) -> Locator:
        """The card; there is one where something is offered."""
        return self.page.locator(".bf-card:not(.bf-pointer):not(.bf-line)")

    def cell(self, number: int) -> Locator:
        """The cell at a place, from 1."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(number - 1)

    def button(self, name: str) -> Locator:
        """A button of the card."""
        return self.card.get_by_role("button", name=name, exact=True)

    def run(self, number: int) -> None:
        """Run a cell as a user does: a click into it, and Ctrl+Enter."""
        self.cell(number).locator(".jp-InputArea-editor .cm-content").click()
        self.page.keyboard.press("Control+Enter")

    def done(self, number: int) -> None:
        """Wait until a cell has run."""
        self.js(
            "number => new Promise(done => { const look = () => widget(number).model.executionCount !== null"
            " && widget(number).model.executionState !== 'running' && kernel().status === 'idle'"
            " ? done() : setTimeout(look, 10); look(); })",
            number,
        )

    def text(self, number: int) -> str:
        """Return the text of a cell."""
        return self.js("number => widget(number).model.sharedModel.getSource()", number)

    def outputs(self, number: int) -> str:
        """Return the outputs of a cell, as JSON."""
        return self.js("number => JSON.stringify(widget(number).model.outputs.toJSON())", number)

    def execute(self, command: str, arguments: Mapping[str, Any] | None = None) -> Any:
        """Run a command of the application."""
        return self.page.evaluate(
            "([id, args]) => jupyterapp.commands.execute(id, args).then(() => null)", [command, arguments or {}]
        )

    def js(self, function: str, argument: Any = None) -> Any:
        """Call a function of JavaScript, which finds `panel()`, `widget(number)` and `kernel()`."""
        helpers = (
            "const panel = () => jupyterapp.shell.currentWidget;"
            "const widget = number => panel().content.widgets[number - 1];"
            "const kernel = () => panel().sessionContext.session.kernel;"
        )
        return self.page.evaluate(f"argument => {{ {helpers} return ({function})(argument); }}", argument)

    def errors(self) -> list[str]:
        """Return what the console says of us."""
        slow = "is taking too long to activate"
        return [line for line in self.console if "bestfix" in line.lower() and slow not in line]

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.console.append(f"{message.text} {message.location.get('url', '')}")


@contextmanager
def hosting(
    home: Path,
    *options: str,
    app: str = "lab",
    python: str = sys.executable,
    together: bool = False,
    packages: Mapping[str, Mapping[str, Any]] | None = None,
    **variables: str,
) -> Iterator[Host]:
    """Yield a server of JupyterLab or Jupyter Notebook with the labextension as it was built.

    Args:
        home: its folder.
        options: further options of the command line.
        app: `lab` or `notebook`.
        python: the interpreter that runs it.
        together: whether notebooks are shared, with jupyter-collaboration.
        packages: settings by the plugin that they are of.
        variables: what else its environment holds.
    """
    if not (ASSETS / "package.json").is_file():
        raise FileNotFoundError(f"{ASSETS} holds nothing: run `make ui` first")
    name = json.loads((ASSETS / "package.json").read_text())["name"]
    shutil.copytree(ASSETS, home / "jupyter" / "labextensions" / name)
    _write(
        home / "config" / "labconfig" / "page_config.json",
        {
            "disabledExtensions": dict.fromkeys([*NOISE, *(() if together else COLLABORATION)], True),
        },
    )
    for plugin, settings in (packages or {}).items():
        _write(home / "config" / "lab" / "user-settings" / f"{plugin.replace(':', '/')}.jupyterlab-settings", settings)
    exposed = "JupyterNotebookApp" if app == "notebook" else "LabApp"
    fixed = [
        f"--{exposed}.expose_app_in_browser=True", "--LabApp.news_url=None", "--ServerApp.terminals_enabled=False",
        "--LanguageServerManager.autodetect=False",
    ]  # fmt: skip
    module = "notebook" if app == "notebook" else "jupyterlab"
    with serving(
        home, *fixed, *options, app=module, python=python, JUPYTER_PATH=str(home / "jupyter"), **variables
    ) as server:
        yield Host(server, home, app)


def _write(path: Path, document: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document))
