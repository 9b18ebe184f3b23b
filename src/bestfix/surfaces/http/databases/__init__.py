"""The databases that users connect to: what may be connected to, and how each engine is opened, run on and stopped."""
