"""`make demo` keeps its promise."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pandas")
pytest.importorskip("nbclient")
ROOT = Path(__file__).parents[2]


def test_the_demo_ends_with_a_notebook_that_runs_clean(monkeypatch):
    monkeypatch.delenv("BESTFIX_THRESHOLD")
    done = subprocess.run(
        [sys.executable, ROOT / "demo" / "demo.py"], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("✗") >= 8
    assert "`:` after" in done.stdout
    assert "it has 'unit_price'" in done.stdout
    repaired = json.loads((ROOT / ".demo" / "repaired.ipynb").read_text(encoding="utf-8"))
    outputs = [output for cell in repaired["cells"] for output in cell.get("outputs", [])]
    assert [output for output in outputs if output["output_type"] == "error"] == []
    code = "".join("".join(cell["source"]) for cell in repaired["cells"])
    assert all(
        part in code for part in ("ascending=False", '["unit_price"]', "import numpy as np", "* part /", "np.prod(")
    )
    assert "done\n" in "".join(outputs[-1]["text"])
