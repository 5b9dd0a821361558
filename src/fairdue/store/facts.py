"""Gathers the facts about a range of customers, for the night in bulk and for one customer after an event.

Every query is bounded by a range of customer ids, so that a partition and a single person are asked alike.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Protocol

import polars as pl
from django.db import connection

from fairdue.core.ledger import PostingKind
from fairdue.core.tracks import TrackState
from fairdue.rules.tracks import load_tracks
from fairdue.steps.gathered import Gathered
from fairdue.store.columns import Schema, frame_of

HISTORY_DAYS = 40  # longer than any counting window of a rule pack
MONTHS_BACK = 190
PAID_KINDS = f"{int(PostingKind.PAYMENT)}"


class Reader(Protocol):
    """Anything that answers a query with a frame: the bulk connection or Django's own."""

    def read(self, sql: str, schema: Schema) -> pl.DataFrame:
        """The result with the columns and types of `schema`."""
        ...


class DjangoReader:
    """Reads through Django's connection: inside its transaction, for few rows."""

    def read(self, sql: str, schema: Schema) -> pl.DataFrame:
        """The result with the columns and types of `schema`."""
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return frame_of(cursor, schema)


def gather(reader: Reader, lender: int, first: int, last: int, as_of: date, now: int) -> Gathered:
    """Facts about a lender's customers with ids in [first, last], for `as_of`; `now` (utc_minute) lapses reservations."""
    among = f"BETWEEN {int(first)} AND {int(last)}"
    queries = _queries(int(lender), among, as_of.isoformat(), int(now), _history_from(as_of), _months_from(as_of))
    return Gathered(**{name: reader.read(queries[name], schema) for name, schema in Gathered.SCHEMAS.items()})


def _history_from(as_of: date) -> int:
    return (as_of - date(1970, 1, 1) - timedelta(days=HISTORY_DAYS)).days * 24 * 60


def _months_from(as_of: date) -> str:
    return (as_of - timedelta(days=MONTHS_BACK)).isoformat()


def _outlives() -> str:
    """A stop that goes on when its case is closed: its track is undecided, or it is about the person and not one debt."""
    kinds = ", ".join(f"'{kind.id}'" for kind in load_tracks().values() if kind.follows_person)
    waiting = f"{int(TrackState.OPEN)}, {int(TrackState.HELD)}"
    return f"EXISTS (SELECT 1 FROM track t WHERE t.id = x.track_id AND (t.state IN ({waiting}) OR t.kind IN ({kinds})))"


def _queries(lender: int, among: str, as_of: str, now: int, history_from: int, months_from: str) -> dict[str, str]:
    # +lender_id keeps that column's index out: a range of customers is found by theirs, not by reading the whole book.
    of_account = (
        f"FROM {{}} x JOIN account a ON a.id = x.account_id WHERE +a.lender_id = {lender} AND a.customer_id {among}"
    )
    of_case = (
        "FROM {} x JOIN casefile c ON c.id = x.case_id "
        f"WHERE c.closed_on IS NULL AND +c.lender_id = {lender} AND c.customer_id {among}"
    )
    return {
        "persons": "SELECT id AS customer, zone, language, agreed_from, agreed_to FROM person p "
        f"WHERE +lender_id = {lender} AND id {among} AND EXISTS (SELECT 1 FROM account a WHERE a.customer_id = p.id)",
        "accounts": "SELECT id AS account, customer_id AS customer, product, formed_on, annual_ppm, penalty_ppm, "
        "day_count, compound, oldest_unpaid_due, plan_status, accrued_to, carry_interest, carry_penalty "
        f"FROM account WHERE +lender_id = {lender} AND customer_id {among}",
        "balances": "SELECT account_id AS account, component, CAST(SUM(x.amount) AS BIGINT) AS amount "
        f"{of_account.format('posting')} AND x.value_date <= '{as_of}' GROUP BY account_id, component",
        "paid": "SELECT x.account_id AS account, a.customer_id AS customer, x.component, x.value_date, -x.amount AS amount "
        f"{of_account.format('posting')} AND x.value_date <= '{as_of}' AND (x.kind = {PAID_KINDS} OR EXISTS "
        f"(SELECT 1 FROM posting y WHERE y.id = x.reverses_id AND y.kind = {PAID_KINDS}))",
        "instalments": f"SELECT x.account_id AS account, x.due_on, x.amount {of_account.format('instalment')}",
        "months": "SELECT x.account_id AS account, x.month, x.missed, x.billed, x.paid "
        f"{of_account.format('account_month')} AND x.month >= '{months_from}' AND x.month <= '{as_of}' "
        "AND (a.oldest_unpaid_due IS NOT NULL OR EXISTS (SELECT 1 FROM instalment i WHERE i.account_id = a.id))",
        "pauses": f"SELECT x.account_id AS account, x.starts_on, x.ends_on {of_account.format('account_pause')}",
        "points": "SELECT person_id AS customer, id AS point, channel, source, "
        "CASE WHEN reserved IS NULL THEN -1 WHEN reserved THEN 1 ELSE 0 END AS reserved, status, status_on "
        f"FROM point WHERE person_id {among} AND person_id IN (SELECT id FROM person WHERE +lender_id = {lender} AND id {among})",
        "stops": f"SELECT c.customer_id AS customer, x.kind FROM stop x JOIN casefile c ON c.id = x.case_id "
        f"WHERE +c.lender_id = {lender} AND c.customer_id {among} AND (c.closed_on IS NULL OR {_outlives()}) "
        f"AND x.since <= '{as_of}' AND (x.until IS NULL OR x.until > '{as_of}')",
        "promises": "SELECT c.customer_id AS customer, x.id AS promise, x.made_on, x.due_on, x.amount, x.status "
        f"{of_case.format('promise')}",
        "attempts": "SELECT customer_id AS customer, person_id AS person, COALESCE(point_id, -1) AS point, party, "
        "channel, mode, direction, purpose, at, answered, talked, "
        "CASE WHEN state = 'RESERVED' THEN 1 ELSE 0 END AS reserved FROM attempt "
        f"WHERE customer_id {among} AND at >= {history_from} "
        f"AND (state = 'CONFIRMED' OR (state = 'RESERVED' AND expires_at > {now}))",
        "cases": 'SELECT customer_id AS customer, id AS "case", stage, COALESCE(owner_id, -1) AS owner, opened_on, '
        "callback_at, COALESCE((SELECT MAX(t.at) FROM attempt t WHERE t.case_id = casefile.id "
        "AND t.state = 'CONFIRMED' AND t.direction = 0), -1) AS last_contact_at, "
        "(SELECT t.outcome FROM attempt t WHERE t.case_id = casefile.id AND t.state = 'CONFIRMED' "
        "ORDER BY t.at DESC, t.id DESC LIMIT 1) AS last_outcome "
        f"FROM casefile WHERE closed_on IS NULL AND +lender_id = {lender} AND customer_id {among}",
    }
