"""PostgreSQL's wording."""

from bestfix.capture.sql_error.patterns import Pattern

__all__ = ["POSTGRES"]

POSTGRES = (
    Pattern("InsertCount", "VALUES lists must all be the same length", r"VALUES lists must all be the same length"),
    Pattern(
        "InsertCount",
        "INSERT has more expressions than target columns",
        r"INSERT has more (?:expressions|target columns)",
    ),
    Pattern(
        "UnknownColumn",
        'column "x" of relation "t" does not exist',
        r'column "(?P<name>.*?)" of relation "(?P<table>.*?)" does not exist',
    ),
    Pattern(
        "UnknownColumn",
        'column "x" specified in USING clause does not exist in right table',
        r'column "(?P<name>.*?)" specified in USING clause does not exist',
    ),
    Pattern(
        "UnknownColumn",
        "column t.x does not exist",
        r'column "?(?:(?P<table>[^".\s]+)\.)?(?P<name>[^"]*?)"? does not exist',
    ),
    Pattern(
        "UnknownAlias",
        'missing FROM-clause entry for table "t"',
        r'(?:missing FROM-clause entry for|invalid reference to FROM-clause entry for) table "(?P<name>.*?)"',
    ),
    Pattern(
        "UnknownTable",
        'relation "t" does not exist',
        r'relation "(?:(?P<schema>[^".]+)\.)?(?P<name>.*?)" does not exist',
    ),
    Pattern("UnknownSchema", 'schema "s" does not exist', r'schema "(?P<name>.*?)" does not exist'),
    Pattern("AmbiguousColumn", 'column reference "x" is ambiguous', r'column reference "(?P<name>.*?)" is ambiguous'),
    Pattern(
        "GroupBy",
        'column "t.x" must appear in the GROUP BY clause or be used in an aggregate function',
        r'column "(?:(?P<table>[^".]+)\.)?(?P<name>.*?)" must appear in the GROUP BY clause',
    ),
    Pattern(
        "GroupBy",
        'subquery uses ungrouped column "t.x" from outer query',
        r'subquery uses ungrouped column "(?:(?P<table>[^".]+)\.)?(?P<name>.*?)"',
    ),
    Pattern(
        "DistinctOrder",
        "for SELECT DISTINCT, ORDER BY expressions must appear in select list",
        r"for SELECT DISTINCT, ORDER BY expressions",
    ),
    Pattern(
        "AggregateNested", "aggregate function calls cannot be nested", r"aggregate function calls cannot be nested"
    ),
    Pattern(
        "AggregateMisuse",
        "aggregate functions are not allowed in WHERE",
        r"aggregate functions are not allowed in (?P<clause>.+)",
    ),
    Pattern(
        "WindowMisuse",
        "window functions are not allowed in WHERE",
        r"window functions are not allowed in (?P<clause>.+)|window function \w+ requires an OVER",
    ),
    Pattern("UnknownType", 'type "float64" does not exist', r'type "(?P<name>.*?)" does not exist'),
    Pattern("UnknownCollation", 'collation "c" for encoding "UTF8" does not exist', r'collation "(?P<name>.*?)"'),
    Pattern(
        "UnknownFunction",
        "function f(unknown, date) does not exist",
        r"function (?P<name>[\w.]+)\((?P<arguments>.*)\) (?:does not exist|is not unique)",
    ),
    Pattern(
        "TypeMismatch",
        "operator does not exist: text = integer",
        r"operator does not exist: (?P<left>.+?) (?P<operator>[^\w\s\"]+|~~\*?|[A-Z]+) (?P<right>.+)",
    ),
    Pattern(
        "TypeMismatch",
        "argument of WHERE must be type boolean, not type integer",
        r"argument of (?P<clause>\w+(?: \w+)?) must be (?:of )?type (?P<right>\w+), not type (?P<left>\w+)",
    ),
    Pattern(
        "TypeMismatch",
        "CASE types text and integer cannot be matched",
        r"(?P<construct>\w+(?: \w+)?) types (?P<left>.+?) and (?P<right>.+?) cannot be matched",
    ),
    Pattern(
        "TypeMismatch",
        "could not identify an equality operator for type json",
        r"could not identify an? \w+ operator for type (?P<left>\w+)",
    ),
    Pattern(
        "Conversion",
        'invalid input syntax for type integer: "x"',
        r'invalid (?:input syntax|input value) for (?:type|enum) (?P<target>.+?): "(?P<value>.*)"',
    ),
    Pattern(
        "Conversion",
        'date/time field value out of range: "2023-02-30"',
        r'date/time field value out of range: "(?P<value>.*)"',
    ),
    Pattern(
        "SubqueryRows",
        "more than one row returned by a subquery used as an expression",
        r"more than one row returned by a subquery",
    ),
    Pattern(
        "SubqueryColumns",
        "subquery must return only one column",
        r"subquery (?:must return only one column|has too many columns)",
    ),
    Pattern(
        "ColumnCount", "each UNION query must have the same number of columns", r"must have the same number of columns"
    ),
    Pattern("SubqueryAlias", "subquery in FROM must have an alias", r"(?:subquery|VALUES) in FROM must have an alias"),
    Pattern(
        "UnterminatedQuote",
        'unterminated quoted string at or near "\'x"',
        r"unterminated (?:quoted|hexadecimal|bit) string|zero-length delimited identifier",
    ),
    Pattern("Incomplete", "syntax error at end of input", r"syntax error at end of input"),
    Pattern("Syntax", 'syntax error at or near "x"', r'syntax error at or near "(?P<near>.*)"'),
    Pattern(
        "Syntax",
        'trailing junk after numeric literal at or near "1col"',
        r'trailing junk after (?:numeric literal|parameter) at or near "(?P<near>.*)"',
    ),
    Pattern("LimitComma", "LIMIT #,# syntax is not supported", r"LIMIT #,# syntax is not supported"),
    Pattern(
        "TransactionAborted",
        "current transaction is aborted, commands ignored until end of transaction block",
        r"current transaction is aborted",
    ),
)
"""Each wording with its example; the first match counts."""
