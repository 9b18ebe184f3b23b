"""Attributes that an object does not have."""

import pytest

MODULES = ("attributes", "synonyms", "removed_api")


@pytest.mark.parametrize(
    ("code", "fixed", "setup"),
    [
        ("xs.appendd(1)", "xs.append(1)", "xs = []"),
        ("m.pie", "m.pi", "import math as m"),
        ("string.ascii_lowecase", "string.ascii_lowercase", "import string"),
        ("a.__secret", "a._A__secret", "class A:\n    def __init__(self):\n        self.__secret = 1\na = A()"),
        ("xs.push(1)", "xs.append(1)", "xs = []"),
        ("n = xs.length()", "n = len(xs)", "xs = [1]"),
        ("n = xs.length", "n = len(xs)", "xs = [1]"),
        ("['a', 'b'].join('-')", "'-'.join(['a', 'b'])", ""),
        ("name.toUpperCase()", "name.upper()", "name = 'a'"),
        ("name.substring(1, 2)", "name[1:2]", "name = 'abc'"),
        ("seen.append(1)", "seen.add(1)", "seen = set()"),
        ("datetime.now()", "datetime.datetime.now()", "import datetime"),
        ("datetime.datetime.now()", "datetime.now()", "from datetime import datetime"),
        ("import xml\nxml.dom", "import xml\nimport xml.dom\nxml.dom", ""),
        ("x = math.max(1, 2)", "x = max(1, 2)", "import math"),
        ("x = time.choice([1])", "x = random.choice([1])", "import random, time"),
        ("len.text", "len(text)", "text = 'a'"),
        ("node.getNext()", "node.next", "class Node:\n    next = 3\nnode = Node()"),
        ("d.has_key(1)", "(1 in d)", "d = {}"),
        ("for k, v in d.iteritems(): pass", "for k, v in d.items(): pass", "d = {}"),
        ("f.func_name", "f.__name__", "def f(): pass"),
        ("A().f.im_func", "A().f.__func__", "class A:\n    def f(self): pass"),
        ("a.f.im_self", "a.f.__self__", "class A:\n    def f(self): pass\na = A()"),
        ("t.pric.sum()", "t.price.sum()", "import pandas as pd\nt = pd.DataFrame({'price': [1]})"),
        ("t.unit_price", "t['unit price']", "import pandas as pd\nt = pd.DataFrame({'unit price': [1]})"),
    ],
)
def test_the_attribute_that_was_meant_comes_first(repaired, code, fixed, setup):
    assert repaired(code, *MODULES, setup=setup)[0] == fixed


def test_a_property_is_not_run_and_getattr_is_not_asked(repaired):
    setup = (
        "ran = []\nclass A:\n    @property\n    def value(self):\n        ran.append(1)\n        return 1\n"
        "    def __getattr__(self, name):\n        raise AttributeError(name, name=name, obj=self)\na = A()"
    )
    assert repaired("a.valeu\nran", *MODULES, setup=setup)[0] == "a.value\nran"


def test_builtins_that_were_taken_for_methods_are_set_free_together(repaired):
    code = "class A:\n    def span(self, xs):\n        return self.max(xs) - self.min(xs)\nA().span([1])"
    assert "return max(xs) - min(xs)" in repaired(code, *MODULES)[0]
