"""What was refused, by rule, team and day; the contacts asked for about one case; one decision asked again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from fairdue.core.errors import Lang
from fairdue.store import access, clock
from fairdue.store.access import NotYours
from fairdue.store.again import Outcome, ask_again
from fairdue.store.models import Case, Decision, User
from fairdue.store.reasons import Why, of_decision, titles_of
from fairdue.store.seal import sealer

ON_A_PAGE = 50
DAYS, MOST_DAYS = 28, 92
COUNTED = 200_000  # refusals looked at for the counts of one page
Both = Mapping[Lang, str]


@dataclass(frozen=True)
class Wanted:
    """What narrows the page. Days are those of the lender's place, both included."""

    first: date | None = None
    last: date | None = None
    rule: str = ""
    team: int | None = None
    everything: bool = False  # also what was allowed
    page: int = 1


@dataclass(frozen=True)
class Row:
    """A contact that was asked for, and what the rules said."""

    decision_id: int
    case_id: int
    at: datetime
    allowed: bool
    channel: str
    who: str
    team: str
    whys: tuple[Why, ...]
    next_lawful: datetime | None


@dataclass(frozen=True)
class Count:
    """How often a rule refused, or how much a team was refused."""

    key: str
    title: Both
    count: int


@dataclass(frozen=True)
class Day:
    """One day of the chart; `share` is its height in thousandths of the highest."""

    on: date
    count: int
    share: int


@dataclass(frozen=True)
class RefusalsPage:
    """Refusals of a period."""

    wanted: Wanted
    first: date
    last: date
    today: date
    total: int
    days: tuple[Day, ...]
    rules: tuple[Count, ...]
    teams: tuple[Count, ...]
    rows: tuple[Row, ...]
    pages: int


@dataclass(frozen=True)
class FoundPage:
    """What was asked for about the cases a search found."""

    text: str
    on: date | None
    cases: tuple[int, ...] = ()
    rows: tuple[Row, ...] = field(default=())


def refusals(user: User, wanted: Wanted) -> RefusalsPage:
    """The refusals of a period among what the user may read, counted and listed."""
    zone = user.organisation.zone
    today = clock.business_date(clock.now_minute(), zone)
    last = min(wanted.last or today, today)
    first = wanted.first or last - timedelta(days=DAYS - 1)
    first = max(min(first, last), last - timedelta(days=MOST_DAYS - 1))
    among = _asked(user).filter(as_of__range=(first, last))
    if wanted.team is not None:
        among = among.filter(actor__team=wanted.team)
    refused = _refused(among, wanted.rule)
    start = (max(wanted.page, 1) - 1) * ON_A_PAGE
    ids = refused.ids[start : start + ON_A_PAGE]
    listed = among.order_by("-pk")[start : start + ON_A_PAGE] if wanted.everything else _by_number(ids)
    count = among.count() if wanted.everything else len(refused.ids)
    return RefusalsPage(
        wanted, first, last, today, len(refused.ids), _days(refused.days, first, last), _rules(user, refused.rules),
        _teams(refused.teams), rows(listed), -(-count // ON_A_PAGE),
    )  # fmt: skip


def _by_number(ids: Sequence[int]) -> QuerySet[Decision]:
    """Decisions that the counting found readable."""
    return Decision.objects.filter(pk__in=ids).order_by("-pk")


def _asked(user: User) -> QuerySet[Decision]:
    return access.decisions_for(user).filter(kind="contact")


@dataclass
class _Refused:
    ids: list[int]
    days: Counter[date]
    rules: Counter[str]
    teams: Counter[tuple[int, str]]


def _refused(among: QuerySet[Decision], rule: str) -> _Refused:
    """Count once through the refusals of the period."""
    found = _Refused([], Counter(), Counter(), Counter())
    columns = ("pk", "as_of", "verdict", "actor__team", "actor__team__name")
    told = among.filter(allowed=False).order_by("-pk").values_list(*columns)[:COUNTED]
    for pk, on, verdict, team, name in told.iterator(chunk_size=5_000):
        spoke = {said["rule"] for said in json.loads(verdict) if said["status"] != "ADVISED"}
        if rule and rule not in spoke:
            continue
        found.ids.append(pk)
        found.days[on] += 1
        found.rules.update(spoke)
        if team is not None:
            found.teams[team, name] += 1
    return found


def _days(counts: Mapping[date, int], first: date, last: date) -> tuple[Day, ...]:
    highest = max(counts.values(), default=0) or 1
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(Day(on, counts.get(on, 0), counts.get(on, 0) * 1000 // highest) for on in days)


def _rules(user: User, counts: Counter[str]) -> tuple[Count, ...]:
    titles = titles_of(user.organisation, counts)
    return tuple(Count(rule, titles[rule], count) for rule, count in counts.most_common())


def _teams(counts: Counter[tuple[int, str]]) -> tuple[Count, ...]:
    return tuple(Count(str(pk), {"zh": name, "en": name}, count) for (pk, name), count in counts.most_common())


def rows(decisions: QuerySet[Decision] | Sequence[Decision]) -> tuple[Row, ...]:
    """Decisions about contacts as the page lists them."""
    if isinstance(decisions, QuerySet):
        decisions = list(decisions.select_related("case__lender", "actor__team"))
    return tuple(_row(decision) for decision in decisions)


def _row(d: Decision) -> Row:
    zone = d.case.lender.zone
    return Row(
        d.pk, d.case_id, clock.from_minute(d.at, zone), d.allowed, json.loads(d.facts).get("contact", {}).get("channel", ""),
        d.actor.display_name if d.actor else "", d.actor.team.name if d.actor and d.actor.team else "",
        tuple(why for why in of_decision(d) if why.status != "ADVISED"),
        clock.from_minute(d.next_lawful, zone) if d.next_lawful >= 0 and not d.allowed else None,
    )  # fmt: skip


def find(user: User, text: str, on: date | None) -> FoundPage:
    """The contacts asked for about the cases that a number, account, customer, name or telephone leads to."""
    text = text.strip()
    if not text:
        return FoundPage(text, on)
    cases = tuple(_cases(user, text)[:ON_A_PAGE].values_list("pk", flat=True))
    asked = _asked(user).filter(case__in=cases)
    if on is not None:
        asked = asked.filter(as_of=on)
    return FoundPage(text, on, cases, rows(asked.order_by("-pk")[:ON_A_PAGE]))


def _cases(user: User, text: str) -> QuerySet[Case]:
    index = sealer().index(text)
    found = Q(customer__ref__iexact=text) | Q(customer__accounts__account_no__iexact=text)
    found |= Q(customer__name_index=index) | Q(customer__id_index=index) | Q(customer__points__value_index=index)
    number = text.lstrip("#")
    if number.isdecimal() and len(number) < len(str(2**62)):
        found |= Q(pk=int(number))
    return access.cases_for(user).filter(found).order_by("-pk").distinct()


def ask_one_again(user: User, decision_id: int) -> Outcome:
    """One decision, asked again by the rules kept for it. Raises `NotYours`."""
    decision = access.decisions_for(user).filter(pk=decision_id).first()
    if decision is None:
        raise NotYours
    return ask_again([decision])[0]
