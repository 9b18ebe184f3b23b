"""Whatever the user's session holds, the answer is a fix or silence, in time, and nothing of the user's is run."""

import keyword
import time
import types

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bestfix import Decision, Settings, fix
from bestfix.lang.python import compiles

SETTINGS = Settings(deadline=1.0, threshold=0.05)
SLACK = 8.0
"""Seconds beyond the deadline that a shared and slow machine may take; a run without end takes far longer."""


def failure(code, namespace=None):
    """Run code; return what it raised, or `None`."""
    try:
        exec(compile(code, "<cell>", "exec"), {} if namespace is None else namespace)
    except Exception as error:  # noqa: BLE001 - any error is a case
        return error
    return None


def answer(code, namespace=None, error=None):
    """Return the decision about a failing cell; it must come in time."""
    started = time.monotonic()
    decision = fix(code, error=error, namespace=namespace, settings=SETTINGS)
    assert time.monotonic() - started < SETTINGS.deadline + SLACK
    assert isinstance(decision, Decision)
    assert decision.reason
    assert not [f for f in decision.failures if "TimeoutError" not in f.error], decision.failures
    return decision


def live(code, namespace):
    error = failure(code, namespace)
    assert error is not None
    return answer(code, namespace, error)


class Ran(BaseException):
    """Code of the user's was run; no `except Exception` hides it."""


def refuse(*_, **__):
    raise Ran


def hostile(**hooks):
    """Return an instance of a class whose named hooks must not be run."""
    return type("Hostile", (), hooks)()


class Slots:
    __slots__ = ("near",)
    __getattr__ = refuse


class Meta(type):
    __getattribute__ = __getattr__ = __call__ = __instancecheck__ = __subclasscheck__ = __dir__ = __hash__ = refuse


HOOKS = {
    "getattr": lambda: hostile(__getattr__=refuse),
    "getattribute": lambda: hostile(__getattribute__=refuse),
    "dir": lambda: hostile(__dir__=refuse),
    "repr": lambda: hostile(__repr__=refuse, __str__=refuse, __format__=refuse),
    "len and bool": lambda: hostile(__len__=refuse, __bool__=refuse, __iter__=refuse, __contains__=refuse),
    "hash and eq": lambda: hostile(__hash__=refuse, __eq__=refuse),
    "property": lambda: hostile(near=property(refuse), data=property(lambda _: time.sleep(60))),
    "class": lambda: hostile(__class__=property(refuse), __dict__=property(refuse)),
    "slots": lambda: Slots(),  # noqa: PLW0108 - made when the test runs, as the others
    "call": lambda: hostile(__call__=refuse, __signature__=property(refuse), __wrapped__=property(refuse)),
    "descriptor": lambda: hostile(near=hostile(__get__=refuse, __set__=refuse)),
}


@pytest.mark.parametrize("make", HOOKS.values(), ids=HOOKS)
@pytest.mark.parametrize(
    "code", ["thinf", "thing + 1", "thing.missing_attr", "thing['key']", "thing(1, wrong=2)", "len(thing)", "{}[thing]"]
)
def test_hooks_of_the_users_objects_are_not_run(make, code):
    namespace = {"thing": make()}
    try:
        error = failure(code, namespace)
    except Ran:
        return
    if error is not None:
        answer(code, namespace, error)


def test_a_hostile_metaclass_is_not_asked():
    cls = type.__new__(Meta, "Cls", (), {"near": 1})
    decision = live("Clss.near", {"Cls": cls})
    assert decision.code == "Cls.near"


def test_a_module_that_loads_lazily_stays_unloaded():
    module = types.ModuleType("lazy")
    module.__getattr__ = refuse
    module.value = 1
    error = failure("lazy.valeu", {"lazy": types.ModuleType("lazy")})
    assert answer("lazy.valeu", {"lazy": module}, error).code is None


def test_a_namespace_of_100_000_names():
    namespace = {f"name_{n}": n for n in range(100_000)} | {"total": 1}
    assert live("print(totl)", namespace).code == "print(total)"


def test_a_frame_of_5_000_columns():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([range(5_001)], columns=[f"col_{n}" for n in range(5_000)] + ["price"])
    assert live("df['prise']", {"df": frame}).code == "df['price']"


def test_a_dictionary_of_a_million_keys():
    mapping = {"wanted": 1} | {f"key_{n}": n for n in range(1_000_000)}
    assert live("d['wantde']", {"d": mapping}).code == "d['wanted']"


def test_a_subclass_of_a_frame_with_hooks_is_not_a_librarys():
    pandas = pytest.importorskip("pandas")

    class Frame(pandas.DataFrame):
        columns = property(refuse)
        __getitem__ = __len__ = refuse

    frame = Frame.__new__(Frame)
    answer("df['a'].foo", {"df": frame}, failure("{}['a']"))


