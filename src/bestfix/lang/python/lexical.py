"""The shape of code: its tokens with names and literals apart, in which a fix of syntax is compared."""

from __future__ import annotations

import io
import keyword
import tokenize
from functools import lru_cache

__all__ = ["lexical"]


@lru_cache(maxsize=256)
def lexical(text: str) -> tuple[str, ...] | None:
    """Return the tokens with names, numbers and strings as their kinds, or `None` when the text has no tokens.

    Comments and blank lines do not count, nor does the end of the last line; blocks are `INDENT` and `DEDENT`.
    """
    out: list[str] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            kind = tokenize.tok_name[token.type]
            if kind == "OP" or (kind == "NAME" and keyword.iskeyword(token.string)):
                out.append(token.string)
            elif kind not in {"COMMENT", "NL", "ENDMARKER", "ENCODING"}:
                out.append(kind)
    except (tokenize.TokenError, SyntaxError):
        return None
    if out and out[-1] == "NEWLINE":
        out.pop()
    return tuple(out)
