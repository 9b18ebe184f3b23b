"""Which files are the user's own, and what they hold."""

from __future__ import annotations

import linecache
import site
import sys
import sysconfig
import tokenize
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from bestfix.core import Source

__all__ = ["is_library_file", "own_file"]

_INSTALLED = frozenset({"site-packages", "dist-packages"})


@lru_cache(maxsize=4096)
def is_library_file(filename: str) -> bool:
    """Whether a code object's file is the interpreter's or an installed package's."""
    if filename.startswith("<frozen "):
        return True
    if filename.startswith("<"):
        return False
    path = Path(filename).resolve()
    return not _INSTALLED.isdisjoint(path.parts) or any(path.is_relative_to(root) for root in _library_roots())


def own_file(filename: str) -> Source | None:
    """Return the user's module or script, named by its path, or `None` for a library's or what is no file."""
    if filename.startswith("<") or "\0" in filename or not filename.endswith((".py", ".pyw", ".ipy")):
        return None
    if is_library_file(filename):
        return None
    text = _text(filename)
    return Source(str(Path(filename).resolve()), text) if text else None


@lru_cache(maxsize=1)
def _library_roots() -> tuple[Path, ...]:
    paths = {sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib", "purelib", "platlib")}
    paths |= {*site.getsitepackages(), site.getusersitepackages(), str(Path(__file__).parents[1])}
    paths |= {str(Path(sys.prefix) / "bin"), str(Path(sys.prefix) / "Scripts")}
    return tuple(Path(path).resolve() for path in paths if path)


def _text(filename: str) -> str:
    r"""Return the text of a file, with `\n` for line ends that are all alike; of the line cache when it is no file."""
    with suppress(OSError, SyntaxError, UnicodeDecodeError):
        with Path(filename).open("rb") as file:
            encoding, _ = tokenize.detect_encoding(file.readline)
        with Path(filename).open(encoding=encoding, newline="") as file:
            text = file.read()
        alike = text.count("\r\n") == text.count("\n") == text.count("\r")
        return text.replace("\r\n", "\n") if alike else text
    return "".join(linecache.getlines(filename))
