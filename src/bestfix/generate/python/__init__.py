"""Repairs of Python code: a package a family, over `reading` (what is there) and `writing` (how it is changed)."""
