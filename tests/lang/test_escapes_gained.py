"""Whether an edit makes IPython's syntax of what was none."""

import pytest

from bestfix.lang.python import gains_escapes


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("/* used below */\n", "/used below */\n"),
        ("x = 1\n# !rm data\n", "x = 1\n!rm data\n"),
        ("x = 1 ?\n", "x?\n"),
    ],
)
def test_code_that_becomes_an_escape(before, after):
    assert gains_escapes(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("print((1)\n%time f(x)\n", "print((1))\n%time f(x)\n"),
        ("%time f(x\n", "%time f(x)\n"),
        ("!ls\nprint(1\n", "!ls\nprint(1)\n"),
        ("$ ls -l\n", "!ls -l\n"),
        ("pip install x\n", "%pip install x\n"),
        ("x = 5 % y\n", "x = 5 % z\n"),
    ],
)
def test_escapes_that_were_there_stay(before, after):
    assert not gains_escapes(before, after)
