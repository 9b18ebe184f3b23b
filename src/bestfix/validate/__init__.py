"""What can be known of a candidate before it is shown."""
