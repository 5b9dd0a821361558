"""Gathers the facts about a range of customers, for the night in bulk and for one customer after an event.

Every query is bounded by a range of customer ids, so that a partition and a single person are asked alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol

import polars as pl
from django.db import connection

from fairdue.core.codes import Word
from fairdue.core.ledger import PostingKind
from fairdue.core.limitation import Standing
from fairdue.core.proceedings import BEFORE_COURT, TITLES, CourtState
from fairdue.core.tracks import TrackState
from fairdue.rules.periods import PeriodKind
from fairdue.rules.tracks import load_tracks
from fairdue.steps.gathered import Gathered
from fairdue.store.columns import Schema, few_of

HISTORY_DAYS = 40  # longer than any counting window of a rule pack
MONTHS_BACK = 190
PAID_KINDS = f"{int(PostingKind.PAYMENT)}"


LIMITATION = int(PeriodKind.LIMITATION)


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
            return few_of(cursor, schema)


def gather(reader: Reader, lender: int, first: int, last: int, as_of: date, now: int) -> Gathered:
    """Facts about a lender's customers with ids in [first, last], for `as_of`; `now` (utc_minute) lapses reservations."""
    among = f"BETWEEN {int(first)} AND {int(last)}"
    return gather_only(reader, tuple(Gathered.SCHEMAS), int(lender), among, as_of, int(now))


def promises_of(reader: Reader, lender: int, customers: Sequence[int], as_of: date) -> Gathered:
    """Only what promises are judged by, for some customers: after a payment nothing else is needed."""
    among = ", ".join(str(int(customer)) for customer in customers)
    return gather_only(reader, ("promises", "paid"), int(lender), f"IN ({among})", as_of, 0)


def gather_only(reader: Reader, names: tuple[str, ...], lender: int, among: str, as_of: date, now: int) -> Gathered:
    """The subjects named; the others are empty."""
    queries = _queries(lender, among, as_of.isoformat(), now, _history_from(as_of), _months_from(as_of))
    return Gathered.of(**{name: reader.read(queries[name], Gathered.SCHEMAS[name]) for name in names})


def live_past(customer: int, reached: int, as_of: date, now: int) -> pl.DataFrame:
    """The contacts that count for a customer and for whom a contact would reach, as they stand at this moment."""
    among = f"= {int(customer)}" if reached == customer else f"IN ({int(customer)}, {int(reached)})"
    return DjangoReader().read(_attempts(among, int(now), _history_from(as_of)), Gathered.SCHEMAS["attempts"])


def _history_from(as_of: date) -> int:
    return (as_of - date(1970, 1, 1) - timedelta(days=HISTORY_DAYS)).days * 24 * 60


def _months_from(as_of: date) -> str:
    return (as_of - timedelta(days=MONTHS_BACK)).isoformat()


def _stops(lender: int, among: str, as_of: str) -> str:
    """What stands against contacting the range's customers about a debt, each with the track it comes from.

    A stop goes on when its case is closed, while its track is undecided or where it is about the person and not one debt;
    the latter holds under every number the same human is known by.
    """
    kinds = ", ".join(f"'{kind.id}'" for kind in load_tracks().values() if kind.follows_person)
    waiting = f"{int(TrackState.OPEN)}, {int(TrackState.HELD)}"
    stands = f"x.since <= '{as_of}' AND (x.until IS NULL OR x.until > '{as_of}')"
    return (
        "SELECT c.customer_id AS customer, x.kind, COALESCE(k.kind, '') AS track FROM stop x "
        "JOIN casefile c ON c.id = x.case_id LEFT JOIN track k ON k.id = x.track_id "
        f"WHERE +c.lender_id = {lender} AND c.customer_id {among} AND {stands} "
        f"AND (c.closed_on IS NULL OR k.state IN ({waiting}) OR k.kind IN ({kinds})) "
        "UNION SELECT p.id, x.kind, k.kind FROM person p JOIN person q ON q.human = p.human AND q.id <> p.id "
        "JOIN casefile c ON c.customer_id = q.id JOIN stop x ON x.case_id = c.id JOIN track k ON k.id = x.track_id "
        f"WHERE +p.lender_id = {lender} AND p.id {among} AND k.kind IN ({kinds}) AND {stands}"
    )


