"""The tokenizer that never fails, and never takes long."""

import time

from bestfix.lang.python import tokenized


def test_an_unterminated_triple_quote_is_its_quotes_alone():
    tokens = tokenized('x = """one\ntwo')
    assert [(t.kind, t.text) for t in tokens[:3]] == [("name", "x"), ("op", "="), ("error", '"""')]
    assert tokens[-1].text == "two"


def test_escaped_quotes_stay_in_a_triple_quoted_string():
    text = 'x = """a\\"""b"""'
    assert [t.text for t in tokenized(text)] == ["x", "=", text[4:]]


def test_backslashes_in_an_unterminated_triple_quote_take_no_time():
    started = time.perf_counter()
    tokenized("'''" + "\\a" * 2000)
    assert time.perf_counter() - started < 1
