"""Expressions of one dialect in another, in the form that a user of it would write."""

import pytest

from bestfix.lang.sql.translate import translated

FORMS = [
    ("DATEADD(MONTH, -6, GETDATE())", "tsql", "postgres", "CURRENT_TIMESTAMP - INTERVAL '6 MONTH'"),
    ("DATEADD(DAY, 1, EOMONTH(GETDATE(), -1))", "tsql", "duckdb", "DATE_TRUNC('MONTH', CURRENT_TIMESTAMP)"),
    ("DATEFROMPARTS(YEAR(d), MONTH(d), 1)", "tsql", "sqlite", "date(d, 'start of month')"),
    ("DATEADD(WEEK, DATEDIFF(WEEK, 0, d), 0)", "tsql", "postgres", "DATE_TRUNC('WEEK', d)"),
    ("DATEDIFF(DAY, a, b)", "tsql", "postgres", "b::DATE - a::DATE"),
    ("DATEDIFF(a, b)", "mysql", "sqlite", "CAST(julianday(a) - julianday(b) AS INTEGER)"),
    ("TIMESTAMPDIFF(DAY, a, b)", "mysql", "postgres", "EXTRACT(DAY FROM b::TIMESTAMP - a::TIMESTAMP)"),
    ("DATE_FORMAT(d, '%Y-%m')", "mysql", "duckdb", "STRFTIME(d, '%Y-%m')"),
    ("TO_CHAR(DATE_TRUNC('month', d), 'YYYY-MM')", "postgres", "sqlite", "strftime('%Y-%m', d, 'start of month')"),
    ("strftime('%w', 'now')", "sqlite", "postgres", "EXTRACT(DOW FROM CURRENT_TIMESTAMP)"),
    ("CAST(d AS DATE) - INTERVAL 3 DAY", "mysql", "postgres", "CAST(d AS DATE) - INTERVAL '3 DAY'"),
    (
        "date('now', '-' || n || ' days', 'start of month')", "sqlite", "postgres",
        "DATE_TRUNC('MONTH', CURRENT_DATE + CAST('-' || n || ' days' AS INTERVAL))",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "read", "write", "expected"), FORMS)
def test_the_shortest_form(text, read, write, expected):
    found = translated(text, read, write)
    assert found is not None
    assert found[0] == expected


def test_columns_are_converted_in_the_second_form():
    assert translated("DATE_FORMAT(d, '%Y')", "mysql", "duckdb") == (
        "STRFTIME(d, '%Y')",
        "STRFTIME(d::TIMESTAMP, '%Y')",
    )


def test_a_modifier_that_has_no_counterpart_is_not_dropped():
    assert translated("date('now', 'weekday 1')", "sqlite", "duckdb") is None
