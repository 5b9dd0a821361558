"""Control totals: what came in, what went on, what was left out, and whether that is what the sender announced."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from fairdue.core.errors import Fault
from fairdue.intake.faults import RowsDiffer, TotalDiffers, TotalOfSeveralCurrencies, TotalUnproven
from fairdue.intake.parse import Parsed


@dataclass
class Sum:
    """Money in one currency, in minor units; `unreadable` rows have none that can be read."""

    loaded: int = 0
    left_out: int = 0
    unreadable: int = 0

    @property
    def read(self) -> int:
        """All that was read."""
        return self.loaded + self.left_out


@dataclass
class ControlTotals:
    """Adds up chunk by chunk. `reasons` counts rejected rows by code: a row with two reasons counts under both."""

    read: int = 0
    loaded: int = 0
    rejected: int = 0
    late_owing_nothing: int = 0
    sums: dict[str, Sum] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, parsed: Parsed) -> None:
        """Take in one chunk."""
        self.read += parsed.read
        self.loaded += parsed.good.height
        self.rejected += parsed.rejected
        self.late_owing_nothing += parsed.late_owing_nothing
        for currency, loaded, left_out, unreadable in parsed.sums.iter_rows():
            total = self.sums.setdefault(currency, Sum())
            total.loaded += loaded
            total.left_out += left_out
            total.unreadable += unreadable
        self.reasons.update(parsed.rejects.unique(["row_no", "code"])["code"].to_list())

    def check(self, expect_rows: int | None = None, expect_total: int | None = None) -> tuple[Fault, ...]:
        """What contradicts the sender's announcement, to be raised before anything is published; empty when all agrees.

        `expect_total` in minor units, over all rows of the file, the rejected ones included.
        """
        wrong: list[Fault] = []
        if expect_rows is not None and expect_rows != self.read:
            wrong.append(RowsDiffer(expected=expect_rows, read=self.read))
        if expect_total is not None:
            wrong += self._check_total(expect_total)
        return tuple(wrong)

    def _check_total(self, expected: int) -> list[Fault]:
        if len(self.sums) > 1:
            return [TotalOfSeveralCurrencies(currencies=", ".join(sorted(self.sums)))]
        total = next(iter(self.sums.values()), Sum())
        if total.unreadable:
            return [TotalUnproven(expected=expected, rows=total.unreadable)]
        return [] if total.read == expected else [TotalDiffers(expected=expected, read=total.read)]

    def as_dict(self) -> dict[str, Any]:
        """For the record of the batch, JSON-able. Money in minor units."""
        return {
            "read": self.read, "loaded": self.loaded, "rejected": self.rejected,
            "owe_nothing_but_late": self.late_owing_nothing, "reasons": dict(sorted(self.reasons.items())),
            "sums": {c: {"read": s.read, "loaded": s.loaded, "left_out": s.left_out, "unreadable": s.unreadable}
                     for c, s in sorted(self.sums.items())},
        }  # fmt: skip
