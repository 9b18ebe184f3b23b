"""Backslashes, bytes and formats: what stands in strings, or should."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bestfix.core import Edit
from bestfix.generate.python.syntax.base import Broken, Move, slip
from bestfix.generate.python.syntax.layout import layout
from bestfix.lang.python import Token

__all__ = [
    "bare_path",
    "bytes_text",
    "format_letter",
    "mixed_bytes",
    "outside_backslash",
    "swallowed_code",
    "unicode_escape",
]

_ESCAPE = re.compile(r"[ \t]*(?:\\[nrt0])+")


@slip
def unicode_escape(broken: Broken) -> Iterator[Move]:
    r"""Read the backslashes of a path as they stand.

    Why: `\U`, `\N` and `\x` start an escape in a string.
    Example: `"C:\Users\ann"` → `r"C:\Users\ann"`
    Safety: safe; every string of the line with such a path is read as it stands.
    """
    if "codec can't decode" not in broken.message or "escape" not in broken.message:
        return
    tokens = [t for t in _strings_near(broken) if re.search(r"\\[UNxu]", t.text) and t.text[0] in "'\"fFbB"]
    if not tokens:
        return
    raw = [t for t in tokens if not re.search(r"\\['\"]|\\$", t.text[1:-1])]
    if raw:
        yield Move(tuple(Edit.insert(t.start, "r") for t in raw), 0.97, "the backslashes of a path need the prefix `r`")
    doubled = [
        Edit.insert(t.start + m.start(), "\\") for t in tokens for m in re.finditer(r"(?<!\\)\\(?=[A-Za-z0-9])", t.text)
    ]
    yield Move(tuple(doubled), 0.2, "a backslash in a text is doubled")


@slip
def outside_backslash(broken: Broken) -> Iterator[Move]:
    r"""Put an escape outside a string into one, or divide with `/`.

    Why: the quotes around `\n` are forgotten, or the wrong slash is typed.
    Example: `print(a + \n)` → `print(a + "\n")`; `x = 3 \ 4` → `x = 3 / 4`
    Safety: safe.
    """
    if not broken.message.startswith("unexpected character after line continuation"):
        return
    line, start = broken.line, broken.lines.start(broken.lineno)
    place = line.find("\\", max(0, broken.offset - start - 1))
    if place < 0:
        return
    trailing = line[place + 1 :]
    if not trailing.strip():
        yield Move(
            (Edit.delete(start + place + 1, start + len(line)),),
            0.97,
            "nothing may follow the backslash at a line's end",
        )
        return
    if trailing.lstrip().startswith("#"):
        yield Move(
            (Edit.delete(start + place + 1, start + len(line)),),
            0.85,
            "no comment may follow the backslash at a line's end",
        )
    escape = _ESCAPE.match(line, place)
    if escape is not None and not re.match(r"\w", line[escape.end() : escape.end() + 1]):
        before = line[:place].rstrip()
        text = f'"{escape[0].strip()}"'
        joined = bool(re.search(r"[\w)\]'\"]$", before))
        new = f" + {text}" if joined else text
        yield Move(
            (Edit(start + len(before) if joined else start + place, start + escape.end(), new),),
            0.85,
            "an escape stands in a string",
        )
    elif re.search(r"[\w)\]]\s*$", line[:place]) and re.match(r"\s*[\w(]", trailing):
        yield Move((Edit(start + place, start + place + 1, "/"),), 0.75, "division is written `/`")
    yield Move((Edit.delete(start + place, start + place + 1),), 0.25, "a backslash stands outside a string")


@slip
def bytes_text(broken: Broken) -> Iterator[Move]:
    """Encode a text that is not ASCII instead of writing it as bytes.

    Why: bytes hold ASCII characters alone.
    Example: `b"café"` → `"café".encode()`
    Safety: safe; UTF-8 is used.
    """
    if not broken.message.startswith("bytes can only contain ASCII"):
        return
    for token in _strings_near(broken):
        prefix = re.match(r"[A-Za-z]*", token.text)
        if prefix is None or "b" not in prefix[0].lower() or token.text.isascii():
            continue
        new = re.sub("[bB]", "", prefix[0])
        edits = (Edit(token.start, token.start + len(prefix[0]), new), Edit.insert(token.end, ".encode()"))
        yield Move(edits, 0.85, "bytes hold ASCII alone; a text is encoded")


@slip
def mixed_bytes(broken: Broken) -> Iterator[Move]:
    """Join bytes with bytes and text with text.

    Why: the prefix is forgotten on one of two strings that follow each other.
    Example: `b"a" "b"` → `b"a" b"b"`
    Safety: safe.
    """
    if not broken.message.startswith("cannot mix bytes and nonbytes"):
        return
    plain = [t for t in _strings_near(broken) if t.text[0] in "'\"" and t.text.isascii()]
    if plain:
        yield Move(
            tuple(Edit.insert(t.start, "b") for t in plain),
            0.8,
            "strings that follow each other are all bytes or all text",
        )


@slip
def format_letter(broken: Broken) -> Iterator[Move]:
    """Format with `%` alone.

    Why: the letter belongs into the format, not between it and the values.
    Example: `"%s" %s name` → `"%s" % name`
    Safety: safe.
    """
    tokens = layout(broken).tokens
    for operand, sign, letter, value in zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False):
        if sign.text != "%" or letter.text not in {"s", "d", "r", "i", "f"} or operand.kind not in {"name", "string"}:
            continue
        if (value.kind in {"name", "string", "number"} or value.text == "(") and value.spaced:
            yield Move((Edit.delete(letter.start, letter.end),), 0.75, "`%` alone formats")
            return


@slip
def swallowed_code(broken: Broken) -> Iterator[Move]:
    """Close a string before the code that it swallows.

    Why: the quote is forgotten before a plus sign or a comma.
    Example: `"a is + str(a) + " and more"` → `"a is " + str(a) + " and more"`
    Safety: the text in between is taken for code because of its signs.
    """
    shape = layout(broken)
    row = shape.row_at(broken.offset)
    for token in row.tokens if row is not None else ():
        if token.kind != "string" or "\n" in token.text or len(token.text) > 400:
            continue
        match = re.match(
            r"""(?:[a-zA-Z]{0,2})(['"]).*?(?P<end>\s*(?P<sign>[+,])\s*[\w.()\[\]]+\s*(?P=sign)\s*)\1$""", token.text
        )
        if match is None:
            continue
        keep = " " if match["sign"] == "+" and match["end"][0] == " " else ""
        place = token.start + match.start("end")
        yield Move((Edit.insert(place, keep + match[1]),), 0.75, "a string ends before the code that follows it")


def _strings_near(broken: Broken) -> Iterator[Token]:
    """Yield the strings of the line that the parser points to; of all lines when it has none."""
    tokens = [t for t in layout(broken).tokens if t.kind == "string"]
    near = [t for t in tokens if broken.lines.lineno(t.start) <= broken.lineno <= broken.lines.lineno(t.end)]
    yield from near or tokens


@slip
def bare_path(broken: Broken) -> Iterator[Move]:
    r"""Put a path into a string.

    Why: the quotes are forgotten.
    Example: `open(C:\data\x.csv)` → `open(r"C:\data\x.csv")`
    Safety: safe.
    """
    start = broken.lines.start(broken.lineno)
    match = re.search(r"(?<![\w'\"])(?:[A-Za-z]:\\|\.{0,2}/(?=\w+/))[^'\"()\[\],\s]*", broken.line)
    if (
        match
        and "unterminated" not in broken.message
        and (match[0][1:2] == ":" or re.search(r"[(=,]\s*$", broken.line[: match.start()]))
    ):
        edits = (Edit.insert(start + match.start(), 'r"'), Edit.insert(start + match.end(), '"'))
        yield Move(edits, 0.9, "a path stands in quotes")
