"""What the installed versions no longer have."""

import builtins
import contextlib
import functools
import importlib
import importlib.metadata
import re
import sys
import warnings

import pytest

from bestfix.capture import LiveContext
from bestfix.generate.python.reading import installed
from bestfix.generate.python.removed.removed_table import table

MODULES = ("removed_api", "removed_keywords", "removed_values")
CONSTANTS = {"None", "True"}
INSTANCE_ATTRIBUTES = {"legendHandles", "w_xaxis", "w_yaxis", "w_zaxis"}
"""Names that objects get when they are made, so that their classes do not show them."""


@pytest.mark.parametrize(
    ("code", "fixed", "setup"),
    [
        ("x = np.product([1])\ny = np.float(3)", "x = np.prod([1])\ny = float(3)", "import numpy as np"),
        ("for i in xrange(3): unichr(i)", "for i in range(3): chr(i)", ""),
        ("reload(math)", "import importlib\nimportlib.reload(math)", "import math"),
        ("reduce(max, [1])", "from functools import reduce\nreduce(max, [1])", ""),
        ("string.join(['a'], '-')", "'-'.join(['a'])", "import string"),
        ("time.clock()", "time.perf_counter()", "import time"),
        ("pd.rolling_mean(s, window=2)", "s.rolling(2).mean()", "import pandas as pd\ns = pd.Series([1.0, 2.0])"),
        ("df = df.append({'a': 2}, ignore_index=True)",
         "df = pd.concat([df, pd.DataFrame([{'a': 2}])], ignore_index=True)",
         "import pandas as pd\ndf = pd.DataFrame({'a': [1]})"),
        ("df.fillna(method='ffill', axis=1)", "df.ffill(axis=1)", "import pandas as pd\ndf = pd.DataFrame({'a': [1]})"),
        ("df.mean(level='k')", "df.groupby(level='k').mean()",
         "import pandas as pd\ndf = pd.DataFrame({'a': [1]}, index=pd.Index([1], name='k'))"),
        ("pd.date_range('2024', periods=2, freq='2H30T')", "pd.date_range('2024', periods=2, freq='2h30min')",
         "import pandas as pd"),
        ("plt.style.use('seaborn-white')", "plt.style.use('seaborn-v0_8-white')", "import matplotlib.pyplot as plt"),
        ("plt.hold(True)\nx = 1", "x = 1", "import matplotlib.pyplot as plt"),
        ("OneHotEncoder(sparse=False)", "OneHotEncoder(sparse_output=False)",
         "from sklearn.preprocessing import OneHotEncoder"),
        ("v.get_feature_names()", "v.get_feature_names_out()",
         "from sklearn.feature_extraction.text import CountVectorizer\nv = CountVectorizer()"),
    ],
)  # fmt: skip
def test_the_present_form_comes_first(repaired, code, fixed, setup):
    assert repaired(code, *MODULES, setup=setup)[0] == fixed


def test_what_is_still_there_is_left_alone(repaired):
    assert repaired("np.add.no_such", "removed_api", setup="import numpy as np") == []


@functools.cache
def found(name):
    """What a dotted name stands for, or nothing."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        with warnings.catch_warnings(), contextlib.suppress(ImportError, AttributeError, NotImplementedError):
            warnings.simplefilter("ignore")
            return functools.reduce(getattr, parts[length:], importlib.import_module(".".join(parts[:length])))
    with contextlib.suppress(AttributeError):
        return functools.reduce(getattr, parts, builtins)
    return None


def reached(row):
    """Whether the installed release is the one that took the old name away, or a later one."""
    package, _, version = row.since.rpartition(" ")
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        have = sys.version if package == "python" else importlib.metadata.version(package)
        return numbers(have) >= numbers(version)
    return False


def numbers(version):
    return [int(n) for n in re.findall(r"\d+", version)[:2]]


def test_the_old_names_of_the_table_are_gone_and_the_new_ones_there():
    wrong, checked = [], 0
    for row in (r for rows in table().attributes.values() for r in rows if reached(r) and r.new not in CONSTANTS):
        checked += 1
        if found(row.old) is not None:
            wrong.append(f"{row.old} is still there")
        elif not row.is_template and not row.needs and found(row.owner) is not None and found(row.new) is None:
            wrong.append(f"{row.new}, for {row.old}, is not there")
    assert wrong == []
    assert checked > 200


def test_the_old_methods_of_the_table_are_gone_and_the_new_ones_there():
    wrong, checked = [], 0
    for row in (r for rows in table().methods.values() for r in rows if reached(r) and "*" not in r.owner):
        cls = found(row.owner)
        if cls is None or row.name in INSTANCE_ATTRIBUTES or row.new in CONSTANTS:
            continue
        checked += 1
        if hasattr(cls, row.name):
            wrong.append(f"{row.old} is still there")
        elif not row.is_template and not hasattr(cls, row.new):
            wrong.append(f"{row.new}, for {row.old}, is not there")
    assert wrong == []
    assert checked > 80


def test_the_old_modules_of_the_table_are_gone():
    context = LiveContext.of({})
    rows = [r for rows in table().modules.values() for r in rows if reached(r)]
    assert [r.old for r in rows if installed.exists(r.old, context)] == []
    assert len(rows) > 150


def test_every_row_names_its_release_notes():
    assert all(row.note.startswith("https://") and row.new is not None for row in table().rows())
    assert sum(1 for _ in table().rows()) > 1000
