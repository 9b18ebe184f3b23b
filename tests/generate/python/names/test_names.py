"""Names that nothing defines."""

import time

import pytest

from bestfix.capture import LiveContext
from bestfix.core import Cell, EmptyContext, Source
from bestfix.generate.python.names.execution_order import run_cell_first
from bestfix.generate.python.names.names import renames
from bestfix.generate.python.reading import usage
from bestfix.lang.python import parsed

MODULES = (
    "names", "missing_import", "bare_words", "definition_order", "several_names", "unknown_calls", "scoping",
)  # fmt: skip


@pytest.mark.parametrize(
    ("code", "fixed", "setup"),
    [
        ("pritn(1)", "print(1)", ""),
        ("passs", "pass", ""),
        ("done = true", "done = True", ""),
        ("x = null", "x = None", ""),
        ("n = len(vlaues)\nm = vlaues[0]", "n = len(values)\nm = values[0]", "values = [1]"),
        ("x = sqrt(2)", "x = math.sqrt(2)", "import math"),
        ("c = Counter('aab')", "from collections import Counter\nc = Counter('aab')", ""),
        ("import os\nx = np.zeros(3)", "import os\nimport numpy as np\nx = np.zeros(3)", ""),
        ("x = prices[apple]", 'x = prices["apple"]', "prices = {'apple': 1}"),
        ("run_all()\ndef run_all(): pass", "def run_all(): pass\nrun_all()\n", ""),
        ("count: 3\nprint(count)", "count = 3\nprint(count)", ""),
        ("x = Math.max(1, 2)", "x = max(1, 2)", ""),
        ("a = np.ones(2)\npd.Series(a)", "import numpy as np\nimport pandas as pd\na = np.ones(2)\npd.Series(a)", ""),
    ],
)  # fmt: skip
def test_the_name_that_was_meant_comes_first(repaired, code, fixed, setup):
    assert repaired(code, *MODULES, setup=setup)[0] == fixed


@pytest.mark.parametrize(
    ("code", "fixed"),
    [
        ("class A:\n    def __init__(self):\n        self.n = 1\n    def two(self):\n        return n * 2\nA().two()",
         "self.n * 2"),
        ("class A:\n    def one(self):\n        return 1\n    def two(self):\n        return one(self) + 1\nA().two()",
         "self.one() + 1"),
        ("def first(rows):\n    for row in rows:\n        return roww[0]\nfirst(['a'])", "row[0]"),
        ("def total(prices):\n    return sum(x for x in undefined_things)\ntotal([1])", "for x in prices"),
        ("def keep(rows):\n    kept = []\n    for row in rows:\n        result.append(row)\n    return kept\nkeep([1])",
         "kept.append(row)"),
    ],
)  # fmt: skip
def test_names_in_functions_are_told_by_their_use(repaired, code, fixed):
    assert fixed in repaired(code, *MODULES)[0]


def test_all_places_that_read_the_name_change_together(repaired):
    code = "def f(values):\n    a = valus[0]\n    return a + valus[1]\nf([1, 2])"
    assert repaired(code, "names")[0].count("values[") == 2


def test_an_empty_list_is_not_what_is_taken_from(repaired):
    code = "def f(rows):\n    out = []\n    x.remove(1)\n    out.append(2)\n    return out\nf([1])"
    assert "rows.remove(1)" in repaired(code, "names")[0]


def test_a_cell_that_has_not_run_is_named():
    from bestfix.capture import report_exception

    source = Source("<cell>", "frame.head()")
    try:
        exec(compile(source.text, "<cell>", "exec"), {})
    except NameError as error:
        cells = [Cell("cell 2", "frame = 1", ran=True), Cell("cell 3", "frame = load()", ran=False)]
        context = LiveContext.of({}, error, notebook=cells)
        first, second = run_cell_first.function(report_exception(error, source), context)
    assert first.patch.display_only
    assert "cell 3" in first.reason
    assert "run it first" in first.reason
    assert "cell 2" in second.reason


def test_a_large_namespace_takes_no_longer_than_a_blink():
    namespace = {f"variable_{number}": number for number in range(100_000)}
    tree = parsed("x = variabel_77")
    node = usage.name_at(tree, None, "variabel_77")
    context = LiveContext.of(namespace)
    renames([node], tree, context)
    started = time.perf_counter()
    found = renames([node], tree, context)
    assert found[0].name == "variable_77"
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(("written", "sure"), [("pirces", True), ("pricess", False), ("prizes", False)])
def test_swapped_letters_are_a_slip_even_where_no_value_is_known(written, sure):
    tree = parsed(f"total = sum({written})")
    context = EmptyContext(known={"prices": None})
    (found,) = renames([usage.name_at(tree, None, written)], tree, context)
    assert found.name == "prices"
    assert (found.prior > 0.9) is sure


def test_a_name_that_is_a_module_and_used_as_a_variable_is_not_imported_first(repaired):
    found = repaired("def f(token_list):\n    for t in token:\n        pass\nf([1])", "missing_import", "names")
    assert not found or not found[0].startswith("import token")
