"""What is raised and caught."""

import pytest

CASES = [
    ("try:\n    {}[1]\nexcept IndexError:\n    pass", "try:\n    {}[1]\nexcept (IndexError, KeyError):\n    pass", ""),
    ("raise 'no data'", "raise Exception('no data')", ""),
    ("raise NotImplemented", "raise NotImplementedError", ""),
    ("class Empty:\n    pass\nraise Empty('x')", "class Empty(Exception):\n    pass\nraise Empty('x')", ""),
]


@pytest.mark.parametrize(("broken", "fixed", "setup"), CASES, ids=[broken for broken, *_ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, setup, repaired):
    assert repaired(broken, "raising", setup=setup)[0] == fixed
