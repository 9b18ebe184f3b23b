"""What the installed versions have renamed, moved or removed, from one table."""
