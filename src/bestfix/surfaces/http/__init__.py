"""The HTTP service: fixes for other programs, and what the page of the SQL editor needs."""

from bestfix.surfaces.http.options import Access, Databases, Limits, ServeError, ServeOptions

__all__ = ["Access", "Databases", "Limits", "ServeError", "ServeOptions"]
