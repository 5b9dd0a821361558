"""What the customer's own site shows: the same figures by the same functions as the desk, of the own person only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.db.models import Min

from fairdue.core import waterfall
from fairdue.core.codes import Channel, Component, Direction, Product
from fairdue.core.errors import Lang
from fairdue.core.plan_state import RUNNING, PlanState
from fairdue.core.tracks import TrackState
from fairdue.rules.talk.promises import policy_at
from fairdue.rules.tracks import load_tracks
from fairdue.store import access, clock
from fairdue.store.actions import ledger, promises
from fairdue.store.actions.site_said import current_case, today_of
from fairdue.store.models import (
    Account,
    Attempt,
    Case,
    Certificate,
    Organisation,
    OurNumber,
    Plan,
    Posting,
    Promise,
    Task,
    Transfer,
    User,
    Wish,
)
from fairdue.store.pages.casefile import AccountLine, StatementLine, account_lines, mask_account, statement_lines
from fairdue.store.seal import sealer

Text = Mapping[Lang, str]
NEWEST = 100


@dataclass(frozen=True)
class Going:
    """Something of the person's that is being looked at: what, since when, by when it is answered."""

    title: Text
    since: date
    due_on: date | None
    decided: Text | None


@dataclass(frozen=True)
class HomePage:
    """What comes first: the amount, and what comes next."""

    case: Case
    lender: Organisation
    name: str
    currency: str
    exponent: int
    owed: int
    settled: bool
    papers: bool  # there is a certificate
    is_open: bool
    promise: Promise | None
    plan: Plan | None
    plan_next: tuple[date, int] | None
    going: tuple[Going, ...]
    transfers: tuple[Transfer, ...]
    today: date


def home_page(user: User) -> HomePage:
    """The first page after coming in. Raises `NotYours`."""
    case = current_case(user)
    today = today_of(case)
    accounts = _accounts(case)
    owed = sum(line.total for line in account_lines(accounts, today))
    plan = Plan.objects.filter(account__in=accounts, state__in=[int(s) for s in RUNNING]).order_by("pk").first()
    return HomePage(
        case, case.lender, _name(case), case.lender.currency, case.lender.exponent, owed, owed <= 0,
        bool(papers(user)), case.closed_on is None,
        Promise.objects.filter(case=case, status="OPEN").order_by("-pk").first(), plan, _next(plan), tuple(going(user)),
        tuple(Transfer.objects.filter(case__customer_id=case.customer_id, state=Transfer.PAID).order_by("-pk")[:3]), today,
    )  # fmt: skip


def _name(case: Case) -> str:
    """The name in clear: whoever reads it has shown to be its bearer."""
    sealed = case.customer.name_sealed
    return sealer().open(bytes(sealed)) if sealed else case.customer.name_masked


def _accounts(case: Case) -> list[Account]:
    return list(case.customer.accounts.select_related("lender").order_by("account_no"))


def _next(plan: Plan | None) -> tuple[date, int] | None:
    """The first instalment that is not paid in full: its day, and what is left of it."""
    if plan is None:
        return None
    left = plan.paid
    for payment in plan.payments.order_by("number"):
        if left < payment.amount:
            return payment.due_on, payment.amount - left
        left -= payment.amount
    return None


def going(user: User) -> list[Going]:
    """What the person raised, the newest first; and requests about data that are not answered yet."""
    found = []
    for track in access.tracks_for(user).order_by("-pk")[:NEWEST]:
        kind = load_tracks()[track.kind]
        choice = kind.choice(track.decision)
        open_now = track.state in (TrackState.OPEN, TrackState.HELD)
        found.append(
            Going(kind.title, track.since, track.due_on if open_now else None, choice.label if choice else None)
        )
    asked = Task.objects.filter(created_by=user.username, case__customer_id=user.speaks_for, kind__in=ASKED)
    for task in asked.order_by("-pk")[:NEWEST]:
        since = clock.from_minute(task.created_at, user.organisation.zone).date()
        done: Text | None = {"zh": "已处理", "en": "done"} if task.state == Task.DONE else None
        found.append(Going(ASKED[task.kind], since, task.due_on if task.state == Task.OPEN else None, done))
    return found


ASKED: Mapping[str, Text] = {
    "CORRECT": {"zh": "更正资料的请求", "en": "Request to correct data"},
    "EXPLAIN": {"zh": "人工说明的请求", "en": "Request for an explanation"},
}


@dataclass(frozen=True)
class AccountView:
    """One account: the desk's own line with since when it is late, and in which order a payment is used."""

    line: AccountLine
    account: Account
    dpd: int
    order: tuple[Component, ...]
    by_law: str  # which rule the order follows


@dataclass(frozen=True)
class AccountPage:
    """What is owed at the end of a day, line by line."""

    currency: str
    exponent: int
    on: date
    today: date
    first: date | None  # before it nothing is on record
    accounts: tuple[AccountView, ...]
    lines: tuple[StatementLine, ...]
    total: int


