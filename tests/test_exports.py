"""The public surface is exactly what `__all__` says, and importing it is cheap."""

import subprocess
import sys

import bestfix
import bestfix.core


def test_every_exported_name_exists():
    for module in (bestfix, bestfix.core):
        assert len(set(module.__all__)) == len(module.__all__)
        for name in module.__all__:
            assert getattr(module, name) is not None
        assert set(module.__all__) <= set(dir(module))


def test_core_exports_every_public_class():
    public = {n for n, v in vars(bestfix.core).items() if not n.startswith("_") and isinstance(v, type)}
    assert public <= set(bestfix.core.__all__)


def test_import_loads_nothing_else():
    code = "import sys; before = set(sys.modules); import bestfix; print(*sorted(set(sys.modules) - before))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert loaded == ["bestfix", "bestfix._version"]
