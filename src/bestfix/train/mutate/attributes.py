"""Attributes that are not there, methods that are not called, and what other types and releases call them."""

from __future__ import annotations

import ast
import random
import re

from bestfix.train.mutate.base import Mutator, Program, chosen, other_words, slip

__all__ = ["ATTRIBUTES"]

_CHANGING = frozenset(["append", "sort", "extend", "update", "add", "reverse", "insert", "remove", "add_edge"])
_PLAIN = frozenset(
    ["shape", "size", "ndim", "dtype", "T", "columns", "index", "values", "real", "imag", "dtypes", "name"]
)
_FUNCTIONS = frozenset(["len", "sum", "sorted", "max", "min", "str", "list", "abs", "round", "reversed", "set", "type"])


def _attributes(program: Program) -> list[ast.Attribute]:
    return [n for n in program.nodes(ast.Attribute) if isinstance(n, ast.Attribute)]


def _put_attribute(program: Program, node: ast.Attribute, text: str) -> Program:
    return program.put_node(node, program.text(node)[: -len(node.attr)] + text)


def misspelt_attribute(program: Program, rng: random.Random) -> Program | None:
    """Miswrite an attribute."""
    node = chosen([n for n in _attributes(program) if len(n.attr) > 1], rng)
    return _put_attribute(program, node, slip(node.attr, rng)) if node else None


def confused_attribute(program: Program, rng: random.Random) -> Program | None:
    """Use the word that another type, language or library has for it."""
    others = other_words("attributes")
    node = chosen([n for n in _attributes(program) if n.attr in others], rng)
    return _put_attribute(program, node, rng.choice(others[node.attr])) if node else None


def wrong_attribute(program: Program, rng: random.Random) -> Program | None:
    """Write an attribute that the program uses elsewhere in the place of one."""
    node = chosen(_attributes(program), rng)
    words = sorted(set(re.findall(r"\.([a-z_]\w+)", program.setup + program.code)))
    other = chosen([w for w in words if node and w != node.attr], rng)
    return _put_attribute(program, node, other) if node and other else None


def uncalled_method(program: Program, rng: random.Random) -> Program | None:
    """Leave out the parentheses of a call of a method, and go on with what it would have given."""
    inner = [
        n.value for n in program.nodes(ast.Attribute, ast.Subscript)
        if isinstance(n, ast.Attribute | ast.Subscript) and isinstance(n.value, ast.Call) and not n.value.args
    ]  # fmt: skip
    others = [n for n in program.nodes(ast.Call) if isinstance(n, ast.Call) and not n.args and not n.keywords]
    node = chosen(inner or others, rng)
    return program.put_node(node, program.text(node.func)) if node else None


def called_attribute(program: Program, rng: random.Random) -> Program | None:
    """Call what is no method."""
    node = chosen([n for n in _attributes(program) if n.attr in _PLAIN], rng)
    return program.put_node(node, program.text(node) + "()") if node else None


def function_as_method(program: Program, rng: random.Random) -> Program | None:
    """Write `x.len()` for `len(x)`."""
    sites = [
        n for n in program.nodes(ast.Call)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id in _FUNCTIONS and len(n.args) == 1
        and isinstance(n.args[0], ast.Name | ast.Attribute | ast.Call | ast.Subscript)
    ]  # fmt: skip
    node = chosen(sites, rng)
    return program.put_node(node, f"{program.text(node.args[0])}.{program.text(node.func)}()") if node else None


def method_as_function(program: Program, rng: random.Random) -> Program | None:
    """Write `upper(x)` for `x.upper()`."""
    sites = [
        n for n in program.nodes(ast.Call)
        if isinstance(n, ast.Call) and not n.keywords
        and isinstance(n.func, ast.Attribute) and isinstance(n.func.value, ast.Name)
    ]  # fmt: skip
    node = chosen(sites, rng)
    if node is None or not isinstance(node.func, ast.Attribute):
        return None
    arguments = [program.text(node.func.value), *(program.text(a) for a in node.args)]
    return program.put_node(node, f"{node.func.attr}({', '.join(arguments)})")


def wrong_module(program: Program, rng: random.Random) -> Program | None:
    """Look for a function in another module than the one that has it."""
    modules = sorted(
        set(re.findall(r"^import (?:[\w.]+ as )?(\w+)$", program.setup + "\n" + program.code, re.MULTILINE))
        | {"np", "pd"}
    )
    sites = [n for n in _attributes(program) if isinstance(n.value, ast.Name) and n.value.id in modules]
    node = chosen(sites, rng)
    imported = set(re.findall(r"import (?:[\w.]+ as )?(\w+)", program.setup + "\n" + program.code))
    other = chosen([m for m in modules if node and m in imported and m != program.text(node.value)], rng)
    return program.put_node(node.value, other) if node and other else None


def result_of_none(program: Program, rng: random.Random) -> Program | None:
    """Keep what a method gives that changes its object and gives nothing."""
    sites = [
        (n, n.value.func.value) for n in program.nodes(ast.Expr)
        if isinstance(n, ast.Expr) and isinstance(n.value, ast.Call) and isinstance(n.value.func, ast.Attribute)
        and n.value.func.attr in _CHANGING
        and isinstance(n.value.func.value, ast.Name)
    ]  # fmt: skip
    site = chosen(sites, rng)
    return program.put_node(site[0], f"{program.text(site[1])} = {program.text(site[0])}") if site else None


ATTRIBUTES: tuple[Mutator, ...] = (
    misspelt_attribute, confused_attribute, wrong_attribute, uncalled_method, called_attribute, function_as_method,
    method_as_function, wrong_module, result_of_none,
)  # fmt: skip
