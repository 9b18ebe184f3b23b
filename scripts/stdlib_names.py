"""Write the table of the standard library's public names: `python scripts/stdlib_names.py`."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import pkgutil
import sys
import types
import warnings
from pathlib import Path

TABLE = Path(__file__).parents[1] / "src" / "bestfix" / "generate" / "python" / "reading" / "stdlib_names.json"
SKIPPED = {"antigravity", "this", "idlelib", "lib2to3", "turtledemo", "test", "pip", "ensurepip", "pydoc_data"}


def public_names(module: types.ModuleType) -> list[str]:
    """Return the names that a module offers."""
    listed = getattr(module, "__all__", None)
    if listed is not None:
        return sorted(n for n in listed if not n.startswith("_"))
    return sorted(
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
        and getattr(value, "__module__", module.__name__) in {module.__name__, "_" + module.__name__, None, "posix"}
    )  # fmt: skip


def module_names() -> list[str]:
    """Return the public modules of the standard library, submodules of packages included."""
    names = [n for n in sys.stdlib_module_names if not n.startswith("_") and n not in SKIPPED]
    for name in list(names):
        with contextlib.suppress(ImportError, OSError):
            module = importlib.import_module(name)
            names += [
                f"{name}.{m.name}" for m in pkgutil.iter_modules(getattr(module, "__path__", ()))
                if not m.name.startswith("_") and m.name not in {"tests", "test"} and name != "encodings"
            ]  # fmt: skip
    return sorted({*names, "os.path"})


def main() -> None:
    """Write the table, one module a line."""
    warnings.simplefilter("ignore")
    table = {}
    for name in module_names():
        if name.startswith(("distutils.", "lib2to3.", "idlelib.", "msilib")):
            continue
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Exception):
            table[name] = public_names(importlib.import_module(name))
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(names)}" for name, names in sorted(table.items()))
    TABLE.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
