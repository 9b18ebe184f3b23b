"""Messages without the values in them: the words that libraries' messages are made of stay, and names."""

from __future__ import annotations

import re

from bestfix.capture.redact.plain import is_message_word, is_plain_number, is_plain_text
from bestfix.capture.redact.veil import Veil
from bestfix.lang.sql.tokens import KEYWORDS

__all__ = ["loosely", "prose"]

_EXCERPT = re.compile(r"\n*^LINE \d+: .*(?:\n[^\S\n]*\^.*)?", re.MULTILINE)
_PARTS = re.compile(
    r"""(?<!\w)(?P<quote>['"`])(?P<quoted>(?:\\.|(?!(?P=quote)).)*?)(?P=quote)(?!\w)
      | (?P<value>(?<==\()[^()]*(?=\)) | (?<=contains\ \().*(?=\)))
      | (?P<number>(?<!\w)(?:0x[0-9A-Fa-f]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)(?!\w))
      | (?P<words>[^\W\d_][\w-]*(?:[ ][^\W\d_][\w-]*)*|\w+)
    """,
    re.VERBOSE | re.DOTALL,
)

_CALL = re.compile(r"(?P<name>\w+)\([A-Z0-9_, \[\]()]*\)")
"""A function with the types of its arguments, as databases write one."""


def prose(text: str, veil: Veil) -> str:
    """Return a message with its values hidden."""
    text = veil.hide_secrets(_EXCERPT.sub("", text))
    return text if veil.values else _PARTS.sub(lambda match: _part(match, veil), text)


def _part(match: re.Match[str], veil: Veil) -> str:
    text = match.group()
    if match["number"]:
        return veil.say_number(text)
    if match["value"]:
        return ", ".join(_value(item.strip(), veil) for item in text.split(", "))
    if match["quote"]:
        return match["quote"] + _quoted(match["quoted"], veil) + match["quote"]
    return _words(text, veil)


def _value(text: str, veil: Veil) -> str:
    return text if text in veil.hidden or is_plain_number(text) or veil.known(text) else veil.hide("text", text)


def _quoted(text: str, veil: Veil) -> str:
    """Return what stands between quotes: a name, a well-known word, a list of such, or a value."""
    if (given := veil.of(text)) is not None:
        return given
    if text in veil.hidden or is_plain_text(text):
        return text
    if veil.known(text) or all(map(veil.known, text.split("."))):
        return veil.say_name(text)
    if (call := _CALL.fullmatch(text)) and all(_is_usual(word, veil) for word in re.findall(r"\w+", text)):
        return text if veil.known(call["name"]) else veil.hide("text", text)
    if re.search(r"['\"\[]", text):
        return _PARTS.sub(lambda match: _part(match, veil), text)
    return veil.hide("text", text)


def _words(text: str, veil: Veil) -> str:
    """Return a run of words; those that are neither a message's nor a name become one placeholder a stretch."""
    out: list[str] = []
    strange: list[str] = []
    for word in [*text.split(" "), ""]:
        if word and not _is_usual(word, veil):
            strange.append(word)
            continue
        if strange:
            out.append(veil.hide("text", " ".join(strange)))
            strange = []
        out.append(word)
    return " ".join(out[:-1])


def _is_usual(word: str, veil: Veil) -> bool:
    if word in veil.hidden:
        return True
    if veil.of(word) is not None:
        return False
    return veil.known(word) or is_message_word(word) or word.upper() in KEYWORDS


def loosely(text: str, veil: Veil) -> str:
    """Return text that may be code or the inside of a string: names of the schema stay, other words are hidden."""
    return re.sub(
        r"[^\W\d]\w*|\d[\d.]*\d",
        lambda m: m.group() if _may_say(m.group(), veil) else veil.hide("text", m.group()),
        text,
    )


def _may_say(word: str, veil: Veil) -> bool:
    return veil.known(word) or word in veil.hidden or is_plain_number(word)
