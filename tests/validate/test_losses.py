"""What a fix leaves out of a query is told, and ranks it below what keeps everything."""

import pytest

from bestfix import fix_sql
from bestfix.config import Settings
from bestfix.core import Edit
from bestfix.validate.losses import loses_value, losses, other_statement

ANYWAY = Settings(threshold=0.0)


def lost(before, after):
    start = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(after))
    return losses(before, after, [Edit(start, len(before), after[start:])])


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("SELECT a FROM t WHERE a = 1 AND b = 2", "SELECT a FROM t WHERE a = 1", "condition"),
        ("SELECT a FROM t WHERE NOT b = 2", "SELECT a FROM t WHERE b = 2", "NOT"),
        ("SELECT a, b FROM t", "SELECT a FROM t", "output column"),
        ("SELECT a FROM t ORDER BY a", "SELECT a FROM t", "ORDER BY"),
        ("SELECT a FROM t GROUP BY a", "SELECT a FROM t", "GROUP BY"),
        ("SELECT a FROM t LIMIT 3", "SELECT a FROM t", "limit"),
        ("SELECT a FROM t UNION SELECT b FROM u", "SELECT a FROM t", "set operation"),
        ("SELECT DISTINCT a, DISTINCT b FROM t", "SELECT DISTINCT a, 'DISTINCT' b FROM t", "DISTINCT"),
    ],
)
def test_losses(before, after, told):
    assert any(told in line for line in lost(before, after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("SELECT a FROM t HAVING b = 1", "SELECT a FROM t WHERE b = 1"),
        ("SELECT a FROM t WHERE b <> (SELECT 1)", "SELECT a FROM t WHERE b NOT IN (SELECT 1)"),
        ("SELECT TOP 3 a FROM t", "SELECT a FROM t LIMIT 3"),
        ("SELECT a FROM t WHERE b = = 1", "SELECT a FROM t WHERE b = 1"),
        ("SELECT a FROM s.t", "SELECT a FROM t"),
        ("SELECT a FROM t JOIN u WHERE t.a = u.a", "SELECT a FROM t JOIN u ON t.a = u.a"),
    ],
)
def test_nothing_is_lost(before, after):
    assert lost(before, after) == ()


def test_a_statement_stays_what_it_is(shop):
    assert other_statement("DELETE FROM t", "SELECT 'DELETE' FROM t")
    assert not other_statement("WITH a AS (SELECT 1) SELECT * FROM a", "SELECT * FROM a")
    for query in ("DELETE t customers WHERE customer_id = 1", "UPDATE customers WHERE name = 'x'"):
        decision = fix_sql(query, connection=shop, settings=ANYWAY)
        assert all(s.text.startswith(query[:6]) for s in decision.ranked)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT name, FROM customers WHERE country = 'x' AND ORDER BY name",
        "SELECT name country customer_id FROM customers WHERE country = = 'x'",
        "SELECT name FROM customers WHERE country = 'x' SORT name LIMIT 2",
    ],
)
def test_what_leaves_something_out_is_below_and_says_so(shop, query):
    ranked = fix_sql(query, connection=shop, settings=ANYWAY).ranked
    noted = [bool(s.verdict.notes) for s in ranked]
    assert noted == sorted(noted)
    assert all("drop" in s.candidate.reason or "takes" in s.candidate.reason for s in ranked if s.verdict.notes)


def test_a_value_that_is_nowhere_any_more_is_lost():
    assert loses_value("DELETE FROM t WHERE a 'x' y", "DELETE FROM t WHERE a = 'y'")
    assert loses_value("DELETE FROM t WHERE a > 3", "DELETE FROM t")
    assert not loses_value("DELETE FROM t WHERE a == 'x' AND b = 3", 'DELETE FROM t WHERE b = 3 AND a = "x"')


def test_no_fix_of_a_delete_takes_more_rows(shop):
    ranked = fix_sql("DELETE FROM orders WHERE price > 3 AND AND status 'x' y", connection=shop, settings=ANYWAY).ranked
    assert all("3" in s.text and "'x'" in s.text for s in ranked)
