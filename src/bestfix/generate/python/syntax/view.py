"""Broken code as a learner sees it: abstract tokens, the brackets around each, and where the parser stopped."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bestfix.generate.python.syntax.base import Broken
from bestfix.lang.python import compiles

__all__ = ["CLOSER", "OPENER", "Item", "View"]

OPENER = {")": "(", "]": "[", "}": "{"}
"""The opening bracket of each closing one."""
CLOSER = {opening: closing for closing, opening in OPENER.items()}
"""The closing bracket of each opening one."""
_WORDS = frozenset({"print", "exec", "self", "range", "elseif", "null", "true", "false", "function", "var", "then"})
_KEYWORDS = tuple(word for word in keyword.kwlist if len(word) > 2)
_QUOTED = re.compile(r"'[^']*'")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Item:
    """A token, or the end of a line with code on it.

    Attributes:
        kind: its class: the text of a keyword or operator, `NAME`, `~word` for a name that looks like a keyword,
            `STRING`, `NUMBER`, `ERROR`; for the end of a line `NL` and how the next line is indented against it.
        text: its characters.
        start, end: offsets in the text.
        spaced: whether white space stands before it.
        line: the number of the line of code, counted from 0.
    """

    kind: str
    text: str
    start: int
    end: int
    spaced: bool
    line: int


class View:
    """The abstract tokens of broken code with their surroundings. Index `i` of a gap is the gap before item `i`."""

    def __init__(self, broken: Broken) -> None:
        self.broken = broken
        self.items = _items(broken)
        self.message = _message_class(broken.message)
        self.probed = _probed(broken)
        self.at = self.index(broken.offset)
        probe = broken if self.probed is None else self.probed
        last = max(probe.offset, probe.end - 1)
        self.stop = self.index(last) if probe is broken or last < len(broken.text) else len(self.items)
        self.probe_message = "" if self.probed is None else _message_class(self.probed.message)

    def index(self, offset: int) -> int:
        """Return the index of the first item that ends after `offset`."""
        return next((i for i, item in enumerate(self.items) if item.end > offset), len(self.items))

    def kind(self, index: int) -> str:
        """Return the kind of an item; a mark for the start or the end of the text where there is none."""
        if index < 0:
            return "^"
        return self.items[index].kind if index < len(self.items) else "$"

    @cached_property
    def around(self) -> list[str]:
        """For each gap what bracket it stands in: `call(`, `(`, `sub[`, `[`, `{` or nothing."""
        found, stack = [""], [""]
        for i, item in enumerate(self.items):
            if item.kind in CLOSER:
                called = self.kind(i - 1) in {"NAME", ")", "]", "print", "range"} or self.kind(i - 1)[0] == "~"
                stack.append(("call" if called else "") + item.kind)
            elif item.kind in OPENER and len(stack) > 1:
                stack.pop()
            found.append(stack[-1])
        return found

    @cached_property
    def brackets(self) -> list[tuple[int, str]]:
        """The brackets, each with its index."""
        return [(i, item.kind) for i, item in enumerate(self.items) if item.kind in CLOSER or item.kind in OPENER]

    @cached_property
    def ranks(self) -> list[int]:
        """For each gap the number of brackets before it."""
        ranks, count = [0], 0
        for item in self.items:
            count += item.kind in CLOSER or item.kind in OPENER
            ranks.append(count)
        return ranks

    @cached_property
    def opened(self) -> list[str | None]:
        """For each bracket, and the end, the brackets that are open before it; `None` after a mismatch."""
        found: list[str | None] = [""]
        for _, kind in self.brackets:
            found.append(applied(found[-1], kind))
        return found

    @cached_property
    def needed(self) -> list[str | None]:
        """For each bracket, and the end, the brackets that must be open before it for the rest to fit; or `None`."""
        found: list[str | None] = [""]
        for _, kind in reversed(self.brackets):
            last = found[-1]
            if last is None:
                found.append(None)
            elif kind in OPENER:
                found.append(last + OPENER[kind])
            else:
                found.append(last[:-1] if last.endswith(kind) else None)
        return found[::-1]

    @cached_property
    def balances(self) -> list[str]:
        """For each line how many brackets of each kind it opens more than it closes, as a short text."""
        counts: dict[int, dict[str, int]] = {}
        for item in self.items:
            line = counts.setdefault(item.line, {"(": 0, "[": 0, "{": 0})
            if item.kind in CLOSER:
                line[item.kind] += 1
            elif item.kind in OPENER:
                line[OPENER[item.kind]] -= 1
        last = self.items[-1].line if self.items else 0
        return ["".join(f"{k}{n}" for k, n in counts.get(i, {}).items() if n) for i in range(last + 1)]

    @cached_property
    def firsts(self) -> list[str]:
        """The kind of the first item of each line."""
        found: dict[int, str] = {}
        for item in self.items:
            found.setdefault(item.line, item.kind)
        last = self.items[-1].line if self.items else 0
        return [found.get(i, "^") for i in range(last + 1)]


def applied(stack: str | None, kind: str) -> str | None:
    """Return the open brackets after one more bracket; `None` after a mismatch."""
    if stack is None:
        return None
    if kind in CLOSER:
        return stack + kind
    return stack[:-1] if stack.endswith(OPENER[kind]) else None


def _items(broken: Broken) -> list[Item]:
    """Return the tokens and line ends, blank lines left out."""
    items: list[Item] = []
    line, depth, indent = 0, 0, 0
    pending = None
    for token in broken.tokens:
        if token.kind == "newline":
            pending = token if items and pending is None else pending
            continue
        if pending is not None:
            column = token.start - (broken.code.rfind("\n", 0, token.start) + 1)
            change = "nl" if depth > 0 else "NL>" if column > indent else "NL<" if column < indent else "NL="
            items.append(Item(change, "\n", pending.start, pending.end, spaced=False, line=line))
            line, indent, pending = line + 1, indent if depth > 0 else column, None
        elif not items:
            indent = token.start - (broken.code.rfind("\n", 0, token.start) + 1)
        kind = _kind(token.kind, token.text)
        depth += (kind in CLOSER) - (kind in OPENER and depth > 0)
        items.append(Item(kind, token.text, token.start, token.end, token.spaced, line))
    return items


def _kind(kind: str, text: str) -> str:
    if kind in {"op", "keyword"}:
        return text
    if kind == "name":
        return _name_kind(text)
    if kind == "error":
        return "ERROR" if len(text) == 1 else "OPEN"
    return kind.upper()


@lru_cache(maxsize=4096)
def _name_kind(name: str) -> str:
    if name in _WORDS:
        return name
    lower = name.lower()
    if keyword.iskeyword(lower):
        return "~" + lower
    if 3 <= len(name) <= 9:
        for word in _KEYWORDS:
            if abs(len(word) - len(name)) < 2 and (
                _near(lower, word) if len(word) > 3 else sorted(lower) == sorted(word)
            ):
                return "~" + word
    return "NAME"


def _near(a: str, b: str) -> bool:
    """Whether one character lost, added, changed or exchanged with its neighbour makes one word of the other."""
    if a == b:
        return True
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    a, b = a[head:], b[head:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:] and len(a) > 1)


def _message_class(message: str) -> str:
    message = message.partition(" on line ")[0].partition(" on line")[0]
    return _NUMBER.sub("N", message)[:60]


def _probed(broken: Broken) -> Broken | None:
    """Return where the parser stops when open brackets are closed at the end, if brackets are what it complains of."""
    message = broken.message
    if message.endswith("was never closed"):
        head = broken.text.rstrip()
    elif message.startswith(("closing parenthesis", "unmatched")):
        head = broken.text[: broken.offset]
    else:
        return None
    stack: list[str] = []
    for token in broken.tokens:
        if token.start >= len(head):
            break
        if token.kind == "op" and token.text in CLOSER:
            stack.append(CLOSER[token.text])
        elif token.kind == "op" and token.text in OPENER and stack:
            stack.pop()
    probe = head + "\n" * bool(stack) + "".join(reversed(stack))
    error = compiles(probe)
    return Broken(probe, "", 1, len(head), len(head)) if error is None else Broken.of(probe, error)
