"""SQLite's wording."""

from bestfix.capture.sql_error.patterns import Pattern

__all__ = ["SQLITE"]

SQLITE = (
    Pattern(
        "InsertCount",
        "all VALUES must have the same number of terms",
        r"all VALUES must have the same number of terms",
    ),
    Pattern(
        "UnknownColumn",
        "no such column: t.x",
        r'no such column: (?:"?(?P<table>[^."]+)"?\.)?"?(?P<name>[^"]+?)"?(?: - should|$)',
    ),
    Pattern(
        "UnknownColumn",
        "cannot join using column x - column not present in both tables",
        r"cannot join using column (?P<name>.+?) - column not present",
    ),
    Pattern("UnknownColumn", "table t has no column named x", r"table (?P<table>.+?) has no column named (?P<name>.+)"),
    Pattern("UnknownTable", "no such table: s.t", r"no such table: (?:(?P<schema>[^.]+)\.)?(?P<name>.+)"),
    Pattern("UnknownFunction", "no such function: f", r"no such function: (?P<name>.+)"),
    Pattern("UnknownCollation", "no such collation sequence: c", r"no such collation sequence: (?P<name>.+)"),
    Pattern("AmbiguousColumn", "ambiguous column name: x", r"ambiguous column name: (?:.+\.)?(?P<name>[^.]+)"),
    Pattern(
        "FunctionArguments",
        "wrong number of arguments to function SUM()",
        r"wrong number of arguments to function (?P<name>\w+)\(",
    ),
    Pattern(
        "WindowMisuse",
        "misuse of window function ROW_NUMBER()",
        r"misuse of (?:aliased )?window function (?P<name>\w+)",
    ),
    Pattern(
        "AggregateMisuse",
        "misuse of aggregate: COUNT()",
        r"misuse of (?:aliased )?aggregate(?: function)?:? (?P<name>\w+)",
    ),
    Pattern(
        "AggregateMisuse",
        "aggregate functions are not allowed in the GROUP BY clause",
        r"aggregate functions are not allowed in the (?P<clause>\w+(?: BY)?) clause",
    ),
    Pattern(
        "HavingAlone",
        "HAVING clause on a non-aggregate query",
        r"HAVING clause on a non-aggregate query|a GROUP BY clause is required before HAVING",
    ),
    Pattern("RowValue", "row value misused", r"row value misused"),
    Pattern(
        "ColumnCount",
        "SELECTs to the left and right of UNION do not have the same number of result columns",
        r"do not have the same number of result columns",
    ),
    Pattern("SubqueryColumns", "sub-select returns 2 columns - expected 1", r"sub-select returns \d+ columns"),
    Pattern(
        "InsertCount",
        "table t has 3 columns but 2 values were supplied",
        r"has (?P<columns>\d+) columns but (?P<values>\d+) values",
    ),
    Pattern("InsertCount", "2 values for 3 columns", r"(?P<values>\d+) values for (?P<columns>\d+) columns"),
    Pattern(
        "OrderTerm", "1st ORDER BY term does not match any column in the result set", r"ORDER BY term does not match"
    ),
    Pattern("UnterminatedQuote", 'unrecognized token: "\'x"', r"unrecognized token: \"(?P<near>['\"].*)\"$"),
    Pattern("Syntax", 'unrecognized token: "#"', r'unrecognized token: "(?P<near>.*)"$'),
    Pattern("Incomplete", "incomplete input", r"incomplete input"),
    Pattern(
        "SetOrder",
        "ORDER BY clause should come after UNION not before",
        r"(?P<clause>ORDER BY|LIMIT) clause should come after (?P<operator>.+) not before",
    ),
    Pattern("Syntax", "a JOIN clause is required before ON", r"a JOIN clause is required before (?P<near>ON|USING)"),
    Pattern(
        "Incomplete",
        "You can only execute one statement at a time.",
        r"You can only execute one statement at a time",
    ),
    Pattern("Syntax", 'near "x": syntax error', r'near "(?P<near>.*)": syntax error'),
)
"""Each wording with its example; the first match counts."""
