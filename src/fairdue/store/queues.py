"""Shared cases: which belong to a queue instead of to a collector, in which order they are given, and to whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl
from django.db import connection
from django.db.models import Q, QuerySet

from fairdue.core.codes import Product
from fairdue.core.decision import Action
from fairdue.core.tracks import TrackState
from fairdue.steps.assign import ASKED
from fairdue.store import skills
from fairdue.store.columns import Columns
from fairdue.store.models import CaseQueue, NightRun, SkillNeed, User

FIRST_RANK = 1 << 60  # call-backs and broken promises go before any value
RUNNING = f"({int(TrackState.OPEN)}, {int(TrackState.HELD)})"


def active(lender_id: int) -> list[CaseQueue]:
    """The lender's queues in the order in which they take cases."""
    return list(CaseQueue.objects.filter(lender_id=lender_id, active=True).order_by("position", "pk"))


def served_by(user: User, on: date) -> QuerySet[CaseQueue]:
    """The queues somebody is given cases from: of the lender, of the team or of all teams, whose skill they have."""
    have = skills.held([user], on).get(user.pk, frozenset())
    return CaseQueue.objects.filter(
        Q(team=None) | Q(team_id=user.team_id),
        Q(skill="") | Q(skill__in=have),
        lender_id=user.organisation_id,
        active=True,
    )


def _text(codes: Iterable[str]) -> str:
    return "(" + ", ".join("'" + code.replace("'", "''") + "'" for code in codes) + ")"


def _has_product(codes: Iterable[str], customer: str) -> str:
    numbers = ", ".join(str(int(Product[code])) for code in codes)
    return f"EXISTS (SELECT 1 FROM account qa WHERE qa.customer_id = {customer} AND qa.product IN ({numbers}))"


def _has_track(codes: Iterable[str], customer: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM track qt JOIN casefile qc ON qc.id = qt.case_id WHERE "
        f"qc.customer_id = {customer} AND qc.closed_on IS NULL AND qt.state IN {RUNNING} AND qt.kind IN {_text(codes)})"
    )


def fits(queue: CaseQueue, customer: str, stage: str) -> str:
    """The queue's condition in SQL over the columns named; an empty list asks for nothing."""
    asked = [f"{stage} IN {_text(queue.stages)}"] if queue.stages else []
    asked += [_has_product(queue.products, customer)] if queue.products else []
    asked += [_has_track(queue.tracks, customer)] if queue.tracks else []
    return " AND ".join(asked) or "1 = 1"


def aside(db: Columns, lender_id: int, staged: str) -> frozenset[int]:
    """Customers whose case the night gives to nobody: returned to the lender, or shared and without an owner."""
    fit = [f"({fits(queue, 's.customer', 's.stage')})" for queue in active(lender_id)]
    shared = f"(s.owner = -1 AND ({' OR '.join(fit)}))" if fit else "1 = 0"
    returned = (
        "EXISTS (SELECT 1 FROM casefile c WHERE c.customer_id = s.customer AND c.closed_on IS NULL "
        "AND c.returned_on IS NOT NULL)"
    )
    sql = f'SELECT s.customer AS customer FROM "{staged}" s WHERE s.in_arrears AND ({shared} OR {returned})'
    return frozenset(db.read(sql, {"customer": pl.Int64})["customer"].to_list())


def asked(db: Columns, lender_id: int, staged: str) -> pl.DataFrame:
    """Customers for whose case a skill is asked for, and the skill."""
    parts = [
        f"SELECT s.customer AS customer, '{need.skill}' AS skill FROM \"{staged}\" s WHERE s.in_arrears AND {_of(need)}"
        for need in skills.needs(lender_id)
    ]
    return db.read(" UNION ".join(parts), ASKED) if parts else pl.DataFrame(schema=ASKED)


def _of(need: SkillNeed) -> str:
    if need.kind == SkillNeed.STAGE:
        return f"s.stage IN {_text([need.code])}"
    if need.kind == SkillNeed.PRODUCT:
        return _has_product([need.code], "s.customer")
    return _has_track([need.code], "s.customer")


def fill(run: NightRun, first: tuple[int, ...], day_ends: int) -> None:
    """Put what belongs to nobody into the queues anew, inside the night's transaction; what is held stays held."""
    _run("DELETE FROM queue_place WHERE lender_id = %(lender)s AND held_by_id IS NULL", lender=run.lender_id)
    reasons = ", ".join(map(str, first))
    for queue in active(run.lender_id):
        _run(
            "INSERT INTO queue_place (queue_id, case_id, lender_id, rank, not_before, held_until) "
            "SELECT %(queue)s, c.id, c.lender_id, "
            f"c.value + CASE WHEN c.reason IN ({reasons}) THEN {FIRST_RANK} ELSE 0 END, c.not_before, -1 "
            "FROM casefile c WHERE c.lender_id = %(lender)s AND c.owner_id IS NULL AND c.closed_on IS NULL "
            f"AND c.placed_with_id IS NULL AND c.returned_on IS NULL AND (c.action = {int(Action.CONTACT)} "
            f"OR (c.action = {int(Action.WAIT)} AND c.not_before < %(ends)s)) "
            f"AND {fits(queue, 'c.customer_id', 'c.stage').replace('%', '%%')} "
            "AND NOT EXISTS (SELECT 1 FROM queue_place p WHERE p.case_id = c.id)",
            queue=queue.pk, lender=run.lender_id, ends=day_ends,
        )  # fmt: skip


def _run(sql: str, **values: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