def test_a_message_of_megabytes():
    live("raise ValueError('x' * 5_000_000)", {})
    live("{}['y' * 5_000_000]", {})
    live("int('9' * 3_000_000 + 'a')", {})


BROKEN = {
    "empty": "",
    "spaces": "   ",
    "one newline": "\n",
    "null byte": "x = 'a\0b'\n",
    "null byte alone": "\0",
    "surrogate": "x = '\ud800'\n",
    "surrogate in a name": "x\udc00 = 1\n",
    "carriage returns": "if x\r    y = 1\r",
    "windows": "if x\r\n    y = 1\r\n",
    "mixed tabs": "if x:\n\ty = 1\n        z = 2\n",
    "form feed": "\f\nif x\n    1\n",
    "deep brackets": "(" * 5_000,
    "deep and closed": "(" * 3_000 + ")" * 3_000 + "]",
    "deep lists": "[" * 150 + "1" + "]" * 149,
    "deep blocks": "".join(" " * n + "if 1:\n" for n in range(120)),
    "long operators": "x = " + "-" * 20_000,
    "long sum": "x = " + "+".join(["1"] * 5_000) + " 2",
    "one long line": "x = [" + "1, " * 50_000 + "\n",
    "long string": "x = '" + "a" * 500_000 + "\n",
    "many errors": "if x\n    y = (1\n" * 300,
    "a thousand lines": "value = compute(1, 2)\n" * 1_000 + "if value\n    print(value)\n",
    "quotes": "'\"'''\"\"\"'" * 200,
    "backslashes": "\\\n" * 2_000,
    "line separators": "x = 1\u2028y = (2\n",
    "no text at all": "\u200b\ufeff",
    "binary": bytes(range(256)).decode("latin-1"),
    "magics": "%%time\n%foo\n!ls\nx = (\n",
    "decorators": "@a\n" * 3_000,
    "f-string": "f'{" * 400,
}


@pytest.mark.parametrize("code", BROKEN.values(), ids=BROKEN)
def test_broken_code_is_answered_in_time(code):
    if compiles(code) is None:
        pytest.skip("Python takes it")
    decision = answer(code)
    assert decision.code is None or compiles(decision.code) is None


@pytest.mark.parametrize("tail", ["if x\n    1\n", "print(undefined_name)\n"])
def test_a_cell_of_ten_megabytes(tail):
    code = "value = compute(1, 2)\n" * 480_000 + tail
    error = None if tail.startswith("if") else NameError("name 'undefined_name' is not defined", name="undefined_name")
    answer(code, {"undefined_nam": 1}, error)


def test_ten_megabytes_of_one_literal():
    answer("data = [" + "1.5, " * 2_000_000 + "]]\n")


SOURCES = [
    """\
import math

def area(r):
    '''Area.'''
    return math.pi * r ** 2

print(f'{area(2):.2f}')
""",
    """\
data = {'a': [1, 2, 3], 'b': (4, 5)}
for key, values in data.items():
    if len(values) > 2 and key != 'b':
        total = sum(v for v in values)
    else:
        total = None
""",
    """\
class Point:
    def __init__(self, x, y=0):
        self.x, self.y = x, y

    @property
    def norm(self):
        return (self.x ** 2 + self.y ** 2) ** 0.5

p = Point(3, y=4)
""",
    """\
try:
    with open('a.txt') as f:
        lines = [line.strip() for line in f if line]
except (OSError, ValueError) as error:
    print('no', error)
finally:
    pass
""",
    """\
%matplotlib inline
import pandas as pd
df = pd.DataFrame({'x': [1]})
files = !ls
df[df['x'] > 0].head()
""",
]
PIECES = ["(", ")", "[", "]", "{", "}", "'", '"', '"""', ":", ",", "=", "==", "\n", "    ", "\t", "\\", "#", "%", "!",
          "?", "\0", "\r", "\u201c", "é", "\ud800", "def ", "else", "->", ";", *keyword.kwlist[:12]]  # fmt: skip


@st.composite
def mutilated(draw):
    text = draw(st.sampled_from(SOURCES))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        match draw(st.sampled_from(["delete", "insert", "repeat", "swap"])):
            case "delete":
                text = text[:start] + text[end:]
            case "insert":
                text = text[:start] + draw(st.sampled_from(PIECES)) + text[start:]
            case "repeat":
                text = text[:end] + text[start:end] + text[end:]
            case "swap":
                text = text[:start] + text[end:] + text[start:end]
    return text


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutilated())
def test_mutilated_code_gets_a_fix_that_parses_or_silence(code):
    if compiles(code) is None:
        return
    decision = answer(code)
    assert decision.code is None or (compiles(decision.code) is None and decision.code != code)
