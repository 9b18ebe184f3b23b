"""Formats and the values that go into them."""

import pytest

CASES = [
    ("print('%s is %d' % 'Ann', 3)", "print('%s is %d' % ('Ann', 3))", ""),
    ("'%d' % 'x'", "'%s' % 'x'", ""),
    ("n % 2", "int(n) % 2", "n = '7'"),
    ("'value: ' % 3", "'value: %s' % 3", ""),
    ("print >> f, 5", "print(5, file=f)", "import io\nf = io.StringIO()"),
]


@pytest.mark.parametrize(("broken", "fixed", "setup"), CASES, ids=[broken for broken, *_ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, setup, repaired):
    assert repaired(broken, "formats", setup=setup)[0] == fixed
