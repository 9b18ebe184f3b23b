"""What every family writes with: edits, templates, and the usual words of a conversion."""
