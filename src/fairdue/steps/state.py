"""What a run of the steps carries along: how to work (`Config`), and what has been found so far (`State`)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self

import polars as pl

from fairdue.core.delinquency import StageTable
from fairdue.rules.load import Pack
from fairdue.rules.quality import SelfCurePolicy
from fairdue.rules.strategy import Strategy
from fairdue.steps.balances import with_balances
from fairdue.steps.gathered import Gathered

ACCRUALS = {"account": pl.Int64, "component": pl.Int8, "amount": pl.Int64}
ACCRUED = {"account": pl.Int64, "carry_interest": pl.Int64, "carry_penalty": pl.Int64, "unknown": pl.Boolean}
CASES_OUT = (
    "customer", "case", "prev_stage", "in_arrears", "stage", "dpd", "oldest_due", "balance", "overdue_accounts",
    "behaviour", "action", "aim", "aim_row", "reason", "channel", "tone", "script", "treatment", "priority", "not_before",
    "review_on", "value", "allowed", "next_lawful", "at", "facts", "history", "verdict", "value_terms",
    "owner", "self_cure",
)  # fmt: skip
STANDING = {"standing": pl.Int8, "accounts": pl.Int64, "balance": pl.Int64}
JUDGED = {"promise": pl.Int64, "status": pl.String, "paid": pl.Int64, "judged_on": pl.Date}


@dataclass(frozen=True)
class Config:
    """How one lender's book is worked on one date. Everything a decision follows from, besides the facts."""

    as_of: date
    at: int  # utc_minute at which the contact would be made
    zone: str
    lender_kind: int
    association_member: int
    records_calls: int  # the lender records every call and visit
    owns_ledger: bool
    floor: int
    pack: Pack
    strategy: Strategy
    stages: StageTable
    day_ends: int  # utc_minute of the end of the business day at the lender's place
    first: tuple[int, ...]  # reasons that go before value on a list
    list_length: int  # places on one collector's list
    self_cure: SelfCurePolicy  # which likely self-cures are held out


@dataclass(frozen=True)
class State:
    """Frames that grow column by column; `accounts` by account, `cases` by customer in arrears or with an open case."""

    facts: Gathered
    accounts: pl.DataFrame
    cases: pl.DataFrame = field(default_factory=pl.DataFrame)
    accruals: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ACCRUALS))
    accrued: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ACCRUED))
    standing: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=STANDING))
    promises: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=JUDGED))

    @classmethod
    def start(cls, facts: Gathered) -> Self:
        """Nothing found yet but the balances."""
        return cls(facts, with_balances(facts.accounts.sort("account"), facts.balances))

    def staged(self) -> dict[str, pl.DataFrame]:
        """What the night keeps, by the name of its table."""
        return {"cases": self.cases.select(CASES_OUT), "accruals": self.accruals, "accrued": self.accrued,
                "promises": self.promises, "standing": self.standing}  # fmt: skip

    def with_(self, **found: pl.DataFrame) -> Self:
        """The state after a step."""
        return replace(self, **found)  # type: ignore[arg-type]  # every field named is a frame
