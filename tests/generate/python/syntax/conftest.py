"""Slips alone, without the learned model: what they make of broken code, the most likely first."""

import importlib

import pytest

from bestfix.core import Deadline
from bestfix.generate.python.syntax.base import Slip
from bestfix.generate.python.syntax.search import search


@pytest.fixture
def mended():
    """The texts that compile and that the slips of some modules lead to, the likeliest first."""

    def run(code, *modules):
        names = [f"bestfix.generate.python.syntax.{module}" for module in modules]
        slips = [v for name in names for v in vars(importlib.import_module(name)).values() if isinstance(v, Slip)]
        found = search(code, slips, Deadline.never())
        return [each.window.whole(each.text) for each in sorted(found, key=lambda f: f.cost)]

    return run
