"""Names that nobody has defined."""

from __future__ import annotations

import ast
import builtins
import random
import re
from dataclasses import replace

from bestfix.train.mutate.base import Mutator, Program, chosen, other_words, slip

__all__ = ["NAMES"]


def _loads(program: Program) -> list[ast.Name]:
    return [n for n in program.nodes(ast.Name) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]


def misspelt_name(program: Program, rng: random.Random) -> Program | None:
    """Miswrite a name where it is read."""
    node = chosen([n for n in _loads(program) if len(n.id) > 1], rng)
    return program.put_node(node, slip(node.id, rng)) if node else None


def misspelt_binding(program: Program, rng: random.Random) -> Program | None:
    """Miswrite a name where it is bound, so that its uses find nothing."""
    used = {n.id for n in _loads(program)}
    stores = [
        n for n in program.nodes(ast.Name)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store) and n.id in used and len(n.id) > 1
    ]  # fmt: skip
    node = chosen(stores, rng)
    return program.put_node(node, slip(node.id, rng)) if node else None


def wrong_name(program: Program, rng: random.Random) -> Program | None:
    """Write another name of the session in the place of one."""
    node = chosen(_loads(program), rng)
    other = chosen([n for n in program.names if node and n != node.id], rng)
    return program.put_node(node, other) if node and other else None


def foreign_builtin(program: Program, rng: random.Random) -> Program | None:
    """Call something built in by the name that it has elsewhere."""
    others = other_words("builtins")
    node = chosen([n for n in program.nodes(ast.Name, ast.Constant) if program.text(n) in others], rng)
    return program.put_node(node, rng.choice(others[program.text(node)])) if node else None


def forgotten_quotes(program: Program, rng: random.Random) -> Program | None:
    """Write a word without its quotes."""
    words = [
        n for n in program.nodes(ast.Constant)
        if isinstance(n, ast.Constant) and isinstance(n.value, str) and n.value.isidentifier()
        and program.text(n)[:1] in {"'", '"'} and not hasattr(builtins, n.value)
    ]  # fmt: skip
    node = chosen(words, rng)
    return program.put_node(node, program.text(node).strip("'\"")) if node else None


def forgotten_import(program: Program, rng: random.Random) -> Program | None:
    """Leave out an import, of the cell or of those before it."""
    lines = [("code", m) for m in _imports(program.code)] + [("setup", m) for m in _imports(program.setup)]
    picked = chosen([(where, m) for where, m in lines if _is_used(m, program.code)], rng)
    if picked is None:
        return None
    where, match = picked
    if where == "code":
        return program.put(match.start(), match.end(), "")
    setup = program.setup[: match.start()] + program.setup[match.end() :]
    return replace(program, setup=setup, intended=match.group().strip() + "\n" + program.intended)


def _imports(text: str) -> list[re.Match[str]]:
    return list(
        re.finditer(
            r"^(?:import [\w.]+(?: as \w+)?|from [\w.]+ import \w+(?: as \w+)?)[ \t]*(?:\n|\Z)", text, re.MULTILINE
        )
    )


def _is_used(match: re.Match[str], code: str) -> bool:
    name = match.group().split()[-1].partition(".")[0]
    return len(re.findall(rf"\b{re.escape(name)}\b", code.replace(match.group(), ""))) > 0


def forgotten_self(program: Program, rng: random.Random) -> Program | None:
    """Write an attribute of the instance without `self.`."""
    sites = list(re.finditer(r"\bself\.(?=\w)", program.code))
    match = chosen(sites, rng)
    return program.put(match.start(), match.end(), "") if match else None


def forgotten_module(program: Program, rng: random.Random) -> Program | None:
    """Write `sqrt(x)` for `np.sqrt(x)`."""
    sites = [
        n for n in program.nodes(ast.Attribute)
        if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)
        and re.search(rf"import {n.value.id}\b|as {n.value.id}\b", program.setup + "\n" + program.code)
    ]  # fmt: skip
    node = chosen(sites, rng)
    return program.put_node(node, node.attr) if node else None


def moved_use(program: Program, rng: random.Random) -> Program | None:
    """Use a name one line before it is bound."""
    lines = program.code.split("\n")
    pairs = [
        i for i in range(len(lines) - 1)
        if (m := re.match(r"(\s*)(\w+) = ", lines[i])) and re.match(rf"{m[1]}(?!\s).*\b{m[2]}\b", lines[i + 1])
    ]  # fmt: skip
    at = chosen(pairs, rng)
    if at is None:
        return None
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    return replace(program, code="\n".join(lines))


def local_before_assignment(program: Program, rng: random.Random) -> Program | None:
    """Leave out the line that gives a local variable, which is bound again later, its first value."""
    sites = []
    for function in program.nodes(ast.FunctionDef):
        bound = [n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
        for first in function.body[:-1] if isinstance(function, ast.FunctionDef) else ():
            target = first.targets[0] if isinstance(first, ast.Assign) else None
            if isinstance(target, ast.Name) and bound.count(target.id) > 1:
                sites.append(first)
    node = chosen(sites, rng)
    return _without_line(program, node) if node else None


def _without_line(program: Program, node: ast.stmt) -> Program:
    lines = program.code.split("\n")
    del lines[node.lineno - 1 : node.end_lineno]
    return replace(program, code="\n".join(lines))


NAMES: tuple[Mutator, ...] = (
    misspelt_name, misspelt_binding, wrong_name, foreign_builtin, forgotten_quotes, forgotten_import, forgotten_self,
    forgotten_module, moved_use, local_before_assignment,
)  # fmt: skip
