"""What IPython accepts compiles when masked; what is plain Python is left as it is."""

import ast
import sys
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from bestfix.lang.python import compiles, is_foreign, masked, parsed, tokenized
from bestfix.lang.python.scope import bound_names, unresolved

PLAIN = [
    "a = 1\nb = 2\na %b", "x = y %z", "x = y \\\n %z", "a != b", "s = 'a ?'", 's = """\n%time x\n!ls\nfoo?\n"""',
    "x = (1\n%b)", "f(\n,b)", "x = f'{a!r}'", "f'{x!r:>{w}}'", "x = {'a': 1\n, 'b': 2}", "x = [1\n/2]", "# what?",
    "x = 1 # a = %b", "x = 'a' ;y = 2", "print('%d' % 3)", "x = a if b else c # ?", "x=(y\n!= z)", "x = '=!ls'",
    "\f\nx = 1", "x = 1\r\nif x:\r\n  y = 2\r\n", "x = a\\\n/b", "x = 1;\n", "x = '''a\n?'''\n", "x %= 3", "y //= 2",
    "x = 1\n% 5", "x = cond\n? a\n: b", "// note", "/* note */", "!= 3", "; x = 1", ", b = 2", "x = y ? 1 : 2", "",
]  # fmt: skip
CELLS = [
    "%matplotlib inline", "!ls", "!!ls", "x = !ls", "x = !ls \\\n -l\ny = 1", "files = !ls *.py # = 3", "%time x = 1",
    "%timeit -n 10 -r3 f(x)", "%%time\nx=1", "\n\n%%time\nx = 1", "%%timeit x = 1\nx+1", "%%timeit -n 3 x = 1\nx+1",
    "%magic?", "foo?", "foo??", "foo.bar?", "?foo", "??foo", "?", "a[0]?", "x = foo?", "if x:\n    !l\n",
    "if x:\n    %time f(x)\n    y = 2", "if 1:\n        %time for i in x: f(i)", ",f a b", ";f a b", "/f a b", "/f",
    "!echo \"it's\"\nx = 1", "!echo '''\nx = 1", "v = %timeit -o f(x)", "x.y[0] = %sql select 1", "a, b = !ls",
    "%%capture out\nx=1", "%%capture\n%%time\nx = 1", "%time\nx=1", "!pip install \\\n  foo \\\n bar\nx = 1\n",
    "  x = 1\n  y = 2", "\n  if x:\n    y = 2\n  # c\n  z = 3", ">>> x = 1\n>>> if x:\n...     y = 1\n... \n",
    "In [1]: x = 1\n   ...: y = 2", "%load_ext foo\r\nx = 1\r\n!ls\r\n", "\tx = 1\n\ty = 2", "  s = '''\n  a\n  '''\n",
    "%cd ..\n%run foo.py\n%env A=1\n", "x = [1,\n2]\n%who\n", "def f():\n    '''doc'''\n    !ls {x}\n    return 1",
    "print?", "*int*?", "%%time\n  x = 1\n  y = 2", "def f(): pass\nf?\n", "%timeit?\n%time??", "%%time?",
    "x = %who_ls\nfor i in x:\n  print(i)", "!cd x && make\n", "%pip install -q foo==1.0 'a>=2'\nimport foo",
    "await x\n%time await y", "%autoreload 2\n\n\n", "x = !echo '\\\n'\ny", "# c\n%time x\n",
]  # fmt: skip


@pytest.mark.parametrize("code", PLAIN)
def test_plain_python_is_left_alone(code):
    assert masked(code) == code


