"""Imports that fail."""

import pytest

from bestfix.capture import LiveContext
from bestfix.generate.python.reading import installed

MODULES = ("imports", "removed_imports")


@pytest.mark.parametrize(
    ("code", "fixed"),
    [
        ("import maths\nmaths.pi", "import math\nmath.pi"),
        ("import nunpy as np", "import numpy as np"),
        ("import os.pathh", "import os.path"),
        ("from colections import Counter", "from collections import Counter"),
        ("from collections import Countr\nCountr()", "from collections import Counter\nCounter()"),
        ("from itertools import pi", "from math import pi"),
        ("from math import e, pie", "from math import e, pi"),
        ("from sklearn import train_test_split", "from sklearn.model_selection import train_test_split"),
        ("import datetime.datetime", "from datetime import datetime"),
        ("import Tkinter", "import tkinter"),
        ("from itertools import izip\nizip([1], [2])", "zip([1], [2])"),
        ("from collections import Mapping, OrderedDict",
         "from collections.abc import Mapping\nfrom collections import OrderedDict"),
        ("from sklearn.learning_curve import learning_curve", "from sklearn.model_selection import learning_curve"),
        ("import sklearn.grid_search as gs\ngs.GridSearchCV", "import sklearn.model_selection as gs\ngs.GridSearchCV"),
        ("from sklearn.preprocessing import Imputer\nImputer()",
         "from sklearn.impute import SimpleImputer\nSimpleImputer()"),
        ("from sklearn.externals import joblib", "import joblib"),
        ("import urllib2\nurllib2.urlopen", "import urllib.request\nurllib.request.urlopen"),
        ("import Queue\nq = Queue.Queue()", "import queue\nq = queue.Queue()"),
        ("from numpy import product, array", "from numpy import prod, array"),
    ],
)  # fmt: skip
def test_the_import_that_was_meant_comes_first(repaired, code, fixed):
    assert repaired(code, *MODULES)[0] == fixed


def test_imports_that_moved_together_are_repaired_together(repaired):
    code = (
        "from sklearn.grid_search import GridSearchCV\nfrom sklearn.cross_validation import LeaveOneOut\n"
        "LeaveOneOut(len([1]))"
    )
    assert repaired(code, *MODULES)[0] == (
        "from sklearn.model_selection import GridSearchCV\nfrom sklearn.model_selection import LeaveOneOut\n"
        "LeaveOneOut()"
    )


def test_a_relative_import_outside_of_a_package_becomes_a_plain_one(repaired):
    found = repaired("from .helpers import load", *MODULES, setup="__package__ = ''")
    assert found == ["from helpers import load"]


def test_a_package_that_is_not_there_is_offered_for_installing(repaired):
    assert repaired("import a_package_of_nobody", *MODULES)[0].startswith("%pip install a-package-of-nobody\n")


def test_what_could_be_imported_is_known_without_importing():
    context = LiveContext.of({})
    assert installed.exists("xml.dom.minidom", context)
    assert not installed.exists("os.pathh", context)
    assert not installed.exists("sklearn.cross_validation", context)
    assert "statsmodels" in installed.top_level()
    assert installed.offers("statsmodels.api", "OLS", context)
    assert not installed.offers("statsmodels.api", "NoSuchThing", context)
    assert installed.stdlib_homes("choice")[0][0] == "random"
    assert next(installed.homes_in("sklearn", "StandardScaler", context)) == "sklearn.preprocessing"