def _queries(lender: int, among: str, as_of: str, now: int, history_from: int, months_from: str) -> dict[str, str]:
    # +lender_id keeps that column's index out: a range of customers is found by theirs, not by reading the whole book.
    of_account = (
        f"FROM {{}} x JOIN account a ON a.id = x.account_id WHERE +a.lender_id = {lender} AND a.customer_id {among}"
    )
    return {
        "persons": "SELECT id AS customer, COALESCE(human, id) AS human, zone, language, agreed_from, agreed_to, "
        f"{_refused('p')} AS refused FROM person p "
        f"WHERE +lender_id = {lender} AND id {among} AND EXISTS (SELECT 1 FROM account a WHERE a.customer_id = p.id)",
        "accounts": "SELECT id AS account, customer_id AS customer, product, formed_on, annual_ppm, penalty_ppm, "
        "day_count, compound, oldest_unpaid_due, plan_status, accrued_to, carry_interest, carry_penalty "
        f"FROM account WHERE +lender_id = {lender} AND customer_id {among}",
        "balances": "SELECT account_id AS account, component, CAST(SUM(x.amount) AS BIGINT) AS amount "
        f"{of_account.format('posting')} AND x.value_date <= '{as_of}' GROUP BY account_id, component",
        "paid": "SELECT x.account_id AS account, a.customer_id AS customer, x.component, x.value_date, "
        "COALESCE((SELECT z.value_date FROM posting z WHERE z.id = x.reverses_id), x.value_date) AS counts_on, "
        "-x.amount AS amount "
        f"{of_account.format('posting')} AND x.value_date <= '{as_of}' AND (x.kind = {PAID_KINDS} OR EXISTS "
        f"(SELECT 1 FROM posting y WHERE y.id = x.reverses_id AND y.kind = {PAID_KINDS}))",
        "instalments": f"SELECT x.account_id AS account, x.due_on, x.amount {of_account.format('instalment')}",
        "months": "SELECT x.account_id AS account, x.month, x.missed, x.billed, x.paid "
        f"{of_account.format('account_month')} AND x.month >= '{months_from}' AND x.month <= '{as_of}' "
        "AND (a.oldest_unpaid_due IS NOT NULL OR EXISTS (SELECT 1 FROM instalment i WHERE i.account_id = a.id))",
        "pauses": f"SELECT x.account_id AS account, x.starts_on, x.ends_on {of_account.format('account_pause')}",
        "points": "SELECT person_id AS customer, id AS point, COALESCE(number, id) AS number, channel, source, "
        f"{_yes_no('reserved')} AS reserved, kind, status, status_on "
        f"FROM point WHERE person_id IN (SELECT id FROM person WHERE +lender_id = {lender} AND id {among} UNION "
        f"SELECT l.person_id FROM link l JOIN person c ON c.id = l.customer_id "
        f"WHERE +c.lender_id = {lender} AND l.customer_id {among})",
        "stops": _stops(lender, among, as_of),
        "promises": "SELECT c.customer_id AS customer, x.id AS promise, x.made_on, x.due_on, x.amount, x.status, "
        "x.grace_days, x.threshold_ppm, x.remind, x.paid, c.closed_on IS NULL AS of_open_case "
        f"FROM promise x JOIN casefile c ON c.id = x.case_id WHERE +c.lender_id = {lender} AND c.customer_id {among}",
        "learned": 'SELECT c.customer_id AS customer, x.name, x.value, x."on" FROM case_fact x '
        f"JOIN casefile c ON c.id = x.case_id WHERE +c.lender_id = {lender} AND c.customer_id {among} "
        "AND NOT EXISTS (SELECT 1 FROM case_fact y WHERE y.supersedes_id = x.id)",
        "legal": _legal(lender, among),
        "attempts": _attempts(among, now, history_from),
        "cases": 'SELECT customer_id AS customer, casefile.id AS "case", stage, COALESCE(owner_id, -1) AS owner, opened_on, '
        "callback_at, COALESCE((SELECT MAX(t.at) FROM attempt t WHERE t.case_id = casefile.id "
        "AND t.state = 'CONFIRMED' AND t.direction = 0), -1) AS last_contact_at, "
        "(SELECT t.outcome FROM attempt t WHERE t.case_id = casefile.id AND t.state = 'CONFIRMED' "
        "ORDER BY t.at DESC, t.id DESC LIMIT 1) AS last_outcome, "
        "COALESCE((SELECT MIN(o.due_at) FROM own_promise o WHERE o.case_id = casefile.id AND o.done_at < 0 "
        f"AND o.kind <> {int(Word.CALL_BACK)}), -1) AS own_due, "
        "CASE WHEN placed_with_id IS NULL THEN 0 ELSE 1 END AS placed, borrower_told_on AS told_on, "
        f"{_yes_no('g.listed')} AS agency_listed, {_yes_no('g.sub_contracted')} AS sub_contracted, "
        f"{_yes_no('g.records_calls')} AS agency_records, {_yes_no('g.sender_approved')} AS sender_approved, "
        "g.contract_end, g.reviewed_on "
        "FROM casefile LEFT JOIN organisation g ON g.id = placed_with_id "
        f"WHERE closed_on IS NULL AND +lender_id = {lender} AND customer_id {among}",
    }


