"""Reading Python as notebooks and scripts hold it."""

from bestfix.lang.python.cell import compiles, is_foreign, masked
from bestfix.lang.python.escapes import gains_escapes
from bestfix.lang.python.tokens import Token, tokenized
from bestfix.lang.python.tree import Tree, parsed

__all__ = ["Token", "Tree", "compiles", "gains_escapes", "is_foreign", "masked", "parsed", "tokenized"]
