"""Values that are more, or fewer, than the names they are unpacked into."""

import pytest

CASES = [
    ("for k, v in d:\n    pass", "for k, v in d.items():\n    pass", "d = {'key': 1}"),
    ("for i, x in xs:\n    pass", "for i, x in enumerate(xs):\n    pass", "xs = [10, 20]"),
    ("for i, x in range(len(xs)):\n    pass", "for i, x in enumerate(xs):\n    pass", "xs = [10, 20]"),
    ("for a, b in [1, 2, 3], [4, 5, 6]:\n    pass", "for a, b in zip([1, 2, 3], [4, 5, 6]):\n    pass", ""),
    ("for i, a, b in enumerate(pairs):\n    pass", "for i, (a, b) in enumerate(pairs):\n    pass", "pairs = [(1, 2)]"),
    ("a, b = '1;2'.split()", "a, b = '1;2'.split(\";\")", ""),
    ("key, value = 'a=b=c'.split('=')", "key, value = 'a=b=c'.split('=', 1)", ""),
    ("a, b = 1, 2, 3", "a, b, _ = 1, 2, 3", ""),
    ("a, b, c = pair", "a, b = pair", "pair = (1, 2)"),
]


@pytest.mark.parametrize(("broken", "fixed", "setup"), CASES, ids=[broken for broken, *_ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, setup, repaired):
    assert repaired(broken, "unpacking", setup=setup)[0] == fixed
