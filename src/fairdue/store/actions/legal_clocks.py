"""Legal clocks: reckoned for the whole book or one customer, kept where they changed, warned of in time, never lapsing unseen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.db import transaction
from django.db.models import Q

from fairdue.core.codes import Party, Role
from fairdue.core.errors import Lang
from fairdue.core.happened import Happened
from fairdue.core.limitation import Standing
from fairdue.rules.periods import WINDOWS, PeriodKind
from fairdue.rules.windows import load_windows
from fairdue.store import audit, clock, legal
from fairdue.store.actions.tasks import About, Due, Whom, end_about, open_task
from fairdue.store.columns import Columns, columns
from fairdue.store.facts import DjangoReader
from fairdue.store.legal.gather import NO_PERSON
from fairdue.store.models import Case, LegalClock, Link, Organisation, Task

WARNINGS = (180, 90, 30)  # days before the end: judgement of ours, as the reference advises
LAPSED = 0  # the "warning" that it has run out
CUSTOMERS_AT_ONCE = 20_000
SHOWN = ("period", "standing", "start_on", "last", "provisional", "cause", "cause_on", "evidence", "evidence_id")
NO_WARNING = -1


def of_lender(actor: str, lender: Organisation, on: date) -> int:
    """Reckon every clock of a lender's book for a day, keep what changed, and warn; how many changed. Twice changes nothing."""
    changed = 0
    with columns() as db:
        for among in _ranges(db, lender.pk):
            found = legal.reckon(legal.gather(db, lender.pk, among), lender.pack, on)
            changed += _keep(actor, lender, among, found, on)
    _warn(actor, lender, on, Q())
    return changed


def refresh(actor: str, lender: Organisation, customer: int) -> int:
    """Reckon one customer's clocks anew, inside the caller's transaction."""
    on = clock.business_date(clock.now_minute(), lender.zone)
    among = f"= {int(customer)}"
    found = legal.reckon(legal.gather(DjangoReader(), lender.pk, among), lender.pack, on)
    changed = _keep(actor, lender, among, found, on)
    _warn(actor, lender, on, Q(account__customer_id=customer))
    return changed


def _ranges(db: Columns, lender: int) -> Iterable[str]:
    ids = db.read(f"SELECT DISTINCT customer_id FROM account WHERE lender_id = {lender} ORDER BY customer_id",
                  {"customer_id": pl.Int64})["customer_id"]  # fmt: skip
    for i in range(0, len(ids), CUSTOMERS_AT_ONCE):
        yield f"BETWEEN {ids[i]} AND {ids[min(i + CUSTOMERS_AT_ONCE, len(ids)) - 1]}"


@transaction.atomic
def _keep(actor: str, lender: Organisation, among: str, found: pl.DataFrame, on: date) -> int:
    """Write the clocks that differ from what is kept, and remove those whose debt or guarantor is gone."""
    first, last = _bounds(among)
    kept = {(row.account_id, row.kind, row.person_key, row.about_id): row for row in LegalClock.objects.filter(
        lender=lender, account__customer_id__gte=first, account__customer_id__lte=last)}  # fmt: skip
    new, changed, seen = [], [], set()
    for said in found.iter_rows(named=True):
        key = (said["account"], said["kind"], said["person"], said["about_id"])
        seen.add(key)
        row = kept.get(key)
        if row is None:
            new.append(_row(lender, said, on))
        elif _told(row, said):
            row.as_of = on
            changed.append(row)
    gone = [row for key, row in kept.items() if key not in seen]
    _write(actor, lender, new, changed, gone)
    _guarantors(found, {row.account_id for row in [*new, *changed, *gone] if row.person_key != NO_PERSON})
    return len(new) + len(changed) + len(gone)


def _bounds(among: str) -> tuple[int, int]:
    numbers = [int(word) for word in among.replace("BETWEEN", "").replace("=", "").split("AND")]
    return numbers[0], numbers[-1]


def _row(lender: Organisation, said: Mapping[str, Any], on: date) -> LegalClock:
    person = None if said["person"] == NO_PERSON else said["person"]
    made = LegalClock(lender=lender, account_id=said["account"], person_id=person, person_key=said["person"],
                      kind=said["kind"], as_of=on, about=said["about"], about_id=said["about_id"])  # fmt: skip
    for name in SHOWN:
        setattr(made, name, said[name])
    return made


