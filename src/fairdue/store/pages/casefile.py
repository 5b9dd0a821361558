"""The case page: who, what is owed, what happened, what this contact is for, what may be done now and what may not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Sum

from fairdue.core.codes import UNKNOWN, Aim, Channel, Component, PointStatus
from fairdue.core.decision import DecisionReason
from fairdue.core.errors import Lang
from fairdue.core.ledger import PostingKind
from fairdue.rules.outcomes import Outcome, load_outcomes
from fairdue.rules.scripts import Block, load_scripts
from fairdue.rules.strategy import Strategy, load_strategy
from fairdue.rules.talk.aims import AimCard, load_aims
from fairdue.steps.decide import verdicts
from fairdue.store import access, clock, decide, quiet
from fairdue.store.actions.contacts import Proposed
from fairdue.store.models import Account, Attempt, Case, Person, Point, Posting, Promise, Stop, User
from fairdue.store.pages.conversation import Sheet, Talk, people_slots, rehearsal, sheet, talk_of
from fairdue.store.pages.reach import Odds, waterfall
from fairdue.store.pages.timeline import Entry, timeline
from fairdue.store.reasons import Why, whys
from fairdue.store.seal import sealer

Text = Mapping[Lang, str]


@dataclass(frozen=True)
class AccountLine:
    """One account: what is owed by component, the lender's own figure, since when."""

    account_id: int
    account_no_masked: str
    product: int
    currency: str
    exponent: int
    components: tuple[tuple[Component, int], ...]
    total: int
    lender_balance: int
    lender_as_of: date
    oldest_due: date | None
    plan_status: int
    components_known: bool


@dataclass(frozen=True)
class StatementLine:
    """One line of the ledger with the balance after it."""

    on: date
    kind: PostingKind
    component: Component
    amount: int
    running: int
    ref: str
    account_no_masked: str


@dataclass(frozen=True)
class MonthLine:
    """A month before, as the lender reported it."""

    month: date
    missed: int | None
    billed: int | None
    paid: int | None


@dataclass(frozen=True)
class Possible:
    """A contact that could be made: allowed, or refused with every reason and the next lawful time."""

    channel: int
    mode: int
    party: int
    purpose: int
    point_id: int | None
    point_masked: str
    point_status: int
    allowed: bool
    reasons: tuple[Why, ...]
    next_lawful: datetime | None
    odds: Odds | None


@dataclass(frozen=True)
class Prep:
    """What to know before the contact (preparation sheet)."""

    aim: int
    reason_zh: str
    reason_en: str
    why: Text
    aim_why: Text  # from the aims' table, where a row of it decided
    card: AimCard | None
    worked: tuple[Text, ...]


@dataclass(frozen=True)
class CasePage:
    """Everything the case page shows."""

    case: Case
    person: Person
    local_time: datetime | None
    currency: str
    exponent: int
    owner_is_me: bool
    accounts: tuple[AccountLine, ...]
    statement: tuple[StatementLine, ...]
    months: tuple[MonthLine, ...]
    timeline: tuple[Entry, ...]
    prep: Prep
    sheet: Sheet
    talk: Talk | None
    script: tuple[Block, ...]
    slots: Mapping[str, str]
    checklist: tuple[Text, ...]
    never: tuple[Text, ...]
    possible: tuple[Possible, ...]
    reservation: Attempt | None
    live_name: str  # in clear only while the contact is reserved for this user, which the audit trail shows
    live_number: str
    live_id_tail: str  # what the person is asked for to confirm who they are
    live_word: str  # what the person asked every caller to say first
    likely: tuple[Outcome, ...]
    outcomes: tuple[Outcome, ...]
    promise: Promise | None
    stops: tuple[Stop, ...]
    value_terms: Mapping[str, int]
    today: date
    quiet: quiet.Quiet | None

    @property
    def may_contact(self) -> bool:
        """Whether any of the contacts shown can be taken now."""
        return self.quiet is None and any(way.allowed for way in self.possible)


