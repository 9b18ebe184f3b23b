"""What could be imported here: read from a table, from file names and from source text; nothing is imported."""

from __future__ import annotations

import importlib.machinery
import itertools
import json
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path

from bestfix.core import Context, Kind

__all__ = [
    "ALIASES", "POPULAR", "exists", "homes_in", "module_file", "offers", "stdlib_homes", "stdlib_names", "submodules",
    "third_party_homes", "top_level",
]  # fmt: skip

ALIASES: Mapping[str, str] = {
    "np": "import numpy as np",
    "pd": "import pandas as pd",
    "plt": "import matplotlib.pyplot as plt",
    "mpl": "import matplotlib as mpl",
    "sns": "import seaborn as sns",
    "pl": "import polars as pl",
    "tf": "import tensorflow as tf",
    "sp": "import scipy as sp",
    "sm": "import statsmodels.api as sm",
    "smf": "import statsmodels.formula.api as smf",
    "nx": "import networkx as nx",
    "px": "import plotly.express as px",
    "go": "import plotly.graph_objects as go",
    "alt": "import altair as alt",
    "nn": "from torch import nn",
    "F": "import torch.nn.functional as F",
    "xr": "import xarray as xr",
    "da": "import dask.array as da",
    "dd": "import dask.dataframe as dd",
    "gpd": "import geopandas as gpd",
    "xgb": "import xgboost as xgb",
    "lgb": "import lightgbm as lgb",
    "jnp": "import jax.numpy as jnp",
    "cp": "import cupy as cp",
    "pa": "import pyarrow as pa",
    "pq": "import pyarrow.parquet as pq",
    "dt": "import datetime as dt",
    "mp": "import multiprocessing as mp",
    "ET": "import xml.etree.ElementTree as ET",
    "st": "import streamlit as st",
    "sa": "import sqlalchemy as sa",
    "tk": "import tkinter as tk",
    "op": "import os.path as op",
    "osp": "import os.path as osp",
    "la": "import numpy.linalg as la",
    "npr": "import numpy.random as npr",
    "tqdm": "from tqdm import tqdm",
    "BeautifulSoup": "from bs4 import BeautifulSoup",
    "Image": "from PIL import Image",
    "display": "from IPython.display import display",
    "HTML": "from IPython.display import HTML",
}
"""The names under which everybody knows certain imports."""

POPULAR = (
    "math", "random", "collections", "itertools", "functools", "os", "sys", "time", "datetime", "json", "re", "typing",
    "pathlib", "copy", "os.path", "statistics", "string", "operator", "heapq", "bisect", "dataclasses", "enum", "abc",
    "contextlib", "decimal", "fractions", "collections.abc", "subprocess", "threading", "queue", "concurrent.futures",
    "asyncio", "logging", "csv", "io", "shutil", "glob", "tempfile", "urllib.request", "urllib.parse", "pprint",
    "textwrap", "types", "inspect", "socket", "struct", "pickle", "hashlib", "uuid", "unittest", "unittest.mock",
    "timeit", "traceback", "warnings", "argparse", "calendar", "secrets", "getpass", "multiprocessing", "zipfile",
    "sqlite3", "importlib", "weakref", "numbers", "cmath", "configparser", "base64", "html", "email.message",
)  # fmt: skip
_THIRD_PARTY = (
    "numpy", "pandas", "matplotlib.pyplot", "sklearn.model_selection", "sklearn.metrics", "sklearn.linear_model",
    "sklearn.preprocessing", "sklearn.ensemble", "sklearn.tree", "sklearn.svm", "sklearn.neighbors", "sklearn.cluster",
    "sklearn.decomposition", "sklearn.pipeline", "sklearn.datasets", "sklearn.naive_bayes", "sklearn.compose",
    "sklearn.impute", "sklearn.feature_extraction.text", "sklearn.feature_selection", "sklearn.manifold",
    "sklearn.mixture", "sklearn.neural_network", "sklearn.gaussian_process", "sklearn.discriminant_analysis",
    "sklearn.base", "sklearn.utils", "scipy.stats", "scipy.optimize", "scipy.integrate", "scipy.interpolate",
    "scipy.spatial.distance", "scipy.signal", "scipy.linalg", "scipy.sparse", "seaborn", "polars", "IPython.display",
    "tqdm", "requests", "torch", "torch.nn", "torch.utils.data", "tensorflow.keras.models", "tensorflow.keras.layers",
    "keras.models", "keras.layers", "statsmodels.api", "bs4", "PIL", "sympy", "networkx", "pydantic", "flask",
    "fastapi", "sqlalchemy", "matplotlib.patches", "matplotlib.colors", "mpl_toolkits.mplot3d",
)  # fmt: skip
_SUFFIXES = (*importlib.machinery.EXTENSION_SUFFIXES, ".py")
_READ = 400_000
"""Characters of a module's source that are searched."""
_NAMING = ("def ", "class ", "async def ", "import ", "from ", "__all__")
"""What lines begin with that name what a module offers; assignments do, too."""
_LISTED = 20_000
"""Files and folders of one folder that are looked at."""
_FILES = 300
"""Modules of one package that are searched."""


