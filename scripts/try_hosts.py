"""Install the wheel into an empty environment beside each host, and see the card work there in a real browser.

    make wheel && python scripts/try_hosts.py dist/bestfix-*.whl [jupyterlab==4.0.13 …]

Exits with 1 when a host does not show the card, or its fix does not run.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))
from chromium import launched
from lab import ROOT, hosting
from playwright.sync_api import Browser, expect

UV = next((str(path) for path in (ROOT / ".tools/bin/uv",) if path.is_file()), "uv")
HOSTS = ("jupyterlab==4.0.13", "jupyterlab==4.3.8", "jupyterlab", "notebook")
LISTS = {"labextension": "jupyterlab.labextensions", "server extension": "jupyter_server.extension.serverextension"}


def main() -> int:
    """Try each host; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("hosts", nargs="*", default=HOSTS, help=f"requirements; {', '.join(HOSTS)} by default")
    given = parser.parse_args()
    if not given.wheel.is_file():
        parser.error(f"there is no file {given.wheel}; make wheel")
    code = 0
    with launched() as browser:
        for host in given.hosts:
            with tempfile.TemporaryDirectory() as folder:
                try:
                    print(f"{host}: {tried(given.wheel.resolve(), host, Path(folder), browser)}", flush=True)
                except Exception:  # noqa: BLE001 - whatever a host does, the others are tried, too
                    traceback.print_exc()
                    print(f"{host}: FAILED", flush=True)
                    code = 1
    return code


def tried(wheel: Path, host: str, folder: Path, browser: Browser) -> str:
    """Return which version of a host shows the card."""
    environment, home = folder / "venv", folder / "home"
    home.mkdir()
    python = environment / "bin" / "python"
    _run(UV, "venv", "-q", "--python", sys.executable, environment)
    _run(UV, "pip", "install", "-q", "--python", python, f"{wheel}[jupyter]", host)
    app = "notebook" if host.startswith("notebook") else "lab"
    for what, module in LISTS.items():
        listed = _run(python, "-m", module, "list")
        if "bestfix" not in listed:
            raise RuntimeError(f"no {what} of bestfix is listed:\n{listed}")
    with hosting(home, app=app, python=str(python), installed=True) as served, browser.new_context() as context:
        page = served.open(context.new_page(), "price = 3", "print(prise)")
        page.run(1)
        page.done(1)
        page.run(2)
        expect(page.card).to_contain_text("prise is not defined; price is")
        page.button("Accept & Run").click()
        expect(page.cell(2).locator(".jp-OutputArea-output")).to_have_text("3\n")
        if errors := page.errors():
            raise RuntimeError("\n".join(errors))
        version: str = page.js("() => jupyterapp.version")
    return f"the card comes and its fix runs ({app} {version})"


def _run(*command: object) -> str:
    done = subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True, timeout=900)
    return done.stdout + done.stderr


if __name__ == "__main__":
    sys.exit(main())
