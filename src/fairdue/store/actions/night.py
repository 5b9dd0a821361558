"""Publishes a staged night: cases, decisions, ledger and lists change together in one transaction, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from fairdue.core.ledger import PostingKind
from fairdue.rules.load import Pack
from fairdue.rules.quality import load_self_cure
from fairdue.store import audit, clock, packs, sealed
from fairdue.store.models import AuditRow, NightRun, Organisation

TABLES = ("cases", "accruals", "accrued", "promises", "standing", "lists")

# What the steps found about a case, under the same names in the staging table and in the case file.
FOUND = (
    "stage", "dpd", "oldest_due", "balance", "overdue_accounts", "behaviour", "action", "aim", "aim_row", "reason",
    "channel", "tone", "script", "treatment", "not_before", "review_on", "value",
)  # fmt: skip


def stage_name(run: NightRun, table: str) -> str:
    """The staging table of a run (`table`: one of TABLES)."""
    return f"stage_night_{run.pk}_{table}"


def watermark() -> str:
    """The last thing that happened to the data, nights aside: a night's result follows from it."""
    last = AuditRow.objects.exclude(verb__startswith="night.").order_by("-id").values_list("digest", flat=True).first()
    return last or ""


@transaction.atomic
def open_run(lender: Organisation, identity: str, pack: Pack, **columns: Any) -> NightRun:
    """The run with this identity: published already, interrupted and to be resumed, or new. Other unfinished ones end.

    The text of its pack is kept.
    """
    packs.keep(pack)
    found = NightRun.objects.filter(lender=lender, identity=identity).exclude(state="ABANDONED").first()
    if found is not None:
        return found
    for stale in NightRun.objects.filter(lender=lender, state="RUNNING"):
        abandon(stale)
    run = NightRun.objects.create(
        lender=lender, identity=identity, pack=pack.name, pack_revision=pack.revision, started_at=clock.wall(), **columns
    )  # fmt: skip
    audit.write("night", "night.open", "night", run.pk, identity=identity, as_of=run.as_of)
    return run


@transaction.atomic
def abandon(run: NightRun) -> None:
    """End a run without a result and remove what it had staged."""
    drop_stages(run)
    run.parts.all().delete()
    run.state = "ABANDONED"
    run.save(update_fields=["state"])


def drop_stages(run: NightRun) -> None:
    """Remove the staging tables of a run."""
    for table in TABLES:
        _run(f'DROP TABLE IF EXISTS "{stage_name(run, table)}"')


def publish(
    run: NightRun, summary: dict[str, Any], actor: str, *, dry_run: bool, fill: Callable[[], None] = lambda: None
) -> None:
    """Make the staged night the truth, and `fill` the queues from it. A dry run does the same and rolls back."""
    with transaction.atomic():
        _publish(run, summary, actor, fill)
        transaction.set_rollback(dry_run)
    run.refresh_from_db()
    if dry_run:
        abandon(run)


def _publish(run: NightRun, summary: dict[str, Any], actor: str, fill: Callable[[], None]) -> None:
    cases = stage_name(run, "cases")
    _index(run)
    _accruals(run)
    _promises(run)
    _close_cured(run, cases)
    _open_new(run, cases)
    _stage_changes(run, cases)
    _decisions(run, cases)
    _update_cases(run, cases)
    _self_cures(run, cases)
    _lists(run)
    fill()
    _lapse(run)
    drop_stages(run)
    run.state, run.published_at, run.summary = "PUBLISHED", clock.wall(), summary
    run.save()
    audit.write(actor, "night.publish", "night", run.pk, summary=summary, decisions=sealed.of_run(run.pk))


JOINED_BY = {"cases": ("customer", '"case"'), "accrued": ("account",), "promises": ("promise",), "lists": ("customer",)}


