"""The documents as the tests see them, and worlds of their own for those that run what a page says."""

from __future__ import annotations

from worlds import worlds

__all__ = ["worlds"]
