"""What a mutator is, and what several of them need: sites, slips of the finger, replacing."""

from __future__ import annotations

import ast
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib import resources
from typing import TypeVar

from bestfix.lang.python import Token, Tree, parsed, tokenized
from bestfix.lang.python.scope import bound_names

__all__ = ["Mutator", "Program", "chosen", "other_words", "slip"]

T = TypeVar("T")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SLIPS = {"drop": 32, "near": 22, "double": 12, "swap": 16, "extra": 8, "case": 10}
"""How often each slip of the finger happens, of 100 misspelt words."""


@dataclass(frozen=True)
class Program:
    """A cell that is being broken.

    Attributes:
        code: its text.
        setup: the code before it.
        intended: the text that is right.
    """

    code: str
    setup: str = ""
    intended: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "intended", self.intended or self.code)

    @cached_property
    def tokens(self) -> Sequence[Token]:
        """The tokens of the cell."""
        return tokenized(self.code)

    @cached_property
    def tree(self) -> Tree | None:
        """The syntax tree of the cell; `None` once it is broken."""
        return parsed(self.code)

    @cached_property
    def names(self) -> Sequence[str]:
        """The names that the cell and its setup bind."""
        return sorted(bound_names(self.setup) | bound_names(self.code))

    def nodes(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        """Yield the nodes of some kinds in the order of the text."""
        if self.tree is not None:
            found = [node for node in ast.walk(self.tree.root) if isinstance(node, kinds)]
            yield from sorted(found, key=lambda n: (n.lineno, n.col_offset))  # type: ignore[attr-defined]  # those kinds have places

    def text(self, node: ast.AST) -> str:
        """Return the text of a node."""
        return self.tree.span(node).of(self.code) if self.tree else ""

    def put(self, start: int, end: int, text: str) -> Program:
        """Return the program with other characters at a place."""
        return replace(self, code=self.code[:start] + text + self.code[end:])

    def put_node(self, node: ast.AST, text: str) -> Program:
        """Return the program with another text in the place of a node."""
        if self.tree is None:
            return self
        span = self.tree.span(node)
        return self.put(span.start, span.end, text)


Mutator = Callable[[Program, random.Random], Program | None]
"""Breaks a program at a place that chance chooses; `None` where it has none."""


def chosen(items: Sequence[T], rng: random.Random) -> T | None:
    """Return one of the items, or `None` of none."""
    return rng.choice(items) if items else None


@lru_cache(maxsize=8)
def other_words(kind: str) -> Mapping[str, Sequence[str]]:
    """Return what other types, libraries and languages call a thing, by the kind of thing."""
    text = resources.files("bestfix.train.mutate").joinpath("words.json").read_text(encoding="utf-8")
    words: Mapping[str, Sequence[str]] = json.loads(text)[kind]
    return words


def slip(word: str, rng: random.Random) -> str:
    """Return a word as fingers miswrite it; another one whenever that is possible."""
    if len(word) < 2:
        return word + rng.choice("xs1")
    for _ in range(20):
        kind = rng.choices(list(_SLIPS), list(_SLIPS.values()))[0]
        at = min(rng.randrange(len(word)) or rng.randrange(len(word)), len(word) - 1)
        wrong = _slipped(word, at, kind, rng)
        if wrong != word and wrong.isidentifier():
            return wrong
    return word + word[-1]


def _slipped(word: str, at: int, kind: str, rng: random.Random) -> str:
    head, letter, tail = word[:at], word[at], word[at + 1 :]
    if kind == "drop":
        return head + tail
    if kind == "double":
        return head + letter * 2 + tail
    if kind == "swap":
        return head + tail[:1] + letter + tail[1:]
    if kind == "case":
        return word.swapcase() if word.istitle() or rng.random() < 0.2 else head + letter.swapcase() + tail
    near = _neighbour(letter, rng)
    return head + near + (letter if kind == "extra" else "") + tail


def _neighbour(letter: str, rng: random.Random) -> str:
    for number, row in enumerate(_ROWS):
        if (at := row.find(letter.lower())) >= 0:
            others = [row[i] for i in (at - 1, at + 1) if 0 <= i < len(row)]
            others += [_ROWS[n][at] for n in (number - 1, number + 1) if 0 <= n < 3 and at < len(_ROWS[n])]
            near = rng.choice(others)
            return near.upper() if letter.isupper() else near
    return "_" if letter != "_" else ""
