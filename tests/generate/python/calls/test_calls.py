"""Arguments that a function does not take, or does not get."""

import pytest

CASES = [
    ("sorted([2, 1], reversed=True)", "sorted([2, 1], reverse=True)", ""),
    ("print(1, seperator='')", "print(1, sep='')", ""),
    ("take(2, 10, 20, 30)", "take(2, [10, 20, 30])", "def take(n, xs): return xs[:n]"),
    ("f(abcdf=1)", "f(abcdef=1)", "def f(abcdef): pass"),
    ("f(x=1)", "f(value=1)", "def f(value): pass"),
    ("float(x='1')", "float('1')", ""),
    ("area(width)", "area(width, height)", "def area(width, height): pass\nwidth = height = 2"),
    ("Dog.bark()", "rex.bark()", "class Dog:\n    def bark(self): pass\nrex = Dog()"),
    (
        "class Dog:\n    def bark():\n        pass\nDog().bark()",
        "class Dog:\n    def bark(self):\n        pass\nDog().bark()",
        "",
    ),
    (
        "class Dog:\n    def __int__(self, name):\n        pass\nDog('Rex')",
        "class Dog:\n    def __init__(self, name):\n        pass\nDog('Rex')",
        "",
    ),
    ("words.sort(len)", "words.sort(key=len)", "words = ['ab', 'c']"),
    ("points.append(1, 2)", "points.append((1, 2))", "points = []"),
    (
        "dog.bark(3)",
        "dog.bark_at(3)",
        "class Dog:\n    def bark(self): pass\n    def bark_at(self, x): pass\ndog = Dog()",
    ),
    ("f([1, 2])", "f(*[1, 2])", "def f(a, b): pass"),
    ("f(1, 2, 3)", "f(1, 2)", "def f(a, b): pass"),
    ("f(0, a=1)", "f(0, b=1)", "def f(a, b): pass"),
]


@pytest.mark.parametrize(("broken", "fixed", "setup"), CASES, ids=[broken for broken, *_ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, setup, repaired):
    assert repaired(broken, "calls", setup=setup)[0] == fixed