def _told(row: LegalClock, said: Mapping[str, Any]) -> bool:
    """Take over what differs; whether anything did. A new last day begins its warnings anew, and its decision is open again."""
    differs = [name for name in SHOWN if getattr(row, name) != said[name]]
    if not differs:
        return False
    if (
        "last" in differs
        or said["standing"] in {Standing.DONE, Standing.LATE}
        or (row.standing == Standing.LAPSED) != (said["standing"] == Standing.LAPSED)
    ):
        row.warned, row.decided = NO_WARNING, None
    for name in differs:
        setattr(row, name, said[name])
    return True


def _write(
    actor: str, lender: Organisation, new: list[LegalClock], changed: list[LegalClock], gone: list[LegalClock]
) -> None:
    moved = [row.pk for row in changed if row.warned == NO_WARNING]
    _end(actor, moved, "the last day has moved")
    _end(actor, [row.pk for row in gone], "the debt or the guarantee is gone")
    LegalClock.objects.bulk_create(new, batch_size=1000)
    LegalClock.objects.bulk_update(changed, [*SHOWN, "as_of", "warned", "decided"], batch_size=500)
    LegalClock.objects.filter(pk__in=[row.pk for row in gone], decisions=None).delete()
    if new or changed or gone:
        audit.write(
            actor, "clocks.reckon", "organisation", lender.pk, new=len(new), changed=len(changed), gone=len(gone)
        )


def _end(actor: str, clocks: Sequence[int], why: str) -> None:
    waiting = Task.objects.filter(about="legal_clock", about_id__in=clocks, state=Task.OPEN)
    for clock_id in sorted({found for found in waiting.values_list("about_id", flat=True) if found is not None}):
        end_about(actor, "legal_clock", clock_id, why, done=False)


def _guarantors(found: pl.DataFrame, accounts: set[int]) -> None:
    """The fact the guard reads: lapsed where the period has lapsed for every debt of the customer."""
    if not accounts:
        return
    held = found.filter((pl.col("kind") == int(PeriodKind.GUARANTEE)) & (pl.col("standing") != int(Standing.UNKNOWN)))
    owner = dict(LegalClock.objects.filter(account_id__in=held["account"].unique().to_list())
                 .values_list("account_id", "account__customer_id"))  # fmt: skip
    lapsed: dict[tuple[int, int], bool] = {}
    for said in held.iter_rows(named=True):
        key = (owner[said["account"]], said["person"])
        lapsed[key] = lapsed.get(key, True) and said["standing"] == int(Standing.LAPSED)
    for (customer, person), gone in lapsed.items():
        Link.objects.filter(customer_id=customer, person_id=person, party=Party.GUARANTOR).exclude(
            guarantee_lapsed=gone
        ).update(guarantee_lapsed=gone)


def _warn(actor: str, lender: Organisation, on: date, about: Q) -> None:
    """Tasks for what ends soon or has ended: one for each step nearer, though nights were skipped."""
    near = Q(standing=Standing.RUNNING, last__lte=date.fromordinal(on.toordinal() + WARNINGS[0]))
    near &= ~Q(kind__in=WINDOWS) | near_windows(on)
    due = LegalClock.objects.filter(about, near | Q(standing=Standing.LAPSED), lender=lender).exclude(warned=LAPSED)
    rows = list(due.select_related("account").order_by("pk"))
    steps = {row.pk: step for row in rows if (step := _step(row, on)) != row.warned}
    if steps:
        _warn_all(actor, lender, [row for row in rows if row.pk in steps], steps)


def _step(row: LegalClock, on: date) -> int:
    """The nearest warning reached."""
    if row.standing == Standing.LAPSED or row.last is None:
        return LAPSED
    left = (row.last - on).days
    window = load_windows().get(PeriodKind(row.kind))
    return min(days for days in (window.warn if window else WARNINGS) if left <= days)


def near_windows(on: date) -> Q:
    """Windows that ask for something soon: each within the first of its own warnings."""
    near = Q(pk=None)
    for window in load_windows().values():
        if window.warn:
            near |= Q(kind=window.kind, last__lte=on + timedelta(days=max(window.warn)))
    return near


@transaction.atomic
def _warn_all(actor: str, lender: Organisation, rows: Sequence[LegalClock], steps: Mapping[int, int]) -> None:
    cases = {case.customer_id: case for case in Case.objects.filter(
        customer_id__in={row.account.customer_id for row in rows}, lender=lender).select_related("owner", "team")
        .order_by("opened_on")}  # fmt: skip
    for row in rows:
        row.warned = steps[row.pk]
        _task(actor, lender, row, cases.get(row.account.customer_id))
    LegalClock.objects.bulk_update(rows, ["warned"], batch_size=500)


