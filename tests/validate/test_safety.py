import pytest

from bestfix.core import Language
from bestfix.validate.safety import Effect, added_effects


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        ("read(path)", "open(path, 'w')", Effect.WRITES),
        ("p.opne('r')", "p.open('w')", Effect.WRITES),
        ("df.to_cvs('x')", "df.to_csv('x')", Effect.WRITES),
        ("from os import remove as rm\nrmm(p)", "from os import remove as rm\nrm(p)", Effect.DELETES),
        ("import os as o\no.remvoe(p)", "import os as o\no.remove(p)", Effect.DELETES),
        ("shutil.copi(a, b)", "shutil.copy(a, b)", Effect.DELETES),
        ("x = calc", "import subprocess\nx = subprocess.run(['calc'])", Effect.PROCESS),
        ("os.systm('ls')", "os.system('ls')", Effect.PROCESS),
        ("get(url)", "import requests\nrequests.get(url)", Effect.NETWORK),
        ("get(url)", "from urllib.request import urlopen\nurlopen(url)", Effect.NETWORK),
        ("int('1+1')", "eval('1+1')", Effect.CODE),
        ("import numpi", "!pip install numpy", Effect.COMMAND),
        ("import numpi", "%pip install numpy", Effect.COMMAND),
        ("con.execut('select 1')", "con.execute('DROP TABLE t')", Effect.DATABASE),
        ("print(path, 'w'", "open(path, 'w')", Effect.WRITES),
        ("df.to_sq('t', con)", "df.to_sql('t', con)", Effect.DATABASE),
        ("%%sql --section a\ndelte from t", "%%sql --section a\ndelete from t", Effect.DATABASE),
        ("x = %sql slect 1", "x = %sql drop table t", Effect.DATABASE),
        ("%timeit df.tocsv(p)", "%timeit df.to_csv(p)", Effect.WRITES),
        ("%%bash\nsl", "%%bash\nls", Effect.COMMAND),
    ],
)
def test_an_effect_that_an_edit_adds_is_named(before, after, effect):
    assert added_effects(before, after) == (effect,)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("open(pth, 'w')", "open(path, 'w')"),
        ("os.remove(pth)", "os.remove(path)"),
        ("f = opne('data.csv')", "f = open('data.csv')"),
        ("f = opne('data.csv')", "f = open('data.csv', encoding='utf-8')"),
        ("f = path.opne()", "f = path.open()"),
        ("con.execut('select 1')", "con.execute('select 1')"),
        ("df.rename(colums={})", "df.rename(columns={})"),
        ("'a'.replac('a', 'b')", "'a'.replace('a', 'b')"),
        ("%timeit f(x)\ny", "%timeit f(x)\nz"),
        ("import re\nre.compil('x')", "import re\nre.compile('x')"),
        ("open(path, 'w'", "open(path, 'w')"),
        ("%%sql\nselect nam from t", "%%sql\nselect name from t"),
        ("%%sql\ndelete from tt", "%%sql\ndelete from t"),
        ("x = %sql select nam from t", "x = %sql select name from t"),
        ("%timeit prit(3)", "%timeit print(3)"),
    ],
)
def test_what_the_program_did_before_or_only_reads_is_no_new_effect(before, after):
    assert added_effects(before, after) == ()


def test_a_query_on_its_own_is_read_as_one():
    assert added_effects("delte from t", "delete from t", Language.SQL) == (Effect.DATABASE,)
    assert added_effects("select 1; slect 2", "select 1; select 2", Language.SQL) == ()
