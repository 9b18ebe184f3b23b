"""Accessors of columns, and functions taken for methods."""

import pytest

SETUP = "import pandas as pd, numpy as np\ndf = pd.DataFrame({'price': [1.0], 'zip': [123], 'when': ['2024-01-01']})"


@pytest.mark.parametrize(
    ("code", "fixed"),
    [
        ("df['when'].dt.year", "pd.to_datetime(df['when']).dt.year"),
        ("df.zip.str.zfill(5)", "df.zip.astype(str).str.zfill(5)"),
        ("df['when'].to_datetime()", "pd.to_datetime(df['when'])"),
        ("np.array([1]).append(2)", "np.append(np.array([1]), 2)"),
        ("np.linalg.inverse(np.eye(2))", "np.linalg.inv(np.eye(2))"),
        ("df.groupby('zip').prices.sum()", "df.groupby('zip').price.sum()"),
    ],
)
def test_the_use_that_was_meant_comes_first(repaired, code, fixed):
    assert repaired(code, "accessors", "attributes", setup=SETUP)[0] == fixed


def test_pandas_is_imported_where_it_is_not():
    from bestfix import fix

    space = {}
    exec("import pandas\nframe = pandas.DataFrame({'when': ['2024-01-01']})\ndel pandas", space)
    code = "frame['when'].dt.year"
    with pytest.raises(AttributeError) as failed:
        exec(compile(code, "<cell>", "exec"), space)
    texts = [s.text for s in fix(code, error=failed.value, namespace=space).ranked]
    assert "import pandas as pd\npd.to_datetime(frame['when']).dt.year" in texts
