"""Keys and columns that are not there, and positions beyond the end."""

from __future__ import annotations

import ast
import random
import re

from bestfix.train.mutate.base import Mutator, Program, chosen, slip

__all__ = ["KEYS"]


def _words(program: Program) -> list[ast.Constant]:
    """Return the texts that may be keys: in brackets, in lists of such, and as arguments."""
    return [
        n for n in program.nodes(ast.Constant)
        if isinstance(n, ast.Constant) and isinstance(n.value, str) and 0 < len(n.value) < 30
        and program.text(n) in {f"'{n.value}'", f'"{n.value}"'}
    ]  # fmt: skip


def _keys(program: Program) -> list[ast.Constant]:
    """Return the texts in the brackets of subscripts."""
    inside: list[ast.Constant] = []
    for node in program.nodes(ast.Subscript):
        if isinstance(node, ast.Subscript):
            inside += [c for c in ast.walk(node.slice) if isinstance(c, ast.Constant) and isinstance(c.value, str)]
    plain = {id(n) for n in _words(program)}
    return [c for c in inside if id(c) in plain]


def _requoted(program: Program, node: ast.Constant, word: str) -> Program:
    quote = program.text(node)[0]
    return program.put_node(node, f"{quote}{word}{quote}")


def misspelt_key(program: Program, rng: random.Random) -> Program | None:
    """Miswrite a key or a column."""
    node = chosen(_keys(program), rng)
    return _requoted(program, node, _miswritten(str(node.value), rng)) if node else None


def misspelt_word(program: Program, rng: random.Random) -> Program | None:
    """Miswrite a text that a function is given: a column, an option."""
    node = chosen(_words(program), rng)
    return _requoted(program, node, _miswritten(str(node.value), rng)) if node else None


def wrong_key(program: Program, rng: random.Random) -> Program | None:
    """Write a text of the program that is another's key."""
    node = chosen(_keys(program), rng)
    words = sorted({str(n.value) for n in _words(program)} | set(re.findall(r"""["'](\w+)["']""", program.setup)))
    other = chosen([w for w in words if node and w != node.value], rng)
    return _requoted(program, node, other) if node and other else None


def _miswritten(word: str, rng: random.Random) -> str:
    parts = re.split(r"([ _-])", word)
    kind = rng.random()
    if kind < 0.15:
        return word.lower() if word != word.lower() else word.capitalize()
    if kind < 0.22 and len(parts) > 1:
        return word.replace(" ", "_") if " " in word else word.replace("_", rng.choice([" ", ""]))
    if kind < 0.3:
        return word[:-1] if word.endswith("s") else word + "s"
    if not any(p.isidentifier() for p in parts):
        return word + "s"
    longest = max(range(0, len(parts), 2), key=lambda i: len(parts[i]))
    return "".join(slip(p, rng) if i == longest else p for i, p in enumerate(parts))


def key_of_other_type(program: Program, rng: random.Random) -> Program | None:
    """Write a number as a text in brackets, or a text that is a number as one."""
    sites = [
        n.slice
        for n in program.nodes(ast.Subscript)
        if isinstance(n, ast.Subscript) and isinstance(n.slice, ast.Constant)
    ]
    node = chosen([n for n in sites if isinstance(n.value, int) or str(n.value).isdigit()], rng)
    if node is None:
        return None
    return program.put_node(node, f'"{node.value}"' if isinstance(node.value, int) else str(node.value))


def list_without_brackets(program: Program, rng: random.Random) -> Program | None:
    """Write `df["a", "b"]` for `df[["a", "b"]]`."""
    sites = [
        n.slice for n in program.nodes(ast.Subscript) if isinstance(n, ast.Subscript) and isinstance(n.slice, ast.List)
    ]
    node = chosen(sites, rng)
    return program.put_node(node, program.text(node)[1:-1]) if node else None


def position_too_far(program: Program, rng: random.Random) -> Program | None:
    """Count from one, or to the length."""
    sites = [
        n.slice for n in program.nodes(ast.Subscript)
        if isinstance(n, ast.Subscript) and not isinstance(n.slice, ast.Slice | ast.Tuple)
    ]  # fmt: skip
    node = chosen(sites, rng)
    if node is None:
        return None
    text = program.text(node)
    if re.fullmatch(r"\d+", text):
        return program.put_node(node, str(int(text) + rng.choice([1, 1, 1, 2, 5])))
    if re.search(r"- *1\b", text):
        return program.put_node(node, re.sub(r" *- *1\b", "", text, count=1))
    return program.put_node(node, f"{text} + 1") if re.fullmatch(r"\w+", text) else None


def range_too_long(program: Program, rng: random.Random) -> Program | None:
    """Let a range end one later."""
    sites = [
        n.args[min(1, len(n.args) - 1)] for n in program.nodes(ast.Call)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "range" and n.args
    ]  # fmt: skip
    node = chosen(sites, rng)
    if node is None:
        return None
    text = program.text(node)
    return program.put_node(node, re.sub(r" *- *1$", "", text) if re.search(r"- *1$", text) else f"{text} + 1")


def attribute_for_key(program: Program, rng: random.Random) -> Program | None:
    """Write `d.name` for `d["name"]`."""
    sites = [
        n for n in program.nodes(ast.Subscript)
        if isinstance(n, ast.Subscript) and isinstance(n.slice, ast.Constant) and str(n.slice.value).isidentifier()
    ]  # fmt: skip
    node = chosen(sites, rng)
    return program.put_node(node, f"{program.text(node.value)}.{node.slice.value}") if node else None  # type: ignore[attr-defined]  # it is a Constant, which has a place


def dropped_index(program: Program, rng: random.Random) -> Program | None:
    """Leave out a subscript."""
    node = chosen([n for n in program.nodes(ast.Subscript) if isinstance(n, ast.Subscript)], rng)
    return program.put_node(node, program.text(node.value)) if node else None


KEYS: tuple[Mutator, ...] = (
    misspelt_key, misspelt_word, wrong_key, key_of_other_type, list_without_brackets, position_too_far, range_too_long,
    attribute_for_key, dropped_index,
)  # fmt: skip
