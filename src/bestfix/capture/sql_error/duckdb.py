"""DuckDB's wording, 1.x and 2.x."""

from bestfix.capture.sql_error.patterns import Pattern

__all__ = ["DUCKDB"]

DUCKDB = (
    Pattern(
        "UnknownColumn",
        'Referenced column "x" not found in FROM clause!',
        r'Referenced column "(?P<name>.*?)" (?:was )?not found',
    ),
    Pattern(
        "UnknownColumn",
        'Table "t" does not have a column named "x"',
        r'(?:Table|Values list) "(?P<table>.*?)" does not have a column named "(?P<name>.*?)"',
    ),
    Pattern(
        "UnknownColumn",
        "Referenced update column x not found in table!",
        r"Referenced update column (?P<name>.*?) not found in table",
    ),
    Pattern(
        "UnknownColumn",
        'Table "t" does not have a column with name "x"',
        r'Table "(?P<table>.*?)" does not have a column with name "(?P<name>.*?)"',
    ),
    Pattern("UnknownColumn", 'column "x" does not exist', r'column "?(?P<name>[^"\n]*?)"? does not exist'),
    Pattern("UnknownAlias", 'Referenced table "T2" not found!', r'Referenced table "(?P<name>.*?)" not found'),
    Pattern(
        "AmbiguousColumn",
        "Ambiguous reference to column name \"x\" (use: 't.x' or 'u.x')",
        r'Ambiguous reference to column name "(?P<name>.*?)" \(use: (?P<candidates>.*)\)',
    ),
    Pattern(
        "AmbiguousTable",
        'Ambiguous reference to table "t" (use: a.t or b.t)',
        r'Ambiguous reference to table "(?P<name>.*?)"',
    ),
    Pattern(
        "AggregateNested", "aggregate function calls cannot be nested", r"aggregate function calls cannot be nested"
    ),
    Pattern(
        "AggregateMisuse",
        "WHERE clause cannot contain aggregates!",
        r"(?P<clause>\w+(?: BY)?) clause cannot contain aggregates",
    ),
    Pattern(
        "WindowMisuse",
        "WHERE clause cannot contain window functions!",
        r"cannot contain window functions|window functions are not allowed",
    ),
    Pattern("WindowMisuse", "Window functions are not supported here", r"Window functions are not supported here"),
    Pattern(
        "UnknownTable",
        'Table with name t does not exist because schema "s" does not exist.',
        r'Table with name "?(?P<name>.*?)"? does not exist because schema "(?P<schema>.*?)" does not exist',
    ),
    Pattern(
        "UnknownTable", "Table with name t does not exist!", r"(?:Table|View) with name (?P<name>.*?) does not exist"
    ),
    Pattern(
        "UnknownSchema",
        "Schema with name s does not exist!",
        r"(?:Schema|Catalog) (?:with name )?\"?(?P<name>\w+)\"? does not exist",
    ),
    Pattern(
        "UnknownFunction",
        "Scalar Function with name f does not exist!",
        r"(?:Scalar|Aggregate|Table|Table Macro|Macro)? ?Function with name \"?(?P<name>.*?)\"? does not exist",
    ),
    Pattern(
        "UnknownFunction",
        'Function "f" is a table function but it was used as a scalar function.',
        r'Function "(?P<name>.*?)" is a table function',
    ),
    Pattern("UnknownType", "Type with name FLOAT64 does not exist!", r"Type with name (?P<name>.*?) does not exist"),
    Pattern(
        "UnknownCollation", "Collation with name c does not exist!", r"Collation with name (?P<name>.*?) does not exist"
    ),
    Pattern(
        "FunctionArguments",
        "No function matches the given name and argument types 'f(INTEGER)'.",
        r"No function matches the given name and argument types '(?P<name>.*?)\((?P<arguments>.*?)\)'",
    ),
    Pattern(
        "FunctionArguments",
        'Could not choose a best candidate function for the function call "f(UNKNOWN)".',
        r"Could not choose a best candidate function for the function call \"(?P<name>.*?)\(",
    ),
    Pattern(
        "FunctionArguments",
        "Wrong number of arguments provided to DATE function",
        r"Wrong number of arguments provided to (?P<name>\w+) function",
    ),
    Pattern(
        "GroupBy",
        'column "x" must appear in the GROUP BY clause or must be part of an aggregate function.',
        r'column "?(?P<name>.*?)"? must appear in the GROUP BY clause',
    ),
    Pattern("GroupBy", "column x must be included in GROUP BY", r"must (?:appear|be included) in (?:the )?GROUP BY"),
    Pattern(
        "DistinctOrder",
        "for SELECT DISTINCT, ORDER BY expressions must appear in select list!",
        r"for SELECT DISTINCT, ORDER BY expressions",
    ),
    Pattern(
        "TypeMismatch",
        "Cannot compare values of type VARCHAR and type INTEGER_LITERAL",
        r"Cannot (?:compare|mix) values of type (?P<left>[\w ()]+?) and (?:type )?(?P<right>[\w ()]+?)(?: in| -|$)",
    ),
    Pattern(
        "Conversion",
        "Could not convert string 'x' to INT32",
        r"Could not convert string ['\"](?P<value>.*?)['\"] to (?P<target>\w+)"
        r"(?: when casting from source column (?P<column>\w+))?",
    ),
    Pattern(
        "Conversion",
        'invalid date field format: "x", expected format is (YYYY-MM-DD)',
        r'invalid (?:date|timestamp) field format: "(?P<value>.*?)"',
    ),
    Pattern(
        "Conversion",
        'date field value out of range: "2020-13-01"',
        r'(?:date|timestamp|date/time) field value out of range: "(?P<value>.*?)"',
    ),
    Pattern("InsertCount", "VALUES lists must all be the same length", r"VALUES lists must all be the same length"),
    Pattern(
        "SubqueryRows",
        "More than one row returned by a subquery used as an expression",
        r"More than one row returned by a subquery",
    ),
    Pattern("SubqueryColumns", "Subquery returns 2 columns - expected 1", r"Subquery returns \d+ columns"),
    Pattern(
        "ColumnCount",
        "Set operations can only apply to expressions with the same number of result columns",
        r"same number of (?:result )?columns",
    ),
    Pattern(
        "InsertCount",
        "table t has 3 columns but 2 values were supplied",
        r"has (?P<columns>\d+) columns but (?P<values>\d+) values",
    ),
    Pattern(
        "InsertCount",
        "Column name/value mismatch for insert on t: expected 3 columns but 2 values were supplied",
        r"expected (?P<columns>\d+) columns but (?P<values>\d+) values",
    ),
    Pattern("SubqueryAlias", "subquery in FROM must have an alias", r"subquery in FROM must have an alias"),
    Pattern(
        "UnterminatedQuote",
        'unterminated quoted string at or near "\'x"',
        r"unterminated quoted|Unterminated quote|zero-length delimited identifier",
    ),
    Pattern("Incomplete", "syntax error at end of input", r"syntax error at end of input"),
    Pattern("Syntax", 'syntax error at or near "x"', r'syntax error at or near "(?P<near>.*?)"(?:\n|$)'),
    Pattern("Syntax", 'Parser Error: Duplicate CTE name "c"', r"Parser Error"),
    Pattern("TransactionAborted", "Current transaction is aborted (please ROLLBACK)", r"transaction is aborted"),
)
"""Each wording with its example; the first match counts."""
