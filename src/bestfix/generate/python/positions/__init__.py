"""Positions in sequences: beyond the end, of the wrong class, counted once too often."""
