"""Dated law and policy as data: read, checked when loaded, and handed to the core as frozen objects."""
