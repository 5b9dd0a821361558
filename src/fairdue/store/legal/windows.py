"""Reckons the windows of gathered customers: answers that are due, the validation period, and how long records are kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import polars as pl

from fairdue.core.dates import Days
from fairdue.core.happened import Happened
from fairdue.core.limitation import NAT
from fairdue.core.windows import standings
from fairdue.rules import windows
from fairdue.rules.periods import PeriodKind
from fairdue.rules.retention import of_lender
from fairdue.store.legal.gather import NO_PERSON, Gathered

Schema = dict[str, type[pl.DataType]]
TRACK, CUSTOMER = "track", "customer"


def reckon_windows(told: Gathered, pack: str, on: date, schema: Schema) -> Iterable[pl.DataFrame]:
    """One frame a kind of window (columns of `schema`)."""
    today = np.datetime64(on)
    for window in windows.load_windows().values():
        if window.track and pack in windows.CHINESE_LAW:
            yield from _answers(
                told.tracks.filter((pl.col("kind") == window.track) & (pl.col("since") <= on)), window, today, schema
            )
    yield _validation(told, pack, today, schema)
    yield _retention(told, pack, today, schema)


def _answers(tracks: pl.DataFrame, window: windows.Window, on: np.datetime64, schema: Schema) -> Iterable[pl.DataFrame]:
    """Tracks with the same number of extensions together: their clock is the same."""
    for (extended,), mine in tracks.group_by("extended", maintain_order=True):
        clock = window.clock(int(str(extended)))
        if clock is not None:
            start = _days(mine["since"])
            ends = windows.track_ends(start, clock)
            standing = standings(ends.last, _days(mine["done"]), np.ones(mine.height, bool), on)
            yield _frame(mine["account"], window.kind, standing, start, ends.last, schema, about=TRACK, about_id=mine["track"],
                         provisional=ends.provisional, period=f"{window.track}:{extended}")  # fmt: skip


def _validation(told: Gathered, pack: str, on: np.datetime64, schema: Schema) -> pl.DataFrame:
    """From the first notice that was sent about a debt; a second one opens no second period."""
    sent = told.events.filter(
        (pl.col("kind") == int(Happened.VALIDATION_SENT)) & (pl.col("day") <= pl.lit(on.item()))
    ).group_by("account", maintain_order=True).first()  # fmt: skip
    last = windows.validation_lasts(_days(sent["day"]), pack)
    if last is None or not sent.height:
        return pl.DataFrame(schema=schema)
    standing = standings(last, np.full(sent.height, NAT), np.zeros(sent.height, bool), on)
    return _frame(sent["account"], PeriodKind.VALIDATION, standing, _days(sent["day"]), last, schema,
                  cause=int(Happened.VALIDATION_SENT), proof=sent)  # fmt: skip


def _retention(told: Gathered, pack: str, on: np.datetime64, schema: Schema) -> pl.DataFrame:
    """Of people who have no open case: from the last thing that happened. Who is erased has no records."""
    mine = told.closed.filter(pl.col("last") <= pl.lit(on.item()))
    if not mine.height:
        return pl.DataFrame(schema=schema)
    duty = of_lender(int(mine["lender_kind"][0]), pack)
    if duty is None:
        return pl.DataFrame(schema=schema)
    start = _days(mine["last"])
    last = windows.retention_lasts(start, duty)
    standing = standings(last, np.full(mine.height, NAT), np.ones(mine.height, bool), on)
    return _frame(mine["account"], PeriodKind.RETENTION, standing, start, last, schema, about=CUSTOMER,
                  about_id=mine["customer"], period=duty.id)  # fmt: skip


def _days(column: pl.Series) -> Days:
    return column.to_numpy().astype("datetime64[D]") if len(column) else np.zeros(0, "datetime64[D]")


def _frame(
    account: pl.Series, kind: PeriodKind, standing: object, start: Days, last: Days, schema: Schema, *,
    about: str = "", about_id: pl.Series | None = None, provisional: object = None, period: str = "", cause: int = -1,
    proof: pl.DataFrame | None = None,
) -> pl.DataFrame:  # fmt: skip
    n = len(account)
    made = pl.DataFrame({
        "account": account, "person": [NO_PERSON] * n, "kind": [int(kind)] * n, "period": [period or kind.name] * n,
        "standing": standing, "start_on": start, "last": last,
        "provisional": [False] * n if provisional is None else provisional, "cause": [cause] * n,
        "cause_on": start if cause >= 0 else np.full(n, NAT), "evidence": proof["evidence"] if proof is not None else [""] * n,
        "evidence_id": proof["evidence_id"] if proof is not None else [-1] * n, "about": [about] * n,
        "about_id": about_id if about_id is not None else [-1] * n,
    })  # fmt: skip
    return made.select(pl.col(name).cast(kind_of) for name, kind_of in schema.items())
