"""Repairs in several steps: until a query binds, until a cell runs."""
