"""The commonest wordings of the engines that are known by dialect alone."""

from bestfix.capture.sql_error.patterns import Pattern

__all__ = ["OTHERS"]

OTHERS = (
    Pattern(
        "UnknownColumn",
        "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name `t`.`x` "
        "cannot be resolved.",
        r"UNRESOLVED_COLUMN.*?with name (?:`(?P<table>[^`]*)`\.)?`(?P<name>[^`]*)` cannot be resolved",
    ),
    Pattern(
        "UnknownTable",
        "[TABLE_OR_VIEW_NOT_FOUND] The table or view `t` cannot be found.",
        r"TABLE_OR_VIEW_NOT_FOUND.*?`(?P<name>[^`]*)` cannot be found",
    ),
    Pattern(
        "UnknownFunction",
        "[UNRESOLVED_ROUTINE] Cannot resolve routine `f` on search path",
        r"UNRESOLVED_ROUTINE.*?`(?P<name>[^`]*)`",
    ),
    Pattern(
        "AmbiguousColumn",
        "[AMBIGUOUS_REFERENCE] Reference `x` is ambiguous, could be: [`t`.`x`, `u`.`x`].",
        r"Reference `(?P<name>[^`]*)` is ambiguous, could be: \[(?P<candidates>.*)\]",
    ),
    Pattern(
        "GroupBy",
        '[MISSING_AGGREGATION] The non-aggregating expression "x" is based on columns '
        "which are not participating in the GROUP BY clause.",
        r'MISSING_AGGREGATION.*?expression "(?P<name>.*?)"',
    ),
    Pattern("Syntax", "[PARSE_SYNTAX_ERROR] Syntax error at or near 'x'.", r"Syntax error at or near '(?P<near>.*?)'"),
    Pattern(
        "Syntax",
        "You have an error in your SQL syntax; check the manual … to use near 'x' at line 1",
        r"to use near '(?P<near>.*?)'? at line",
    ),
    Pattern(
        "UnknownColumn",
        "Unknown column 't.x' in 'field list'",
        r"Unknown column '(?:(?P<table>[^'.]+)\.)?(?P<name>[^']*)' in",
    ),
    Pattern("UnknownTable", "Table 'db.t' doesn't exist", r"Table '(?:[^'.]+\.)?(?P<name>[^']*)' doesn't exist"),
    Pattern("UnknownColumn", "Unrecognized name: x; Did you mean y? at [1:8]", r"Unrecognized name: (?P<name>\w+)"),
    Pattern("UnknownColumn", "Name x not found inside t", r"Name (?P<name>\w+) not found inside (?P<table>\w+)"),
    Pattern(
        "UnknownTable",
        "Not found: Table project:dataset.t was not found in location US",
        r"Not found: Table \S*?(?P<name>\w+) was not found",
    ),
    Pattern("UnknownFunction", "Function not found: f at [1:8]", r"Function not found: (?P<name>\w+)"),
    Pattern(
        "Syntax",
        'Syntax error: Unexpected identifier "x" at [1:8]',
        r"Syntax error: (?:Unexpected|Expected).*?\"(?P<near>.*?)\"",
    ),
    Pattern(
        "UnknownTable",
        "Object 'DB.S.T' does not exist or not authorized.",
        r"Object '(?:[^'.]+\.)*(?P<name>[^']*)' does not exist",
    ),
    Pattern(
        "UnknownColumn",
        "error line 1 at position 7 invalid identifier 'X'",
        r"invalid identifier '(?:(?P<table>[^'.]+)\.)?(?P<name>[^']*)'",
    ),
    Pattern("Syntax", "syntax error line 1 at position 7 unexpected 'x'.", r"unexpected '(?P<near>.*?)'"),
    Pattern("UnknownColumn", "Invalid column name 'x'.", r"Invalid column name '(?P<name>.*?)'"),
    Pattern("UnknownTable", "Invalid object name 't'.", r"Invalid object name '(?:[^'.]+\.)?(?P<name>.*?)'"),
    Pattern(
        "UnknownFunction", "'f' is not a recognized built-in function name.", r"'(?P<name>.*?)' is not a recognized"
    ),
    Pattern(
        "AggregateMisuse",
        "An aggregate may not appear in the WHERE clause unless it is in a subquery contained in a HAVING clause",
        r"aggregate may not appear in the (?P<clause>\w+) clause",
    ),
    Pattern("AggregateMisuse", "Invalid use of group function", r"Invalid use of group function"),
    Pattern(
        "AggregateMisuse",
        "Aggregate function COUNT not allowed in WHERE clause at [1:30]",
        r"Aggregate function \w+ not allowed in (?P<clause>\w+) clause",
    ),
    Pattern(
        "AggregateMisuse",
        "[INVALID_WHERE_CONDITION] The WHERE condition contains invalid expressions: count(1).",
        r"INVALID_WHERE_CONDITION|Invalid aggregate function in (?P<clause>\w+) clause",
    ),
    Pattern("AmbiguousColumn", "Ambiguous column name 'x'.", r"Ambiguous column name '(?P<name>.*?)'"),
    Pattern(
        "AmbiguousColumn",
        "Column 'x' in field list is ambiguous",
        r"Column '(?P<name>.*?)' in [\w ]+ is ambiguous",
    ),
    Pattern("AmbiguousColumn", "Column name x is ambiguous at [1:8]", r"Column name (?P<name>\w+) is ambiguous"),
    Pattern("AmbiguousColumn", "ambiguous column name 'X'", r"ambiguous column name '(?P<name>.*?)'"),
    Pattern(
        "GroupBy",
        "Expression #1 of SELECT list is not in GROUP BY clause and contains nonaggregated column 'd.t.x'",
        r"nonaggregated column '(?:[^'.]+\.)*(?P<name>[^'.]*)'",
    ),
    Pattern(
        "GroupBy",
        "SELECT list expression references column x which is neither grouped nor aggregated at [1:8]",
        r"references column (?P<name>\w+) which is neither grouped nor aggregated",
    ),
    Pattern(
        "GroupBy",
        "'T.X' in select clause is neither an aggregate nor in the group by clause.",
        r"'(?:(?P<table>[^'.\[]+)\.)?(?P<name>[^']*)' in select clause is neither an aggregate",
    ),
    Pattern("UnknownFunction", "Unknown function F", r"Unknown function (?P<name>\w+)"),
    Pattern("UnknownFunction", "FUNCTION db.f does not exist", r"FUNCTION (?:\w+\.)?(?P<name>\w+) does not exist"),
    Pattern(
        "UnknownAlias",
        'The multi-part identifier "t.x" could not be bound.',
        r'multi-part identifier "(?P<name>[^".]+)\.',
    ),
    Pattern("Syntax", "Incorrect syntax near 'x'.", r"Incorrect syntax near (?:the keyword )?'(?P<near>.*?)'"),
    Pattern(
        "GroupBy",
        "Column 't.x' is invalid in the select list because it is not contained in "
        "either an aggregate function or the GROUP BY clause.",
        r"Column '(?:(?P<table>[^'.]+)\.)?(?P<name>.*?)' is invalid in the select list",
    ),
)
"""Spark and Databricks, MySQL, BigQuery, Snowflake, T-SQL; the first match counts."""
