"""The demo's loan book: a real one, published for research (see ATTRIBUTION.md)."""

from __future__ import annotations

from pathlib import Path

MAPPING = "card-book"


def path() -> Path:
    """The book's file, as the import takes it."""
    return Path(__file__).with_name("cards.csv.gz")