@lru_cache(maxsize=1)
def stdlib_names() -> Mapping[str, Sequence[str]]:
    """Return the public names of every module of the standard library."""
    text = resources.files("bestfix.generate.python.reading").joinpath("stdlib_names.json").read_text(encoding="utf-8")
    table: dict[str, list[str]] = json.loads(text)
    return {m: names for m, names in table.items() if m.partition(".")[0] in sys.stdlib_module_names}


@lru_cache(maxsize=1)
def _stdlib_by_name() -> Mapping[str, Sequence[str]]:
    homes: dict[str, list[str]] = {}
    for module, names in stdlib_names().items():
        for name in names:
            homes.setdefault(name, []).append(module)
    return homes


def stdlib_homes(name: str) -> list[tuple[str, float]]:
    """Return the standard modules that offer a name, the likeliest first, with how likely each is, 0 to 1."""
    order = {module: rank for rank, module in enumerate(POPULAR)}
    known = sorted(_stdlib_by_name().get(name, ()), key=lambda m: (order.get(m, 999), m.count("."), m))
    rated = []
    for place, module in enumerate(known[:4]):
        weight = 0.9 if module in order else (0.62 if len(known) == 1 else 0.4)
        rated.append((module, weight if place == 0 else weight * 0.4))
    return rated


@lru_cache(maxsize=4)
def _places(folders: tuple[Path, ...], changed: tuple[float, ...]) -> Mapping[str, Path]:
    """Return where each importable top-level name lies, as the first of the folders has it."""
    places: dict[str, Path] = {}
    for folder, stamp in zip(folders, changed, strict=True):
        for name, file in _children(folder, stamp).items():
            places.setdefault(name, folder / file)
    return places


@lru_cache(maxsize=1024)
def _children(folder: Path, changed: float) -> Mapping[str, str]:  # noqa: ARG001 - the cache's key
    """Return the files and folders that could be imported by the names of their modules, packages first."""
    try:
        with os.scandir(folder) as entries:
            listed = [(entry.name, entry.is_dir()) for entry in itertools.islice(entries, _LISTED)]
    except (OSError, ValueError):
        return {}
    found: dict[str, str] = {}
    for name, is_folder in sorted(listed, key=lambda one: (not one[1], one[0].endswith(".py"))):
        stem = name.partition(".")[0]
        if stem.isidentifier() and (name == stem if is_folder else name.endswith(_SUFFIXES)):
            found.setdefault(stem, name)
    return found


def _importable() -> Mapping[str, Path]:
    return _importable_from(tuple(sys.path), int(time.monotonic()))


@lru_cache(maxsize=4)
def _importable_from(path: tuple[str, ...], second: int) -> Mapping[str, Path]:
    folders = tuple(Path(entry or ".") for entry in path)
    return _places(folders, tuple(_stamp(folder, second) for folder in folders))


@lru_cache(maxsize=1024)
def _stamp(path: Path, second: int) -> float:  # noqa: ARG001 - looked at again each second
    return _changed(path)


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except (OSError, ValueError):
        return 0.0


def top_level() -> frozenset[str]:
    """Return the names of the modules and packages that could be imported."""
    names = {*sys.builtin_module_names, *sys.stdlib_module_names, *_importable()}
    return frozenset(n for n in names if not n.startswith("__"))


def _installed(name: str) -> bool:
    return name in sys.stdlib_module_names or name in sys.builtin_module_names or name in _importable()


def module_file(module: str) -> Path | None:
    """Return the file of a module that could be imported: its source, its `__init__.py`, its binary or its folder."""
    return _module_file(module, int(time.monotonic()))


