"""What the steps are told about a range of customers: one frame per subject, with fixed columns and types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import polars as pl

PERSONS = {
    "customer": pl.Int64,
    "human": pl.Int64,
    "zone": pl.String,
    "language": pl.String,
    "agreed_from": pl.Int16,
    "agreed_to": pl.Int16,
    "refused": pl.Int64,
}
ACCOUNTS = {
    "account": pl.Int64,
    "customer": pl.Int64,
    "product": pl.Int8,
    "formed_on": pl.Date,
    "annual_ppm": pl.Int64,
    "penalty_ppm": pl.Int64,
    "day_count": pl.Int8,
    "compound": pl.Boolean,
    "oldest_unpaid_due": pl.Date,
    "plan_status": pl.Int8,
    "accrued_to": pl.Date,
    "carry_interest": pl.Int64,
    "carry_penalty": pl.Int64,
}
BALANCES = {"account": pl.Int64, "component": pl.Int8, "amount": pl.Int64}
PAID = {
    "account": pl.Int64,
    "customer": pl.Int64,
    "component": pl.Int8,
    "value_date": pl.Date,
    "counts_on": pl.Date,
    "amount": pl.Int64,
}
INSTALMENTS = {"account": pl.Int64, "due_on": pl.Date, "amount": pl.Int64}
MONTHS = {"account": pl.Int64, "month": pl.Date, "missed": pl.Int8, "billed": pl.Int64, "paid": pl.Int64}
PAUSES = {"account": pl.Int64, "starts_on": pl.Date, "ends_on": pl.Date}
POINTS = {
    "customer": pl.Int64,
    "point": pl.Int64,
    "number": pl.Int64,
    "channel": pl.Int8,
    "source": pl.Int8,
    "reserved": pl.Int8,
    "kind": pl.Int8,
    "status": pl.Int8,
    "status_on": pl.Date,
}
STOPS = {"customer": pl.Int64, "kind": pl.String, "track": pl.String}
PROMISES = {
    "customer": pl.Int64,
    "promise": pl.Int64,
    "made_on": pl.Date,
    "due_on": pl.Date,
    "amount": pl.Int64,
    "status": pl.String,
    "grace_days": pl.Int64,
    "threshold_ppm": pl.Int64,
    "remind": pl.Boolean,
    "paid": pl.Int64,
    "of_open_case": pl.Boolean,
}
LEGAL = {"customer": pl.Int64, "time_barred": pl.Int8, "suit_filed": pl.Int8, "judgment": pl.Int8}
LEARNED = {"customer": pl.Int64, "name": pl.String, "value": pl.String, "on": pl.Date}
ATTEMPTS = {
    "customer": pl.Int64,
    "person": pl.Int64,
    "point": pl.Int64,
    "party": pl.Int8,
    "channel": pl.Int8,
    "mode": pl.Int8,
    "direction": pl.Int8,
    "purpose": pl.Int8,
    "at": pl.Int64,
    "answered": pl.Int8,
    "talked": pl.Int8,
    "reserved": pl.Int8,
    "human": pl.Int64,
    "reached": pl.Int64,
    "number": pl.Int64,
    "point_kind": pl.Int8,
    "to_reserved": pl.Int8,
}
CASES = {
    "customer": pl.Int64,
    "case": pl.Int64,
    "stage": pl.String,
    "owner": pl.Int64,
    "opened_on": pl.Date,
    "callback_at": pl.Int64,
    "last_contact_at": pl.Int64,
    "last_outcome": pl.String,
    "own_due": pl.Int64,
    "placed": pl.Int8,
    "told_on": pl.Date,
    "agency_listed": pl.Int8,
    "sub_contracted": pl.Int8,
    "agency_records": pl.Int8,
    "sender_approved": pl.Int8,
    "contract_end": pl.Date,
    "reviewed_on": pl.Date,
}


@dataclass(frozen=True)
class Gathered:
    """The facts about some customers, as the database knows them at one moment.

    `paid` holds payments and their reversals, `counts_on` being the day of the payment in both; `learned` only what has not
    been superseded, newest case or not; `attempts` only what counts: confirmed ones and live reservations, in the order
    they were made. `human` is the same for all customers who are one human, `number` for all points that hold one number;
    `reached` is the human an attempt went to. The track of a stop is empty where it has none. What a case says of an agency is
    about the one it is placed with.
    """

    persons: pl.DataFrame
    accounts: pl.DataFrame
    balances: pl.DataFrame
    paid: pl.DataFrame
    instalments: pl.DataFrame
    months: pl.DataFrame
    pauses: pl.DataFrame
    points: pl.DataFrame
    stops: pl.DataFrame
    promises: pl.DataFrame
    attempts: pl.DataFrame
    cases: pl.DataFrame
    learned: pl.DataFrame
    legal: pl.DataFrame

    SCHEMAS: ClassVar[dict[str, Mapping[str, type[pl.DataType]]]] = {
        "persons": PERSONS,
        "accounts": ACCOUNTS,
        "balances": BALANCES,
        "paid": PAID,
        "instalments": INSTALMENTS,
        "months": MONTHS,
        "pauses": PAUSES,
        "points": POINTS,
        "stops": STOPS,
        "promises": PROMISES,
        "attempts": ATTEMPTS,
        "cases": CASES,
        "learned": LEARNED,
        "legal": LEGAL,
    }

    @classmethod
    def of(cls, **frames: pl.DataFrame) -> Gathered:
        """Subjects that are not given are empty: for tests and for people with one account and no history."""
        return cls(
            **{name: frames[name] if name in frames else pl.DataFrame(schema=s) for name, s in cls.SCHEMAS.items()}
        )
