"""What an expression's value is, without running it."""

import ast

import pytest

from bestfix.capture import LiveContext
from bestfix.core import EmptyContext, Kind
from bestfix.generate.python.reading.infer import value_of
from bestfix.lang.python import parsed


def kind_of(code, namespace=None):
    tree = parsed(code)
    last = tree.root.body[-1]
    assert isinstance(last, ast.Expr)
    value = value_of(last.value, tree, LiveContext.of(namespace or {}))
    return None if value is None else value.type_name


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("'a'.upper()", "str"),
        ("'a b'.split()", "list"),
        ("[1].sort()", "NoneType"),
        ("len('a') + 1", "int"),
        ("1 / 2", "float"),
        ("f'{1}' + 'a'", "str"),
        ("x = 'a'\ny = x.strip()\ny", "str"),
        ("import random\nrandom.randint(1, 2)", "int"),
        ("def f(a: str):\n    pass\n{1: 2}", "dict"),
        ("dict()", "dict"),
        ("open('f').read()", "str"),
        ("unknown.thing", None),
        ("unknown()", None),
    ],
)
def test_values_are_inferred(code, kind):
    assert kind_of(code) == kind


def test_frames_and_arrays_keep_their_class():
    import numpy as np
    import pandas as pd

    namespace = {"np": np, "pd": pd, "df": pd.DataFrame({"a": [1]})}
    assert kind_of("df['a']", namespace) == "pandas.Series"
    assert kind_of("df[['a']]", namespace) == "pandas.DataFrame"
    assert kind_of("df.describe()", namespace) == "pandas.DataFrame"
    assert kind_of("np.array([1]) + 1", namespace) == "numpy.ndarray"


def test_a_method_of_an_unseen_instance_has_no_self():
    tree = parsed("''.join")
    method = value_of(ast.parse("dict().update", mode="eval").body, tree, EmptyContext())
    assert method is not None
    assert method.kind is Kind.METHOD


def test_an_endless_chain_ends():
    assert kind_of("x = x.a\nx = x.b\nx") is None
