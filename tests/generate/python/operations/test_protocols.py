"""Instances of a class that lacks what an operation needs."""

import pytest

CASES = [
    ("range(Plain())", "range(Counted())", "class Plain: pass\nclass Counted:\n    def __index__(self): return 2"),
    (
        "with Plain():\n    pass",
        "with Managed():\n    pass",
        "class Plain: pass\nclass Managed:\n    def __enter__(self): pass\n    def __exit__(self, *a): pass",
    ),
]


@pytest.mark.parametrize(("broken", "fixed", "setup"), CASES, ids=[broken for broken, *_ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, setup, repaired):
    assert repaired(broken, "protocols", setup=setup)[0] == fixed