def account_page(user: User, on: date | None) -> AccountPage:
    """What was or is owed at the end of a day that is on record, up to today. Raises `NotYours`."""
    case = current_case(user)
    today = today_of(case)
    accounts = _accounts(case)
    first = Posting.objects.filter(account__in=accounts).aggregate(first=Min("value_date"))["first"]
    day = max(min(on or today, today), first or today)
    lines = account_lines(accounts, day)
    views = tuple(_view(line, account, day) for line, account in zip(lines, accounts, strict=True))
    return AccountPage(
        case.lender.currency, case.lender.exponent, day, today, first, views, tuple(statement_lines(accounts, day)),
        sum(line.total for line in lines),
    )  # fmt: skip


def _view(line: AccountLine, account: Account, day: date) -> AccountView:
    dpd = ledger.dpd_of(account, day)
    order = waterfall.order_for(account.product, np.array([dpd]), account.allocation_order)[0]
    card = account.product == Product.CARD and dpd > 0
    by_law = (
        ("card-late" if dpd >= waterfall.CARD_FLIPS_AT else "card")
        if card
        else "contract"
        if account.allocation_order
        else "law"
    )
    return AccountView(line, account, dpd, tuple(Component(int(c)) for c in order), by_law)


@dataclass(frozen=True)
class DayPage:
    """Between which days and up to which amount a payment can be promised, or why none can."""

    currency: str
    exponent: int
    owed: int
    today: date
    last: date
    promise: Promise | None
    is_open: bool


def day_page(user: User) -> DayPage:
    """The page on which a day is promised. Raises `NotYours`."""
    case = current_case(user)
    today = today_of(case)
    policy = policy_at(today)
    limit = policy.limit(promises.broken_count(case, policy, today))
    last = today + timedelta(days=min(policy.days_ahead, limit.days_ahead))
    running = Promise.objects.filter(case=case, status="OPEN").order_by("-pk").first()
    return DayPage(
        case.lender.currency, case.lender.exponent, case.balance, today, last, running, case.closed_on is None
    )


@dataclass(frozen=True)
class Call:
    """One contact with the person: when, by which way, to which number, who, and why."""

    at: datetime
    incoming: bool
    channel: Channel
    point: str
    who_zh: str
    who_en: str
    purpose: int


@dataclass(frozen=True)
class CallsPage:
    """Who was in contact with the person, and the word a caller must say."""

    calls: tuple[Call, ...]
    word: str
    numbers: tuple[OurNumber, ...]
    placed: Organisation | None


def calls_page(user: User) -> CallsPage:
    """The contacts with the person that were made, the newest first. Raises `NotYours`."""
    case = current_case(user)
    made = Attempt.objects.filter(customer_id=case.customer_id, person_id=case.customer_id, state=Attempt.CONFIRMED)
    zone = case.customer.zone or case.lender.zone
    calls = tuple(
        Call(clock.from_minute(a.at, zone), a.direction == Direction.IN, Channel(a.channel),
             a.point.value_masked if a.point else "", a.organisation.name_zh, a.organisation.name_en, a.purpose)
        for a in made.select_related("point", "organisation").order_by("-at", "-pk")[:NEWEST]
    )  # fmt: skip
    wish = Wish.objects.filter(person_id=case.customer_id).first()
    word = sealer().open(bytes(wish.word_sealed)) if wish and wish.word_sealed else ""
    return CallsPage(calls, word, tuple(case.lender.numbers.order_by("number")), case.placed_with)


def number_of_ours(user: User, typed: str) -> OurNumber | None:
    """The number of the lender's that was typed; None: it is none of those we call from."""
    plain = "".join(sign for sign in typed if sign.isdigit())
    if not plain:
        return None
    for number in OurNumber.objects.filter(lender=current_case(user).lender):
        own = "".join(sign for sign in number.number if sign.isdigit())
        if plain in {own, f"86{own}", own.removeprefix("0")}:
            return number
    return None


@dataclass(frozen=True)
class WishPage:
    """How the person wants to be reached, as it stands."""

    start: int
    end: int
    refused: tuple[str, ...]
    language: str
    word: str
    points: tuple[str, ...]


def wish_page(user: User) -> WishPage:
    """Raises `NotYours`."""
    person = current_case(user).customer
    wish = Wish.objects.filter(person=person).first()
    word = sealer().open(bytes(wish.word_sealed)) if wish and wish.word_sealed else ""
    points = tuple(person.points.order_by("pk").values_list("value_masked", flat=True))
    return WishPage(
        person.agreed_from, person.agreed_to, tuple(wish.refused) if wish else (), person.language, word, points
    )


def plan_state(plan: Plan) -> PlanState:
    """Where a plan stands."""
    return PlanState(plan.state)


@dataclass(frozen=True)
class Paper:
    """One certificate that a debt is paid."""

    certificate: Certificate
    number: str
    product: Product
    currency: str
    exponent: int


def papers(user: User) -> tuple[Paper, ...]:
    """The certificates of the person that hold, the newest first."""
    found = Certificate.objects.filter(account__customer_id=user.speaks_for, void_on=None).select_related("account")
    return tuple(
        Paper(
            one,
            mask_account(one.account.account_no),
            Product(one.account.product),
            one.account.currency,
            one.account.exponent,
        )
        for one in found.order_by("-pk")
    )


def certificate_by(code: str) -> Certificate | None:
    """The certificate somebody holds in hand, by its code: whoever has the code has the paper."""
    if not code.strip():
        return None
    return Certificate.objects.select_related("lender").filter(code=code.strip()).first()
