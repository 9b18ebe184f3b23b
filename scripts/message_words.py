"""Write the words of error messages: `python scripts/message_words.py`.

They are the words of the texts that the interpreter, the standard library, numpy, pandas, scikit-learn,
polars, DuckDB, SQLite and (where installed) PostgreSQL can raise: a word of several of them is not the user's own.
"""

from __future__ import annotations

import ast
import importlib.util
import re
import sysconfig
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

TABLE = Path(__file__).parents[1] / "src" / "bestfix" / "capture" / "redact" / "words.txt"
LEAST = 4
"""Texts in which a word must stand."""
PACKAGES = ("numpy", "pandas", "sklearn", "polars", "duckdb")
_RUN = re.compile(rb"[\x20-\x7e\n]{12,400}")
_WORD = re.compile(r"(?<![\w.%\\/-])[A-Z]?[a-z]{2,16}(?![\w(/=-])")
_PROSE = re.compile(r"(?:[\w'\"%(){}.,:;=<>-]+ ){2,}")


def raised(file: Path) -> Iterator[str]:
    """Yield the texts that a module raises."""
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            parts = [n.value for n in ast.walk(node.exc) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
            yield " ".join(parts)


def modules() -> Iterator[Path]:
    """Yield the modules that are read, their tests left out."""
    roots = [Path(sysconfig.get_path("stdlib"))]
    roots += [Path(spec.origin).parent for name in PACKAGES if (spec := importlib.util.find_spec(name)) and spec.origin]
    for root in roots:
        for file in root.rglob("*.py"):
            if not {"test", "tests", "site-packages", "idlelib", "lib2to3"} & set(file.parts[len(root.parts) :]):
                yield file


def libraries() -> Iterator[Path]:
    """Yield the binaries whose texts are read."""
    config = sysconfig.get_config_vars()
    yield Path(config["LIBDIR"]) / config["LDLIBRARY"]
    if (duckdb := importlib.util.find_spec("_duckdb")) and duckdb.origin:
        yield Path(duckdb.origin)
    yield from Path("/usr/lib").glob("*/libsqlite3.so.0")
    yield from Path("/usr/lib/postgresql").glob("*/bin/postgres")


def texts() -> Iterator[str]:
    """Yield every text."""
    for file in modules():
        yield from raised(file)
    for file in libraries():
        if file.exists():
            yield from (m.decode("ascii") for m in _RUN.findall(file.read_bytes()) if _PROSE.match(m.decode("ascii")))


def counted(found: Iterable[str]) -> Counter[str]:
    """Return how many different texts hold each word."""
    return Counter(word for text in set(found) for word in {word.lower() for word in _WORD.findall(text)})


def main() -> None:
    """Write the table."""
    warnings.simplefilter("ignore")
    words = sorted(word for word, count in counted(texts()).items() if count >= LEAST)
    TABLE.write_text("\n".join(words) + "\n", encoding="ascii")
    print(f"{len(words):,} words")


if __name__ == "__main__":
    main()
