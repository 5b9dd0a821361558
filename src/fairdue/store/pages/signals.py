"""Who of a team needs help: signals that say what to talk about. Nobody's calls are counted as achievement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Max, Q

from fairdue.core.share import Share, share
from fairdue.rules.load import load_pack
from fairdue.store import access, clock, effort, skills, staff
from fairdue.store.models import Approval, Attempt, Case, Decision, OwnPromise, Promise, User, WorkItem
from fairdue.store.skills import Certificate

DAYS = 90  # promises judged and words due in this span
WEEK = 7 * 24 * 60
BUCKETS = ((0, 3), (4, 7), (8, 14), (15, 30), (31, 10**6))  # days since the last contact, or since the case was opened
STALE_FROM = 15  # days without follow-up from which a case calls for a look; a judgement of ours
FULL = 1_200_000  # a list that takes a fifth more than the day is over capacity
MANY_REFUSED = 200_000  # a fifth of what was asked for, beyond doubt; a judgement of ours
OWN_KEPT = 900_000  # below nine of ten, beyond doubt, our word needs a look; a judgement of ours
SHOWN = 100


@dataclass(frozen=True)
class Signals:
    """One collector: what might need help."""

    user: User
    certificate: Certificate
    away: bool
    broken: Share  # of the promises of borrowers judged
    peers: Share  # the same of everybody else on the team
    own: Share  # of our own promises due, kept in time
    overdue: int  # call-backs and promises of ours that are overdue
    ageing: tuple[int, ...]  # open cases by bucket
    refused: Share  # contacts asked for in the last week that the guard refused
    minutes: int  # of work on the newest list
    room: int | None  # of working time on the day; None: no hours recorded
    why: tuple[str, ...]  # codes of what stands out

    @property
    def load_ppm(self) -> int:
        """The share of the day that the list takes; -1 where no hours are recorded."""
        return self.minutes * 1_000_000 // self.room if self.room else -1


@dataclass(frozen=True)
class TeamSignals:
    """The team's signals, those with the most to talk about first, and what it comes to together."""

    people: tuple[Signals, ...]
    kept: Share
    own: Share
    ageing: tuple[int, ...]
    approvals: int
    today: date


def team_signals(lead: User) -> TeamSignals:
    """A lead's team. The number of queries does not depend on its size."""
    people = list(access.colleagues_for(lead).order_by("display_name"))
    now = clock.now_minute()
    today = clock.business_date(now, lead.organisation.zone)
    judged, own = _judged(people, today), _own(people, now)
    overdue, asked = _overdue(people, now), _refused(people, now)
    ages, load = ageing(people, now, lead.organisation.zone), _load(people, lead, now)
    months = skills.exam_months(load_pack(lead.organisation.pack, lead.organisation.policy), today)
    team = {w.user: w for w in staff.workers(lead.organisation, people, today)}
    away = staff.absent(people, today, today)
    broken_all, judged_all = sum(b for b, _ in judged.values()), sum(n for _, n in judged.values())
    rows = []
    for person in people:
        broken, of = judged.get(person.pk, (0, 0))
        made = Signals(
            person, skills.judged(person, today, months), person.pk in away, share(broken, of),
            share(broken_all - broken, judged_all - of), share(*own.get(person.pk, (0, 0))), overdue.get(person.pk, 0),
            _buckets(ages.get(person.pk, [])), share(*asked.get(person.pk, (0, 0))), load.get(person.pk, 0),
            team[person.pk].today, (),
        )  # fmt: skip
        rows.append(_with_why(made, today))
    rows.sort(key=lambda row: (-len(row.why), row.user.display_name))
    together = tuple(sum(row.ageing[i] for row in rows) for i in range(len(BUCKETS)))
    kept_all = share(sum(n - b for b, n in judged.values()), judged_all)
    own_all = share(sum(h for h, _ in own.values()), sum(n for _, n in own.values()))
    waiting = access.approvals_for(lead).filter(state=Approval.PENDING).exclude(asked_by=lead).count()
    return TeamSignals(tuple(rows), kept_all, own_all, together, waiting, today)


def _with_why(made: Signals, today: date) -> Signals:
    why = [] if made.certificate.holds else ["certificate"]
    until = made.certificate.until
    if made.certificate.holds and until and (until - today).days <= skills.SOON_DAYS:
        why.append("certificate-soon")
    why += ["broken"] if made.peers.of and made.broken.low > made.peers.ppm else []
    why += ["overdue"] if made.overdue else []
    why += ["own"] if made.own.of and made.own.high < OWN_KEPT else []
    why += (
        ["ageing"] if sum(n for (first, _), n in zip(BUCKETS, made.ageing, strict=True) if first >= STALE_FROM) else []
    )
    why += ["refused"] if made.refused.of and made.refused.low > MANY_REFUSED else []
    why += ["load"] if made.load_ppm > FULL else []
    return Signals(**{**made.__dict__, "why": tuple(why)})


