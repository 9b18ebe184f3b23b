"""JupyterLab and Jupyter Notebook in a browser. A package, so that its tests share one browser."""
