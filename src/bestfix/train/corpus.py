"""Real Python that runs: the examples in the documentation of installed packages, read as text, nothing imported."""

from __future__ import annotations

import ast
import doctest
import importlib.util
import random
import re
import sysconfig
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bestfix.lang.python import compiles
from bestfix.lang.python.scope import bound_names, global_names, unresolved

__all__ = ["PACKAGES", "Snippet", "snippets"]

PACKAGES = (
    "pandas", "numpy", "sklearn", "scipy", "python", "networkx", "more_itertools", "toolz", "boltons", "polars",
    "statsmodels", "matplotlib", "sympy", "sqlglot",
)  # fmt: skip
"""The packages whose documentation is read; `python` is the standard library."""

_ALIASES = {
    "np": "import numpy as np", "pd": "import pandas as pd", "plt": "import matplotlib.pyplot as plt",
    "nx": "import networkx as nx", "pl": "import polars as pl", "sm": "import statsmodels.api as sm",
    "sp": "import scipy as sp", "mpl": "import matplotlib as mpl", "datetime": "from datetime import datetime",
}  # fmt: skip
_LEFT_OUT = frozenset(["tests", "test", "testing", "site-packages", "idlelib", "lib2to3", "conftest.py", "spark"])
_EFFECTS = re.compile(
    r"\bopen\(|\b(?:remove|unlink|rmtree|rmdir|rename|replace_file|mkdir|makedirs|savefig|savetxt|savez|tofile|memmap"
    r"|to_(?:csv|excel|parquet|pickle|hdf|feather|sql|clipboard)|write\w*|sink_\w+|subprocess|socket|urllib|urlopen"
    r"|requests|http|ftp|smtp|fetch_\w+|get_data|load_dataset|read_\w+\(|scan_\w+\(|tempfile|signal|fork|kill|exit|quit"
    r"|input|sleep|show|Process|Thread|Pool|multiprocessing|threading|asyncio|webbrowser|shutil|chdir|environ|ctypes)\b"
)
"""What a snippet that touches more than its own objects contains."""
_CELL, _LINES, _CELLS = 5, 45, 3
_INLINE = 0.3
"""How often a cell starts with the imports that it needs; otherwise a cell before it has them."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A cell that runs, with the code that runs before it.

    Attributes:
        id: unique in a corpus.
        group: the part of a package that it is from.
        source: `doctests` or `functions`.
        setup: what runs before it.
        code: the cell.
    """

    id: str
    group: str
    source: str
    setup: str
    code: str


def snippets(package: str, *, seed: int = 0) -> Iterator[Snippet]:
    """Yield the snippets of an installed package, in the order of its files; none of a package that is not there."""
    for path, module in _modules(package):
        try:
            text = path.read_text(encoding="utf-8")
            tree = ast.parse(text) if ">>>" in text else None
        except (OSError, UnicodeDecodeError, SyntaxError, ValueError):
            continue
        if tree is not None:
            yield from _of_module(_Module(module, text, tree, bound_names(text)), seed)


@dataclass(frozen=True)
class _Module:
    name: str
    text: str
    tree: ast.Module
    names: frozenset[str]

    @property
    def group(self) -> str:
        """The part of the package, whose modules may hold copies of each other's examples."""
        return ".".join(self.name.split(".")[:2])

    @cached_property
    def own_imports(self) -> Mapping[str, str]:
        """The statement that imports each name that the module has from elsewhere."""
        found = {}
        for node in self.tree.body:
            for alias in node.names if isinstance(node, ast.Import | ast.ImportFrom) else ():
                name = f"{alias.name} as {alias.asname}" if alias.asname else alias.name
                if isinstance(node, ast.Import) and (alias.asname or "." not in alias.name):
                    found[alias.asname or alias.name] = f"import {name}"
                elif isinstance(node, ast.ImportFrom) and not node.level and node.module != "__future__":
                    found[alias.asname or alias.name] = f"from {node.module} import {name}"
        return found

    def imports(self, code: str) -> str | None:
        """Return the imports that code needs where it stands alone; `None` where a name comes from nowhere."""
        lines, own = set(), list[str]()
        for name in sorted(unresolved(code)):
            if line := self.own_imports.get(name) or (_ALIASES.get(name) if name not in self.names else None):
                lines.add(line)
            elif name in self.names:
                own.append(name)
            else:
                return None
        lines |= {f"from {self.name} import {', '.join(own)}"} if own else set()
        return "".join(f"{line}\n" for line in sorted(lines))


