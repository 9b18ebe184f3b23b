"""How program text is read: lines and offsets, tokens, trees, scopes. Standard library only; nothing is run."""
