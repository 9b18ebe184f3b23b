"""Code that does not parse: tokens as people lose, add and mix them up, layout, and other languages' forms."""

from __future__ import annotations

import json
import keyword
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from importlib import resources

from bestfix.lang.python import Token
from bestfix.train.mutate.base import Mutator, Program, chosen, slip

__all__ = ["SYNTAX", "token_class"]

_PRINT = re.compile(r"\bprint\(([^()\n]*(?:\([^()\n]*\)[^()\n]*)*)\)[ \t]*$", re.MULTILINE)
_OTHERS = (
    (r" and ", " && "), (r" or ", " || "), (r"\bnot (?=\w)", "!"), (r"\belif ", "else if "), (r" != ", " <> "),
    (r"(\w+) \+= 1\b", r"\1++"), (r" == ", " = "), (r" >= ", " => "), (r" <= ", " =< "), (r"\bdef ", "function "),
    (r"#", "//"), (r"\bif (.+):$", r"if (\1) {"), (r" = ", " := "), (r" == ", " === "), (r"^(\w+) = ", r"var \1 = "),
    (r" is not ", " not is "), (r"\bfor (\w+) in ", r"for \1 of "), (r"\bas (\w+):$", r", \1:"), (r"\*\*", "^^"),
    (r"^(\w+) = ", r"\1 == "), (r"\braise (\w+)\((.*)\)", r"raise \1, \2"), (r"\bdef (\w+)\(", r"def \1 ["),
    (r"lambda (\w+): ", r"lambda \1 -> "), (r"\bNone\b", "null ptr"), (r" if (.+) else (.+)$", r" ? \1 : \2"),
)  # fmt: skip
"""What Python writes, as a pattern, and what other languages do."""


@lru_cache(maxsize=1)
def _slips() -> tuple[list[tuple[tuple[str, ...], tuple[str, ...]]], list[float]]:
    """Return (right tokens, wrong tokens) by class, and how often each pair is found among people's errors."""
    text = resources.files("bestfix.train.mutate").joinpath("token_slips.json").read_text(encoding="utf-8")
    rows = json.loads(text)["slips"]
    return [(tuple(right.split()), tuple(wrong.split())) for right, wrong, _ in rows], [share for *_, share in rows]


def token_class(token: Token) -> str:
    """Return a token as itself when it is of the grammar, and otherwise as its kind."""
    return token.kind if token.kind in {"name", "number", "string", "newline", "error"} else token.text


def token_slip(program: Program, rng: random.Random) -> Program | None:
    """Lose, add or mix up tokens as people do."""
    pairs, shares = _slips()
    for right, wrong in rng.choices(pairs, shares, k=12):
        sites = _runs(program.tokens, right)
        if right and not sites:
            continue
        first, last = rng.choice(sites) if right else _gap(program, wrong, rng)
        text = _written(program, program.code[first:last], right, wrong, rng)
        return program.put(first, last, text)
    return None


