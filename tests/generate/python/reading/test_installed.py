"""Where installed modules lie, found without importing them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from bestfix.generate.python.reading import installed
from bestfix.generate.python.reading.installed import module_file


@pytest.mark.parametrize(
    "module", ["numpy", "numpy.linalg", "pandas.io.json", "email.message", "numpy.linalg._umath_linalg", "typer.main"]
)
def test_a_module_lies_where_python_would_find_it(module: str) -> None:
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert str(module_file(module)) == spec.origin


@pytest.mark.parametrize("module", ["nowhere", "numpy.nowhere", "typer.main.nowhere", "numpy.linalg.nowhere.more"])
def test_what_is_not_there_has_no_file(module: str) -> None:
    assert module_file(module) is None


def test_packages_come_before_modules_and_folders_without_init_are_packages(tmp_path: Path, monkeypatch) -> None:
    for path in ("both/__init__.py", "both.py", "bare/inner.py", "single.py", "single/LICENSE", "NOTICE"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).touch()
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    for cached in (installed._module_file, installed._importable_from, installed._stamp):
        cached.cache_clear()
    assert module_file("both") == tmp_path / "both" / "__init__.py"
    assert module_file("bare") == tmp_path / "bare"
    assert module_file("bare.inner") == tmp_path / "bare" / "inner.py"
    assert module_file("NOTICE") is None


MODULE = '''"""names = hidden"""
from elsewhere import (
    first,
    second as other,
)
import third, fourth
__all__ = [
    "listed",
]
value: int = 1
def made(inner=1):
    local = 2
async def awaited(): pass
class Kind:
    field = 3
'''


def test_what_a_module_offers_is_read_off_its_lines(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(MODULE)
    own, brought = ("listed", "value", "made", "awaited", "Kind"), ("first", "other", "third", "fourth")
    assert all(installed._mentions(file, name) for name in own + brought)
    assert [name for name in own + brought if installed._mentions(file, name, imports=False)] == list(own)
    assert not any(installed._mentions(file, name) for name in ("names", "hidden", "inner", "local", "field", "Kin"))
