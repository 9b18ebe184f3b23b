"""Scripts are cut where their statements end, and nowhere else."""

from hypothesis import given
from hypothesis import strategies as st

from bestfix.lang.sql.statements import first_words, statements

ONES = [
    "SELECT 1", "SELECT ';' AS a", 'SELECT ";" FROM t', "INSERT INTO t VALUES ($$;$$)", "SELECT /* ; */ 2",
    "SELEC nmae FRM t WHERE (", "DELETE FROM t -- ;\n WHERE a",
]  # fmt: skip


def cut(text, dialect=""):
    return [span.of(text) for span in statements(text, dialect)]


@given(st.lists(st.sampled_from(ONES)), st.sampled_from([";", " ;\n\n", "; -- next;\n", ";;"]))
def test_statements_are_found_back(written, between):
    assert cut(between.join(written)) == written
    assert cut(between.join(written) + between) == written


def test_nothing_is_no_statement():
    assert cut("") == cut(" ;;\n-- a\n;") == []


def test_triggers_are_whole():
    trigger = "CREATE TRIGGER a AFTER INSERT ON t BEGIN DELETE FROM u; DELETE FROM v; END"
    assert cut(f"SELECT 1; {trigger}; SELECT 2;", "sqlite") == ["SELECT 1", trigger, "SELECT 2"]


def test_first_words():
    assert first_words("begin transaction") == ("BEGIN", "TRANSACTION")
    assert first_words("-- a\n") == ()
