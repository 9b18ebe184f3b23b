"""What stands for what: placeholders that are given out for values, and put back into answers."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bestfix.capture.redact.plain import form
from bestfix.capture.redact.secrets import secret_spans

__all__ = ["Hidden", "RestoreError", "Veil"]

KINDS = ("text", "path", "email", "secret", "comment", "line", "name")
_APART = ("number", "path")
"""Kinds whose values are told apart from texts that are written alike."""
FIRST_NUMBER = 700_001
"""The number that stands for the first number hidden."""
_PLACEHOLDER = re.compile(rf"\b(?:{'|'.join(KINDS)})_\d+(?![A-Za-z0-9_])")

_EXTENSION = re.compile(
    r"(?<=[^/\\.])\.(?:csv|tsv|txt|json|jsonl|parquet|feather|arrow|xlsx?|pkl|pickle|h5|hdf5?|zip|gz|bz2|xz|png|jpe?g|gif|"
    r"svg|pdf|py|ipynb|sql|db|sqlite3?|duckdb|xml|html?|ya?ml|toml|ini|cfg|md|log|np[yz]|tiff?|wav|mp[34])$",
    re.IGNORECASE,
)


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

    def hide(self, kind: str, raw: str, style: str = "") -> str:
        """Return what stands for a value; one that was met before keeps its placeholder. The end of a path stays."""
        if kind == "text" and ("/" in raw or _EXTENSION.search(raw)) and " " not in raw:
            kind = "path"
        extension = found.group() if kind == "path" and (found := _EXTENSION.search(raw)) else ""
        raw = raw.removesuffix(extension)
        if raw in self.hidden:
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

    def hide_secrets(self, text: str, style: str = "") -> str:
        """Return a text with nothing but its secrets, addresses and absolute paths hidden."""
        out, at = [], 0
        for kind, span in secret_spans(text):
            out += [text[at : span.start], self.hide(kind, span.of(text), style)]
            at = span.end
        return "".join([*out, text[at:]])

    def _new(self, kind: str) -> str:
        numbers = itertools.count(1 + sum(hidden.kind == kind for hidden in self.hidden.values()))
        made = (str(FIRST_NUMBER + n - 1) if kind == "number" else f"{kind}_{n}" for n in numbers)
        return next(name for name in made if name not in self.hidden and not self.taken(name))

    def put_back(self, text: str, write: Callable[[Hidden], str]) -> str:
        """Return a piece of an answer with its placeholders replaced by what `write` makes of them.

        Raises:
            RestoreError: when it holds a placeholder that was never given.
        """
        return _PLACEHOLDER.sub(lambda match: self._written(match.group(), write), text)

    def _written(self, placeholder: str, write: Callable[[Hidden], str]) -> str:
        if (found := self.hidden.get(placeholder)) is not None:
            return write(found)
        if self.taken(placeholder):
            return placeholder
        raise RestoreError(f"the answer holds a placeholder that was not given: {placeholder}")

    def number(self, digits: str) -> str:
        """Return the number that a number of an answer stands for: itself, unless it was given for another.

        Raises:
            RestoreError: when it lies among those that were given, but was not.
        """
        if (found := self.hidden.get(digits)) is not None:
            return found.raw
        if digits.isdigit() and 0 <= int(digits[:9]) - FIRST_NUMBER <= len(self.hidden) and not self.taken(digits):
            raise RestoreError(f"the answer holds a number that was not given: {digits}")
        return digits

    def legend(self) -> Iterator[tuple[str, str, str]]:
        """Yield each placeholder of a text with its form, where that tells something, and the text itself."""
        for placeholder, hidden in self.hidden.items():
            if hidden.kind in {"text", "path"}:
                yield placeholder, form(hidden.raw), hidden.raw
