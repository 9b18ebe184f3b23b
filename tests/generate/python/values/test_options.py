"""Options written as words."""

import pytest

SETUP = "import pandas as pd, numpy as np\ndf = pd.DataFrame({'price': [1.0, 2.0], 'city': ['a', 'b']})"
MODULE = ("options",)


@pytest.mark.parametrize(
    ("code", "fixed"),
    [
        ("df.merge(df, on='city', how='lft')", "df.merge(df, on='city', how='left')"),
        ('df.rename({}, axis="column")', 'df.rename({}, axis="columns")'),
        ("df.price.rank(method='averge')", "df.price.rank(method='average')"),
        ("df.price.astype('flot')", "df.price.astype('float')"),
        ("df.drop_duplicates(keep='frist')", "df.drop_duplicates(keep='first')"),
        ("np.pad([1], 1, mode='constnt')", "np.pad([1], 1, mode='constant')"),
        ("df.groupby('city').agg('avg')", "df.groupby('city').agg('mean')"),
        ("df.groupby('city').agg(p=('price', 'avg'))", "df.groupby('city').agg(p=('price', 'mean'))"),
        ("how = 'lft'\ndf.merge(df, on='city', how=how)", "how = 'left'\ndf.merge(df, on='city', how=how)"),
    ],
)
def test_the_option_that_was_meant_comes_first(repaired, code, fixed):
    assert repaired(code, *MODULE, setup=SETUP)[0] == fixed


@pytest.mark.parametrize("code", ["float('a')", "{'apple': 1}['aple']", "df.merge(df, on='city', how='zzz')"])
def test_words_without_a_near_option_stay(repaired, code):
    assert repaired(code, *MODULE, setup=SETUP) == []
