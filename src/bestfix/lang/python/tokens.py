"""A tokenizer that never fails: broken code is what it is for."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

__all__ = ["Token", "TokenKind", "scan", "tokenized"]

TokenKind = Literal["name", "keyword", "number", "string", "op", "comment", "newline", "error"]


@dataclass(frozen=True, slots=True)
class Token:
    """A token and where it stands.

    Attributes:
        kind: `error` is a character that no token starts with, or an unterminated string up to its line's end.
        text: its characters; a whole f-string is one `string`.
        start, end: offsets in the source.
        spaced: whether white space, a comment or the start of a line stands before it.
    """

    kind: TokenKind
    text: str
    start: int
    end: int
    spaced: bool


_PREFIX = r"(?i:[rbuft]|[bft]r|r[bft])?"
_TOKEN = re.compile(
    rf"""
    (?P<comment>\#[^\r\n]*)
  | (?P<string>{_PREFIX}(?:'''(?:\\.|(?!''')[^\\])*'''|\"\"\"(?:\\.|(?!\"\"\")[^\\])*\"\"\"))
  | (?P<triple>{_PREFIX}(?:'''|\"\"\"))
  | (?P<plain>{_PREFIX}(?:'(?:\\(?:\r\n|.)|[^'\\\r\n])*'|"(?:\\(?:\r\n|.)|[^"\\\r\n])*"))
  | (?P<open>{_PREFIX}(?:'(?:\\.|[^'\\\r\n])*|"(?:\\.|[^"\\\r\n])*))
  | (?P<number>(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+
      |(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9][0-9_]*)?)[jJ]?)
  | (?P<name>[^\W\d]\w*)
  | (?P<op>\*\*=|//=|>>=|<<=|\.\.\.|!=|->|:=|\*\*|//|>>|<<|<=|>=|==
      |\+=|-=|\*=|/=|%=|&=|\|=|\^=|@=|[-+*/%@&|^~<>()\[\]{{}},:;.=])
  | (?P<newline>\r\n|\r|\n)
  | (?P<space>(?:[ \t\f]|\\(?:\r\n|\r|\n))+)
  | (?P<error>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_KINDS: dict[str, TokenKind] = {
    "comment": "comment", "string": "string", "plain": "string", "open": "error", "triple": "error", "number": "number",
    "name": "name", "op": "op", "newline": "newline", "error": "error",
}  # fmt: skip


def tokenized(text: str, *, comments: bool = False) -> list[Token]:
    """Return the tokens of `text`, comments left out unless asked for; every `newline` character is a token.

    An unterminated triple quote is an `error` token of its quotes alone, so that what follows is still seen.
    """
    return list(scan(text, comments=comments))


def scan(text: str, start: int = 0, *, comments: bool = False) -> Iterator[Token]:
    """Yield the tokens of `text` from an offset on, as `tokenized` returns them."""
    spaced = True
    for match in _TOKEN.finditer(text, start):
        group = match.lastgroup or "error"
        if group == "space":
            spaced = True
            continue
        kind = _KINDS[group]
        if kind == "comment" and not comments:
            spaced = True
            continue
        value = match.group()
        if kind == "name" and keyword.iskeyword(value):
            kind = "keyword"
        yield Token(kind, value, match.start(), match.end(), spaced)
        spaced = kind == "newline"
