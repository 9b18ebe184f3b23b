"""A database in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def duck_file(tmp_path: Path, duck: Any) -> Path:
    """A DuckDB file with the shop's tables."""
    path = tmp_path / "shop.duckdb"
    duck.execute(f"ATTACH '{path}' AS file; COPY FROM DATABASE memory TO file; DETACH file")
    return path
