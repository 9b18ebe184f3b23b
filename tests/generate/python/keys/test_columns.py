"""Columns and rows of tables that are not there under that name."""

import pytest

DF = "import pandas as pd\ndf = pd.DataFrame({'Price': [1.0, 2.0], 'Quantity ': [2, 3]}, index=['a', 'b'])"
CASES = [
    ('df["Prise"]', 'df["Price"]', DF),
    ("df['price'] * df['quantity']", "df['Price'] * df['Quantity ']", DF),
    ("df[['Price', 'Quantty']]", "df[['Price', 'Quantity ']]", DF),
    ("df.groupby('price').sum()", "df.groupby('Price').sum()", DF),
    ("df.drop('Price')", "df.drop(columns='Price')", DF),
    ("df.apply(lambda row: row['Price'])", "df.apply(lambda row: row['Price'], axis=1)", DF),
    ("df['Price', 'Quantity ']", "df[['Price', 'Quantity ']]", DF),
    ("df.query('price > 1')", "df.query('Price > 1')", DF),
    ("least = 1\ndf.query('Price > least')", "least = 1\ndf.query('Price > @least')", DF),
    ("df['qty'].sum()", "df['quantity'].sum()", "import pandas as pd\ndf = pd.DataFrame({'quantity': [1]})"),
    ("df.groupby('Price')[['prise']].sum()", "df.groupby('Price')[['Price']].sum()", DF),
    ("df.set_index('price')", "df.set_index('Price')", DF),
    ("df.melt(id_vars='Prise')", "df.melt(id_vars='Price')", DF),
    ("df.drop_duplicates('price')", "df.drop_duplicates('Price')", DF),
    ("df.astype({'price': int})", "df.astype({'Price': int})", DF),
    ("df[:, 0]", "df.iloc[:, 0]", DF),
    ("df['a']", "df.loc['a']", DF),
    ("df.loc[0]", "df.iloc[0]", DF),
    ("df.iloc[:, 'Price']", "df.loc[:, 'Price']", DF),
    ("df.loc['Price']", "df.loc[:, 'Price']", DF),
    ("sums['Price']", "sums.reset_index()['Price']", DF + "\nsums = df.groupby('Price').sum()"),
    ("table['citty']", "table['city']", "import polars\ntable = polars.DataFrame({'city': ['x']})"),
]


@pytest.mark.parametrize(("broken", "fixed", "setup"), CASES, ids=[broken for broken, *_ in CASES])
def test_the_likeliest_fix_is_the_one_that_was_meant(broken, fixed, setup, repaired):
    assert repaired(broken, "columns", setup=setup)[0] == fixed
