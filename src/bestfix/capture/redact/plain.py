"""Which literals and words say nothing of the user's data."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

__all__ = ["form", "is_message_word", "is_plain_number", "is_plain_text"]

_FORMAT = re.compile(r"%-?[A-Za-z]|\\[A-Za-z]\d{0,3}|\[\^?(?:\w-\w|\\\w)+\]|\(\?[PiLmsux<:=!]|\{\d?(?::[^{}]*)?\}")
_PLAIN_DIGITS = 2
"""Digits of a whole number that is a position, a size or a count rather than a value."""

_FORM_LIMIT = 40


def is_plain_text(text: str) -> bool:
    """Whether a string is a separator, a format, a pattern or a well-known value of a parameter."""
    if len(text) <= 1 or text in _words("parameters.txt"):
        return True
    return not any(char.isalnum() for char in _FORMAT.sub("", text))


def is_plain_number(text: str) -> bool:
    """Whether a number is small or round, as positions, sizes and factors are."""
    digits = text.replace("_", "").lower()
    if digits.isdigit():
        return len(digits.lstrip("0")) <= _PLAIN_DIGITS or (digits[0] == "1" and not digits[1:].strip("0"))
    mantissa, _, exponent = digits.rstrip("j").partition("e")
    return (
        re.fullmatch(r"[0-9.]+", mantissa) is not None
        and len(mantissa.replace(".", "").strip("0")) <= 1
        and (exponent.lstrip("+-").isdigit() or not exponent)
    )


@lru_cache(maxsize=2)
def _words(file: str) -> frozenset[str]:
    """Return the words of messages (`words.txt`) or the values of libraries' parameters (`parameters.txt`)."""
    return frozenset(files(__package__).joinpath(file).read_text(encoding="ascii").split())


def is_message_word(word: str) -> bool:
    """Whether a word is one of those that error messages are made of, or put together from such words."""
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", word)
    usual = word.isascii() and sum(char.isdigit() for char in word) <= _PLAIN_DIGITS
    return usual and bool(parts) and all(part.lower() in _words("words.txt") or len(part) == 1 for part in parts)


def form(text: str) -> str:
    """Return the form of a text with digits: letters as `x` and `X`, digits as `9`; empty for others and long ones."""
    if len(text) > _FORM_LIMIT or not text.isprintable() or not any(char.isdigit() for char in text):
        return ""
    return "".join("9" if c.isdigit() else ("X" if c.isupper() else "x") if c.isalpha() else c for c in text)
