"""Values of the right class that are not what is wanted: numbers, shapes, counts, formats."""
