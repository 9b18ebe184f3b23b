"""Statements, clauses and blocks that share a line but may not."""

import pytest

CASES = [
    ("import os import sys", "import os\nimport sys"),
    ("n = 3 m = 4", "n = 3\nm = 4"),
    ("for n in x: go(n) stop(n)", "for n in x: go(n); stop(n)"),
    ("if n: go() else: stop()", "if n: go()\nelse: stop()"),
    ("class A: def f(self):\n    pass", "class A:\n    def f(self):\n        pass"),
]


@pytest.mark.parametrize(("broken", "fixed"), CASES, ids=[broken for broken, _ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, mended):
    assert mended(broken, "joined")[0] == fixed
