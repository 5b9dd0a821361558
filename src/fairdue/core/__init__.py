"""Pure functions over columns: standard library and NumPy only, no clock, no randomness, no environment."""
