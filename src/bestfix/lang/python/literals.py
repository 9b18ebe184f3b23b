"""String literals character by character: what each stands for, and how another text is written in its place."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from bestfix.core import Edit, Span
from bestfix.lang.python.quiet import quietly
from bestfix.lang.python.tokens import tokenized
from bestfix.lang.python.tree import Tree

__all__ = ["Literal", "Part", "Style", "literal_of", "verbatim"]

Fill = Callable[[str], str | None]
"""Gives the text that an expression comes to, when it is known."""

_HEAD = re.compile(r"(?P<prefix>[A-Za-z]*)(?P<quote>'''|\"\"\"|'|\")")
_ESCAPE = re.compile(r"\\(?:\r\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|.)", re.DOTALL)
_PLAIN_HOLE = re.compile(r"\{\s*(?P<expression>[^{}:!=]*?)\s*\}")


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is written where characters of a literal stand.

    Attributes:
        quote: what delimits the string; empty where text is written as it is.
        raw: whether backslashes stand for themselves.
        braces: whether braces are doubled, as in an f-string.
    """

    quote: str = ""
    raw: bool = False
    braces: bool = False

    def written(self, text: str, *, alone: bool = False) -> str | None:
        """Return `text` as it is written in such a string, or `None` where it cannot be.

        Args:
            text: what is to be written.
            alone: whether what stands around it is neither a quote nor the end of the string.
        """
        if self.braces:
            text = text.replace("{", "{{").replace("}", "}}")
        if not self.quote:
            return text
        lone = len(self.quote) == 1
        if self.raw:
            return None if self.quote[0] in text or text.endswith("\\") or (lone and "\n" in text) else text
        text = text.replace("\\", "\\\\")
        if lone or not alone or self.quote[0] * 2 in text:
            text = text.replace(self.quote[0], "\\" + self.quote[0])
        return text.replace("\n", "\\n").replace("\r", "\\r") if lone else text


@dataclass(frozen=True, slots=True)
class Part:
    """Characters of a literal that are written in one string, or that an expression comes to.

    Attributes:
        text: what they stand for.
        spans: for each of them, the characters of the source.
        style: how another text is written in their place; `None` for an expression, which stays.
    """

    text: str
    spans: tuple[Span, ...]
    style: Style | None = None


@dataclass(frozen=True)
class Literal:
    """A string expression whose characters are known by the place where they are written.

    Attributes:
        parts: its pieces, in order.
    """

    parts: tuple[Part, ...]

    @cached_property
    def value(self) -> str:
        """The string; what an unknown expression comes to is a template in double braces."""
        return "".join(part.text for part in self.parts)

    @cached_property
    def _written(self) -> list[tuple[Span, Style | None]]:
        return [(span, part.style) for part in self.parts for _, span in zip(part.text, part.spans, strict=False)]

    @cached_property
    def guessed(self) -> bool:
        """Whether it is not known what an expression in it comes to."""
        return any(part.style is None and part.text.startswith("{{ ") for part in self.parts)

    def filled(self, value: str) -> Literal | None:
        """Return this literal with its expressions filled in so that it comes to `value`; `None` when it cannot."""
        groups = ("(.*?)" if part.style is None else re.escape(part.text) for part in self.parts)
        if (match := re.fullmatch("".join(groups), value, re.DOTALL)) is None:
            return None
        found = iter(match.groups())
        return Literal(tuple(_hole(p.spans[0], next(found)) if p.style is None else p for p in self.parts))

    def within(self, span: Span) -> Literal:
        """Return the literal of the characters `span` of the value."""
        at, parts = 0, []
        for part in self.parts:
            start, end = max(span.start - at, 0), max(span.end - at, 0)
            parts.append(Part(part.text[start:end], part.spans[start:end] or part.spans[:1], part.style))
            at += len(part.text)
        return Literal(tuple(part for part in parts if part.text))

    def edits(self, edit: Edit) -> tuple[Edit, ...] | None:
        """Return the edits of the source that make an edit of the value, or `None` where it cannot be written."""
        written = self._written
        if edit.start == edit.end:
            return self._inserted(edit.start, edit.text)
        covered = written[edit.start : edit.end]
        if len(covered) < edit.end - edit.start or any(style is None for _, style in covered):
            return None
        out: list[Edit] = []
        text, alone = edit.text, self._alone(edit)
        for style, group in itertools.groupby(_runs(covered), key=lambda item: item[1]):
            spans = [span for span, _ in group]
            if style is None or (new := style[1].written(text, alone=alone)) is None:
                return None
            out.append(Edit(spans[0].start, spans[-1].end, new))
            text = ""
        return tuple(out)

    def _inserted(self, at: int, text: str) -> tuple[Edit, ...] | None:
        """Return the insertion before the character `at`, preferably just after the one before it."""
        written, alone = self._written, self._alone(Edit.insert(at, text))
        sides = [(*written[at - 1], 1)] if at else []
        sides += [(*written[at], 0)] if at < len(written) else []
        for span, style, after in sides:
            if style is not None and (new := style.written(text, alone=alone)) is not None:
                return (Edit.insert(span.end if after else span.start, new),)
        return None

    def _alone(self, edit: Edit) -> bool:
        """Whether a plain character other than a quote stands on both sides of an edit, in the same string."""
        written = self._written
        if not 0 < edit.start <= edit.end < len(written):
            return False
        (before, style), (after, other) = written[edit.start - 1], written[edit.end]
        inner = written[edit.start : edit.end]
        joined = [before, *(span for span, _ in inner), after]
        close = all(a.end == b.start for a, b in itertools.pairwise(joined))
        quotes = {self.value[edit.start - 1], self.value[edit.end]} & set("'\"")
        return close and style is not None and style == other and not quotes


