"""How good the fixes are: cases with known answers, run in bounded children, counted, and reported."""
