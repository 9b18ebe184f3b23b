"""Imports of what is not there, or is elsewhere."""

from __future__ import annotations

import random
import re
from dataclasses import replace

from bestfix.train.mutate.base import Mutator, Program, chosen, slip

__all__ = ["IMPORTS"]

_IMPORT = re.compile(
    r"^(?P<indent>[ \t]*)(?P<line>import (?P<module>[\w.]+)(?P<as> as \w+)?"
    r"|from (?P<source>[\w.]+) import (?P<name>\w+)[^\n(]*)$",
    re.MULTILINE,
)


def _sites(program: Program) -> list[re.Match[str]]:
    return list(_IMPORT.finditer(program.code))


def _inlined(program: Program, rng: random.Random) -> Program:
    """Return the program with an import of its setup in the cell, where it has none of its own."""
    if _sites(program):
        return program
    match = chosen([m for m in _IMPORT.finditer(program.setup) if not m["indent"]], rng)
    if match is None:
        return program
    code = match["line"] + "\n" + program.code
    setup = program.setup[: match.start()] + program.setup[match.end() + 1 :]
    return Program(code, setup, code)


def misspelt_module(program: Program, rng: random.Random) -> Program | None:
    """Miswrite a part of a module's name."""
    program = _inlined(program, rng)
    match = chosen(_sites(program), rng)
    if match is None:
        return None
    group = "module" if match["module"] else "source"
    parts = match[group].split(".")
    at = rng.randrange(len(parts))
    parts[at] = slip(parts[at], rng)
    return program.put(match.start(group), match.end(group), ".".join(parts))


def misspelt_member(program: Program, rng: random.Random) -> Program | None:
    """Miswrite the name that is imported from a module."""
    program = _inlined(program, rng)
    match = chosen([m for m in _sites(program) if m["name"]], rng)
    return program.put(match.start("name"), match.end("name"), slip(match["name"], rng)) if match else None


def wrong_path(program: Program, rng: random.Random) -> Program | None:
    """Import a name from a module above, below or beside the one that has it."""
    program = _inlined(program, rng)
    match = chosen([m for m in _sites(program) if m["name"]], rng)
    if match is None:
        return None
    parts = match["source"].split(".")
    others = [parts[:-1]] if len(parts) > 1 else []
    others += [[parts[0], word] for word in ("utils", "core", "base", match["name"].lower())]
    return program.put(
        match.start("source"), match.end("source"), ".".join(rng.choice(others[:2] if len(parts) > 1 else others))
    )


def imported_module(program: Program, rng: random.Random) -> Program | None:
    """Import the module for the name in it, or write `import name from module`."""
    program = _inlined(program, rng)
    match = chosen([m for m in _sites(program) if m["name"] and " as " not in m["line"] and "," not in m["line"]], rng)
    if match is None:
        return None
    line = rng.choice(
        [f"import {match['source']}", f"import {match['name']}", f"import {match['source']}.{match['name']}"]
    )
    return program.put(match.start("line"), match.end("line"), line)


def other_alias(program: Program, rng: random.Random) -> Program | None:
    """Import a module under another name than the one it is used by."""
    program = _inlined(program, rng)
    match = chosen([m for m in _sites(program) if m["as"]], rng)
    if match is None:
        return None
    return program.put(match.start("as"), match.end("as"), rng.choice(["", f" as {slip(match['as'][4:], rng)}"]))


def unimported_submodule(program: Program, rng: random.Random) -> Program | None:
    """Import a package where its part is needed."""
    program = _inlined(program, rng)
    match = chosen([m for m in _sites(program) if m["module"] and "." in m["module"]], rng)
    if match is None:
        return None
    return replace(program.put(match.start("module"), match.end("module"), match["module"].partition(".")[0]))


IMPORTS: tuple[Mutator, ...] = (
    misspelt_module, misspelt_member, wrong_path, imported_module, other_alias, unimported_submodule,
)  # fmt: skip
