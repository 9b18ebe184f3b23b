"""Repairs of SQL, one module a family."""