def _legal(lender: int, among: str) -> str:
    """What ran out and what was filed, of customers who have a clock: without one nothing is known.

    One debt that is time-barred makes the contact one about a time-barred debt; a clock without a source leaves it open.
    """
    lapsed, unknown = int(Standing.LAPSED), int(Standing.UNKNOWN)
    before = ", ".join(str(int(state)) for state in sorted(BEFORE_COURT))
    gone = f"{int(CourtState.WITHDRAWN)}, {int(CourtState.REJECTED)}"
    titles = ", ".join(str(int(kind)) for kind in sorted(TITLES))
    filed = (
        "SELECT {} FROM proceeding p JOIN casefile c ON c.id = p.case_id WHERE c.customer_id = a.customer_id "
        f"AND p.procedure IN ({titles}) AND p.state NOT IN ({gone})"
    )
    return (
        f"SELECT a.customer_id AS customer, CASE MAX(CASE k.standing WHEN {lapsed} THEN 2 WHEN {unknown} THEN 1 ELSE 0 END) "
        "WHEN 2 THEN 1 WHEN 1 THEN -1 ELSE 0 END AS time_barred, "
        f"CASE WHEN EXISTS ({filed.format('1')} AND p.state NOT IN ({before})) THEN 1 ELSE 0 END AS suit_filed, "
        f"CASE WHEN EXISTS ({filed.format('1')} AND p.effective_on IS NOT NULL) THEN 1 ELSE 0 END AS judgment "
        "FROM legal_clock k JOIN account a ON a.id = k.account_id "
        f"WHERE k.kind = {LIMITATION} AND +a.lender_id = {lender} AND a.customer_id {among} GROUP BY a.customer_id"
    )


def _refused(person: str) -> str:
    """The channels the human wants nothing by, under whichever number, as bits."""
    theirs = f"SELECT q.id FROM person q WHERE q.id = {person}.id OR q.human = {person}.human"
    return (
        "COALESCE((SELECT CAST(SUM(DISTINCT 1 << o.channel) AS BIGINT) FROM opt_out o WHERE o.ended_at = -1 "
        f"AND o.person_id IN ({theirs})), 0)"
    )


def refused(person_id: int) -> int:
    """The channels somebody wants nothing by, as bits."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_refused('p')} FROM person p WHERE p.id = %s", [person_id])
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def _yes_no(column: str) -> str:
    """A yes/no column that may be null: 1, 0 or -1."""
    return f"CASE WHEN {column} IS NULL THEN -1 WHEN {column} THEN 1 ELSE 0 END"


def _attempts(among: str, now: int, history_from: int) -> str:
    """What counts against the range: contacts about or with its people, under any number the same human is known by.

    And contacts at the same telephone number or address, whosever it is said to be.
    """
    counts = f"a.at >= {history_from} AND (a.state = 'CONFIRMED' OR (a.state = 'RESERVED' AND a.expires_at > {now}))"
    also = f"FROM person q JOIN person p ON p.human = q.human JOIN attempt a ON a.{{}} = p.id WHERE q.id {among} AND {counts}"
    of_point = f"WHERE q.person_id {among} AND {counts}"
    found = (
        f"SELECT a.id FROM attempt a WHERE a.customer_id {among} AND {counts}",
        f"SELECT a.id FROM attempt a WHERE a.person_id {among} AND {counts}",
        f"SELECT a.id {also.format('customer_id')}",
        f"SELECT a.id {also.format('person_id')}",
        f"SELECT a.id FROM point q JOIN point p ON p.number = q.number JOIN attempt a ON a.point_id = p.id {of_point}",
    )
    return (
        "SELECT x.customer_id AS customer, x.person_id AS person, COALESCE(x.point_id, -1) AS point, x.party, x.channel, "
        "x.mode, x.direction, x.purpose, x.at, x.answered, x.talked, CASE WHEN x.state = 'RESERVED' THEN 1 ELSE 0 END "
        "AS reserved, COALESCE(c.human, c.id) AS human, COALESCE(r.human, r.id) AS reached, "
        "COALESCE(t.number, t.id, -1) AS number, COALESCE(t.kind, -1) AS point_kind, "
        "CASE WHEN t.reserved IS NULL THEN -1 WHEN t.reserved AND t.person_id = x.customer_id THEN 1 ELSE 0 END "
        f"AS to_reserved FROM ({' UNION '.join(found)}) w JOIN attempt x ON x.id = w.id "
        "JOIN person c ON c.id = x.customer_id JOIN person r ON r.id = x.person_id LEFT JOIN point t ON t.id = x.point_id "
        "ORDER BY x.id"
    )
