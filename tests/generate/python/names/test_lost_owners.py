"""Functions written without their owner, or with it in the wrong place; short names one letter away."""

import pytest

SETUP = "import numpy as np, pandas as pd, math\nitems = [1]\ndf = pd.DataFrame({'a': [1]})"


@pytest.mark.parametrize(
    ("code", "fixed"),
    [
        ("npones(3)", "np.ones(3)"),
        ("x = mathsqrt(2)", "x = math.sqrt(2)"),
        ("append(items, 3)", "items.append(3)"),
        ("Series(pd, [1])", "pd.Series([1])"),
        ("groupby(df, by='a')", "df.groupby(by='a')"),
        ("reset_index(df)", "df.reset_index()"),
        ("n.ones(3)", "np.ones(3)"),
        ("ds.head()", "df.head()"),
    ],
)
def test_the_owner_that_was_meant_is_found(repaired, code, fixed):
    assert repaired(code, "lost_owners", "names", setup=SETUP)[0] == fixed


def test_a_comparison_that_was_meant_to_assign(repaired):
    assert repaired("total == 3\nprint(total)", "meant_assignment")[0] == "total = 3\nprint(total)"
    assert repaired("if total == 3: pass", "meant_assignment") == []


def test_what_the_notebook_imports_from_is_looked_at_first():
    from bestfix import fix
    from bestfix.core import Cell

    code = "Counter([1])\nOrderedDict()"
    with pytest.raises(NameError) as failed:
        exec(compile(code, "<cell>", "exec"), space := {"Counter": list})
    cells = [Cell("cell 1", "from collections import Counter", ran=True)]
    decision = fix(code, error=failed.value, namespace=space, cells=cells)
    assert decision.ranked[0].text == f"from collections import OrderedDict\n{code}"
