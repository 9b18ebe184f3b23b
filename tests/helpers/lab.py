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
from playwright.sync_api import ConsoleMessage, Locator, Page, expect

__all__ = ["ASSETS", "Host", "Notebook", "hosting"]

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "src" / "bestfix" / "surfaces" / "jupyter" / "labextension"
PATIENCE = 60_000
"""Milliseconds after which something that is waited for does not come."""
SHARING = ("@jupyter/collaboration-extension", "@jupyter/docprovider-extension")
"""Labextensions that make every notebook a shared one."""
ON_SERVER = ("@datalayer/jupyter-server-nbmodel",)
"""The labextension that has the server run cells."""
NOISE = ("@jupyterlab/apputils-extension:announcements", "@jupyterlab/extensionmanager-extension")
"""Plugins that look things up in the network."""

_numbers = count(1)
expect.set_options(timeout=PATIENCE)


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

    def open(self, page: Page, *cells: str, name: str = "") -> Notebook:
        """Open a new notebook with these cells in a page, beside what is open there; wait for its kernel."""
        return Notebook(page, self, self.written(cells, name)).opened()


class Notebook:
    """A notebook in a page."""

    def __init__(self, page: Page, host: Host, name: str) -> None:
        self.page = page
        self.host = host
        self.name = name
        self.console: list[str] = []
        self.counts: dict[int, int | None] = {}
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.console.append(f"uncaught: {error.message}\n{error.stack}"))
        page.set_default_timeout(PATIENCE)

    def opened(self) -> Notebook:
        """Go to the notebook, and wait until bestfix is attached to its kernel."""
        if self.page.url.startswith(self.host.server.url):
            self.execute("docmanager:open", {"path": self.name})
        else:
            self.page.goto(self.host.url(self.name))
        return self.ready()

    def close(self) -> None:
        """Close the notebook, if it is open, and end its kernel; nothing is saved."""
        self.page.evaluate(
            """async path => {
                for (const panel of [...jupyterapp.shell.widgets('main')].filter(one => one.context?.path === path)) {
                    await panel.sessionContext.shutdown();
                    panel.context.model.dirty = false;
                    panel.close();
                }
            }""",
            self.name,
        )

    def ready(self) -> Notebook:
        """Wait until the kernel is idle, and bestfix has greeted."""
        self.page.wait_for_function(
            """name => {
                const panel = window.jupyterapp?.shell.currentWidget;
                const context = panel?.sessionContext;
                return panel?.context?.path === name && panel.isVisible && context?.isReady
                    && context.session?.kernel?.status === 'idle' && panel.content.widgets.length > 0;
            }""",
            arg=self.name,
        )
        if self.host.app == "lab":
            expect(self.status).to_have_text("bestfix: on")
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
        self.counts[number] = self.js("number => widget(number).model.executionCount", number)
        self.cell(number).locator(".jp-InputArea-editor .cm-content").click()
        self.page.keyboard.press("Control+Enter")

    def done(self, number: int) -> None:
        """Wait until a cell has run since `run`; what is run before that is given up when the cell fails."""
        self.page.wait_for_function(
            "([number, before]) => { const panel = jupyterapp.shell.currentWidget;"
            " const count = panel.content.widgets[number - 1].model.executionCount;"
            " return count !== null && count !== before && panel.sessionContext.session.kernel.status === 'idle'; }",
            arg=[number, self.counts.get(number)],
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
        slow = "to activate"
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
    on_server: bool = False,
    installed: bool = False,
    preferences: Mapping[str, Mapping[str, Any]] | None = None,
    **variables: str,
) -> Iterator[Host]:
    """Yield a server of JupyterLab or Jupyter Notebook with the labextension as it was built.

    Args:
        home: its folder.
        options: further options of the command line.
        app: `lab` or `notebook`.
        python: the interpreter that runs it.
        together: whether notebooks are shared, by jupyter-collaboration.
        on_server: whether the server runs their cells, by jupyter-server-nbmodel; shared notebooks only.
        installed: whether the labextension is installed where the server is, so that the built one is not needed.
        preferences: settings by the plugin that they are of.
        variables: what else its environment holds.
    """
    if not installed:
        _bring_assets(home / "jupyter" / "labextensions")
    off = [*NOISE, *(() if together else SHARING), *(() if on_server else ON_SERVER)]
    _write(home / "config" / "labconfig" / "page_config.json", {"disabledExtensions": dict.fromkeys(off, True)})
    others = {"jupyter_server_ydoc": together, "jupyter_server_nbmodel": on_server}
    for plugin, settings in (preferences or {}).items():
        _write(home / "config" / "lab" / "user-settings" / f"{plugin.replace(':', '/')}.jupyterlab-settings", settings)
    exposed = "JupyterNotebookApp" if app == "notebook" else "LabApp"
    fixed = [
        f"--{exposed}.expose_app_in_browser=True", "--LabApp.news_url=None", "--ServerApp.terminals_enabled=False",
    ]  # fmt: skip
    module = "notebook" if app == "notebook" else "jupyterlab"
    variables["JUPYTER_PATH"] = str(home / "jupyter")
    with serving(home, *fixed, *options, app=module, python=python, extensions=others, **variables) as server:
        yield Host(server, home, app)


def _bring_assets(folder: Path) -> None:
    """Copy the labextension as it was built; the server follows no links."""
    if not (ASSETS / "package.json").is_file():
        raise FileNotFoundError(f"{ASSETS} holds nothing: run `make ui` first")
    name = json.loads((ASSETS / "package.json").read_text())["name"]
    shutil.copytree(ASSETS, folder / name)


def _write(path: Path, document: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document))
