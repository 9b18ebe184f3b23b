import ast
import json
import random
from collections import Counter
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bestfix.lang.python import compiles
from bestfix.train.mutate import MUTATORS, SQL_MUTATORS, Program, Statement, broken, broken_query, mix
from bestfix.train.mutate.base import slip

CELL = """\
import math
import os.path
import numpy as np
from collections import Counter, defaultdict
from textwrap import dedent

def shares(words, least=0):
    counts = Counter()
    found = []
    for word in words:
        counts[word] = counts.get(word, 0) + 1
        found.append(word.lower())
    total = 0
    for word in words:
        total += counts[word]
    return [(word, counts[word] / total) for word in sorted(counts) if counts[word] > least]

class Box:
    def __init__(self, size):
        self.size = size

data = {"one": [1, 2, 3], "two": [4, 5, 6]}
first, second = data["one"][0], data["one"][len(data) - 1]
print(shares(["a", "b", "a"], least=0))
for i in range(len(data["one"])):
    print(str(i) + "!", data["two"][i] // 2)
names = ["x", "y"]
names.append("z")
pairs = list(zip(names, (1, 2, 3)))
text = ", ".join(names).strip().upper()
math.sqrt(max(data["one"]) * np.prod(second))
for key, value in data.items():
    print(dedent(key), frame[["one", "two"]])
"""
QUERY = (
    "SELECT t1.name, COUNT(*) AS n FROM person AS t1 JOIN city AS t2 ON t1.city_id = t2.id "
    "WHERE t2.name = 'Rome' AND t1.age >= 3 AND t1.id IN (SELECT id FROM person) GROUP BY t1.name "
    "HAVING COUNT(*) > 1 ORDER BY n LIMIT 3"
)


@pytest.mark.parametrize("name", sorted(MUTATORS))
def test_every_mutator_breaks_something_and_leaves_what_was_meant_in_order(name):
    versions = [MUTATORS[name](Program(CELL), random.Random(seed)) for seed in range(40)]
    assert any(v is not None and v.code != CELL for v in versions)
    assert all(compiles(v.intended) is None for v in versions if v is not None)


@pytest.mark.parametrize("name", sorted(SQL_MUTATORS.keys()))
def test_every_mutator_of_queries_breaks_something(name):
    versions = [SQL_MUTATORS[name](Statement(QUERY, ("person", "age")), random.Random(seed)) for seed in range(20)]
    assert any(v is not None and v.code != QUERY for v in versions)


def test_the_mix_names_all_mutators():
    assert mix("python").keys() == MUTATORS.keys()
    assert mix("sql").keys() == SQL_MUTATORS.keys()


def test_the_same_seed_gives_the_same_mistakes():
    first, second = ([v.code for v, _ in broken(Program(CELL), random.Random(3), 20)] for _ in range(2))
    assert first == second
    assert len(set(first)) == len(first) == 20


def test_queries_are_broken_in_different_ways():
    found = list(broken_query(Statement(QUERY), random.Random(1), 30))
    assert len({v.code for v, _ in found}) == 30
    assert len(Counter(name for _, names in found for name in names)) > 8


@given(st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{1,12}", fullmatch=True), st.integers())
def test_a_slip_is_another_identifier(word, seed):
    wrong = slip(word, random.Random(seed))
    assert wrong != word
    assert wrong.isidentifier()


def test_a_forgotten_import_is_meant_to_be_there():
    version = MUTATORS["forgotten_import"](Program("math.sqrt(2)", "import math\n"), random.Random(0))
    assert version == Program("math.sqrt(2)", "", "import math\nmath.sqrt(2)")


def test_a_counted_loop_is_meant_to_count():
    version = MUTATORS["counted_loop"](Program("xs = [1]\nfor x in xs:\n    print(x)"), random.Random(0))
    assert "for i in range(len(xs)):\n    x = xs[i]\n" in version.intended
    assert version.code != version.intended


def test_tables_hold_classes_of_tokens_only():
    text = resources.files("bestfix.train.mutate").joinpath("token_slips.json").read_text(encoding="utf-8")
    words = {word for right, wrong, _ in json.loads(text)["slips"] for word in f"{right} {wrong}".split()}
    kinds = {"name", "number", "string", "newline", "error"}
    for word in words - kinds:
        assert not word.isidentifier() or not _is_name(word), word


def _is_name(word):
    try:
        return isinstance(ast.parse(word, mode="eval").body, ast.Name)
    except SyntaxError:
        return False