def _task(actor: str, lender: Organisation, row: LegalClock, case: Case | None) -> None:
    """A warning belongs to the owner of the case, a lapse to the lead of its team; without either, to compliance."""
    kind = "DECIDE_LAPSE" if row.warned == LAPSED else "CLOCK_RUNS_OUT"
    end_about(actor, "legal_clock", row.pk, "a nearer warning takes its place", only=["CLOCK_RUNS_OUT"], done=False)
    if Task.objects.filter(about="legal_clock", about_id=row.pk, kind=kind, state=Task.OPEN).exists():
        return
    open_case = case if case is not None and case.closed_on is None else None
    if row.kind in WINDOWS or open_case is None or (open_case.team is None and open_case.owner is None):
        whom = Whom(role=Role.COMPLIANCE)  # answers and records are theirs
    elif row.warned == LAPSED or open_case.owner is None:
        whom = Whom(team=open_case.team, role=Role.LEAD)
    else:
        whom = Whom(owner=open_case.owner)
    open_task(actor, lender, kind, whom, due=Due(row.last, clock=sentence(row)), about=About(case, "legal_clock", row.pk),
              detail=sentence(row))  # fmt: skip


def sentence(row: LegalClock) -> dict[Lang, str]:
    """Until when, and because of what, in a sentence."""
    kind = PeriodKind(row.kind)
    standing = Standing(row.standing)
    if kind in WINDOWS and row.last is not None:
        return _of_window(row, kind, standing)
    if row.last is None:
        return {"zh": f"{kind.zh}：{standing.zh}", "en": f"{kind.en}: {standing.en[0].lower()}{standing.en[1:]}"}
    zh, en = _because(row)
    sure = (
        ("（放假安排未公布，暂定）", " (provisional: the year's holidays are not published)")
        if row.provisional
        else ("", "")
    )
    if standing == Standing.LAPSED:
        return {
            "zh": f"{kind.zh}已于 {row.last} 届满，{zh}{sure[0]}",
            "en": f"{kind.en} ran out on {row.last}, {en}{sure[1]}",
        }
    return {"zh": f"{kind.zh}至 {row.last}，{zh}{sure[0]}", "en": f"{kind.en} until {row.last}, {en}{sure[1]}"}


SAID: Mapping[int, tuple[str, str]] = {
    Standing.RUNNING: ("应于 {last} 前办结", "due by {last}"),
    Standing.LAPSED: ("应于 {last} 前办结，已逾期", "was due by {last} and is overdue"),
    Standing.DONE: ("已按期办结，期限为 {last}", "done in time, due by {last}"),
    Standing.LATE: ("逾期办结，期限为 {last}", "done late, it was due by {last}"),
    Standing.OVER: ("已于 {last} 结束", "ended on {last}"),
}  # fmt: skip
OF_ITS_OWN: Mapping[tuple[int, int], tuple[str, str]] = {
    (PeriodKind.VALIDATION, Standing.RUNNING): ("至 {last}", "until {last}"),
    (PeriodKind.RETENTION, Standing.RUNNING): ("须保存至 {last}", "until {last}"),
    (PeriodKind.RETENTION, Standing.LAPSED): (
        "须保存至 {last}，期限已过，应删除或说明继续保存的理由",
        "had to last until {last}: they are to be erased, or the reason for keeping them said",
    ),
}  # fmt: skip


def _of_window(row: LegalClock, kind: PeriodKind, standing: Standing) -> dict[Lang, str]:
    """A window in a sentence: until when, from when, and whether what it asks for was done."""
    zh, en = OF_ITS_OWN.get((kind, standing)) or SAID[standing]
    sure = ("（暂定）", " (provisional)") if row.provisional else ("", "")
    return {
        "zh": f"{kind.zh}{zh.format(last=row.last)}（自 {row.start_on} 起算）{sure[0]}",
        "en": f"{kind.en} {en.format(last=row.last)} (it runs from {row.start_on}){sure[1]}",
    }


def _because(row: LegalClock) -> tuple[str, str]:
    if row.cause < 0:
        return f"因自 {row.start_on} 起算", f"because it runs from {row.start_on}"
    cause = Happened(row.cause)
    return f"因 {row.cause_on} {cause.zh}", f"because on {row.cause_on}: {cause.en[0].lower()}{cause.en[1:]}"
