"""Calls with other arguments than the function takes."""

from __future__ import annotations

import ast
import random
import re

from bestfix.train.mutate.base import Mutator, Program, chosen, other_words, slip

__all__ = ["CALLS"]


def _calls(program: Program) -> list[ast.Call]:
    return [n for n in program.nodes(ast.Call) if isinstance(n, ast.Call)]


def _arguments(program: Program, node: ast.Call) -> list[str]:
    keywords = [program.text(k.value) if k.arg is None else f"{k.arg}={program.text(k.value)}" for k in node.keywords]
    stars = ["**" + k if n.arg is None else k for n, k in zip(node.keywords, keywords, strict=True)]
    return [*(program.text(a) for a in node.args), *stars]


def _with(program: Program, node: ast.Call, arguments: list[str]) -> Program:
    return program.put_node(node, f"{program.text(node.func)}({', '.join(arguments)})")


def dropped_argument(program: Program, rng: random.Random) -> Program | None:
    """Leave out an argument."""
    node = chosen([n for n in _calls(program) if n.args], rng)
    if node is None:
        return None
    arguments = _arguments(program, node)
    del arguments[rng.randrange(len(node.args))]
    return _with(program, node, arguments)


def added_argument(program: Program, rng: random.Random) -> Program | None:
    """Give an argument too many."""
    node = chosen(_calls(program), rng)
    if node is None:
        return None
    arguments = _arguments(program, node)
    extra = rng.choice(["0", "1", "True", "None", '""', *program.names[:5]])
    arguments.insert(rng.randint(0, len(node.args)), extra)
    return _with(program, node, arguments)


def swapped_arguments(program: Program, rng: random.Random) -> Program | None:
    """Give two arguments in the wrong order."""
    node = chosen([n for n in _calls(program) if len(n.args) > 1], rng)
    if node is None:
        return None
    arguments = _arguments(program, node)
    at = rng.randrange(len(node.args) - 1)
    arguments[at], arguments[at + 1] = arguments[at + 1], arguments[at]
    return _with(program, node, arguments)


def misspelt_keyword(program: Program, rng: random.Random) -> Program | None:
    """Miswrite a keyword, or use another word for it."""
    sites = [k for n in _calls(program) for k in n.keywords if k.arg]
    keyword = chosen(sites, rng)
    if keyword is None or keyword.arg is None:
        return None
    others = other_words("keywords").get(keyword.arg, ())
    word = rng.choice(others) if others and rng.random() < 0.5 else slip(keyword.arg, rng)
    return program.put_node(keyword, f"{word}={program.text(keyword.value)}")


def keyword_of_other_call(program: Program, rng: random.Random) -> Program | None:
    """Give a keyword that another call of the program takes."""
    words = {k.arg: program.text(k.value) for n in _calls(program) for k in n.keywords if k.arg}
    words |= {"axis": "1", "inplace": "True", "key": "None"}
    node = chosen(_calls(program), rng)
    given = {k.arg for k in node.keywords} if node else set()
    word = chosen(sorted(w for w in words if w not in given), rng)
    return _with(program, node, [*_arguments(program, node), f"{word}={words[word]}"]) if node and word else None


def forgotten_self_parameter(program: Program, rng: random.Random) -> Program | None:
    """Define a method without `self`."""
    sites = list(re.finditer(r"(?<=\()self(?:, *)?(?=[^)]*\) *(?:->[^:]*)?:)", program.code))
    match = chosen(sites, rng)
    return program.put(match.start(), match.end(), "") if match else None


def subscripted_function(program: Program, rng: random.Random) -> Program | None:
    """Call with square brackets."""
    node = chosen([n for n in _calls(program) if len(n.args) == 1 and not n.keywords], rng)
    return program.put_node(node, f"{program.text(node.func)}[{program.text(node.args[0])}]") if node else None


def called_sequence(program: Program, rng: random.Random) -> Program | None:
    """Take an item with parentheses."""
    sites = [
        n for n in program.nodes(ast.Subscript) if isinstance(n, ast.Subscript) and not isinstance(n.slice, ast.Slice)
    ]
    node = chosen(sites, rng)
    return program.put_node(node, f"{program.text(node.value)}({program.text(node.slice)})") if node else None


def loose_items(program: Program, rng: random.Random) -> Program | None:
    """Give the items of a tuple or list as arguments: `np.zeros(2, 3)`."""
    sites = [a for n in _calls(program) for a in n.args if isinstance(a, ast.Tuple | ast.List) and len(a.elts) > 1]
    node = chosen(sites, rng)
    return program.put_node(node, program.text(node)[1:-1]) if node and program.text(node)[0] in "([" else None


def wrapped_argument(program: Program, rng: random.Random) -> Program | None:
    """Give a list of one thing for the thing."""
    sites = [a for n in _calls(program) for a in n.args if isinstance(a, ast.Name | ast.Constant)]
    node = chosen(sites, rng)
    return program.put_node(node, f"[{program.text(node)}]") if node else None


CALLS: tuple[Mutator, ...] = (
    dropped_argument, added_argument, swapped_arguments, misspelt_keyword, keyword_of_other_call,
    forgotten_self_parameter, subscripted_function, called_sequence, loose_items, wrapped_argument,
)  # fmt: skip
