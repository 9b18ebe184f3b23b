"""What stands for what: placeholders that are given out for values, and put back into answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from bestfix.capture.redact.plain import form, is_plain_number
from bestfix.capture.redact.secrets import secret_spans

__all__ = ["Hidden", "RestoreError", "Veil", "placeholders"]

KINDS = ("text", "path", "email", "secret", "comment", "line", "name")
NAME_LIMIT = 80
NAME_SPACES = 6
"""Characters and spaces of a name above which it is a text."""
_APART = ("number", "path", "name")
"""Kinds whose values are told apart from texts that are written alike."""
FIRST_NUMBER = 700_001
"""The number that stands for the first number hidden."""
PLACEHOLDER = re.compile(rf"\b(?:{'|'.join(KINDS)})_\d+(?![A-Za-z0-9_])")

_EXTENSION = re.compile(
    r"(?<=[^/\\.])\.(?:csv|tsv|txt|json|jsonl|parquet|feather|arrow|xlsx?|pkl|pickle|h5|hdf5?|zip|gz|bz2|xz|png|jpe?g|gif|"
    r"svg|pdf|py|ipynb|sql|db|sqlite3?|duckdb|xml|html?|ya?ml|toml|ini|cfg|md|log|np[yz]|tiff?|wav|mp[34])$",
    re.IGNORECASE,
)

_GIVEN_NUMBER = re.compile(rf"{FIRST_NUMBER // 10_000}\d{{4}}")
_NO_WORD = re.compile(r"[@/\\:]|[\w+/=-]{20}")


def placeholders(text: str) -> frozenset[str]:
    """Return the words and numbers of a text that look like placeholders."""
    return frozenset(PLACEHOLDER.findall(text)) | frozenset(_GIVEN_NUMBER.findall(text))


class RestoreError(ValueError):
    """An answer puts a placeholder where what it stands for cannot be written."""


@dataclass(slots=True)
class Hidden:
    """What a placeholder stands for.

    Attributes:
        kind: one of `KINDS`, or `number`.
        raw: the characters as they are written in the user's text.
        styles: the prefixes and quotes of the strings that it was found in.
    """

    kind: str
    raw: str
    styles: set[str] = field(default_factory=set)

    def fits(self, style: str) -> bool:
        """Whether the characters mean the same in a string of the given style."""
        return style in self.styles or not re.search(r"[\\'\"`${}\r\n]", self.raw)


@dataclass
class Veil:
    """Gives one placeholder to each value; the same value gets the same one.

    Attributes:
        known: whether a word is a name of the schema, which may be said.
        taken: whether a placeholder stands in the user's own texts.
        values: whether values may be said (level `with-values`); secrets, addresses and paths may not.
        hidden: what each placeholder stands for.
    """

    known: Callable[[str], bool]
    taken: Callable[[str], bool] = lambda _: False
    values: bool = False
    hidden: dict[str, Hidden] = field(default_factory=dict)
    _given: dict[tuple[str, str], str] = field(default_factory=dict)
    _counts: Counter[str] = field(default_factory=Counter)

    def hide(self, kind: str, raw: str, style: str = "") -> str:
        """Return what stands for a value; one that was met before keeps its placeholder. The end of a path stays."""
        if kind == "text" and ("/" in raw or _EXTENSION.search(raw)) and " " not in raw:
            kind = "path"
        extension = found.group() if kind == "path" and (found := _EXTENSION.search(raw)) else ""
        raw = raw.removesuffix(extension)
        if raw in self.hidden and kind != "name":
            return raw + extension
        key = (kind if kind in _APART else "", raw)
        if (placeholder := self._given.get(key)) is None:
            placeholder = self._given[key] = self._new(kind)
            self.hidden[placeholder] = Hidden(kind, raw)
        if style:
            self.hidden[placeholder].styles.add(style)
        return placeholder + extension

    def of(self, raw: str) -> str | None:
        """Return the placeholder that a text has already."""
        return self._given.get(("", raw))

    def say_number(self, digits: str) -> str:
        """Return a number as it may be said: small and round ones are sizes and positions."""
        return digits if self.values or is_plain_number(digits) else self.hide("number", digits)

    def say_name(self, name: str, style: str = "") -> str:
        """Return a name of the schema as it may be said: one that is no name but a text, or a secret, is hidden."""
        odd = len(name) > NAME_LIMIT or not name.isprintable() or name.count(" ") > NAME_SPACES
        secret = _NO_WORD.search(name) is not None and any(secret_spans(name))
        return self.hide("name", name, style) if odd or secret or PLACEHOLDER.fullmatch(name) else name

    def hide_secrets(self, text: str, style: str = "") -> str:
        """Return a text with nothing but its secrets, addresses and absolute paths hidden."""
        out, at = [], 0
        for kind, span in secret_spans(text):
            out += [text[at : span.start], self.hide(kind, span.of(text), style)]
            at = span.end
        return "".join([*out, text[at:]])

    def _new(self, kind: str) -> str:
        while True:
            self._counts[kind] += 1
            number = self._counts[kind]
            made = str(FIRST_NUMBER + number - 1) if kind == "number" else f"{kind}_{number}"
            if not self.taken(made):
                return made

    def put_back(self, text: str, write: Callable[[Hidden], str]) -> str:
        """Return a piece of an answer with its placeholders replaced by what `write` makes of them.

        Raises:
            RestoreError: when it holds a placeholder that was never given.
        """
        return PLACEHOLDER.sub(lambda match: self._written(match.group(), write), text)

    def _written(self, placeholder: str, write: Callable[[Hidden], str]) -> str:
        if (found := self.hidden.get(placeholder)) is not None:
            return write(found)
        if self.taken(placeholder):
            return placeholder
        raise RestoreError(f"the answer holds a placeholder that was not given: {placeholder}")

    def number(self, digits: str) -> str:
        """Return the number that a number of an answer stands for: itself, unless it was given for another.

        Raises:
            RestoreError: when it lies among those that were given, but was not given as it is written.
        """
        if (found := self.hidden.get(digits)) is not None:
            return found.raw
        above = -1.0
        with suppress(ValueError):
            above = float(digits.replace("_", "").rstrip("jJ")) - FIRST_NUMBER
        if 0 <= above < self._counts["number"] and not self.taken(digits):
            raise RestoreError(f"the answer holds a number that was not given: {digits}")
        return digits

    def told(self, text: str) -> str:
        """Return a line for the user with the short texts put back that it mentions."""

        def write(match: re.Match[str]) -> str:
            found = self.hidden.get(match.group())
            return found.raw if found and len(found.raw) <= NAME_LIMIT and found.raw.isprintable() else match.group()

        return re.sub(r"\w+", write, text)

    def legend(self) -> Iterator[tuple[str, str, str]]:
        """Yield each placeholder of a text with its form, where that tells something, and the text itself."""
        for placeholder, hidden in self.hidden.items():
            if hidden.kind == "text":
                yield placeholder, form(hidden.raw), hidden.raw
