"""Reads what legal clocks are reckoned from: debts, guarantors, and events wherever they stand on record, in six queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from fairdue.core.codes import Party
from fairdue.core.happened import Happened
from fairdue.core.ledger import PostingKind
from fairdue.core.tracks import TrackState
from fairdue.store import clock
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
TRACKS = {
    "track": pl.Int64, "account": pl.Int64, "kind": pl.String, "since": pl.Date, "extended": pl.Int16, "done": pl.Date,
}  # fmt: skip
CLOSED = {
    "customer": pl.Int64, "account": pl.Int64, "lender_kind": pl.Int8, "zone": pl.String, "touched": pl.Int64, "paid": pl.Date,
    "closed": pl.Date,
}  # fmt: skip
NO_PERSON = -1


@dataclass(frozen=True)
class Gathered:
    """One frame a subject; events sorted by account and day."""

    accounts: pl.DataFrame
    events: pl.DataFrame
    guarantors: pl.DataFrame
    tracks: pl.DataFrame
    closed: pl.DataFrame  # customers without an open case, `last`: the last thing that happened


def gather(reader: Reader, lender: int, among: str) -> Gathered:
    """What is on record about a lender's customers; `among`: SQL about a customer's number, made of integers only."""
    mine = f"+a.lender_id = {int(lender)} AND a.customer_id {among}"
    events = reader.read(_events(mine), EVENTS).sort("account", "day", "kind", "evidence_id", maintain_order=True)
    return Gathered(
        reader.read(_accounts(mine), ACCOUNTS), events, reader.read(_guarantors(mine), GUARANTORS),
        reader.read(_tracks(mine), TRACKS), _last_thing(reader.read(_closed(mine), CLOSED)),
    )  # fmt: skip


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


def _tracks(mine: str) -> str:
    """Disputes, complaints and objections, on the customer's first debt; done on the day of the decision, or of its end."""
    return (
        "SELECT t.id AS track, (SELECT MIN(x.id) FROM account x WHERE x.customer_id = c.customer_id AND x.lender_id = "
        "c.lender_id) AS account, t.kind, t.since, t.extended, "
        f"CASE WHEN t.state = {int(TrackState.OPEN)} THEN NULL ELSE COALESCE(t.decided_on, t.ended_on) END AS done "
        "FROM track t JOIN casefile c ON c.id = t.case_id WHERE t.kind IN ('DISPUTE', 'COMPLAINT', 'CREDIT_OBJECTION') AND "
        f"EXISTS (SELECT 1 FROM account a WHERE a.customer_id = c.customer_id AND a.lender_id = c.lender_id AND {mine}) "
        "ORDER BY t.id"
    )


def _closed(mine: str) -> str:
    """People whose cases are all closed, and the last days on which anything happened."""
    return (
        "SELECT a.customer_id AS customer, MIN(a.id) AS account, o.lender_kind, o.zone, (SELECT MAX(t.at) FROM attempt t WHERE "
        "t.customer_id = a.customer_id) AS touched, (SELECT MAX(x.value_date) FROM posting x JOIN account y ON y.id = "
        "x.account_id WHERE y.customer_id = a.customer_id) AS paid, (SELECT MAX(c.closed_on) FROM casefile c WHERE "
        "c.customer_id = a.customer_id) AS closed FROM account a JOIN organisation o ON o.id = a.lender_id JOIN person p ON "
        f"p.id = a.customer_id WHERE {mine} AND p.erased_on IS NULL AND EXISTS (SELECT 1 FROM casefile c WHERE c.customer_id = "
        "a.customer_id) AND NOT EXISTS (SELECT 1 FROM casefile c WHERE c.customer_id = a.customer_id AND c.closed_on IS NULL) "
        "GROUP BY a.customer_id, o.lender_kind, o.zone ORDER BY a.customer_id"
    )


def _last_thing(closed: pl.DataFrame) -> pl.DataFrame:
    touched = [
        None if at is None else clock.business_date(at, zone)
        for at, zone in closed.select("touched", "zone").iter_rows()
    ]
    return closed.with_columns(pl.Series("on", touched, pl.Date)).with_columns(
        pl.max_horizontal("on", "paid", "closed").alias("last")
    )


def day_of(on: date) -> str:
    """A day as the databases compare it."""
    return on.isoformat()
