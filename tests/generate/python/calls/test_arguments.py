"""Arguments in the wrong order, or one by one where a sequence is wanted."""

import pytest

CASES = [
    ("isinstance(int, 3)", "isinstance(3, int)", ""),
    ("list(map([1, 2], str))", "list(map(str, [1, 2]))", ""),
    ("list(enumerate(0, 'ab'))", "list(enumerate('ab', 0))", ""),
    ("datetime.strptime('%Y', '2020')", "datetime.strptime('2020', '%Y')", "from datetime import datetime"),
    ("np.zeros(2, 3)", "np.zeros((2, 3))", "import numpy as np"),
    ("pd.concat(a, a)", "pd.concat([a, a])", "import pandas as pd\na = pd.DataFrame()"),
    ("'a.csv'.endswith(['.csv', '.txt'])", "'a.csv'.endswith(('.csv', '.txt'))", ""),
]


@pytest.mark.parametrize(("broken", "fixed", "setup"), CASES, ids=[broken for broken, *_ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, setup, repaired):
    assert repaired(broken, "arguments", setup=setup)[0] == fixed