@lru_cache(maxsize=4096)
def _module_file(module: str, second: int) -> Path | None:
    top, *rest = module.split(".")
    place = _importable().get(top)
    for name in rest:
        if place is None or place.suffix:
            return None
        file = _children(place, _stamp(place, second)).get(name)
        place = place / file if file else None
    if place is None or place.suffix:
        return place
    file = _children(place, _stamp(place, second)).get("__init__")
    return place / file if file else place


def exists(module: str, context: Context) -> bool:
    """Whether a module could be imported."""
    if context.module(module) is not None or module in stdlib_names():
        return True
    top, _, rest = module.partition(".")
    if top in sys.stdlib_module_names and not rest:
        return True
    return module_file(module) is not None


def submodules(module: str) -> list[str]:
    """Return the names of a package's modules."""
    prefix = f"{module}."
    names = {m[len(prefix) :] for m in stdlib_names() if m.startswith(prefix) and "." not in m[len(prefix) :]}
    file = module_file(module)
    if file is not None and file.name == "__init__.py":
        names.update(_children(file.parent, _stamp(file.parent, int(time.monotonic()))))
    return sorted(names - {"__init__", "__pycache__", "tests", "test", "conftest", "setup", "estimator_checks"})


def offers(module: str, name: str, context: Context) -> bool:
    """Whether `from module import name` would find the name."""
    if (live := context.module(module)) is not None and live.kind is Kind.MODULE:
        return live.has(name) or context.module(f"{module}.{name}") is not None
    if module in stdlib_names():
        return name in stdlib_names()[module]
    if not exists(module, context) or (file := module_file(module)) is None:
        return False
    return _mentions(file, name) or module_file(f"{module}.{name}") is not None


@lru_cache(maxsize=512)
def _outline(file: Path, changed: float) -> str:  # noqa: ARG001 - the cache's key
    """Return the lines of a module's source that may name what it offers: a tenth of it, or less."""
    try:
        with file.open(encoding="utf-8", errors="replace") as stream:
            return "\n".join(_naming(stream.read(_READ).split("\n")))
    except OSError:
        return ""


def _naming(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines that begin definitions, assignments and imports, and those of lists that are not closed yet."""
    listing = False
    for line in lines:
        if listing or line.startswith(_NAMING) or (line[:1].isidentifier() and "=" in line):
            yield line
            listing = (listing or line.startswith(("from ", "__all__"))) and _is_open(line, listing=listing)


def _is_open(line: str, *, listing: bool) -> bool:
    """Whether a list goes on after a line."""
    return not {")", "]"} & set(line) and (listing or "(" in line or line.startswith("__all__"))


def _mentions(file: Path, name: str, *, imports: bool = True) -> bool:
    """Whether a module's source defines, lists or also imports a name at its top level, judged by its lines."""
    if file.suffix != ".py" or name not in (text := _outline(file, _stamp(file, int(time.monotonic())))):
        return False
    word = re.escape(name)
    patterns = [
        rf"^(?:def|class|async def) {word}\b|^{word}\b\s*(?::[^=\n]+)?=",
        rf"^__all__\b[^\[(]*[\[(][^\])]*[\"']{word}[\"']",
    ]
    if imports:
        patterns.append(rf"^(?:from [.\w]+ )?import [^\n(]*\b{word}\b|^from [.\w]+ import \([^)]*\b{word}\b")
    return re.search("|".join(patterns), text, re.MULTILINE) is not None


def _is_home(module: str, name: str, context: Context) -> bool:
    """Whether a name belongs to a module, and is not just imported there for the module's own use."""
    if not offers(module, name, context):
        return False
    file = module_file(module)
    return file is None or file.suffix != ".py" or _mentions(file, name, imports=file.name == "__init__.py")


def homes_in(package: str, name: str, context: Context) -> Iterator[str]:
    """Yield the public modules of an installed package that offer a name, those nearest to its top first."""
    todo = [package]
    for _ in range(_FILES):
        if not todo:
            return
        module = todo.pop(0)
        if _is_home(module, name, context):
            yield module
        if module.count(".") < 2:
            todo += [f"{module}.{m}" for m in submodules(module) if not m.startswith("_")]


def third_party_homes(name: str, context: Context) -> Iterator[str]:
    """Yield the well-known modules of other packages that are installed and offer a name."""
    for module in _THIRD_PARTY:
        if _installed(module.partition(".")[0]) and offers(module, name, context):
            yield module
