"""What comes along when code is copied."""

import pytest

CASES = [
    (">>> n = 1\n>>> for i in x:\n...     go(i)\n...", "n = 1\nfor i in x:\n    go(i)\n"),
    (">>> n = 1\n>>> n + 1\n2 apples", "n = 1\nn + 1\n# 2 apples"),
    ("1  n = 3\n2  for i in n:\n3      go(i)", "n = 3\nfor i in n:\n    go(i)"),
    ("-n = 1)\n+n = 2\n go(n)", "# n = 1)\nn = 2\ngo(n)"),
    ("```python\nn = 1\n```", "n = 1\n"),
    ("Try this:\n```\nn = 1\n```", "# Try this:\nn = 1\n"),
    ('if a &lt; b:\n    c = "x" &amp; 1', 'if a < b:\n    c = "x" & 1'),
    ("**n = 1**", "n = 1"),
    ("n = 3\nThis counts all the rows.\ngo(n)", "n = 3\n# This counts all the rows.\ngo(n)"),
    ("pip install requests", "%pip install requests"),
    ("$ ls -l data", "!ls -l data"),
]


@pytest.mark.parametrize(("broken", "fixed"), CASES, ids=[broken for broken, _ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, mended):
    assert mended(broken, "pasted")[0] == fixed
