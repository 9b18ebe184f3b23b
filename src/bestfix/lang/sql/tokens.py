"""A SQL tokenizer that never fails: exact offsets, every dialect's quotes, parameters and templates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

__all__ = ["AGGREGATES", "KEYWORDS", "RESERVED", "Token", "TokenKind", "distance", "quoted", "tokenized", "unquoted"]

TokenKind = Literal["name", "quoted", "string", "number", "op", "param", "template", "comment", "error"]

RESERVED = frozenset(
    [
        "ALL", "AND", "ANY", "AS", "ASC", "ASOF", "BETWEEN", "BY", "CASE", "CAST", "COLLATE", "CROSS", "DESC",
        "DISTINCT", "ELSE", "END", "EXCEPT", "EXISTS", "FETCH", "FROM", "FULL", "GROUP", "HAVING", "IN", "INNER",
        "INTERSECT", "INTO", "IS", "JOIN", "LATERAL", "LEFT", "LIKE", "ILIKE", "LIMIT", "NATURAL", "NOT", "NULL",
        "OFFSET", "ON", "OR", "ORDER", "OUTER", "QUALIFY", "RIGHT", "SELECT", "SET", "THEN", "UNION", "USING",
        "VALUES", "WHEN", "WHERE", "WINDOW", "WITH"
    ]
)  # fmt: skip
"""Words that are no identifier in any engine: none of them can be an alias."""
KEYWORDS = RESERVED | frozenset(
    [
        "CREATE", "DELETE", "DROP", "ESCAPE", "EXTRACT", "FALSE", "FILTER", "FIRST", "FOR", "GLOB", "INSERT",
        "INTERVAL", "LAST", "NULLS", "ONLY", "OVER", "PARTITION", "RECURSIVE", "REPLACE", "RETURNING", "ROW",
        "ROWS", "RANGE", "PRECEDING", "FOLLOWING", "UNBOUNDED", "SIMILAR", "TABLE", "TO", "TOP", "TRUE", "UPDATE",
        "CURRENT_DATE", "CURRENT_TIMESTAMP", "CURRENT_TIME"
    ]
)  # fmt: skip
"""Reserved words and the commonest words of the grammar besides."""
AGGREGATES = frozenset(
    [
        "COUNT", "SUM", "AVG", "MIN", "MAX", "TOTAL", "MEDIAN", "STDDEV", "VARIANCE", "ANY_VALUE", "STRING_AGG",
        "GROUP_CONCAT", "ARRAY_AGG", "LISTAGG"
    ]
)  # fmt: skip
"""Functions that aggregate rows in some engine."""

_SIGNS = {"!=": "<>", "==": "="}

_TOKEN = re.compile(
    r"""
    (?P<comment>--[^\r\n]*|/\*.*?(?:\*/|\Z))
  | (?P<template>\{\{.*?\}\}|\{%.*?%\}|\{\#.*?\#\})
  | (?P<string>[eE]'(?:\\.|''|[^'\\])*'|(?:[bBxXnN]|[uU]&)?'(?:''|[^'])*'|\$(?P<tag>[A-Za-z_]*)\$.*?\$(?P=tag)\$)
  | (?P<quoted>"(?:""|[^"])*"|`(?:``|[^`])*`)
  | (?P<number>(?:\d[\d_]*(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<name>[^\W\d][\w$]*)
  | (?P<param>\?\d*|\$\d+|\$[A-Za-z_]\w*|%\(\w+\)s|%s\b|(?<![:\w]):[A-Za-z_]\w*|@\w+)
  | (?P<op>::|<=>|<>|!=|==|<=|>=|\|\||->>|->|=>|:=|!~~\*|!~~|~~\*|~~|!~\*|!~|~\*|&&|\*\*|<<|>>|//
      |[-+*/%=<>(),.;\[\]{}:^&|~!@\#])
  | (?P<space>\s+)
  | (?P<error>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_KINDS: dict[str, TokenKind] = {
    "comment": "comment", "template": "template", "string": "string", "quoted": "quoted", "number": "number",
    "name": "name", "param": "param", "op": "op", "error": "error",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A token and where it stands.

    Attributes:
        kind: `quoted` is an identifier in double quotes or backticks (where the engine takes it for one);
            `error` a quote that is never closed, or a character that starts nothing.
        text: its characters.
        start, end: offsets in the text.
        upper: the characters in upper case for a name, as they are for anything else.
    """

    kind: TokenKind
    text: str
    start: int
    end: int
    upper: str

    @property
    def identifier(self) -> bool:
        """Whether it can name something: an unreserved word or a quoted identifier."""
        return self.kind == "quoted" or (self.kind == "name" and self.upper not in RESERVED)

    @property
    def name(self) -> str:
        """The identifier without its quotes, or the characters of a string without theirs."""
        return unquoted(self.text)

    def is_word(self, *words: str) -> bool:
        """Whether it is one of the words, which are in upper case."""
        return self.kind == "name" and self.upper in words


def tokenized(text: str, *, comments: bool = False) -> list[Token]:
    """Return the tokens of `text`; an unclosed quote is an `error` token of the quote alone."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        group = match.lastgroup or "error"
        if group == "space" or (group == "comment" and not comments):
            continue
        if group == "tag":
            group = "string"
        value = match.group()
        upper = value.upper() if group == "name" else value
        tokens.append(Token(_KINDS[group], value, match.start(), match.end(), upper))
    return tokens


def unquoted(text: str) -> str:
    """Return an identifier or string without its quotes, doubled quotes inside made single."""
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'`":
        return text[1:-1].replace(text[0] * 2, text[0])
    if len(text) >= 2 and text[0] == "[" and text[-1] == "]":
        return text[1:-1]
    return text


def quoted(name: str, dialect: str, *, force: bool = False) -> str:
    """Return `name` as an identifier of the dialect, quoted where it has to be."""
    plain = re.fullmatch(r"[A-Za-z_]\w*", name) is not None and name.upper() not in RESERVED
    if plain and not force and (dialect != "postgres" or name == name.lower()):
        return name
    quote = "`" if dialect in {"mysql", "bigquery", "databricks", "spark"} else '"'
    return quote + name.replace(quote, quote * 2) + quote


def meaning(text: str, dialect: str) -> tuple[str, ...]:
    """Return the tokens of a query as the engine tells them apart: quotes, case and optional words left out."""
    found: list[str] = []
    for token in tokenized(text):
        if token.kind in {"name", "quoted"} and token.name.upper() not in KEYWORDS:
            exact = dialect == "postgres" and token.kind == "quoted"
            found.append(token.name if exact else token.name.lower())
        elif token.upper not in {"AS", "INNER", "ASC", ";"}:
            found.append(_SIGNS.get(token.text, token.upper))
    return tuple(found)


def distance(before: str, after: str) -> int:
    """Return how many tokens are removed, added or replaced between two texts (Levenshtein over tokens)."""
    from rapidfuzz.distance import Levenshtein

    return int(Levenshtein.distance([t.upper for t in tokenized(before)], [t.upper for t in tokenized(after)]))
