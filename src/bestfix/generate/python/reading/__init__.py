"""What every family reads: the place that failed, the values there, and what could be imported."""
