"""SQL that stands in Python: the statement that failed, where it is written, and the database that it ran on."""

from bestfix.capture.embedded.connections import rolled_back
from bestfix.capture.embedded.statement import Statement, find_statement, used_connection

__all__ = ["Statement", "find_statement", "rolled_back", "used_connection"]
