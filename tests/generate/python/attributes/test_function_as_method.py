"""Functions that are called as if they were methods."""

import pytest

SETUP = "from itertools import chain\nnums = [3, 1]\ndef area(w, h=1): return w * h\nclass A: pass\na = A()"


@pytest.mark.parametrize(
    ("code", "fixed"),
    [
        ("chain(nums).list()", "list(chain(nums))"),
        ("nums.area(h=2)", "area(nums, h=2)"),
        ("a.map(str)", "map(str, a)"),
        ("a.sorted(key=len)", "sorted(a, key=len)"),
    ],
)
def test_the_function_is_called_with_the_object(repaired, code, fixed):
    assert repaired(code, "function_as_method", setup=SETUP) == [fixed]


@pytest.mark.parametrize("code", ["a.nothing()", "a.nums()", "a.eval('1')"])
def test_what_is_no_function_at_hand_stays(repaired, code):
    assert repaired(code, "function_as_method", setup=SETUP) == []
