"""Thread pools that were lost in a fork, where there is a way not to wait for them.

A child has one thread. A library that hands work to threads of the session then waits for ever. OpenMP can be told to
use no pool; OpenBLAS and Arrow start theirs anew by themselves; Polars and DuckDB cannot be helped, and what hangs is
ended at the deadline.
"""

from __future__ import annotations

import ctypes
import re
from contextlib import suppress
from pathlib import Path

__all__ = ["single_threaded"]

_OPENMP = re.compile(rb"^[^/\n]*(/\S*/lib(?:gomp|iomp5|omp)\b[^/\n]*\.so[^/\n]*)$", re.MULTILINE)


def single_threaded() -> None:
    """Make every OpenMP library that is loaded use this thread alone."""
    for path in {match[1] for match in _OPENMP.finditer(Path("/proc/self/maps").read_bytes())}:
        with suppress(OSError, AttributeError):
            ctypes.CDLL(path.decode(errors="surrogateescape")).omp_set_num_threads(1)
