"""What the service remembers, in one database that all its workers share: keys, connections, history."""
