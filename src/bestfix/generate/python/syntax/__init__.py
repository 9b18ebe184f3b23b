"""Code that does not parse: slips that people make, and a search that combines them until the code compiles."""
