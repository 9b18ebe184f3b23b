"""Loops that count past the end, and items that are set or added to before they are there."""

from __future__ import annotations

import ast
import random
import re
from dataclasses import replace

from bestfix.train.mutate.base import Mutator, Program, chosen

__all__ = ["LOOPS"]

_COUNTS = (
    ("for {i} in range(len({all}) + 1):", "{all}[{i}]"), ("for {i} in range(1, len({all}) + 1):", "{all}[{i}]"),
    ("for {i} in range(len({all})):", "{all}[{i} + 1]"), ("for {i} in {all}:", "{all}[{i}]"),
    ("for {i} in len({all}):", "{all}[{i}]"), ("for {i} in range({all}):", "{all}[{i}]"),
)  # fmt: skip
"""How a loop over positions goes wrong: its header, and the item that its body takes first."""
_DEFAULTS = (
    (r"(\w+)\.get\((\w+), *[^()]+\)", r"\1[\2]"), (r"(\w+)\.setdefault\((\w+), *[^()]*(?:\(\))?\)", r"\1[\2]"),
    (r"\bdefaultdict\(\w+\)", "{}"), (r"\bCounter\(\)", "{}"), (r"(\w+)\.get\((\w+|['\"]\w+['\"])\)", r"\1[\2]"),
)  # fmt: skip
"""How the first value of a key is given, and how it is taken to be there."""


def counted_loop(program: Program, rng: random.Random) -> Program | None:
    """Go through positions, one too far or beside them; the author meant to go through positions too."""
    sites = [
        n for n in program.nodes(ast.For)
        if isinstance(n, ast.For) and isinstance(n.target, ast.Name) and isinstance(n.iter, ast.Name)
        and n.body[0].lineno > n.lineno
    ]  # fmt: skip
    loop = chosen(sites, rng)
    if loop is None:
        return None
    header, item = rng.choice(_COUNTS)
    i = next(name for name in ("i", "j", "k", "n0") if not re.search(rf"\b{name}\b", program.code))
    words = {"i": i, "all": program.text(loop.iter)}
    right = _counting(program, loop, "for {i} in range(len({all})):".format(**words), "{all}[{i}]".format(**words))
    return replace(_counting(program, loop, header.format(**words), item.format(**words)), intended=right.code)


def _counting(program: Program, loop: ast.For, header: str, item: str) -> Program:
    lines = program.code.split("\n")
    outer, inner = (re.match(r"[ \t]*", lines[n.lineno - 1]) for n in (loop, loop.body[0]))
    indents = [m[0] if m else "" for m in (outer, inner)]
    start = loop.lineno - 1
    lines[start : loop.body[0].lineno - 1] = [indents[0] + header, f"{indents[1]}{program.text(loop.target)} = {item}"]
    return replace(program, code="\n".join(lines))


def set_for_appended(program: Program, rng: random.Random) -> Program | None:
    """Set an item of a list where it should be appended."""
    sites = list(re.finditer(r"\b(\w+)\.append\(([^\n]*)\)[ \t]*$", program.code, re.MULTILINE))
    match = chosen(sites, rng)
    if match is None:
        return None
    counters = [name for name in ("i", "j", "n", "k", "idx") if re.search(rf"\b{name}\b", program.code)]
    place = rng.choice([*counters, f"len({match[1]})", "0"])
    return program.put(match.start(), match.end(), f"{match[1]}[{place}] = {match[2]}")


def unset_key(program: Program, rng: random.Random) -> Program | None:
    """Take a key to be there that has no value yet."""
    sites = [(m, new) for old, new in _DEFAULTS for m in re.finditer(old, program.code)]
    site = chosen(sites, rng)
    return program.put(site[0].start(), site[0].end(), site[0].expand(site[1])) if site else None


LOOPS: tuple[Mutator, ...] = (counted_loop, set_for_appended, unset_key)
