"""Code of earlier releases, and of Python 2, that still parses."""

from __future__ import annotations

import ast
import random
import re
from collections import defaultdict
from functools import lru_cache

from bestfix.train.mutate.base import Mutator, Program, chosen

__all__ = ["STALE"]

_PYTHON2 = (
    (r"\brange\(", "xrange("), (r"\.items\(\)", ".iteritems()"), (r"\.keys\(\)", ".iterkeys()"),
    (r"\.values\(\)", ".itervalues()"), (r"\bstr\(", "unicode("), (r"\bnext\((\w+)\)", r"\1.next()"),
    (r"\b(\w+) in (\w+)\b(?=[: \n])", r"\2.has_key(\1)"), (r"\bzip\(", "izip("), (r"\binput\(", "raw_input("),
    (r"\bint\(", "long("), (r"list\((\w+)\.(keys|values|items)\(\)\)", r"\1.\2()"),
    (r"list\(((?:map|filter|zip)\(.*\))\)", r"\1"),
    (r"from functools import reduce\n?", ""), (r"\bchr\(", "unichr("), (r"sorted\((\w+), key=", r"sorted(\1, cmp="),
    (r"\bprint\(([^()\n]*)\)", r"print >>sys.stderr, (\1)"),
)  # fmt: skip
"""What Python 3 writes, as a pattern, and what Python 2 wrote."""


def python2_call(program: Program, rng: random.Random) -> Program | None:
    """Use what only Python 2 has."""
    sites = [(m, new) for old, new in _PYTHON2 for m in re.finditer(old, program.code)]
    site = chosen(sites, rng)
    return program.put(site[0].start(), site[0].end(), site[0].expand(site[1])) if site else None


def removed_name(program: Program, rng: random.Random) -> Program | None:
    """Call something by the name that an earlier release of its library had."""
    sites = [
        (n, old) for n in program.nodes(ast.Attribute) if isinstance(n, ast.Attribute)
        for old in _earlier().get(n.attr, ())
    ]  # fmt: skip
    site = chosen(sites, rng)
    if site is None:
        return None
    node, old = site
    return program.put_node(node, program.text(node)[: -len(node.attr)] + old)


@lru_cache(maxsize=1)
def _earlier() -> dict[str, tuple[str, ...]]:
    """Return the earlier names of each attribute that replaced one in some release."""
    from bestfix.generate.python.removed.removed_table import table

    found: dict[str, set[str]] = defaultdict(set)
    for row in table().rows():
        if not row.is_template and row.new and ":" not in row.old:
            new = row.new.rpartition(".")[2]
            if new != row.name and row.name.isidentifier():
                found[new].add(row.name)
    return {new: tuple(sorted(old)) for new, old in found.items()}


STALE: tuple[Mutator, ...] = (python2_call, removed_name)
