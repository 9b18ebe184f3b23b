"""The SQL editor in a browser."""
