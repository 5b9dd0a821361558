"""Reads what legal clocks are reckoned from: debts, guarantors, and events wherever they stand on record, in four queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from fairdue.core.codes import Party
from fairdue.core.happened import Happened
from fairdue.core.ledger import PostingKind
from fairdue.store.facts import Reader

ACCOUNTS = {
    "account": pl.Int64, "customer": pl.Int64, "place": pl.String, "oldest": pl.Date, "first_due": pl.Date,
    "last_due": pl.Date, "owed": pl.Int64,
}  # fmt: skip
EVENTS = {
    "account": pl.Int64, "person": pl.Int64, "kind": pl.Int16, "day": pl.Date, "ended": pl.Date, "perform_by": pl.Date,
    "withdrawn": pl.Boolean, "served_on": pl.Date, "evidence": pl.String, "evidence_id": pl.Int64,
}  # fmt: skip
GUARANTORS = {
    "account": pl.Int64, "person": pl.Int64, "guarantee_kind": pl.Int8, "until": pl.Date,
}  # fmt: skip
NO_PERSON = -1


@dataclass(frozen=True)
class Gathered:
    """One frame a subject; events sorted by account and day."""

    accounts: pl.DataFrame
    events: pl.DataFrame
    guarantors: pl.DataFrame


def gather(reader: Reader, lender: int, among: str) -> Gathered:
    """What is on record about a lender's customers; `among`: SQL about a customer's number, made of integers only."""
    mine = f"+a.lender_id = {int(lender)} AND a.customer_id {among}"
    events = reader.read(_events(mine), EVENTS).sort("account", "day", "kind", "evidence_id", maintain_order=True)
    return Gathered(reader.read(_accounts(mine), ACCOUNTS), events, reader.read(_guarantors(mine), GUARANTORS))


def _accounts(mine: str) -> str:
    """Debts with a due date: without one nothing is overdue and no period runs."""
    return (
        "SELECT a.id AS account, a.customer_id AS customer, p.place, a.oldest_unpaid_due AS oldest, i.first_due, i.last_due, "
        "COALESCE((SELECT CAST(SUM(x.amount) AS BIGINT) FROM posting x WHERE x.account_id = a.id), 0) AS owed "
        "FROM account a JOIN person p ON p.id = a.customer_id LEFT JOIN (SELECT account_id, MIN(due_on) AS first_due, "
        "MAX(due_on) AS last_due FROM instalment GROUP BY account_id) i ON i.account_id = a.id "
        f"WHERE {mine} AND (a.oldest_unpaid_due IS NOT NULL OR i.first_due IS NOT NULL OR EXISTS "
        "(SELECT 1 FROM legal_event e WHERE e.account_id = a.id AND e.void_at = -1)) ORDER BY a.id"
    )


NOTHING = (
    "CAST(NULL AS DATE) AS ended, CAST(NULL AS DATE) AS perform_by, {} AS withdrawn, CAST(NULL AS DATE) AS served_on"
)


def _events(mine: str) -> str:
    """Events kept as such, and promises, payments and plans, each with the row that proves it."""
    plain = NOTHING.format("(1 = 0)")
    promise, payment, plan = int(Happened.PROMISE), int(Happened.PAYMENT), int(Happened.PLAN)
    return (
        f'SELECT e.account_id AS account, COALESCE(e.person_id, {NO_PERSON}) AS person, e.kind, e."on" AS day, '
        "e.ended_on AS ended, e.perform_by, e.withdrawn, e.served_on, e.evidence, COALESCE(e.evidence_id, -1) AS evidence_id "
        f"FROM legal_event e JOIN account a ON a.id = e.account_id WHERE {mine} AND e.void_at = -1 "
        f"UNION ALL SELECT a.id, {NO_PERSON}, {promise}, x.made_on, {plain}, 'promise', x.id FROM promise x "
        f"JOIN casefile c ON c.id = x.case_id JOIN account a ON a.customer_id = c.customer_id AND a.lender_id = c.lender_id "
        f"WHERE {mine} "
        f"UNION ALL SELECT a.id, {NO_PERSON}, {payment}, x.value_date, {plain}, 'posting', MIN(x.id) FROM posting x "
        f"JOIN account a ON a.id = x.account_id WHERE {mine} AND x.kind = {int(PostingKind.PAYMENT)} AND NOT EXISTS "
        "(SELECT 1 FROM posting y WHERE y.reverses_id = x.id) GROUP BY a.id, x.value_date "
        f"UNION ALL SELECT a.id, {NO_PERSON}, {plan}, x.accepted_on, {plain}, 'plan', x.id FROM plan x "
        f"JOIN account a ON a.id = x.account_id WHERE {mine} AND x.accepted_on IS NOT NULL"
    )


def _guarantors(mine: str) -> str:
    return (
        "SELECT a.id AS account, l.person_id AS person, l.guarantee_kind, l.guarantee_until AS until FROM link l "
        f"JOIN account a ON a.customer_id = l.customer_id WHERE {mine} AND l.party = {int(Party.GUARANTOR)} "
        "AND (l.liable IS NULL OR l.liable) ORDER BY a.id, l.person_id"
    )


def day_of(on: date) -> str:
    """A day as the databases compare it."""
    return on.isoformat()
