"""What the documentation types is there, and prints what the documentation says."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from transcript import agrees, mentioned, sessions
from typer.main import get_command

from bestfix.surfaces.cli import app

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
TARGETS = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
PRINTING = [(page, k) for page in PAGES for k, typed in enumerate(sessions(page)) if any(t.printed for t in typed)]


@pytest.mark.parametrize(("page", "k"), PRINTING, ids=lambda value: getattr(value, "stem", str(value)))
def test_a_session_prints_what_the_page_shows(page, k, tmp_path):
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BESTFIX_", "FORCE_COLOR"))}
    environment = kept | {"HOME": str(tmp_path / "home"), "PATH": tools, "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": ""}
    environment["BESTFIX_DEADLINE"] = "inf"
    for typed in sessions(page)[k]:
        done = subprocess.run(
            ["bash", "-c", f"exec 2>&1\n{typed.command}"],
            cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True, timeout=300, check=False,
        )  # fmt: skip
        if typed.printed:
            assert agrees(typed.printed, done.stdout), f"$ {typed.command}\n{done.stdout}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_exist(page):
    for line in mentioned(page):
        words = shlex.split(re.split(r" [|<>&] ?", line)[0].replace("…", ""))
        _parsed([re.sub(r"^[A-Z]+$", "1", word) for word in words[1:]])


def _parsed(arguments):
    """Parse a command line as the program would, down to the subcommand, and run nothing."""
    command, name = get_command(app), "bestfix"
    while True:
        context = command.make_context(name, list(arguments), resilient_parsing=False)
        rest = [*context._protected_args, *context.args]
        if not hasattr(command, "get_command") or not rest:
            return
        name, command, arguments = command.resolve_command(context, rest)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_extras_and_targets_exist(page):
    text = page.read_text("utf-8")
    extras = {name for found in re.findall(r"bestfix\[([\w,]+)\]", text) for name in found.split(",")}
    assert extras <= EXTRAS.keys(), "pyproject.toml has no such extra"
    assert set(re.findall(r"(?:`|\$ )make (\w+)", text)) <= TARGETS, "the Makefile has no such target"
