"""Amounts and deadlines in the words, held against those that are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fairdue.wording.finding import Verdict
from fairdue.wording.match import Words


@dataclass(frozen=True)
class Claim:
    """An amount or a date that is not known to be true."""

    start: int
    end: int
    code: str
    verdict: Verdict
    why: str


def claims(words: Words) -> Iterator[Claim]:
    """Every amount or deadline that what is known does not bear out."""
    from fairdue.wording import claims_en, claims_zh  # noqa: PLC0415 - both build on this module

    yield from (claims_zh if words.said.lang == "zh" else claims_en).found(words)