def case_page(user: User, case_id: int) -> CasePage:
    """The page of a case the user may read. Raises `NotYours`. The number of queries does not depend on its history."""
    case = access.get_case(user, case_id)
    now = clock.now_minute()
    today = clock.business_date(now, case.lender.zone)
    accounts = list(case.customer.accounts.order_by("account_no"))
    held = _held(case, user)
    live = held if held and held.expires_at > now else None
    channel = Channel(held.channel) if held else Channel.CALL
    outcomes = load_outcomes()
    strategy = load_strategy(case.lender.strategy).at(today, case.lender.currency)
    people = _people(case, user, live)
    return CasePage(
        case=case, person=case.customer, local_time=_local_time(case.customer, now), currency=case.lender.currency,
        exponent=case.lender.exponent, owner_is_me=access.may_contact(user, case),
        accounts=tuple(account_lines(accounts, today)), statement=tuple(statement_lines(accounts, today)),
        months=tuple(_months(accounts)), timeline=timeline(case), prep=_prep(case, strategy), sheet=sheet(case, now, today),
        talk=talk_of(case, held, people) if held else None,
        script=load_scripts().blocks.get(case.script, ()), slots=rehearsal(people), checklist=load_scripts().checklist,
        never=load_scripts().never, possible=possible_contacts(user, case, now), reservation=held,
        live_name=opened(live.person.name_sealed if live else None),
        live_id_tail=opened(live.person.id_sealed if live else None)[-4:],
        live_word=_word(case) if live else "",
        live_number=opened(live.point.value_sealed if live and live.point else None),
        likely=outcomes.likely.get(channel, ()), outcomes=outcomes.of(channel),
        promise=case.promises.filter(status="OPEN").order_by("-pk").first(),
        stops=tuple(case.stops.filter(until=None).order_by("since")),
        value_terms=_terms(case), today=today, quiet=quiet.why_quiet(case),
    )  # fmt: skip


def holds_contact(user: User, case_id: int) -> bool:
    """Whether the user has a contact whose outcome is still to be recorded. Raises `NotYours`."""
    return _held(access.get_case(user, case_id), user) is not None


def _held(case: Case, user: User) -> Attempt | None:
    """The user's contact whose outcome is still to be recorded, also when its time to dial is over."""
    mine = Attempt.objects.filter(case=case, operator=user, state=Attempt.RESERVED)
    return mine.select_related("point", "person", "phone_call").order_by("-pk").first()


def _local_time(person: Person, now: int) -> datetime | None:
    return clock.from_minute(now, person.zone) if person.zone else None


def mask_account(number: str) -> str:
    """The last four characters: enough to tell accounts apart on the phone."""
    return f"····{number[-4:]}"


def account_lines(accounts: list[Account], today: date) -> list[AccountLine]:
    """What is owed on each account by component, as of a day."""
    sums = Posting.objects.filter(account__in=accounts, value_date__lte=today).values_list("account_id", "component")
    owed = {(account, component): total for account, component, total in sums.annotate(total=Sum("amount"))}
    return [
        AccountLine(
            a.pk, mask_account(a.account_no), a.product, a.currency, a.exponent,
            tuple((c, owed.get((a.pk, c), 0)) for c in Component), sum(owed.get((a.pk, c), 0) for c in Component),
            a.lender_balance, a.lender_as_of, a.oldest_unpaid_due, a.plan_status, a.components_known,
        )
        for a in accounts
    ]  # fmt: skip


def statement_lines(accounts: list[Account], today: date) -> list[StatementLine]:
    """Every line up to a day over the accounts, with the running total."""
    postings = Posting.objects.filter(account__in=accounts, value_date__lte=today).order_by("value_date", "pk")
    number = {a.pk: mask_account(a.account_no) for a in accounts}
    running, lines = 0, []
    for p in postings:
        running += p.amount
        lines.append(StatementLine(p.value_date, PostingKind(p.kind), Component(p.component), p.amount, running, p.ref,
                                   number[p.account_id]))  # fmt: skip
    return lines


def _months(accounts: list[Account]) -> list[MonthLine]:
    """The months of the account that has been late longest."""
    if not accounts:
        return []
    lead = min(accounts, key=lambda a: a.oldest_unpaid_due or date.max)
    return [MonthLine(m.month, m.missed, m.billed, m.paid) for m in lead.months.order_by("-month")[:6]]


