"""Values of another type or form than what uses them takes."""

from __future__ import annotations

import ast
import random
import re

from bestfix.train.mutate.base import Mutator, Program, chosen

__all__ = ["VALUES"]


def quoted_number(program: Program, rng: random.Random) -> Program | None:
    """Write a number as a text."""
    sites = [n for n in program.nodes(ast.Constant) if isinstance(n, ast.Constant) and type(n.value) in {int, float}]
    node = chosen(sites, rng)
    return program.put_node(node, f'"{program.text(node)}"') if node else None


def unconverted(program: Program, rng: random.Random) -> Program | None:
    """Leave out `str(…)`, `int(…)`, `list(…)` and the like."""
    kinds = {"str", "int", "float", "list", "tuple", "set", "dict", "len", "bool"}
    sites = [
        n for n in program.nodes(ast.Call)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id in kinds and len(n.args) == 1
    ]  # fmt: skip
    node = chosen(sites, rng)
    return program.put_node(node, program.text(node.args[0])) if node else None


def converted(program: Program, rng: random.Random) -> Program | None:
    """Convert an operand to a text, a whole number or a list."""
    sites = [o for n in program.nodes(ast.BinOp) if isinstance(n, ast.BinOp) for o in (n.left, n.right)]
    sites += [c for n in program.nodes(ast.Compare) if isinstance(n, ast.Compare) for c in n.comparators]
    node = chosen(sites, rng)
    return (
        program.put_node(node, f"{rng.choice(['str', 'str', 'int', 'list'])}({program.text(node)})") if node else None
    )


def added_text(program: Program, rng: random.Random) -> Program | None:
    """Join a text and something else with `+`."""
    sites = [
        n for n in program.nodes(ast.Expr)
        if isinstance(n, ast.Expr) and isinstance(n.value, ast.Call | ast.Name | ast.BinOp)
    ]  # fmt: skip
    node = chosen(sites, rng)
    if node is None:
        return None
    text = program.text(node)
    inner = text[6:-1] if re.fullmatch(r"print\([^(),]*(?:\([^()]*\))?\)", text) else text
    word = rng.choice(["Result: ", "x = ", "Total: ", "The answer is ", "n="])
    broken = program.put_node(node, f'print("{word}" + {inner})')
    intended = program.put_node(node, f'print("{word}" + str({inner}))').code
    return Program(broken.code, broken.setup, intended)


def true_division(program: Program, rng: random.Random) -> Program | None:
    """Divide with `/` where a whole number is wanted."""
    sites = [t for t in program.tokens if t.text == "//"]
    token = chosen(sites, rng)
    return program.put(token.start, token.end, "/") if token else None


def other_operator(program: Program, rng: random.Random) -> Program | None:
    """Write an operator that other types or other languages have."""
    other = {
        "&": "and", "|": "or", "and": "&", "or": "|", "+": "-", "*": "@", "@": "*", "**": "^", "~": "not ",
        "in": "==", "==": "in", "//": "%", "-": "+", "<": "is <",
    }  # fmt: skip
    sites = [t for t in program.tokens if t.text in other and t.text != "<"]
    token = chosen(sites, rng)
    return program.put(token.start, token.end, other[token.text]) if token else None


def other_unpacking(program: Program, rng: random.Random) -> Program | None:
    """Unpack into one name more, or fewer."""
    sites = [
        n for n in program.nodes(ast.Tuple)
        if isinstance(n, ast.Tuple) and isinstance(n.ctx, ast.Store) and len(n.elts) > 1 and program.text(n)[0] != "("
    ]  # fmt: skip
    node = chosen(sites, rng)
    if node is None:
        return None
    names = [program.text(e) for e in node.elts]
    more = [*names, rng.choice("xyzk")]
    return program.put_node(node, ", ".join(rng.choice([names[:-1] if len(names) > 2 else more, more])))


def unpacked_items(program: Program, rng: random.Random) -> Program | None:
    """Go through a dictionary, or numbered items, without what gives the pairs."""
    sites = list(re.finditer(r"(?<=\bin )(?:enumerate\((\w+)\)|(\w+)\.items\(\)|zip\((\w+), *\w+\))", program.code))
    match = chosen(sites, rng)
    return program.put(match.start(), match.end(), match[1] or match[2] or match[3]) if match else None


def other_number(program: Program, rng: random.Random) -> Program | None:
    """Write another number: one too many, negative, zero, or with a fraction."""
    sites = [n for n in program.nodes(ast.Constant) if isinstance(n, ast.Constant) and type(n.value) is int]
    node = chosen(sites, rng)
    if node is None or not isinstance(node.value, int):
        return None
    return program.put_node(node, rng.choice([str(node.value + 1), f"{node.value}.0", f"{node.value}.5", "0", "-1"]))


def dropped_item(program: Program, rng: random.Random) -> Program | None:
    """Leave out an item, so that lengths do not fit any more."""
    sites = [n for n in program.nodes(ast.List, ast.Tuple) if isinstance(n, ast.List | ast.Tuple) and len(n.elts) > 2]
    node = chosen([n for n in sites if isinstance(n.ctx, ast.Load)], rng)
    if node is None:
        return None
    text = program.text(node)
    items = [program.text(e) for e in node.elts]
    del items[rng.randrange(len(items))]
    return program.put_node(node, f"{text[0]}{', '.join(items)}{text[-1]}") if text[0] in "[(" else None


def list_as_key(program: Program, rng: random.Random) -> Program | None:
    """Put lists where only what cannot change may be: in sets and keys."""
    sites = [n for n in program.nodes(ast.Tuple) if isinstance(n, ast.Tuple) and isinstance(n.ctx, ast.Load)]
    node = chosen([n for n in sites if program.text(n)[:1] == "("], rng)
    return program.put_node(node, f"[{program.text(node)[1:-1]}]") if node else None


def forgotten_return(program: Program, rng: random.Random) -> Program | None:
    """Compute the result of a function and do not return it."""
    sites = [n for n in program.nodes(ast.Return) if isinstance(n, ast.Return) and n.value is not None]
    node = chosen(sites, rng)
    return program.put_node(node, program.text(node.value)) if node and node.value else None


VALUES: tuple[Mutator, ...] = (
    quoted_number, unconverted, converted, added_text, true_division, other_operator, other_unpacking, unpacked_items,
    other_number, dropped_item, list_as_key, forgotten_return,
)  # fmt: skip
