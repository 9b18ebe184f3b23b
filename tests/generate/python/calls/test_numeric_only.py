"""Aggregations over tables that hold text as well."""

import pytest

SETUP = "import pandas as pd\ndf = pd.DataFrame({'price': [1.0, 2.0], 'city': ['a', 'b']})"


@pytest.mark.parametrize("code", ["df.mean({})", "df.corr({})", "df.groupby('price').mean({})"])
def test_columns_of_text_are_left_out(repaired, code):
    assert repaired(code.format(""), "numeric_only", setup=SETUP) == [code.format("numeric_only=True")]


def test_a_column_of_text_has_no_numbers(repaired):
    assert repaired("df.city.mean()", "numeric_only", setup=SETUP) == []
