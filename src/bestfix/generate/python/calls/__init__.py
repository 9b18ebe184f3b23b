"""Calls: what is called, and with which arguments."""
