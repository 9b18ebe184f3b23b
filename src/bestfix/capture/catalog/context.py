"""The context of a query: nothing but its database's catalog."""

from __future__ import annotations

from dataclasses import dataclass, field

from bestfix.capture.catalog.stored import StoredCatalog
from bestfix.core import Catalog, EmptyContext

__all__ = ["SqlContext"]


@dataclass(frozen=True, slots=True)
class SqlContext(EmptyContext):
    """A context that holds a catalog."""

    database: Catalog = field(default_factory=StoredCatalog)

    def catalog(self) -> Catalog:
        """Return the catalog."""
        return self.database
