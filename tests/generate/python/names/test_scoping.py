"""Variables of a function that have no value yet."""

import pytest

MODULES = ("scoping", "definition_order")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("n = 0\ndef add():\n    n += 1\nadd()", "    global n\n    n += 1"),
        (
            "def outer():\n    n = 0\n    def add():\n        n += 1\n    add()\nouter()",
            "        nonlocal n\n        n += 1",
        ),
        ('n = 0\ndef add():\n    """Count."""\n    n += 1\nadd()', '"""Count."""\n    global n'),
        ("def f(xs):\n    max = max(xs)\n    min = min(xs)\n    return max - min\nf([1, 2])", "return max_ - min_"),
        (
            "def f(xs):\n    for x in xs:\n        total += x\n    return total\nf([1])",
            "    total = 0\n    for x in xs:",
        ),
        (
            "def f(xs):\n    for x in xs:\n        text += 'a'\n    return text\nf([1])",
            "    text = ''\n    for x in xs:",
        ),
        ("def f(xs):\n    for x in xs:\n        best = max(best, x)\n    return best\nf([1])", "    best = 0\n"),
        ("def f():\n    def g():\n        return free\n    g()\n    free = 0\nf()", "    free = 0\n    g()"),
    ],
)
def test_the_variable_gets_its_value(repaired, code, expected):
    assert expected in repaired(code, *MODULES)[0]


def test_several_first_values_are_given_at_once(repaired):
    found = repaired("def f(xs):\n    for x in xs:\n        a += x\n        b += 1\n    return a / b\nf([1])", *MODULES)
    assert "    a = 0\n    b = 0\n" in found[0]


def test_a_builtin_is_not_declared_global(repaired):
    found = repaired("def f(xs):\n    sum = sum(xs)\n    return sum\nf([1])", *MODULES)
    assert not any("global" in text for text in found)
