"""Writes docs/reference from the code, in English and Chinese, so that no page can say what the code does not do."""
