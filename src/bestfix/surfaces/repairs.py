"""What bestfix repairs, from the docstrings of the repairs themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

__all__ = ["Description", "described", "descriptions", "page"]

_PARTS = re.compile(r"^(Why|Example|Safety):[ \t]*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Description:
    """What the docstring of a repair says.

    Attributes:
        name: the repair's name, such as `python.names.near_name`.
        summary: what it fixes.
        why: why people make the mistake.
        example: broken `→` fixed.
        safety: how far the fix may be trusted.
        errors: the error classes that it answers.
    """

    name: str
    summary: str
    why: str = ""
    example: str = ""
    safety: str = ""
    errors: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        """The repairs that it is described with."""
        return self.name.rpartition(".")[0]

    @classmethod
    def of(cls, name: str, function: Callable[..., Any], errors: tuple[str, ...]) -> Description:
        """Return the description of a repair function."""
        import inspect

        first, *parts = _PARTS.split(inspect.getdoc(function) or "")
        said = {key.lower(): _joined(text) for key, text in zip(parts[::2], parts[1::2], strict=True)}
        return cls(name, _joined(first), errors=errors, **said)


def descriptions() -> list[Description]:
    """Return every repair's description, in the order of their names; the slips of broken syntax are among them."""
    from bestfix.generate.base import load_repairs
    from bestfix.generate.python.syntax.search import load_slips

    found = [Description.of(r.name, r.function, r.errors) for r in load_repairs()[0]]
    found += [Description.of(s.name, s.function, ("SyntaxError",)) for s in load_slips()]
    return sorted(found, key=lambda d: d.name)


def described(name: str) -> Description | None:
    """Return the description of the repair called `name`."""
    return next((d for d in descriptions() if d.name == name), None)


def page() -> str:
    """Return the documentation page of all repairs, as Markdown."""
    found = descriptions()
    return "\n".join(_page(found)) + "\n"


def _page(found: list[Description]) -> Iterator[str]:
    families = [(_title(name), list(members)) for name, members in groupby(found, key=lambda d: d.family)]
    yield "# What bestfix repairs"
    yield ""
    yield f"{len(found)} repairs, each described by its own docstring. Written by `make docs`; do not edit."
    yield ""
    for title, members in families:
        yield f"- [{title}](#{title.lower().replace(': ', '-').replace(' ', '-')}) ({len(members)})"
    for title, members in families:
        yield from ("", f"## {title}")
        for member in members:
            yield from ("", *_entry(member))


def _title(family: str) -> str:
    """Return a family's heading: `Python syntax: quotes`."""
    language, *parts = family.split(".")
    words = [{"python": "Python", "sql": "SQL"}.get(language, language), *parts[:-1]]
    return f"{' '.join(words)}: {parts[-1].replace('_', ' ')}" if parts else words[0]


def _entry(member: Description) -> Iterator[str]:
    yield f"### {member.name.rpartition('.')[2].replace('_', ' ')}"
    yield ""
    yield member.summary
    yield ""
    if member.why:
        yield f"- *Why people make the mistake:* {member.why}"
    if member.example:
        yield f"- *Example:* {member.example}"
    if member.safety:
        yield f"- *Safety:* {member.safety}"
    yield f"- *Answers:* {', '.join(f'`{error}`' for error in member.errors)} (`{member.name}`)"


def _joined(text: str) -> str:
    """Return a paragraph as one line."""
    return " ".join(text.split())
