"""Names of tables, columns and aliases that are not there, or are there twice; quotes around the wrong things."""

from __future__ import annotations

import random
import re

from bestfix.train.mutate.base import chosen, slip
from bestfix.train.mutate.statement import SqlMutator, Statement

__all__ = ["SQL_NAMES"]


def misspelt_identifier(statement: Statement, rng: random.Random) -> Statement | None:
    """Miswrite the name of a table or column."""
    index = chosen([i for i in statement.identifiers if statement.tokens[i].name.isidentifier()], rng)
    return None if index is None else statement.put(index, index + 1, slip(statement.tokens[index].name, rng))


def reworded_identifier(statement: Statement, rng: random.Random) -> Statement | None:
    """Write a name in other words: in the plural, without its underscore, with the name of its table."""
    index = chosen([i for i in statement.identifiers if len(statement.tokens[i].name) > 2], rng)
    if index is None:
        return None
    name = statement.tokens[index].name
    others = {name[:-1] if name.endswith("s") else name + "s", name.replace("_", ""), name + "_id", name + "_name"}
    others |= {name.rpartition("_")[2], name.partition("_")[0], re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)}
    others |= {f"{r.name}_{name}" for i in statement.identifiers[:1] if (r := statement.tokens[i]).name != name}
    word = chosen(sorted(o for o in others if o.lower() != name.lower() and o.isidentifier()), rng)
    return None if word is None else statement.put(index, index + 1, word)


def other_identifier(statement: Statement, rng: random.Random) -> Statement | None:
    """Write another name of the query or the database in the place of one."""
    index = chosen(statement.identifiers, rng)
    own = [statement.tokens[i].text for i in statement.identifiers]
    words = sorted({*(own if rng.random() < 0.5 or not statement.others else statement.others)})
    word = chosen([w for w in words if index is not None and w != statement.tokens[index].text], rng)
    return None if index is None or word is None else statement.put(index, index + 1, word)


def wrong_qualifier(statement: Statement, rng: random.Random) -> Statement | None:
    """Take a column from another table of the query."""
    index = chosen(statement.qualified, rng)
    words = sorted({statement.tokens[i].text for i in statement.qualified})
    word = chosen([w for w in words if index is not None and w != statement.tokens[index].text], rng)
    return None if index is None or word is None else statement.put(index, index + 1, word)


def dropped_qualifier(statement: Statement, rng: random.Random) -> Statement | None:
    """Leave out the table of a column."""
    index = chosen(statement.qualified, rng)
    return None if index is None else statement.without(index, index + 2)


def dropped_qualifiers(statement: Statement, rng: random.Random) -> Statement | None:
    """Leave out the table of every column."""
    del rng
    found = statement
    for index in reversed(statement.qualified):
        found = found.without(index, index + 2)
    return found if statement.qualified else None


def table_for_alias(statement: Statement, rng: random.Random) -> Statement | None:
    """Name a table that has an alias by its own name."""
    aliases = {statement.tokens[r.alias].name.lower(): r for r in statement.relations if r.alias and r.names}
    sites = [i for i in statement.qualified if statement.tokens[i].name.lower() in aliases]
    index = chosen(sites, rng)
    if index is None:
        return None
    relation = aliases[statement.tokens[index].name.lower()]
    return statement.put(index, index + 1, statement.tokens[relation.names[-1]].text)


def undefined_alias(statement: Statement, rng: random.Random) -> Statement | None:
    """Use an alias and do not define it, or define another one."""
    relation = chosen([r for r in statement.relations if r.alias], rng)
    if relation is None or relation.alias is None:
        return None
    if rng.random() < 0.4:
        return statement.put(relation.alias, relation.alias + 1, rng.choice(["x", "t", "t9", "sub"]))
    first = relation.alias - (statement.query.word(relation.alias - 1) == "AS")
    return statement.without(first, relation.alias + 1)


def double_quotes(statement: Statement, rng: random.Random) -> Statement | None:
    """Write texts in double quotes."""
    sites = [i for i, t in enumerate(statement.tokens) if t.kind == "string" and t.text[0] == "'"]
    if not sites:
        return None
    found = statement
    for index in sites if rng.random() < 0.7 else [rng.choice(sites)]:
        found = found.put(index, index + 1, f'"{statement.tokens[index].name}"')
    return found


def no_quotes(statement: Statement, rng: random.Random) -> Statement | None:
    """Leave out the quotes of a text, or of a name that needs them."""
    index = chosen([i for i, t in enumerate(statement.tokens) if t.kind in {"string", "quoted"} and t.name], rng)
    return None if index is None else statement.put(index, index + 1, statement.tokens[index].name)


def foreign_quotes(statement: Statement, rng: random.Random) -> Statement | None:
    """Quote names as another engine does, or as texts."""
    index = chosen(statement.identifiers, rng)
    if index is None:
        return None
    name = statement.tokens[index].name
    return statement.put(index, index + 1, rng.choice([f"[{name}]", f"`{name}`", f"'{name}'"]))


SQL_NAMES: tuple[SqlMutator, ...] = (
    misspelt_identifier, reworded_identifier, other_identifier, wrong_qualifier, dropped_qualifier, dropped_qualifiers,
    table_for_alias, undefined_alias, double_quotes, no_quotes, foreign_quotes,
)  # fmt: skip