def _prep(case: Case, strategy: Strategy) -> Prep:
    treatment = strategy.treatments[case.treatment] if 0 <= case.treatment < len(strategy.treatments) else None
    reason = DecisionReason(case.reason) if case.reason >= 0 else DecisionReason.DUE_NOW
    aims = load_aims()
    row = aims.rows[case.aim_row] if 0 <= case.aim_row < len(aims.rows) else None
    return Prep(
        case.aim, reason.zh, reason.en, treatment.why if treatment else {"zh": "", "en": ""},
        aims.why(case.aim_row) if row and row.aim == case.aim else {"zh": "", "en": ""},
        aims.cards.get(Aim(case.aim)) if case.aim >= 0 else None,
        tuple(_what_worked(case)),
    )  # fmt: skip


def _what_worked(case: Case) -> list[Text]:
    """Contacts that reached the person, and at which hour of their day."""
    zone = case.customer.zone or case.lender.zone
    reached = case.attempts.filter(state=Attempt.CONFIRMED, talked=1).order_by("-at")[:3]
    return [
        {"zh": f"{clock.from_minute(a.at, zone):%m-%d %H:%M} {Channel(a.channel).zh}接通本人",
         "en": f"Reached by {Channel(a.channel).en.lower()} on {clock.from_minute(a.at, zone):%m-%d at %H:%M}"}
        for a in reached
    ]  # fmt: skip


def opened(sealed: bytes | memoryview | None) -> str:
    """What is sealed, in clear; for whoever holds a contact that needs it."""
    return sealer().open(bytes(sealed)) if sealed else ""


def _word(case: Case) -> str:
    """The word of the person the case is about, if one was set on the customers' site."""
    wish = getattr(case.customer, "wish", None)
    return opened(wish.word_sealed) if wish else ""


def _people(case: Case, user: User, live: Attempt | None) -> Mapping[str, str]:
    name = opened(live.person.name_sealed if live else None) or case.customer.name_masked or case.customer.ref
    if live is not None and live.person_id != case.customer_id:
        name = case.customer.name_masked or case.customer.ref
    return people_slots(case, user.display_name, name)


def possible_contacts(user: User, case: Case, now: int) -> tuple[Possible, ...]:
    """What could be done, in the order of the waterfall and judged now; without any number the missing point is said."""
    if case.closed_on is not None:
        return ()
    asked = decide.ask(case, now)
    odds = waterfall(asked, case)
    points = {p.pk: p for p in case.customer.points.filter(channel=Channel.CALL)}
    wanted = _wanted(asked, [pk for pk in odds if pk in points])
    judged = decide.judge_all(asked, wanted, case.owner or user)  # it is the owner who would make the contact
    said = verdicts(judged, asked.config)
    zone = case.customer.zone or case.lender.zone
    return tuple(
        _way(one, points.get(one.point_id or -1), bool(judged.verdict.allowed[i]), whys(case.lender, said[i]),
             _moment(int(judged.next_lawful[i]), zone), odds.get(one.point_id or -1))
        for i, one in enumerate(wanted)
    )  # fmt: skip


def _wanted(asked: decide.Asked, points: list[int]) -> list[Proposed]:
    """A call to each number; before them a text to the first, where the plan says that calls are worn out."""
    calls = [Proposed(Channel.CALL, pk) for pk in points] or [Proposed(Channel.CALL, None)]
    planned = asked.state.cases["channel"][0]
    return [Proposed(Channel.SMS, points[0]), *calls] if planned == Channel.SMS and points else calls


def _way(
    one: Proposed, p: Point | None, allowed: bool, reasons: tuple[Why, ...], moment: datetime | None, odds: Odds | None
) -> Possible:
    mode = one.mode if one.channel == Channel.CALL else UNKNOWN
    return Possible(
        one.channel, mode, one.party, one.purpose, one.point_id, p.value_masked if p else "",
        p.status if p else PointStatus.INVALID, allowed, reasons, moment, odds,
    )  # fmt: skip


def _moment(minute: int, zone: str) -> datetime | None:
    return clock.from_minute(minute, zone) if minute >= 0 else None


def _terms(case: Case) -> Mapping[str, Any]:
    return json.loads(case.decision.value) if case.decision and case.decision.value else {}
