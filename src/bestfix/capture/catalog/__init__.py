"""What a database holds: read once, kept, read again after DDL."""

from bestfix.capture.catalog.context import SqlContext
from bestfix.capture.catalog.stored import StoredCatalog, catalog_from_json

__all__ = ["SqlContext", "StoredCatalog", "catalog_from_json"]