@pytest.mark.parametrize("cell", CELLS)
def test_what_ipython_accepts_compiles(cell):
    compile(TransformerManager().transform_cell(cell), "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    hidden = masked(cell, pasted=True)
    assert compiles(cell, pasted=True) is None
    assert [(i, c) for i, c in enumerate(hidden) if c in "\r\n"] == [(i, c) for i, c in enumerate(cell) if c in "\r\n"]
    assert len(hidden) == len(cell)


@given(st.lists(st.sampled_from(PLAIN + CELLS), max_size=6).map("\n".join) | st.text())
def test_masking_moves_nothing_and_masks_once(code):
    for pasted in (False, True):
        hidden = masked(code, pasted=pasted)
        assert len(hidden) == len(code)
        assert [i for i, c in enumerate(hidden) if c in "\r\n"] == [i for i, c in enumerate(code) if c in "\r\n"]


def test_the_statement_of_a_timed_line_is_seen():
    tree = parsed("if x:\n    %time total = sum(values)\nv = %timeit -o f(x)")
    assert [tree.source(node) for node in tree.nodes(ast.Call)] == ["f(x)", "sum(values)"]


@pytest.mark.parametrize(
    ("code", "foreign"),
    [("%%bash\nls", True), ("\n%%sql\nselect 1", True), ("%%time\nx", False), ("%%bash?", False), ("%%!\nls", True),
     ("x = 1\n%%bash\nls", False), ("", False)],
)  # fmt: skip
def test_cells_of_another_language(code, foreign):
    assert is_foreign(code) is foreign


@pytest.mark.parametrize("code", ["x = 'a\0b'", "\0", "'\ud800'", "(" * 500, "-" * 50_000 + "1", "\ufeffx = ("])
def test_what_the_compiler_refuses_in_other_ways_is_a_syntax_error_too(code):
    assert isinstance(compiles(code), SyntaxError)


def test_a_null_byte_and_a_lone_surrogate_have_a_place():
    for code in ("x = 1\ny = 'é\0'", "x = 1\ny = 'é\ud800'"):
        error = compiles(code)
        assert (error.lineno, error.offset) == (2, 7)


@given(st.text(alphabet=st.sampled_from("ab1.'\"\\\n\r\t ()[]{}#:=!%f\u00e9\u2028\x0c"), max_size=60) | st.text())
def test_tokens_and_gaps_make_up_the_text(text):
    at, parts = 0, []
    for token in tokenized(text, comments=True):
        assert token.text == text[token.start : token.end]
        gap = text[at : token.start]
        assert not gap.strip(" \t\f\\\r\n")
        parts += [gap, token.text]
        at = token.end
    assert "".join(parts) + text[at:] == text


MODULES = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))[::12]


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="from 3.12 on the standard tokenizer takes f-strings apart")
@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_tokens_agree_with_the_standard_library(path):
    import io
    import tokenize

    with tokenize.open(path) as file:
        text = file.read()
    skipped = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER, tokenize.COMMENT}
    theirs = [t.string for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.type not in skipped]
    assert [t.text for t in tokenized(text) if t.kind != "newline"] == theirs


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("x + 1", {"x"}),
        ("x += 1", {"x"}),
        ("x = 1\nx += 1", set()),
        ("import q.r\nq += 1", set()),
        ("from a import *\nfoo", set()),
        ("[y := f(x) for x in r]\ny", {"f", "r"}),
        ("class A:\n    z = 1\n    def f(self):\n        return z", {"z"}),
        ("def f():\n    global g\n    g = 1\ng", set()),
        ("try:\n    pass\nexcept OSError as e:\n    e", set()),
        ("match a:\n    case {'k': v, **rest} | [v, *rest]:\n        v, rest", {"a"}),
        ("from __future__ import annotations\ndef f(x: Foo): pass", set()),
        ("del q", set()),
        ("  a = b\n  c", {"b", "c"}),
        ("lambda v: v + w", {"w"}),
        ("def f():\n    n = 1\n    def g():\n        nonlocal n\n        return n", set()),
        ("x = (", set()),
    ],
)
def test_unresolved_names(code, names):
    assert unresolved(code) == names


def test_names_that_are_bound():
    assert bound_names("import a.b as c, d.e\nfor i in x: pass\nwith f() as g: h: int = 1") == {"c", "d", "i", "g", "h"}
