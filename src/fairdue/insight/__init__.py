"""Measures and findings for people who steer: definitions as data, functions over columns."""
