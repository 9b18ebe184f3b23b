"""Names that nothing defines, or not yet."""
