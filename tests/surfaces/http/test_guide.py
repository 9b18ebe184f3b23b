"""The guide's examples print what it shows: run by curl and jq against a real service on the port that it names."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest
from typer.main import get_command

from bestfix.surfaces import cli_serve
from bestfix.surfaces.http import Databases

GUIDE = Path(__file__).parents[3] / "docs" / "http.md"


def examples() -> list[tuple[str, str]]:
    """Return the commands of the guide, in order, each with what it prints."""
    found = []
    for block in re.findall(r"```sh\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            found.append((command, printed.rstrip("\n")))
    return found


def test_every_route_is_in_the_guide(client):
    guide = GUIDE.read_text("utf-8")
    routes = [path.partition("{")[0].rstrip("/") for path in client.get("/openapi.json").json()["paths"]]
    assert [route for route in routes if route not in guide] == []


def test_the_examples_print_what_the_guide_shows(listening, tmp_path):
    missing = [name for name in ("bash", "curl", "jq") if shutil.which(name) is None]
    assert not missing, f"the guide's examples need {', '.join(missing)}: apt-get install curl jq"
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute("CREATE TABLE t (i INTEGER)")
    port = listening(databases=Databases(folders=(str(tmp_path),)))
    given = examples()
    commands = (command.replace("localhost:8750", f"localhost:{port}") for command, _ in given)
    script = "".join(f"{command}\necho; echo ---\n" for command in commands)
    ran = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    printed = [part.strip("\n") for part in ran.stdout.split("---\n")[:-1]]
    assert [(c, got) for (c, _), got in zip(given, printed, strict=True)] == given, ran.stderr


@pytest.mark.parametrize("name", ["compose.yaml", "Containerfile"])
def test_the_files_to_deploy_with_name_what_there_is(name):
    text = (GUIDE.parents[1] / "deploy" / name).read_text("utf-8")
    command = get_command(cli_serve.serve)
    known = {name for parameter in command.params for name in parameter.opts}
    options = set(re.findall(r'"(--[a-z-]+)"', text))
    assert options
    assert options <= known