def verbatim(text: str, start: int) -> Literal:
    """Return a text that is written as it is, from the offset `start` of its source on."""
    spans = tuple(Span(start + at, start + at + 1) for at in range(len(text)))
    return Literal((Part(text, spans, Style()),))


def literal_of(tree: Tree, node: ast.expr, fill: Fill = lambda _: None, *, braces: bool = False) -> Literal | None:
    """Return the characters of a string expression: literals, f-strings, and what is added to them.

    Args:
        tree: the tree that the expression is in.
        node: the expression.
        fill: what the expressions in it come to.
        braces: whether it is a template of `str.format`.
    """
    parts = tuple(_parts(tree, node, fill, braces))
    return Literal(parts) if any(part.style is not None for part in parts) else None


def _parts(tree: Tree, node: ast.expr, fill: Fill, braces: bool) -> Iterator[Part]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _parts(tree, node.left, fill, braces)
        yield from _parts(tree, node.right, fill, braces)
    elif isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        parts = list(_strings(tree, node, fill, braces))
        if isinstance(node, ast.Constant) and not braces and "".join(p.text for p in parts) != node.value:
            return
        yield from parts
    else:
        source = tree.source(node)
        yield _hole(tree.span(node), _filling(source, fill))


def _strings(tree: Tree, node: ast.expr, fill: Fill, braces: bool) -> Iterator[Part]:
    """Yield the parts of strings that stand one after the other."""
    span = tree.span(node)
    for token in tokenized(span.of(tree.text)):
        if token.kind == "string":
            yield from _string(token.text, span.start + token.start, fill, braces)


def _string(token: str, offset: int, fill: Fill, braces: bool) -> Iterator[Part]:
    """Yield the parts of one string, which stands at `offset`."""
    head = _HEAD.match(token)
    if head is None:
        return
    prefix, quote = head["prefix"].lower(), head["quote"]
    style = Style(quote, "r" in prefix, braces or "f" in prefix)
    at, end = head.end(), len(token) - len(quote)
    text, spans = "", list[Span]()
    while at < end:
        stop = _next(token, at, style)
        span = Span(offset + at, offset + stop)
        if style.braces and token[at] == "{" and token[at : at + 2] != "{{":
            yield Part(text, tuple(spans), style)
            text, spans = "", []
            yield _hole(span, _filled(token[at:stop], fill))
        else:
            decoded = _decoded(token[at:stop], style)
            text += decoded
            spans += [span] * len(decoded)
        at = stop
    yield Part(text, tuple(spans), style)


def _next(token: str, at: int, style: Style) -> int:
    """Return where what starts at `at` ends: a character, an escape, a doubled brace or an expression."""
    if token[at] == "\\" and not style.raw and (escape := _ESCAPE.match(token, at)) is not None:
        return escape.end()
    if token[at : at + 2] == "\r\n":
        return at + 2
    if style.braces and token[at] in "{}":
        return at + 2 if token[at : at + 2] in {"{{", "}}"} else _hole_end(token, at)
    return at + 1


def _hole_end(token: str, at: int) -> int:
    """Return where the expression in braces that starts at `at` ends."""
    depth = 0
    for end in range(at, len(token)):
        depth += {"{": 1, "}": -1}.get(token[end], 0)
        if depth <= 0:
            return end + 1
    return at + 1


def _decoded(source: str, style: Style) -> str:
    """Return what a character, an escape or a doubled brace stands for."""
    if source.startswith("\\") and len(source) > 1 and not style.raw:
        with suppress(SyntaxError, ValueError):
            return str(ast.literal_eval(quietly(lambda name: ast.parse(f'"{source}"', name, "eval"))))
        return source
    if source in {"\r\n", "\r"}:
        return "\n"
    return source[0] if source in {"{{", "}}"} and style.braces else source


def _filled(hole: str, fill: Fill) -> str:
    """Return what an expression in braces comes to, or a template; the empty one is that of `str.format`."""
    plain = _PLAIN_HOLE.fullmatch(hole)
    return _filling(plain["expression"], fill) if plain else "{{ … }}"


def _filling(expression: str, fill: Fill) -> str:
    value = fill(expression)
    return "{{ " + re.sub(r"[{}]", "", expression) + " }}" if value is None else value


def _hole(span: Span, text: str) -> Part:
    return Part(text, (span,) * max(len(text), 1) if text else (span,), None)


def _runs(covered: list[tuple[Span, Style | None]]) -> Iterator[tuple[Span, tuple[int, Style] | None]]:
    """Yield the characters with what they are written in one stretch with: a gap or another string starts a new one."""
    number, before = 0, None
    for span, style in covered:
        if before is not None and not (span == before or span.start == before.end):
            number += 1
        before = span
        yield span, None if style is None else (number, style)
