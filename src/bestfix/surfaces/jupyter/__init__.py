"""JupyterLab and Notebook 7: the kernel's side of the card, and what the Jupyter server serves for it."""

from bestfix.surfaces.jupyter.attach import attach

__all__ = ["attach"]
