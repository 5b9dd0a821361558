"""Amounts and deadlines in Chinese."""

from __future__ import annotations

from collections.abc import Iterator

from fairdue.wording.claims import Claim
from fairdue.wording.match import Words


def found(words: Words) -> Iterator[Claim]:
    """Every amount or deadline that what is known does not bear out."""
    del words
    yield from ()
