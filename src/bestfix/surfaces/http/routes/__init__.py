"""The routes: each reads a request, has it done, and writes the answer."""
