"""Keywords misspelt, of other languages, or missing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Broken, Move, slip
from bestfix.generate.python.syntax.layout import BLOCK_WORDS, CLOSERS, OPENERS, Layout, Row, layout
from bestfix.lang.python import Token

__all__ = ["declared", "else_if", "foreign_word", "head_missing", "missing_colon", "misspelt", "surplus_word"]

_FOREIGN: Mapping[str, tuple[str, float]] = {
    "elseif": ("elif", 0.95), "elsif": ("elif", 0.95), "elseIf": ("elif", 0.95), "ElseIf": ("elif", 0.95),
    "function": ("def", 0.9), "func": ("def", 0.9), "fn": ("def", 0.85), "fun": ("def", 0.85), "sub": ("def", 0.7),
    "define": ("def", 0.85), "foreach": ("for", 0.9), "forEach": ("for", 0.85), "catch": ("except", 0.93),
    "rescue": ("except", 0.8), "throw": ("raise", 0.9), "unless": ("if not", 0.85), "until": ("while not", 0.85),
    "switch": ("match", 0.8), "default": ("case _", 0.7), "null": ("None", 0.9), "nil": ("None", 0.9),
    "mod": ("%", 0.9),
    "include": ("import", 0.8), "require": ("import", 0.7), "using": ("import", 0.7), "struct": ("class", 0.8),
    "interface": ("class", 0.8), "enum": ("class", 0.5), "equals": ("==", 0.7), "end": ("", 0.5), "endif": ("", 0.6),
}  # fmt: skip
_BINARY = frozenset({"mod", "equals"})
_DECLARATIONS = frozenset({"var", "let", "const", "auto", "val", "local", "my", "dim", "final", "new"})
_TYPES = frozenset(
    {"int", "float", "double", "string", "String", "str", "bool", "boolean", "char", "long", "list", "dict"}
)
_OPERATOR_WORDS = ("and", "or", "not", "in", "is", "if", "else", "for", "as", "import", "lambda", "from")
_HEADS = ("if", "elif", "else", "for", "while", "try", "except", "finally", "with", "def", "class", "lambda", "async")
_SIMPLE = (
    "import",
    "from",
    "return",
    "raise",
    "del",
    "global",
    "assert",
    "pass",
    "break",
    "continue",
    "yield",
    "nonlocal",
)


@slip
def misspelt(broken: Broken) -> Iterator[Move]:
    """Write a keyword as Python spells it.

    Why: a letter is missing, doubled, swapped or a capital.
    Example: `whlie x:` → `while x:`; `If a == 0:` → `if a == 0:`; `a adn b` → `a and b`
    Safety: safe; only a word is taken for a keyword that stands where the grammar wants one.
    """
    shape = layout(broken)
    at = shape.at(broken.offset)
    bound = _bound(shape)
    for index in range(max(0, at - 4), min(len(shape.tokens), at + 2)):
        token = shape.tokens[index]
        if token.kind != "name" or token.text in bound:
            continue
        near = 1.0 if index >= at - 2 else 0.5
        for word, score in _nearest(token.text, _wanted(shape, index)):
            alike = [t for i, t in enumerate(shape.tokens) if t.text == token.text and _stands_alone(shape, i)]
            chosen = alike if token in alike else [token]
            edits = tuple(Edit(t.start, t.end, word) for t in chosen)
            yield Move(edits, score * near, f"`{token.text}` is written `{word}` in Python")


@slip
def else_if(broken: Broken) -> Iterator[Move]:
    """Write `elif` for `else if`.

    Why: other languages write two words.
    Example: `else if x > 3:` → `elif x > 3:`
    Safety: safe.
    """
    edits = []
    shape = layout(broken)
    for row in shape.rows:
        if len(row.tokens) > 2 and row.first.lower() in {"else", "els"} and row.tokens[1].text.lower() == "if":
            edits.append(Edit(row.start, row.tokens[1].end, "elif"))
        elif len(row.tokens) > 3 and row.first == "else" and row.tokens[1].text == ":" and row.tokens[2].text == "if":
            following = shape.rows[row.index + 1] if row.index + 1 < len(shape.rows) else None
            if row.last == ":" and following is not None and row.tokens[2].start < broken.end + 2:
                edits.append(Edit(row.start, row.tokens[2].end, "elif"))
        elif len(row.tokens) > 2 and row.first == "else" and row.last == ":" and row.tokens[1].text not in {":", "if"}:
            edits.append(Edit(row.start, row.tokens[0].end, "elif"))
    if edits:
        yield Move(tuple(edits), 0.98, "`else if` is written `elif` in Python")


@slip
def foreign_word(broken: Broken) -> Iterator[Move]:
    """Write the Python keyword for one of another language.

    Why: habit.
    Example: `function f(x):` → `def f(x):`; `catch ValueError:` → `except ValueError:`
    Safety: safe where the word cannot be a name.
    """
    shape = layout(broken)
    at = shape.at(broken.offset)
    for index in range(max(0, at - 3), min(len(shape.tokens), at + 2)):
        token = shape.tokens[index]
        entry = _FOREIGN.get(token.text)
        if (
            entry is None
            or token.kind != "name"
            or not (_starts_row(shape, index) or token.text in {"null", "nil", *_BINARY})
        ):
            continue
        word, p = entry
        after = shape.token(index + 1)
        if after is not None and after.text in {"=", ".", ",", ")"} and token.text not in {"null", "nil"}:
            continue
        alike = [
            t
            for i, t in enumerate(shape.tokens)
            if t.text == token.text and t.kind == "name" and _stands_alone(shape, i)
        ]
        edits = tuple(Edit(t.start, t.end, word) for t in alike or [token])
        yield Move(
            edits, p, f"`{token.text}` is `{word}` in Python" if word else f"`{token.text}` is not needed in Python"
        )


@slip
def declared(broken: Broken) -> Iterator[Move]:
    """Remove the word that declares a variable, or makes an object, in other languages.

    Why: habit.
    Example: `var x = 3` → `x = 3`; `int n = 5` → `n = 5`; `a = new Point(1)` → `a = Point(1)`
    Safety: safe; Python needs no declaration.
    """
    shape = layout(broken)
    found: list[tuple[Token, Token]] = []
    for index, token in enumerate(shape.tokens[:-1]):
        after = shape.tokens[index + 1]
        if token.kind != "name" or not after.spaced or "\n" in shape.text[token.end : after.start]:
            continue
        word = token.text in _DECLARATIONS and (after.kind in {"name", "keyword"} or after.text in {"(", "["})
        if token.text == "new" and after.kind != "name":
            continue
        typed = token.text in _TYPES and after.kind == "name" and _starts_row(shape, index)
        if word or typed:
            found.append((token, after))
    if found and any(a.start <= broken.offset <= b.end for a, b in found):
        edits = tuple(Edit.delete(a.start, b.start) for a, b in found)
        function = any(a.text == "function" or a.text + b.text == "=>" for a, b in itertools.pairwise(shape.tokens))
        yield Move(edits, 0.5 if function else 0.93, f"Python needs no `{found[0][0].text}`")


@slip
def missing_colon(broken: Broken) -> Iterator[Move]:
    """Put the colon after the head of a block.

    Why: it is easily forgotten, or another mark is typed in its place.
    Example: `if x > 3` → `if x > 3:`; `for i in x;` → `for i in x:`; `while x then` → `while x:`
    Safety: safe.
    """
    if "string literal" in broken.message:
        return
    shape = layout(broken)
    at = shape.at(broken.offset)
    for row in shape.statements[::-1]:
        if row.start > broken.offset or row.word not in BLOCK_WORDS or row.word in {"match", "case"}:
            continue
        yield from _colon_for(broken, shape, row, at)
        return


@slip
def head_missing(broken: Broken) -> Iterator[Move]:
    """Put the keyword before the head of a block that has none, or take its colon away.

    Why: the first word was forgotten.
    Example: `i in range(3):` above an indented line → `for i in range(3):`; `area(r):` → `def area(r):`
    Safety: the keyword is judged by the rest of the line.
    """
    shape = layout(broken)
    row = shape.statement_at(broken.offset)
    rows = shape.statements
    if row is None or row.word or row.last != ":" or len(row.tokens) < 2 or _FOREIGN.get(row.first):
        return
    place = rows.index(row)
    body = place + 1 < len(rows) and rows[place + 1].width > row.width
    texts = [t.text for t in row.tokens[:-1]]
    call = len(texts) > 2 and texts[1] == "(" and texts[-1] == ")" and row.tokens[0].kind == "name"
    if not body:
        yield Move((Edit.delete(row.tokens[-2].end, row.end),), 0.85, "nothing follows the colon")
        return
    if call:
        yield Move((Edit.insert(row.start, "def "),), 0.8, "a function is defined with `def`")
    elif "in" in texts and row.tokens[0].kind == "name" and texts[1] in {"in", ","}:
        yield Move((Edit.insert(row.start, "for "),), 0.85, "a loop starts with `for`")
    elif set(texts) & {"==", "!=", "<", ">", "<=", ">=", "and", "or", "not", "is", "in"}:
        yield Move((Edit.insert(row.start, "if "),), 0.75, "a condition starts with `if`")
        yield Move((Edit.insert(row.start, "while "),), 0.2, "a loop starts with `while`")


@slip
def surplus_word(broken: Broken) -> Iterator[Move]:
    """Remove a word that Python does not need: a doubled keyword, `then`, `do`, `end`.

    Why: habit, or typed twice.
    Example: `for for i in x:` → `for i in x:`; `if x then:` → `if x:`
    Safety: safe; the words stand where nothing can.
    """
    shape = layout(broken)
    at = shape.at(broken.offset)
    for index in range(max(1, at - 2), min(len(shape.tokens), at + 2)):
        before, token = shape.tokens[index - 1], shape.tokens[index]
        together = "\n" not in shape.text[before.end : token.start]
        if (
            together
            and token.kind == "keyword"
            and before.text == token.text
            and token.text not in {"not", "None", "await"}
        ):
            yield Move((Edit.delete(before.end, token.end),), 0.9, f"`{token.text}` stands twice")
    row = shape.row_at(broken.offset)
    if (
        row is not None
        and row.first in {"end", "endif", "endfor", "endwhile", "done", "fi", "esac"}
        and len(row.tokens) < 3
    ):
        start = shape.lines.start(row.lineno)
        stop = min(len(shape.text), shape.lines.end(row.lineno) + 1)
        yield Move((Edit.delete(start, stop),), 0.9, "Python ends a block by its indentation")


def _wanted(shape: Layout, index: int) -> tuple[str, ...]:
    """Return the keywords that the grammar may want at a token."""
    token = shape.tokens[index]
    after = shape.token(index + 1)
    if after is not None and after.text in {"=", ".", ",", "+=", "-="}:
        return ()
    if _starts_row(shape, index):
        row = shape.row_at(token.start)
        block = row is not None and (row.last == ":" or ":" in [t.text for t in row.tokens])
        words: tuple[str, ...] = (*_HEADS, "return", "import", "from") if block else (*_SIMPLE, *_HEADS)
        return tuple(w for w in words if w != "lambda")
    before = shape.token(index - 1)
    if before is not None and before.text == "async":
        return ("def", "for", "with")
    if before is not None and (
        before.kind in {"name", "number", "string"} or before.text in CLOSERS or before.text == "*"
    ):
        return _OPERATOR_WORDS
    return ("lambda", "not", "await", "None", "True", "False", "for", "if", "else", "in", "import", "as")


def _nearest(name: str, words: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    """Yield the keywords that a name may be a slip of, with their likelihood."""
    from rapidfuzz.distance import OSA

    for word in words:
        if name.lower() == word.lower():
            yield word, 0.95
            continue
        distance = OSA.distance(name.lower(), word)
        size = max(len(word), len(name))
        swapped = sorted(name.lower()) == sorted(word)
        if distance == 1 and size >= 3:
            yield word, (0.88 if size >= 5 else 0.75 if size == 4 else 0.5) + (0.07 if swapped else 0)
        elif (distance == 1 and swapped) or (distance == 2 and size >= 5 and (swapped or size >= 6)):
            yield word, 0.6


def _bound(shape: Layout) -> set[str]:
    """Return the names that exist: built-in ones, and those that the code binds."""
    import builtins

    names = set(vars(builtins))
    for before, token, after in zip(shape.tokens, shape.tokens[1:], shape.tokens[2:], strict=False):
        if token.kind == "name" and (before.text in {"def", "class", "import", "as", "for"} or after.text == "="):
            names.add(token.text)
    return names


def _stands_alone(shape: Layout, index: int) -> bool:
    """Whether a name is not part of a larger expression: nothing reaches into it, assigns or calls it."""
    before, after = shape.token(index - 1), shape.token(index + 1)
    if before is not None and before.text == ".":
        return False
    return after is None or after.text not in {"=", ".", "(", "["} or after.spaced


def _starts_row(shape: Layout, index: int) -> bool:
    """Whether a token is the first on its line, or of a statement after `;`, `:`, `{` or `}`."""
    if index == 0:
        return True
    before = shape.tokens[index - 1]
    line = "\n" in shape.text[before.end : shape.tokens[index].start]
    return line or before.text in {";", "}", ":"} or (before.text in {"async", "export", "public", "static", "private"})


def _colon_for(broken: Broken, shape: Layout, row: Row, at: int) -> Iterator[Move]:
    """Yield the moves that give the head at `row` its colon."""
    start = shape.at(row.start)
    end, depth = start, 0
    while end < len(shape.tokens):
        token = shape.tokens[end]
        if end > start and depth <= 0 and "\n" in shape.text[shape.tokens[end - 1].end : token.start]:
            break
        if token.kind == "op":
            depth += (token.text in OPENERS) - (token.text in CLOSERS)
        if token.text == ":" and depth == 0 and "lambda" not in [t.text for t in shape.tokens[start:end]]:
            return
        end += 1
    if depth != 0 or end == start:
        return
    last = shape.tokens[end - 1]
    name = f"`{row.word}`"
    place = shape.statements.index(row)
    rows = shape.statements
    body = place + 1 < len(rows) and rows[place + 1].width > row.width
    if last.text in {";", ",", ".", "=", "::"} or (last.text.lower() in {"then", "do"} and end - start > 1):
        begin = shape.tokens[end - 2].end if last.kind != "op" else last.start
        yield Move((Edit(begin, last.end, ":"),), 0.93, f"{name} ends with a colon")
    elif body or "':'" in broken.message or end - start == 1:
        yield Move((Edit.insert(last.end, ":"),), 0.95 if body else 0.7, f"{name} ends with a colon")
    if start < at < end and not body:
        before, token = shape.tokens[at - 1], shape.tokens[at]
        following = shape.token(at + 1)
        acts = token.kind == "keyword" or (following is not None and following.text in {"(", "=", ".", "+="})
        if before.kind in {"name", "number", "string"} or before.text in {*CLOSERS, "True", "False", "None"}:
            likely = 0.85 if acts and token.spaced else 0.45
            yield Move((Edit.insert(before.end, ":"),), likely, f"{name} needs a colon after its condition")
