"""Operators between values of classes that do not go together."""

import pytest

CASES = [
    ("print('value: ' + x)", "print('value: ' + str(x))", "x = 5"),
    ("12 + ' things'", "str(12) + ' things'", ""),
    ("total = 0\nfor n in ['1', '2']:\n    total += n", "total = 0\nfor n in ['1', '2']:\n    total += int(n)", ""),
    ("age >= 18", "int(age) >= 18", "age = '20'"),
    ("'10' < 2", "int('10') < 2", ""),
    ("'a' + x", "'a' + x.decode()", "x = b'abc'"),
    ("bits = ''\nbits += 0\nbits += 1", "bits = ''\nbits += '0'\nbits += '1'", ""),
    ("x + ' EUR'", "x.astype(str) + ' EUR'", "import pandas as pd\nx = pd.Series([1, 2])"),
    ("print('x = ' + x)", "print('x = ' + str(x))", "import numpy as np\nx = np.array([1, 2])"),
    ("3.5 ^ 2", "3.5 ** 2", ""),
    ("{1: 2} + {3: 4}", "{1: 2} | {3: 4}", ""),
    ("a = 'x'\na =+ 'y'", "a = 'x'\na += 'y'", ""),
    ("xs += max(xs)", "xs.append(max(xs))", "xs = [1]"),
    ("[1] + 2", "[1] + [2]", ""),
    ("(1, 2) - [2]", "[x for x in (1, 2) if x not in [2]]", ""),
    ("best - (2, 3)", "best = (2, 3)", "best = (1, 2)"),
]


@pytest.mark.parametrize(("broken", "fixed", "setup"), CASES, ids=[broken for broken, *_ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, setup, repaired):
    assert repaired(broken, "operand_types", setup=setup)[0] == fixed
