"""The rows that statements gave: kept in a file as they are fetched, read in pages, exported."""
