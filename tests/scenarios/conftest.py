"""Worlds of their own for the lives told by dates."""

from __future__ import annotations

from worlds import worlds

__all__ = ["worlds"]
