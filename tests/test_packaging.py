"""The wheel: installed, it is all that Jupyter needs to show the card."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("wheel")

ROOT = Path(__file__).parents[1]
MANIFEST = ROOT / "src" / "bestfix" / "surfaces" / "jupyter" / "labextension" / "package.json"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A wheel and an sdist, built without node."""
    if not MANIFEST.is_file():
        raise FileNotFoundError(f"{MANIFEST} is not there: run `make ui` first")
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", folder], cwd=ROOT, check=True, capture_output=True
    )
    return folder


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """An environment with the wheel alone; what the wheel needs comes from the environment of the tests."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    library = Path(
        subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
    )
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(library)
    for data in library.glob("*.data/data/*"):
        data.rename(folder / data.name)
    (library / "others.pth").write_text(sysconfig.get_path("purelib"))
    return python


def said(python, *command, **options) -> str:
    done = subprocess.run([python, *command], capture_output=True, text=True, check=True, timeout=120, **options)
    return done.stdout + done.stderr


@pytest.fixture
def alone(tmp_path, monkeypatch):
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "1")


def test_jupyter_lists_the_labextension(installed, alone):
    listed = said(installed, "-m", "jupyterlab.labextensions", "list")
    line = next(line for line in listed.splitlines() if "@bestfix/labextension" in line)
    assert "enabled" in line
    assert "OK" in line
    assert "(python, bestfix)" in line


def test_jupyter_lists_the_server_extension(installed, alone):
    listed = said(installed, "-m", "jupyter_server.extension.serverextension", "list")
    lines = listed.splitlines()
    at = next(number for number, line in enumerate(lines) if "bestfix" in line)
    assert "enabled" in lines[at]
    assert "OK" in "".join(lines[at : at + 3])


def test_the_sdist_holds_what_a_wheel_is_built_from(built):
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert str(MANIFEST.relative_to(ROOT)) in names
    assert {"packaging/hatch_build.py", "packaging/install.json"} <= names
    assert not [name for name in names if "node_modules" in name]


def test_without_what_make_ui_builds_nothing_is_built(tmp_path):
    for name in ("pyproject.toml", "README.md", "LICENSE", "packaging/hatch_build.py", "src/bestfix/_version.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode
    assert "by `make ui`" in done.stderr
