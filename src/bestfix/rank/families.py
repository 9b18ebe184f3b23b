"""Families of errors: coarse enough that each has cases to learn from, fine enough that their fixes are alike."""

from __future__ import annotations

import re

from bestfix.core import ErrorInfo, Language, Report

__all__ = ["FAMILIES", "family"]

_SYNTAX = (
    ("syntax.bracket", re.compile(r"was never closed|unmatched|does not match opening")),
    ("syntax.print", re.compile(r"Missing parentheses in call")),
    ("syntax.indent", re.compile(r"indent", re.IGNORECASE)),
    ("syntax.string", re.compile(r"string|EOL|unicode error")),
    ("syntax.expected", re.compile(r"expected|forgot a comma")),
    ("syntax.assignment", re.compile(r"cannot assign|Maybe you meant")),
)
"""Families of Python's syntax errors by their messages; the first that matches counts."""
_RUNTIME = {
    "NameError": "name", "UnboundLocalError": "name", "AttributeError": "attribute", "ImportError": "import",
    "ModuleNotFoundError": "import", "LookupError": "lookup", "KeyError": "lookup", "IndexError": "lookup",
    "TypeError": "type", "ValueError": "value",
}  # fmt: skip
_SQL = {
    "Syntax": "sql.syntax", "Incomplete": "sql.syntax", "UnterminatedQuote": "sql.syntax",
    "UnknownColumn": "sql.column", "AmbiguousColumn": "sql.column", "UnknownTable": "sql.table",
    "UnknownAlias": "sql.table", "UnknownSchema": "sql.table", "UnknownFunction": "sql.function",
    "FunctionArguments": "sql.function", "Conversion": "sql.type", "TypeMismatch": "sql.type",
    "UnknownType": "sql.type", "GroupBy": "sql.grouping", "AggregateMisuse": "sql.grouping",
}  # fmt: skip
FAMILIES = (
    *(name for name, _ in _SYNTAX), "syntax.other", *dict.fromkeys(_RUNTIME.values()), "runtime.other",
    *dict.fromkeys(_SQL.values()), "sql.other",
)  # fmt: skip
"""Every family."""


def family(report: Report) -> str:
    """Return the family of a failure."""
    error = report.error
    if report.language is Language.SQL:
        return _SQL.get(error.type, "sql.other")
    if error.is_a("SyntaxError"):
        return next((name for name, pattern in _SYNTAX if pattern.search(error.message)), "syntax.other")
    return _runtime(error)


def _runtime(error: ErrorInfo) -> str:
    for name in (error.type, *error.bases):
        if name in _RUNTIME:
            return _RUNTIME[name]
    return "runtime.other"
