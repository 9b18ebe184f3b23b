"""Parameters and templates made into something that the engine can bind, with the way back to the user's offsets."""

from __future__ import annotations

from dataclasses import dataclass

from bestfix.lang.sql.tokens import Token, tokenized

__all__ = ["Masked", "masked"]


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with parts replaced.

    Attributes:
        text: the text with the replacements made.
        parts: for each replacement the place of the original, and of what stands for it.
        parameters: how many parameters of the engine's own it has.
    """

    text: str
    parts: tuple[tuple[int, int, int, int], ...] = ()
    parameters: int = 0

    def back(self, offset: int) -> int:
        """Return the place in the original text of a character of the masked text."""
        shift = 0
        for start, end, new_start, new_end in self.parts:
            if offset < new_start:
                break
            if offset < new_end:
                return start
            shift = end - new_end
        return offset + shift


def masked(text: str, dialect: str) -> Masked:
    """Return `text` for the engine of `dialect`: its own parameter marks, and `NULL` or nothing for a template."""
    if not any(mark in text for mark in "?:$%@{"):
        return Masked(text)
    pieces, parts, numbers, at, size = [], [], dict[str, int](), 0, 0
    for token in tokenized(text):
        if token.kind not in {"param", "template"}:
            continue
        replacement = _replacement(token, dialect, numbers)
        head = text[at : token.start]
        pieces += [head, replacement]
        size += len(head)
        parts.append((token.start, token.end, size, size + len(replacement)))
        size += len(replacement)
        at = token.end
    return Masked("".join(pieces) + text[at:], tuple(parts), len(numbers))


def _replacement(token: Token, dialect: str, numbers: dict[str, int]) -> str:
    if token.kind == "template":
        return "NULL" if token.text.startswith("{{") else ""
    anonymous = token.text in {"?", "%s"}
    number = numbers.setdefault(f"{len(numbers)}?" if anonymous else token.text.strip("%()s:$@?"), len(numbers) + 1)
    return {"postgres": f"${number}", "duckdb": f"${number}", "sqlite": f"?{number}"}.get(dialect, "NULL")