def _runs(tokens: Sequence[Token], right: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return where a run of token classes stands."""
    classes, size = [token_class(t) for t in tokens], len(right)
    return [
        (tokens[i].start, tokens[i + size - 1].end)
        for i in range(len(tokens) - size + 1)
        if size and tuple(classes[i : i + size]) == right
    ]


def _gap(program: Program, wrong: tuple[str, ...], rng: random.Random) -> tuple[int, int]:
    """Return where tokens are added: a bracket mostly beside another one, anything else anywhere."""
    ends = [t.end for t in program.tokens if wrong[:1] != (")",) or t.text in {")", "]"}]
    at = rng.choice(ends or [len(program.code)])
    return at, at


def _written(program: Program, old: str, right: tuple[str, ...], wrong: tuple[str, ...], rng: random.Random) -> str:
    """Return the wrong tokens as characters; a misspelt keyword is near the keyword."""
    if len(right) == len(wrong) == 1 and keyword.iskeyword(right[0]) and wrong == ("name",):
        return slip(old, rng)
    names = [t.text for t in program.tokens if t.kind == "name"] or ["x"]
    words = {
        "name": rng.choice(names),
        "number": str(rng.randrange(10)),
        "string": '"a"',
        "newline": "\n",
        "error": '"',
    }
    parts = [words.get(w, w) for w in wrong]
    text = old if parts and right == wrong else " ".join(parts)
    spaced = bool(text) and (text[0].isalnum() or text[-1].isalnum())
    return f" {text} " if spaced and not right else text


def lost_character(program: Program, rng: random.Random) -> Program | None:
    """Lose a bracket, a quote, a comma, a colon or a dot."""
    sites = [i for i, c in enumerate(program.code) if c in "()[]{}\"',:."]
    at = chosen(sites, rng)
    return None if at is None else program.put(at, at + 1, "")


def lost_colon(program: Program, rng: random.Random) -> Program | None:
    """Lose the colon of a header."""
    match = chosen(list(re.finditer(r":(?=[ \t]*(?:\n|$))", program.code)), rng)
    return program.put(match.start(), match.end(), rng.choice(["", "", "", ";", ","])) if match else None


def print_statement(program: Program, rng: random.Random) -> Program | None:
    """Print as in Python 2."""
    match = chosen(list(_PRINT.finditer(program.code)), rng)
    if match:
        return program.put(match.start(), match.end(), f"print {match[1]}")
    lines = [
        m
        for m in re.finditer(r"^(\w[\w.]*(?:\([^()\n]*\))?)$", program.code, re.MULTILINE)
        if m[1] not in keyword.kwlist
    ]
    match = chosen(lines, rng)
    if match is None:
        return None
    intended = program.put(match.start(), match.end(), f"print({match[1]})").code
    return replace(program.put(match.start(), match.end(), f"print {match[1]}"), intended=intended)


def other_language(program: Program, rng: random.Random) -> Program | None:
    """Write it as another language would, or Python 2."""
    sites = [(m, new) for old, new in _OTHERS for m in re.finditer(old, program.code, re.MULTILINE)]
    site = chosen(sites, rng)
    return program.put(site[0].start(), site[0].end(), site[0].expand(site[1])) if site else None


def other_indent(program: Program, rng: random.Random) -> Program | None:
    """Begin a line further in or out than its block."""
    lines = program.code.split("\n")
    at = chosen([i for i, line in enumerate(lines) if line.strip()], rng)
    if at is None:
        return None
    line = lines[at]
    shift = rng.choice([1, 2, 4, -4, -4, -1])
    lines[at] = " " * shift + line if shift > 0 else line[min(-shift, len(line) - len(line.lstrip())) :]
    return replace(program, code="\n".join(lines))


def lost_block_indent(program: Program, rng: random.Random) -> Program | None:
    """Write the block of a header at the header's own column."""
    lines = program.code.split("\n")
    heads = [i for i, line in enumerate(lines[:-1]) if line.rstrip().endswith(":") and lines[i + 1].startswith(" ")]
    at = chosen(heads, rng)
    if at is None:
        return None
    margin = len(lines[at]) - len(lines[at].lstrip())
    for i in range(at + 1, len(lines)):
        if lines[i].strip() and len(lines[i]) - len(lines[i].lstrip()) <= margin:
            break
        lines[i] = " " * margin + lines[i].lstrip()
    return replace(program, code="\n".join(lines))


def joined_lines(program: Program, rng: random.Random) -> Program | None:
    """Lose the end of a line."""
    sites = list(re.finditer(r"\n[ \t]*", program.code))
    match = chosen(sites, rng)
    return program.put(match.start(), match.end(), " ") if match else None


def curly_quotes(program: Program, rng: random.Random) -> Program | None:
    """Paste quotes from a word processor."""
    sites = [t for t in program.tokens if t.kind == "string" and t.text[0] in "\"'" and len(t.text) > 2]
    token = chosen(sites, rng)
    return program.put(token.start, token.end, f"\u201c{token.text[1:-1]}\u201d") if token else None


def quote_inside(program: Program, rng: random.Random) -> Program | None:
    """End a text early by a quote in it, or end it with the other quote."""
    sites = [t for t in program.tokens if t.kind == "string" and t.text[0] in "\"'" and len(t.text) > 3]
    token = chosen(sites, rng)
    if token is None:
        return None
    if rng.random() < 0.5:
        return program.put(token.end - 1, token.end, "'" if token.text[-1] == '"' else '"')
    at = token.start + rng.randrange(2, len(token.text) - 1)
    return program.put(at, at, token.text[0])


def pasted_prompt(program: Program, rng: random.Random) -> Program | None:
    """Paste a line with what stood before it on the screen."""
    lines = program.code.split("\n")
    at = rng.randrange(len(lines))
    lines[at] = rng.choice([">>> ", "In [3]: ", "$ ", "1. "]) + lines[at]
    return replace(program, code="\n".join(lines))


def keyword_as_name(program: Program, rng: random.Random) -> Program | None:
    """Use a word of the grammar as a name."""
    names = sorted({t.text for t in program.tokens if t.kind == "name"} & set(program.names))
    name = chosen(names, rng)
    if name is None:
        return None
    word = rng.choice(["class", "lambda", "from", "in", "global", "is", "pass", "def", "as", "with", "return", "del"])
    return replace(program, code=re.sub(rf"\b{re.escape(name)}\b", word, program.code))


def leading_zero(program: Program, rng: random.Random) -> Program | None:
    """Write a number with a leading zero, or with commas."""
    sites = [t for t in program.tokens if t.kind == "number" and t.text.isdigit()]
    token = chosen(sites, rng)
    return program.put(token.start, token.end, rng.choice(["0", "1,"]) + token.text) if token else None


SYNTAX: tuple[Mutator, ...] = (
    token_slip, lost_character, lost_colon, print_statement, other_language, other_indent, lost_block_indent,
    joined_lines, curly_quotes, quote_inside, pasted_prompt, keyword_as_name, leading_zero,
)  # fmt: skip
