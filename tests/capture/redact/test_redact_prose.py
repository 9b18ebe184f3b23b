"""Messages without their values, secrets by their looks, and names that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bestfix.capture.redact import Veil, prose
from bestfix.capture.redact.plain import form, is_message_word, is_plain_number, is_plain_text
from bestfix.capture.redact.secrets import is_secret_name, secret_spans
from bestfix.core import Span


def veil(*known: str) -> Veil:
    return Veil(frozenset(known).__contains__)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("name 'custmers' is not defined", "name 'custmers' is not defined"),
        ("'DataFrame' object has no attribute 'custmers'", "'DataFrame' object has no attribute 'custmers'"),
        ("'Quilfeather'", "'text_1'"),
        ("could not convert string to float: 'Quilfeather'", "could not convert string to float: 'text_1'"),
        ("\"['Zanzibar'] not in index\"", "\"['text_1'] not in index\""),
        ("unsupported operand type(s) for +: 'int' and 'str'", "unsupported operand type(s) for +: 'int' and 'str'"),
        (
            "index 4711 is out of bounds for axis 0 with size 10",
            "index 700001 is out of bounds for axis 0 with size 10",
        ),
        ("shapes (3,4711) and (4711,) not aligned", "shapes (3,700001) and (700001,) not aligned"),
        ("customer Quilfeather Zanzibar owes -4711.5", "customer text_1 owes -700001"),
        ("Key (custmers)=(Zanzibar, 12) already exists.", "Key (custmers)=(text_1, 12) already exists."),
        (
            "time data '2031-07-19' does not match format '%Y-%m-%d'",
            "time data 'text_1' does not match format '%Y-%m-%d'",
        ),
        ("No such file: '/srv/Zanzibar/a.csv'", "No such file: 'path_1.csv'"),
        ("cannot reach Zanzibar.example@mail.org", "cannot reach email_1"),
        ('column "nmae" is unknown\nLINE 1: SELECT nmae FROM Zanzibar\n               ^', 'column "text_1" is unknown'),
        ("can't multiply sequence by non-int of type 'float'", "can't multiply sequence by non-int of type 'float'"),
    ],
)
def test_message(message: str, said: str) -> None:
    assert prose(message, veil("custmers", "DataFrame", "int", "str", "float", "customer", "owes")) == said


TEMPLATES = st.sampled_from([
    "could not convert string to float: {!r}", "invalid literal for int() with base 10: {!r}", "{!r}",
    "[{!r}] not in index", "Key (a)=({}) already exists.", "Failing row contains (1, {}).", "cannot parse {}",
    "{} is not in list", "no {!r} in {!r}",
])  # fmt: skip


@given(TEMPLATES, st.from_regex(r"[A-Z][a-z]{2}[qxz][a-z]{4,8}(?: [2-9]{3,9})?", fullmatch=True))
def test_no_value_survives(template: str, value: str) -> None:
    said = prose(template.format(value, value), veil())
    assert not [word for word in value.split() if word in said]


@given(st.text())
def test_any_message_can_be_read(message: str) -> None:
    assert isinstance(prose(message, veil()), str)


SECRETS = {
    "secret": [
        "sk-proj-abcdEFGH1234ijklMNOP", "AKIAIOSFODNN7EXAMPLE", "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "xoxb-1234-5678-abcdefghijkl", "dapi1234567890abcdef1234567890abcdef", "d41d8cd98f00b204e9800998ecf8427e",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3", "123e4567-e89b-12d3-a456-426614174000",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
    ],
    "email": ["first.last+tag@mail.example.org"],
    "path": ["/home/someone/data.csv", "C:\\Users\\someone\\data.csv", "~/notes/a.txt"],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SECRETS.items() for text in texts])
def test_secret(kind: str, text: str) -> None:
    assert list(secret_spans(f"x {text}")) == [(kind, Span(2, 2 + len(text)))]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("postgresql://me:hunter2@host/db", "me:hunter2"),
        ("password=hunter2;host=x", "hunter2"),
        ('"api_key": "hunter2"', "hunter2"),
        ("Authorization: Bearer abcdefgh", "abcdefgh"),
    ],
)
def test_secret_by_its_name(text: str, secret: str) -> None:
    assert [span.of(text) for _, span in secret_spans(text)] == [secret]


@pytest.mark.parametrize(
    "text",
    [
        "customer_order_line_number_2024",
        "getCustomerOrderLineNumber2024ByName",
        "a / b",
        "x/y",
        "SELECT * FROM t",
        "1/2",
    ],
)
def test_no_secret(text: str) -> None:
    assert not list(secret_spans(text))


def test_names_that_are_secrets_or_texts() -> None:
    cover = veil()
    assert cover.say_name("unit price") == "unit price"
    for odd in ("a@mail.example.org", "line\nbreak", "one two three four five six seven eight", "text_7", "x" * 100):
        assert cover.say_name(odd).startswith("name_")
    assert is_secret_name("db_password")
    assert not is_secret_name("tokenize_not") or is_secret_name("token")


def test_plain() -> None:
    assert all(map(is_plain_text, ("", ",", "%Y-%m-%d", r"\d+\s*", "utf-8", "left", "x", ", ", "{:.2f}")))
    assert not any(map(is_plain_text, ("abc", "Alice", "2031", "%d apples")))
    assert all(map(is_plain_number, ("0", "42", "1000", "0.5", "1e-3", "007")))
    assert not any(map(is_plain_number, ("4711", "3.14", "2031", "0x1f")))
    assert is_message_word("DataFrame")
    assert not any(map(is_message_word, ("Zanzibar", "Zürich", "active1234", "_")))
    assert (form("12.03.1999"), form("Alice"), form("AB-12")) == ("99.99.9999", "", "XX-99")
