"""JupyterLab and Jupyter Notebook in a browser."""
