"""Attributes that an object does not have."""