def _judged(people: Sequence[User], today: date) -> dict[int, tuple[int, int]]:
    """Promises of borrowers judged lately by the collector who took them: broken, all."""
    rows = Promise.objects.filter(attempt__operator__in=people, judged_on__gt=today - timedelta(days=DAYS))
    rows = rows.filter(status__in=("KEPT", "PARTLY_KEPT", "BROKEN"))
    grouped = rows.values_list("attempt__operator").annotate(b=Count("pk", filter=Q(status="BROKEN")), n=Count("pk"))
    return {user: (broken, count) for user, broken, count in grouped if user is not None}


def _own(people: Sequence[User], now: int) -> dict[int, tuple[int, int]]:
    """Our own promises that fell due: kept in time, all."""
    rows = OwnPromise.objects.filter(owner__in=people, due_at__gt=now - DAYS * 24 * 60)
    rows = rows.filter(Q(due_at__lte=now) | Q(done_at__gte=0))
    kept = Count("pk", filter=Q(done_at__gte=0, done_at__lte=F("due_at")))
    return {user: (hits, count) for user, hits, count in rows.values_list("owner").annotate(k=kept, n=Count("pk"))}


def _overdue(people: Sequence[User], now: int) -> dict[int, int]:
    rows = OwnPromise.objects.filter(owner__in=people, done_at__lt=0, due_at__lt=now)
    return dict(rows.values_list("owner").annotate(n=Count("pk")))


def _refused(people: Sequence[User], now: int) -> dict[int, tuple[int, int]]:
    rows = Decision.objects.filter(actor__in=people, kind="contact", at__gt=now - WEEK)
    grouped = rows.values_list("actor").annotate(r=Count("pk", filter=Q(allowed=False)), n=Count("pk"))
    return {user: (refused, count) for user, refused, count in grouped if user is not None}


def ageing(people: Sequence[User], now: int, zone: str) -> Mapping[int, list[int]]:
    """Days without follow-up of each open case, by owner: since the last contact, else since the case was opened."""
    last = Max("attempts__at", filter=Q(attempts__state=Attempt.CONFIRMED))
    rows = Case.objects.filter(owner__in=people, closed_on=None).annotate(last=last)
    today = clock.business_date(now, zone)
    found: dict[int, list[int]] = defaultdict(list)
    for owner, at, opened in rows.values_list("owner", "last", "opened_on"):
        found[owner or 0].append((today - (opened if at is None else clock.business_date(at, zone))).days)
    return found


def _buckets(days: Sequence[int]) -> tuple[int, ...]:
    return tuple(sum(1 for n in days if first <= n <= last) for first, last in BUCKETS)


def _load(people: Sequence[User], lead: User, now: int) -> dict[int, int]:
    """Minutes of work left and done on the newest list."""
    took = effort.minutes(lead.organisation_id, now)
    newest = WorkItem.objects.filter(owner__in=people).aggregate(day=Max("as_of"))["day"]
    found: dict[int, int] = defaultdict(int)
    rows = WorkItem.objects.filter(owner__in=people, as_of=newest).values_list("owner", "case__aim")
    for owner, aim, count in rows.annotate(n=Count("pk")):
        found[owner] += count * took.get(aim, 1)
    return found


@dataclass(frozen=True)
class Aged:
    """One case without follow-up."""

    case: Case
    days: int


def aged_cases(lead: User, bucket: int, owner: int | None) -> tuple[Aged, ...]:
    """The open cases of a bucket, of the team or of one of it, the longest without follow-up first."""
    people = [p for p in access.colleagues_for(lead) if owner in (None, p.pk)]
    first, last = BUCKETS[bucket] if 0 <= bucket < len(BUCKETS) else (0, 10**6)
    now, zone = clock.now_minute(), lead.organisation.zone
    today = clock.business_date(now, zone)
    at = Max("attempts__at", filter=Q(attempts__state=Attempt.CONFIRMED))
    rows = Case.objects.filter(owner__in=people, closed_on=None).annotate(last=at).select_related("customer", "owner")
    made = [
        Aged(case, (today - (case.opened_on if case.last is None else clock.business_date(case.last, zone))).days)
        for case in rows
    ]
    chosen = [row for row in made if first <= row.days <= last]
    return tuple(sorted(chosen, key=lambda row: (-row.days, row.case.pk))[:SHOWN])
