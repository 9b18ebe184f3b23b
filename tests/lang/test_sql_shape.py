"""Reading SQL that need not be valid: tokens, clauses, relations, parameters."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bestfix.lang.sql import Query, masked, quoted, tokenized


@given(st.text(alphabet="selct fromwh*(),.;'\"`[]{}%?:$-/\n01\\Ee", max_size=60))
def test_tokens_stand_where_they_say(text):
    tokens = tokenized(text, comments=True)
    assert all(text[t.start : t.end] == t.text for t in tokens)
    assert all(a.end <= b.start for a, b in itertools.pairwise(tokens))
    covered = "".join(t.text for t in tokens)
    assert (
        covered.replace(" ", "").replace("\n", "") == text.replace(" ", "").replace("\n", "")
        or "'" in text
        or '"' in text
    )


@given(
    st.lists(
        st.sampled_from(
            [
                "SELECT",
                "a",
                ",",
                "FROM",
                "t",
                "(",
                ")",
                "WHERE",
                "JOIN",
                "ON",
                "AS",
                "x",
                "GROUP",
                "BY",
                "UNION",
                "WITH",
                ";",
                "'",
                '"',
                ".",
            ]
        ),
        max_size=25,
    )
)
def test_any_text_has_a_shape(words):
    query = Query(" ".join(words))
    assert all(0 <= s.start < s.end <= len(query.tokens) for s in query.selects)
    assert isinstance(query.ctes, dict)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("'it''s' \"a\"\"b\" `c`", ["string", "quoted", "quoted"]),
        ("E'\\'' $tag$ ' $tag$", ["string", "string"]),
        ("? :name $1 %s %(x)s {{ y }}", ["param", "param", "param", "param", "param", "template"]),
        ("a::int -> 'x' -- note", ["name", "op", "name", "op", "string"]),
        ("name = 'open", ["name", "op", "error", "name"]),
        ("1.5e3 .5 x1", ["number", "number", "name"]),
    ],
)
def test_kinds(text, kinds):
    assert [t.kind for t in tokenized(text)] == kinds


def test_shape_of_a_query():
    query = Query(
        "WITH c AS (SELECT a, b AS x FROM t) "
        "SELECT p.a, count(*) n FROM c AS p JOIN s.t q ON p.a = q.a LEFT JOIN (SELECT 1 z) r ON true "
        "WHERE x > 1 GROUP BY p.a UNION SELECT 1, 2 FROM t"
    )
    inner, outer, sub, last = query.selects
    assert [query.span(i.start, i.end) for i in outer.items] == ["p.a", "count(*) n"]
    assert [query.tokens[r.alias].text for r in outer.relations] == ["p", "q", "r"]
    assert query.span(*outer.relations[1].on) == "p.a = q.a"
    assert outer.relations[2].select is sub
    assert sub.parent is outer
    assert outer.following is last
    assert query.ctes["c"][0] is inner
    assert [c.name for c in outer.clauses.values()] == ["SELECT", "FROM", "WHERE", "GROUP BY"]


def test_parameters_become_the_engines_own():
    text = "SELECT {{ column }} FROM t WHERE a = :a AND b = %s AND c = :a"
    mask = masked(text, "postgres")
    assert mask.text == "SELECT NULL FROM t WHERE a = $1 AND b = $2 AND c = $1"
    assert mask.back(mask.text.index("$2")) == text.index("%s")
    assert mask.back(mask.text.index("FROM")) == text.index("FROM")


@pytest.mark.parametrize(
    ("name", "dialect", "expected"),
    [("a", "postgres", "a"), ("Ab", "postgres", '"Ab"'), ("Ab", "duckdb", "Ab"), ("order", "sqlite", '"order"'),
     ("a b", "mysql", "`a b`"), ('a"b', "duckdb", '"a""b"')],
)  # fmt: skip
def test_identifiers_are_quoted_where_they_must(name, dialect, expected):
    assert quoted(name, dialect) == expected
