"""Candidates from a language model that the user connects."""
