"""An invented book of any size in our own columns: the same numbers every time, late and current in the shares of a bad year."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from fairdue.store.models import Organisation

AS_OF = date(2026, 9, 30)
NEXT, AFTER = AS_OF + timedelta(days=1), AS_OF + timedelta(days=2)
SLICE = 100_000
LATE = (
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    12,
    25,
    40,
    55,
    75,
    130,
    260,
)  # days past due, one account in twenty each


def lender() -> Organisation:
    """A bank whose ledger is ours, with fifty certified collectors."""
    from fairdue.core.codes import LenderKind, Role
    from fairdue.store.models import Organisation, Team, User

    bank = Organisation.objects.create(
        code="bench", name_zh="基准银行", name_en="Benchmark Bank", lender_kind=LenderKind.BANK, association_member=True,
        owns_ledger=True, pack="cn", policy="steady", records_calls=True,
    )  # fmt: skip
    team = Team.objects.create(organisation=bank, name="one")
    User.objects.bulk_create(
        User(username=f"collector{n}", display_name=f"{n}", role=Role.COLLECTOR, organisation=bank, team=team, certified=True,
             password="!")
        for n in range(50)
    )  # fmt: skip
    return bank


def write(path: Path, accounts: int) -> None:
    """A CSV of so many accounts of four customers for every five accounts, written slice by slice."""
    with path.open("wb") as file:
        for start in range(0, accounts, SLICE):
            rows(start, min(start + SLICE, accounts)).write_csv(file, include_header=start == 0)


def rows(start: int, end: int) -> pl.DataFrame:
    """Accounts number `start` to `end`, as text a lender would send."""
    i = np.arange(start, end, dtype=np.int64)
    mixed = (i * 2_654_435_761) % 2**32
    customer = np.where(i % 5 == 4, i - 1, i)
    principal = mixed % 9_000_000 + 100_000
    interest, fees = principal // 97, (i % 5) * 1_000
    late = np.array(LATE)[mixed % len(LATE)]
    due = np.where(late > 0, np.datetime64(AS_OF, "D") - late.astype("timedelta64[D]"), np.datetime64("NaT", "D"))
    made = {
        "account_no": [f"L{n:09}" for n in i], "customer_ref": [f"C{n:09}" for n in customer],
        "product": np.array(["CONSUMER", "CARD", "AUTO", "BUSINESS"])[i % 4],
        "opened_on": np.full(len(i), "2024-03-01"), "formed_on": np.full(len(i), "2024-03-01"),
        "principal": _money(principal), "interest": _money(interest), "fees": _money(fees), "penalty": np.full(len(i), "0.00"),
        "costs": np.full(len(i), "0.00"), "balance": _money(principal + interest + fees), "oldest_unpaid_due": pl.Series(due),
        "annual_ppm": np.full(len(i), "180000"), "penalty_ppm": np.full(len(i), "1500000"),
        "day_count": np.full(len(i), "ACT360"), "name": [f"王{chr(0x4E00 + n % 5_000)}" for n in customer],
        "phone": [f"154{n % 10**8:08}" for n in customer], "phone_source": np.full(len(i), "CONTRACT"),
        "phone_reserved": np.full(len(i), "yes"), "place": np.full(len(i), "上海"),
        "zone": np.full(len(i), "Asia/Shanghai"), "language": np.full(len(i), "zh"),
    }  # fmt: skip
    for back in range(1, 7):
        made[f"missed_{back}"] = np.minimum(late // 30, 6 - back).clip(0).astype(np.int64)
        made[f"billed_{back}"] = _money(principal // (back + 1))
        made[f"paid_{back}"] = _money(principal // (8 + mixed % 30))
    return pl.DataFrame(made)


def _money(minor: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pl.Series:
    whole, cents = pl.Series(minor // 100).cast(pl.String), pl.Series(minor % 100).cast(pl.String).str.zfill(2)
    return whole + "." + cents
