"""Arrays and columns: truth values, shapes, and functions for single numbers."""

import pytest

AB = "import pandas as pd\ndf = pd.DataFrame({'a': [1, 2], 'b': [2, 3]})"
NP = "import math\nimport numpy as np\na = np.array([1.0, 2.0, 3.0])\nb, c = np.ones((3, 2)), np.ones((3, 4))"
CASES = [
    ("df[(df.a > 1) and (df.b < 4)]", "df[(df.a > 1) & (df.b < 4)]", AB),
    ("df[df.a > 1 and not df.b < 4]", "df[(df.a > 1) & ~(df.b < 4)]", AB),
    ("df[df.a > 1 & df.b < 4]", "df[(df.a > 1) & (df.b < 4)]", AB),
    ("df[0 < df.a < 2]", "df[(0 < df.a) & (df.a < 2)]", AB),
    ("if df:\n    pass", "if not df.empty:\n    pass", AB),
    ("if df.a == 1:\n    pass", "if (df.a == 1).any():\n    pass", AB),
    ("math.sqrt(a)", "np.sqrt(a)", NP),
    ("int(a)", "a.astype(int)", NP),
    ("b @ c", "b.T @ c", NP),
    ("b * a", "b * a[:, None]", NP),
    ("a.reshape(2, 5)", "a.reshape(-1, 5)", "import numpy as np\na = np.arange(10)\na = a[:5]"),
]


@pytest.mark.parametrize(("broken", "fixed", "setup"), CASES, ids=[broken for broken, *_ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, setup, repaired):
    assert repaired(broken, "arrays", setup=setup)[0] == fixed
