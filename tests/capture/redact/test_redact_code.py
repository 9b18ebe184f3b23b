"""Program text with its values hidden, and the way back."""

from __future__ import annotations

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from bestfix.capture.redact import RestoreError, Veil, names_in, restored, shown
from bestfix.core import Language

PYTHON, SQL = Language.PYTHON, Language.SQL
FRAGMENTS = st.lists(
    st.sampled_from([
        "x", "df", "=", "(", ")", "[", "]", "{", "}", ":", ",", ".", "\n", "\r\n", "    ", " ", "'", '"', "'''", '"""',
        "f'", 'f"', "rb'", "\\", "#", "%", "!", "?", "%%time\n", "%load_ext ", "!ls ", "Alice", "alice@example.com",
        "/home/alice/a.csv", "1042", "3.14", "0x1f", "text_1", "path_1.csv", "700001", "import", "SELECT", "--", "/*",
        "*/", "`", "$$", "{{", "}}", "é", "\u2028", "\0", "?", ":p", "sk-abcdEFGH1234ijklMNOP",
    ])
).map("".join)  # fmt: skip


def veil(*known: str, taken: str = "", values: bool = False) -> Veil:
    return Veil(frozenset(known).__contains__, taken.__contains__, values=values)


@settings(max_examples=300, deadline=None)
@given(FRAGMENTS, st.sampled_from([PYTHON, SQL]), st.booleans())
@example("f'{x['Alice']:>2042}'", PYTHON, False)
@example("%%bash\necho Alice", PYTHON, False)
@example("%time f('Alice')  # Bob\n", PYTHON, False)
@example('"""Alice', PYTHON, False)
def test_hiding_is_undone(text: str, language: Language, values: bool) -> None:
    cover = veil("df", "x", taken=text, values=values)
    try:
        hidden = shown(text, language, cover)
    except RestoreError:
        event("refused")
        return
    assert restored(hidden.text, language, cover) == text


def test_schema_stays_and_values_go() -> None:
    code = 'df = pd.read_csv("/home/alice/sales.csv", sep=";")  # by Bob\ndf[df["city"] == "Zürich"].head(1042)\n'
    hidden = shown(code, PYTHON, veil("city")).text
    assert hidden == ('df = pd.read_csv("path_1.csv", sep=";")  # comment_1\ndf[df["city"] == "text_1"].head(700001)\n')


def test_query() -> None:
    query = """SELECT "city", n FROM t WHERE name = 'Alice' AND day > DATE '2024-01-31' AND n < 4711 -- Bob"""
    assert shown(query, SQL, veil("city")).text == (
        """SELECT "city", n FROM t WHERE name = 'text_1' AND day > DATE 'text_2' AND n < 700001 -- comment_1"""
    )


@pytest.mark.parametrize(
    "code",
    [
        "!psql -U alice -p hunter2",
        "%%bash\ncurl -u alice:hunter2 x",
        "%env KEY=hunter2",
        'x = f"dear {name}, hunter2"',
        "x = 'hunter2",
        'x = """hunter2',
        "# hunter2",
        "x = {'password': 'hunter2'}",
        "x = b'hunter2'",
    ],
)
def test_no_place_is_forgotten(code: str) -> None:
    assert "hunter2" not in shown(code, PYTHON, veil("password", "name")).text


def test_with_values_secrets_still_stay() -> None:
    code = (
        "password = 'hunter2'\nconnect('postgresql://me:tops3cret@host/db', token=\"abc-def\")\n"
        "mail = 'alice@example.com'\npath = '/home/alice/x.csv'\ncity = 'Zürich'  # ask bob@example.com\n"
    )
    hidden = shown(code, PYTHON, veil(values=True)).text
    assert "Zürich" in hidden
    for secret in ("hunter2", "tops3cret", "abc-def", "alice", "bob"):
        assert secret not in hidden


def test_a_placeholder_that_the_text_has_already_is_not_given() -> None:
    code = "text_1 = 'Alice'\n"
    cover = veil(taken=code)
    assert shown(code, PYTHON, cover).text == "text_1 = 'text_2'\n"
    assert restored("text_1 = text_1 + 'text_2'\n", PYTHON, cover) == "text_1 = text_1 + 'Alice'\n"


@pytest.mark.parametrize(
    "answer",
    ["x = text_1", "x = 'text_2'", 'x = "text_1"', "x = 700001.0", "x = 700_001", "!echo text_1", "x = text_9"],
)
def test_data_never_becomes_code(answer: str) -> None:
    code = "x = 'a\"); import os #'\ny = 4711\n"
    cover = veil(taken=code)
    shown(code, PYTHON, cover)
    with pytest.raises(RestoreError):
        restored(answer, PYTHON, cover)


def test_offsets_go_along() -> None:
    code = "f('Alice Smith', 4711, nmae)\n"
    hidden = shown(code, PYTHON, veil())
    assert hidden.text[hidden.forward(code.index("nmae")) :].startswith("nmae")


def test_names_are_those_of_the_code() -> None:
    assert set(names_in("a.b = 'c' # d\nf'{e} g'\n", PYTHON)) == {"a", "b", "e"}
