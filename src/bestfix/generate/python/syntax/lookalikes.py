# ruff: noqa: RUF001 - characters that look like others are the data of this module
"""Characters that look like Python's, and characters that nobody sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Broken, Move, slip

__all__ = ["lookalike"]

_SAME: Mapping[str, str] = {
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "×": "*", "·": "*", "⋅": "*", "∗": "*", "÷": "/", "∕": "/",
    "⁄": "/", "≤": "<=", "⩽": "<=", "≥": ">=", "⩾": ">=", "≠": "!=", "≈": "==", "≡": "==", "∧": " and ",
    "∨": " or ", "¬": " not ", "∈": " in ", "∉": " not in ", "→": "->", "⇒": "->", "…": "...", "‹": "<", "›": ">",
    "〈": "<", "〉": ">", "、": ",", "。": ".", "،": ",", "；": ";", "：": ":", "„": '"', "¨": '"', "″": '"', "′": "'",
    "´": "'", "‘": "'", "’": "'", "‚": "'", "‛": "'", "“": '"', "”": '"', "‟": '"', "«": '"', "»": '"', "「": '"',
    "」": '"', "『": '"', "』": '"', "【": "[", "】": "]", "〔": "(", "〕": ")", "∶": ":", "﹕": ":", "¡": "", "¿": "",
    "∞": "float('inf')", "²": "**2", "³": "**3",
}  # fmt: skip
_CURLY = re.compile(
    r"""(?P<real>\#[^\n]*|(?i:[rbuf]{0,2})(?:'''(?:.|\n)*?'''|\"\"\"(?:.|\n)*?\"\"\"|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"))
      |(?P<open>[“„”‟«»「『])(?P<text>[^“”‟«»」』"\n]*)(?P<close>[”“‟»«」』"])
      |(?P<single>[‘’‚‛´`])(?P<inner>[^‘’´`'\n]*(?:\w[’'´]\w[^‘’´`'\n]*)*)(?P<end>[’‘´`'])
      |(?P<mixed>["'])(?P<body>[^"'“”‘’\n]*)(?P<last>[”“’‘])
      |(?P<half>\d*[\u00bc-\u00be\u2150-\u215e])
      |(?P<char>[^\x00-\x7f]|[\x00-\x08\x0b\x0e-\x1f\x7f])""",
    re.VERBOSE,
)


@slip
def lookalike(broken: Broken) -> Iterator[Move]:
    """Replace characters that look like Python's own, and remove invisible ones; strings and comments are left alone.

    Why: word processors, chats and web pages turn quotes, dashes and spaces into typographic ones.
    Example: `print(“hi”)` → `print("hi")`; `x ≤ 3` → `x <= 3`
    Safety: safe; only characters that Python cannot read are replaced, all of them at once.
    """
    if "character" not in broken.message and "unterminated" not in broken.message:
        return
    edits = [edit for match in _CURLY.finditer(broken.text) for edit in _edits(match)]
    if edits:
        named = broken.text[edits[0].start : edits[0].end]
        shown = named if named.isprintable() and named.strip() else f"U+{ord(named[0]):04X}"
        yield Move(tuple(edits), 0.95, f"`{shown}` only looks like the character that Python knows")


def _edits(match: re.Match[str]) -> Iterator[Edit]:
    """Yield the edits for one string in typographic quotes, or for one character."""
    if match["real"] is not None:
        return
    for opening, text, closing in (("open", "text", "close"), ("single", "inner", "end"), ("mixed", "body", "last")):
        if match[opening] is not None:
            mark = _mark(match[opening], match[text])
            yield Edit(match.start(opening), match.end(opening), mark)
            yield Edit(match.start(closing), match.end(closing), mark)
            return
    if match["half"] is not None:
        whole, last = match["half"][:-1], match["half"][-1]
        yield Edit(match.start(), match.end(), f"{int(whole or 0) + unicodedata.numeric(last):g}")
        return
    new = _plain(match["char"])
    if new is not None:
        yield Edit(match.start(), match.end(), new)


def _mark(opening: str, text: str) -> str:
    """Return the quote for a text: the one it looks like, unless the text contains that."""
    mark = opening if opening in "'\"" else _SAME.get(opening, "'")
    if mark in text:
        return '"' if mark == "'" else "'"
    return mark


def _plain(char: str) -> str | None:
    """Return what Python reads for a character, nothing for an invisible one, `None` for one that is fine."""
    if char in _SAME:
        return _SAME[char]
    category = unicodedata.category(char)
    if category == "Zs":
        return " "
    if category in {"Zl", "Zp"}:
        return "\n"
    if category in {"Cf", "Cc"}:
        return ""
    folded = unicodedata.normalize("NFKC", char)
    if folded != char and folded.isascii() and not folded.isidentifier():
        return folded
    return None
