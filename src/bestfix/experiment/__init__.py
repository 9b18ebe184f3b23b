"""Experiments on users: who gets which settings, and what that was worth to them."""
