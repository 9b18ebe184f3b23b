"""Repairs of Python code, one module a family."""
