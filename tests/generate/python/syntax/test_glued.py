"""A lost parenthesis between a function and its argument."""

import pytest

from bestfix import Settings, fix

BY_ESTIMATE = Settings(selector="first")


@pytest.mark.parametrize(
    ("code", "fixed"),
    [
        ("xs = [1]\ntotal = sumxs)", "xs = [1]\ntotal = sum(xs)"),
        ("a = arange12).reshape((3, 4))", "a = arange(12).reshape((3, 4))"),
        ("def isevenx):\n    return x % 2 == 0", "def iseven(x):\n    return x % 2 == 0"),
        ("def f(obj):\n    return isinstanceobj, (str, int))", "def f(obj):\n    return isinstance(obj, (str, int))"),
        ("xs = 1\ny = sorted(setxs), key=len))", "xs = 1\ny = sorted(set(xs), key=len)"),
    ],
)
def test_the_parenthesis_is_opened(code, fixed):
    assert fix(code, settings=BY_ESTIMATE).ranked[0].text == fixed


@pytest.mark.parametrize("code", ["x = (1, 2))", "print(lenxs))"])
def test_a_parenthesis_too_many_goes(code):
    assert fix(code, settings=BY_ESTIMATE).ranked[0].text == code[:-1]