def _modules(package: str) -> Iterator[tuple[Path, str]]:
    """Yield the files of a package, each with its module's name."""
    if package == "python":
        root, prefix = Path(sysconfig.get_paths()["stdlib"]), ""
    else:
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            return
        root, prefix = Path(spec.origin).parent, package
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).parts
        if not _LEFT_OUT & set(parts):
            names = [prefix, *parts[:-1], path.stem]
            yield path, ".".join(name for name in names if name and name != "__init__")


def _of_module(module: _Module, seed: int) -> Iterator[Snippet]:
    parser, number = doctest.DocTestParser(), 0
    owners = {id(_docstring(node)): node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef)}
    for node in ast.walk(module.tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str) and ">>>" in node.value):
            continue
        try:
            examples = [e.source for e in parser.get_examples(textwrap.dedent(node.value)) if _plain(e)]
        except ValueError:
            continue
        number += 1
        name = f"{module.name}:{number}"
        rng = random.Random(f"{seed}/{name}")
        yield from _cells(module, name, examples, rng)
        function = owners.get(id(node))
        if function is not None and function in module.tree.body:
            yield from _function(module, name, function, examples)


def _plain(example: doctest.Example) -> bool:
    skipped = example.options.get(doctest.SKIP, False)
    return not skipped and example.exc_msg is None and compiles(example.source) is None


def _docstring(node: ast.FunctionDef) -> ast.Constant | None:
    first = node.body[0]
    value = first.value if isinstance(first, ast.Expr) else None
    return value if isinstance(value, ast.Constant) else None


def _cells(module: _Module, name: str, examples: Sequence[str], rng: random.Random) -> Iterator[Snippet]:
    """Yield cells of some examples each, those before them as the setup; at most a few of one docstring."""
    whole = "".join(examples)
    if not examples or _EFFECTS.search(whole) or (imports := module.imports(whole)) is None:
        return
    cuts, at = [], 0
    while at < len(examples):
        size = 1 + min(int(rng.expovariate(0.6)), _CELL - 1)
        cuts.append((at, at + size))
        at += size
    for start, end in sorted(rng.sample(cuts, min(_CELLS, len(cuts)))):
        before, code = "".join(examples[:start]), "".join(examples[start:end])
        if not code.strip() or _only_imports(code):
            continue
        inline = not before and rng.random() < _INLINE
        yield Snippet(
            f"{name}.{start}", module.group, "doctests", before if inline else imports + before,
            (imports + code if inline else code).strip("\n"),
        )  # fmt: skip


def _only_imports(code: str) -> bool:
    return all(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.parse(code).body)


def _function(module: _Module, name: str, node: ast.FunctionDef, examples: Sequence[str]) -> Iterator[Snippet]:
    """Yield the cell that defines a function, its docstring left out, and calls it as the examples do."""
    lines = module.text.splitlines()
    own = re.compile(rf"\b\w+\.(?={node.name}\()")
    doc, calls = node.body[0], [own.sub("", e) for e in examples[:6] if node.name in e or "import" in e or "=" in e]
    if len(node.body) < 2 or doc.end_lineno == node.end_lineno or (node.end_lineno or 0) - node.lineno > 4 * _LINES:
        return
    header, body = lines[node.lineno - 1 : doc.lineno - 1], lines[doc.end_lineno or 0 : node.end_lineno]
    while body and not body[0].strip():
        body.pop(0)
    definition = "\n".join([*header, *body])
    code = definition + "\n\n" + "".join(calls).strip("\n")
    if len(body) > _LINES or not any(f"{node.name}(" in c for c in calls) or compiles(code) is not None:
        return
    if _EFFECTS.search(code) or (imports := module.imports(code)) is None or node.name not in global_names(code):
        return
    yield Snippet(f"{name}.def", module.group, "functions", imports, code)