def _index(run: NightRun) -> None:
    """The staging tables are joined to the book by these; without an index the joins grow with the square."""
    for table, names in JOINED_BY.items():
        for number, column in enumerate(names):
            _run(f'CREATE INDEX "{stage_name(run, table)}_{number}" ON "{stage_name(run, table)}" ({column})')
        _run(f'ANALYZE "{stage_name(run, table)}"')


def _run(sql: str, **values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _accruals(run: NightRun) -> None:
    _run(
        "INSERT INTO posting (account_id, value_date, component, amount, kind, ref, run_id, booked_at) "
        "SELECT account, %(as_of)s, component, amount, %(kind)s, '', %(run)s, %(booked)s "
        f'FROM "{stage_name(run, "accruals")}"',
        as_of=run.as_of, kind=int(PostingKind.ACCRUAL), run=run.pk, booked=clock.wall(),
    )  # fmt: skip
    _run(
        "UPDATE account SET accrued_to = %(as_of)s, carry_interest = s.carry_interest, carry_penalty = s.carry_penalty "
        f'FROM "{stage_name(run, "accrued")}" s WHERE s.account = account.id',
        as_of=run.as_of,
    )


def _promises(run: NightRun) -> None:
    _run(
        "UPDATE promise SET status = s.status, paid = s.paid, judged_on = %(as_of)s "
        f'FROM "{stage_name(run, "promises")}" s WHERE s.promise = promise.id',
        as_of=run.as_of,
    )


def _close_cured(run: NightRun, cases: str) -> None:
    _run(
        "UPDATE casefile SET closed_on = %(as_of)s, close_reason = 'CURED', status = 'CURED', balance = s.balance, "
        f'dpd = 0, as_of = %(as_of)s FROM "{cases}" s '
        'WHERE s."case" = casefile.id AND casefile.closed_on IS NULL AND NOT s.in_arrears',
        as_of=run.as_of,
    )


def _open_new(run: NightRun, cases: str) -> None:
    _run(
        "INSERT INTO casefile (customer_id, lender_id, opened_on, close_reason, status, locked_until, callback_at, "
        "as_of, stage, dpd, balance, overdue_accounts, behaviour, action, aim, reason, channel, tone, script, "
        "treatment, not_before, value) "
        "SELECT s.customer, %(lender)s, %(as_of)s, '', 'READY', -1, -1, %(as_of)s, "
        f"'', 0, 0, 0, -1, -1, -1, -1, -1, -1, '', -1, -1, 0 FROM \"{cases}\" s "
        'WHERE s."case" = -1 AND s.in_arrears',
        lender=run.lender_id, as_of=run.as_of,
    )  # fmt: skip


def _stage_changes(run: NightRun, cases: str) -> None:
    _run(
        'INSERT INTO stage_change (case_id, "on", stage_from, stage_to, dpd) '
        f'SELECT c.id, %(as_of)s, s.prev_stage, s.stage, s.dpd FROM "{cases}" s '
        "JOIN casefile c ON c.customer_id = s.customer AND c.lender_id = %(lender)s "
        'AND (c.id = s."case" OR (s."case" = -1 AND c.closed_on IS NULL)) WHERE s.stage <> s.prev_stage '
        'ON CONFLICT (case_id, "on") DO UPDATE SET stage_to = excluded.stage_to, dpd = excluded.dpd',
        as_of=run.as_of, lender=run.lender_id,
    )  # fmt: skip


def _decisions(run: NightRun, cases: str) -> None:
    _run(
        "INSERT INTO decision (case_id, kind, at, as_of, facts, pack, pack_revision, strategy_revision, allowed, "
        "verdict, next_lawful, action, aim, reason, not_before, treatment, value, history, run_id) "
        "SELECT c.id, 'night', s.at, %(as_of)s, s.facts, %(pack)s, %(pack_revision)s, %(strategy_revision)s, s.allowed, "
        "s.verdict, s.next_lawful, s.action, s.aim, s.reason, s.not_before, s.treatment, s.value_terms, "
        "s.history, %(run)s "
        f'FROM "{cases}" s JOIN casefile c ON c.customer_id = s.customer AND c.closed_on IS NULL '
        "AND c.lender_id = %(lender)s WHERE s.in_arrears",
        as_of=run.as_of, pack=run.pack, pack_revision=run.pack_revision,
        strategy_revision=run.strategy_revision, run=run.pk, lender=run.lender_id,
    )  # fmt: skip


def _update_cases(run: NightRun, cases: str) -> None:
    found = ", ".join(f"{column} = s.{column}" for column in FOUND)
    _run(
        f"UPDATE casefile SET {found}, as_of = %(as_of)s, decision_id = d.id "
        f'FROM "{cases}" s, decision d WHERE s.in_arrears AND casefile.customer_id = s.customer '
        "AND casefile.closed_on IS NULL AND d.case_id = casefile.id AND d.run_id = %(run)s",
        as_of=run.as_of, run=run.pk,
    )  # fmt: skip


def _self_cures(run: NightRun, cases: str) -> None:
    """Likely self-cures, left alone or held out, are followed from their first night on; a case is followed once."""
    _run(
        "INSERT INTO self_cure_trial (case_id, arm, share_ppm, began_on, dpd, balance) "
        "SELECT c.id, s.self_cure, %(share)s, %(as_of)s, s.dpd, s.balance "
        f'FROM "{cases}" s JOIN casefile c ON c.customer_id = s.customer AND c.closed_on IS NULL '
        "AND c.lender_id = %(lender)s WHERE s.in_arrears AND s.self_cure >= 0 ON CONFLICT (case_id) DO NOTHING",
        share=load_self_cure().held_out_ppm, as_of=run.as_of, lender=run.lender_id,
    )  # fmt: skip
    _run(
        f'UPDATE self_cure_trial SET cured_on = %(as_of)s FROM "{cases}" s '
        'WHERE s."case" = self_cure_trial.case_id AND NOT s.in_arrears AND self_cure_trial.cured_on IS NULL',
        as_of=run.as_of,
    )


def _lapse(run: NightRun) -> None:
    """Reservations whose time is over are marked so; they had ceased to count when it was over."""
    _run(
        "UPDATE attempt SET state = 'LAPSED' WHERE state = 'RESERVED' AND expires_at <= %(now)s "
        "AND case_id IN (SELECT id FROM casefile WHERE lender_id = %(lender)s)",
        now=clock.now_minute(), lender=run.lender_id,
    )  # fmt: skip


def _lists(run: NightRun) -> None:
    """A case keeps its owner unless the lists name another; a place that is done today stays done."""
    lists = stage_name(run, "lists")
    _run(
        "UPDATE casefile SET owner_id = s.owner, team_id = u.team_id, "
        "status = CASE WHEN status = 'UNASSIGNED' THEN 'READY' ELSE status END "
        f'FROM "{lists}" s JOIN users u ON u.id = s.owner '
        "WHERE casefile.customer_id = s.customer AND casefile.closed_on IS NULL",
    )
    _run(
        "DELETE FROM work_item WHERE as_of = %(as_of)s AND done_at < 0 "
        "AND case_id IN (SELECT id FROM casefile WHERE lender_id = %(lender)s)",
        as_of=run.as_of, lender=run.lender_id,
    )  # fmt: skip
    _run(
        "INSERT INTO work_item (as_of, owner_id, position, case_id, decision_id, value, done_at) "
        f'SELECT %(as_of)s, s.owner, s.position, c.id, c.decision_id, s.value, -1 FROM "{lists}" s '
        "JOIN casefile c ON c.customer_id = s.customer AND c.closed_on IS NULL WHERE s.position > 0 "
        "ON CONFLICT (as_of, case_id) DO UPDATE SET owner_id = excluded.owner_id, position = excluded.position, "
        "decision_id = excluded.decision_id, value = excluded.value",
        as_of=run.as_of,
    )
