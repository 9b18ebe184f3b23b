"""Learning from failures whose fix is known: real code, broken as people break it, every candidate tried."""
