"""Install the built wheel, alone, into an empty environment for each Python, and use every door once.

    python scripts/smoke.py dist/bestfix-*.whl 3.11 3.12 3.13

A Python is a version or a path, as uv finds it. Exits with 1 when a door fails, or a Python is not there.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
UV = next((str(path) for path in (HERE.parent / ".tools/bin/uv",) if path.is_file()), "uv")
STAGES = ("", "jupyter,sql,server,lsp,events")
"""The extras that are installed, one stage after the other."""


def main() -> int:
    """Try each Python; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("pythons", nargs="*", default=["3"], help="versions or paths; 3 by default")
    given = parser.parse_args()
    if not given.wheel.is_file():
        parser.error(f"there is no file {given.wheel}; make wheel")
    return max(_tried(given.wheel.resolve(), python) for python in given.pythons)


def _tried(wheel: Path, python: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        environment = Path(folder) / "venv"
        print(f"Python {python}", flush=True)
        try:
            _run(UV, "venv", "-q", "--python", python, environment)
            for extras in STAGES:
                wanted = f"{wheel}[{extras}]" if extras else str(wheel)
                _run(UV, "pip", "install", "-q", "--python", environment / "bin/python", wanted)
                print(f"  pip install bestfix[{extras}]: {_megabytes(environment):.0f} MB installed", flush=True)
                _run(environment / "bin/python", HERE / "smoke_doors.py", extras, cwd=folder)
        except subprocess.CalledProcessError as error:
            print(f"  FAILED: {' '.join(map(str, error.cmd))}", flush=True)
            return 1
    return 0


def _run(*command: object, cwd: str | None = None) -> None:
    subprocess.run([str(word) for word in command], check=True, cwd=cwd, timeout=600)


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink()) / 1e6


if __name__ == "__main__":
    sys.exit(main())
