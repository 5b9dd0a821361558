"""How long records must be kept before a person's data may be erased on request: figures with their sources, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from fairdue.core.codes import LenderKind
from fairdue.core.errors import Lang

FILE = Path(__file__).parent / "retention.yaml"


@dataclass(frozen=True)
class Retention:
    """One duty to keep records, `years` from the last thing that happened."""

    id: str
    years: int
    packs: frozenset[str]
    lender_kinds: frozenset[int]  # empty: every lender
    title: Mapping[Lang, str]
    instrument: Mapping[Lang, str]
    article: str
    link: str
    confidence: str

    def until(self, last: date) -> date:
        """The first day on which the records need no longer be kept."""
        try:
            return last.replace(year=last.year + self.years)
        except ValueError:  # 29 February
            return date(last.year + self.years, 3, 1)


@cache
def load_retention() -> tuple[Retention, ...]:
    """Every duty to keep records."""
    said = yaml.safe_load(FILE.read_text("utf-8"))["rules"]
    return tuple(
        Retention(
            id=one["id"], years=int(one["years"]), title=one["title"], instrument=one["instrument"],
            packs=frozenset(one["packs"]),
            lender_kinds=frozenset(int(LenderKind[name]) for name in one["lender_kind"]), article=str(one["article"]),
            link=one["link"], confidence=one["confidence"],
        )
        for one in said
    )  # fmt: skip


def of_lender(lender_kind: int, pack: str) -> Retention | None:
    """The duty that holds longest for a lender where it works; None: no source is encoded for the place."""
    mine = [one for one in load_retention() if pack in one.packs]
    return max((one for one in mine if not one.lender_kinds or lender_kind in one.lender_kinds), key=lambda one: one.years,
               default=None)  # fmt: skip


def longest(lender_kind: int, last: date, pack: str = "cn") -> tuple[Retention, date]:
    """The duty that holds longest for a lender, and the first day after it; for a place without a source, the longest of all."""
    found = of_lender(lender_kind, pack) or max(load_retention(), key=lambda one: one.years)
    return found, found.until(last)
