"""Reading SQL as people write it: broken, in any dialect, with parameters and templates in it."""

from bestfix.lang.sql.mask import Masked, masked
from bestfix.lang.sql.tokens import Token, quoted, tokenized
from bestfix.lang.sql.tree import Clause, Item, Query, Relation, Select, compared_nulls

__all__ = [
    "Clause", "Item", "Masked", "Query", "Relation", "Select", "Token", "compared_nulls", "masked", "quoted",
    "tokenized",
]  # fmt: skip
