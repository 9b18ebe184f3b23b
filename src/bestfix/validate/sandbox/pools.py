"""Thread pools that were lost in a fork, where there is a way not to wait for them.

A child has one thread. A library that hands work to threads of the session then waits for ever. OpenMP can be told to
use no pool, and joblib, whose locks would need a file, to use no workers; OpenBLAS, DuckDB and Arrow start theirs
anew; Polars cannot be helped, and the supervisor sees that it waits.
"""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress

__all__ = ["single_threaded", "without_workers"]

_OPENMP = (b"/libgomp", b"/libiomp5", b"/libomp")


def single_threaded(maps: bytes) -> None:
    """Make every OpenMP library that is loaded, by the lines of /proc/self/maps, use this thread alone."""
    for name in _OPENMP:
        if name in maps:
            for path in {line[line.index(b"/") :] for line in maps.splitlines() if name in line}:
                with suppress(OSError, AttributeError):
                    ctypes.CDLL(os.fsdecode(path), mode=os.RTLD_NOLOAD | os.RTLD_LAZY).omp_set_num_threads(1)


def without_workers() -> None:
    """Make joblib, and with it scikit-learn, work in this thread whatever `n_jobs` says."""
    os.environ["JOBLIB_MULTIPROCESSING"] = "0"
    for name in ("joblib.parallel", "joblib._parallel_backends"):
        if hasattr(module := sys.modules.get(name), "mp"):
            vars(module)["mp"] = None
