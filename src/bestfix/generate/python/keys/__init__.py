"""Keys of dictionaries, columns of tables, and elements of collections."""
