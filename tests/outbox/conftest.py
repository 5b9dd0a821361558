"""Worlds of their own for the tests of the outbox."""

from __future__ import annotations

from worlds import worlds

__all__ = ["worlds"]
