"""The choice set: every way out that is lawful, affordable and within somebody's authority, and why each other one is not.

One engine for the desk, the command line and whatever else asks. Nothing is improvised: what is offered follows from the
situation, the product's terms, the law and the authority matrix alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from fairdue.core import pricecap
from fairdue.core.codes import NO, UNKNOWN, YES, Component, LenderKind, Product, Role
from fairdue.core.plan_terms import PPM, SIDE, Book, Grant, Hardship, Law, OfferKind, Option, Terms
from fairdue.core.plan_why import Why, WhyNot
from fairdue.core.schedules import (
    Payment,
    Split,
    effective_annual_ppm,
    first_payment,
    months_from,
    present_value,
    with_interest,
    without_interest,
)
from fairdue.core.waterfall import order_for

P = int(Component.PRINCIPAL)
APPROVERS = (Role.LEAD, Role.COMPLIANCE, Role.FINANCE)  # who may approve beyond another's authority, nearest first


@dataclass(frozen=True)
class Situation:
    """One debt and what its borrower can do about it; money in minor units, UNKNOWN (-1) where not known.

    `left`: what can be spared a month, `protected` what is never touched, as `core.afford` found them; `lump`: a sum at
    hand that the borrower named without being asked to borrow. `pay_day`: day of the month the income arrives, 0 unknown.
    `lpr_ppm`: the one-year LPR when the contract was formed. `agreed`: the instalment of a plan that already performs on
    this debt (its place is taken by a new one). `role`: who offers.
    """

    on: date
    product: Product
    lender_kind: LenderKind
    balances: Split
    dpd: int
    role: Role
    left: int = UNKNOWN
    protected: int = UNKNOWN
    evidenced_ppm: int = 0
    lump: int = UNKNOWN
    hardship: Hardship = Hardship.NONE
    components_known: bool = True
    annual_ppm: int = UNKNOWN
    formed_on: date | None = None
    lpr_ppm: int = UNKNOWN
    pay_day: int = 0
    contract_order: str = ""
    needs: tuple[WhyNot, ...] = ()  # what must still be asked before anything can be afforded

    @property
    def owed(self) -> int:
        """Everything owed, credits left aside."""
        return sum(max(b, 0) for b in self.balances)


@dataclass(frozen=True)
class Offer:
    """One way out that may be offered.

    `waived` by component: let off when it is accepted or, where `at_end`, once all is paid. `total`: what the borrower
    pays. `eac_ppm`: effective annual cost. `pv`: worth to the lender if kept; `expected`: times the chance that it
    is. `share_ppm`: the part of what is left over that the largest payment takes. `approvers`: empty where whoever offers
    may grant it. `counts`: whether it counts for performance.
    """

    code: str
    kind: OfferKind
    months: int
    payments: tuple[Payment, ...]
    waived: Split
    at_end: bool
    total: int
    interest: int
    annual_ppm: int
    eac_ppm: int
    pv: int
    expected: int
    risk_ppm: int
    share_ppm: int
    review_on: date | None
    approvers: tuple[Role, ...]
    counts: bool
    order: tuple[int, ...]

    @property
    def let_off(self) -> int:
        """Everything waived together, minor units."""
        return sum(self.waived)


@dataclass(frozen=True)
class Refused:
    """One way out that may not be offered, with every reason."""

    code: str
    kind: OfferKind
    months: int
    why: tuple[WhyNot, ...]


@dataclass(frozen=True)
class Choices:
    """The choice set, what is most likely kept first (a broken plan helps nobody), then what is worth most to the lender.

    `why`: where nothing at all can be computed.
    """

    offers: tuple[Offer, ...]
    refused: tuple[Refused, ...]
    why: tuple[WhyNot, ...]


def choices(s: Situation, book: Book) -> Choices:
    """Every way out of the product's terms, offered or refused with reasons."""
    terms = book.terms
    if terms is None:
        return Choices((), (), (WhyNot.of(Why.NO_TERMS, product=s.product.name),))
    if s.owed <= 0:
        return Choices((), (), (WhyNot.of(Why.NOTHING_OWED),))
    tried = [_one(s, book, terms, option, months) for option in terms.options for months in option.months]
    offers = sorted(
        (o for o in tried if isinstance(o, Offer)), key=lambda o: (o.risk_ppm, -o.expected, o.total, o.code)
    )
    return Choices(tuple(offers), tuple(r for r in tried if isinstance(r, Refused)), ())


def find(found: Choices, code: str, months: int) -> Offer | None:
    """The offer of that code and length, if it is offered."""
    return next((o for o in found.offers if (o.code, o.months) == (code, months)), None)


def _one(s: Situation, book: Book, terms: Terms, option: Option, months: int) -> Offer | Refused:
    before = tuple(_before(s, book.law, terms, option, months))
    if before:
        return Refused(option.code, option.kind, months, before)
    offer = _priced(s, terms, option, months)
    if isinstance(offer, WhyNot):
        return Refused(option.code, option.kind, months, (offer,))
    after = tuple(_after(s, book.law, option, offer))
    approved = granted(s, book, offer)
    if not after and approved is None:
        after = (WhyNot.of(Why.AUTHORITY, waived=offer.let_off, months=months),)
    if after or approved is None:
        return Refused(option.code, option.kind, months, after)
    approvers, counts = approved
    return replace(offer, approvers=approvers, counts=counts)


def _before(s: Situation, law: Law, terms: Terms, option: Option, months: int) -> Iterator[WhyNot]:
    """What refuses before anything needs to be worked out."""
    if s.dpd < option.dpd_from:
        yield WhyNot.of(Why.TOO_EARLY, dpd=s.dpd, first=option.dpd_from)
    if s.dpd > option.dpd_to:
        yield WhyNot.of(Why.TOO_LATE, dpd=s.dpd, last=option.dpd_to)
    if option.hardships and s.hardship not in option.hardships:
        yield WhyNot.of(Why.HARDSHIP, hardships=tuple(sorted(int(h) for h in option.hardships)))
    if s.product == Product.CARD and law.card_months is not None and months > law.card_months:
        yield WhyNot.of(Why.CARD_MONTHS, months=months, most=law.card_months)
    if any(option.waive_ppm) and not s.components_known:
        yield WhyNot.of(Why.COMPONENTS)
    if s.evidenced_ppm < option.evidence_ppm:
        yield WhyNot.of(Why.EVIDENCE, have=s.evidenced_ppm, need=option.evidence_ppm)
    yield from _means(s, law, terms, option)


def _means(s: Situation, law: Law, terms: Terms, option: Option) -> Iterator[WhyNot]:
    """What must be known of the borrower's means, and what is plain from it."""
    if option.kind == OfferKind.DEFERRAL:
        return
    if option.lump:
        if s.lump < 0:
            yield WhyNot.of(Why.LUMP_UNKNOWN)
        return
    if s.left < 0:
        yield from s.needs or (WhyNot.of(Why.INCOME_UNKNOWN),)
    elif s.left * terms.use_ppm // PPM <= 0:
        yield WhyNot.of(Why.NOTHING_LEFT, protected=s.protected)
    elif s.product == Product.CARD and law.card_months is not None and s.left >= s.owed:
        yield WhyNot.of(Why.ABLE, left=s.left, owed=s.owed)


def _waivers(s: Situation, option: Option) -> Split:
    a, b, c, d, e = (max(b, 0) * w // PPM for b, w in zip(s.balances, option.waive_ppm, strict=True))
    return a, b, c, d, e


def _priced(s: Situation, terms: Terms, option: Option, months: int) -> Offer | WhyNot:
    """The offer with its schedule and figures, its authority still open."""
    waived = _waivers(s, option)
    if any(option.waive_ppm) and not sum(waived):
        return WhyNot.of(Why.NOTHING_TO_WAIVE)
    rate = _rate(s, option)
    if isinstance(rate, WhyNot):
        return rate
    at_end = option.kind in {OfferKind.SETTLEMENT, OfferKind.WRITE_DOWN}
    rest = _less(s.balances, waived)
    order = tuple(int(c) for c in order_for([s.product], [s.dpd], s.contract_order)[0])
    payments = _payments(s, terms, option, months, rest, rate, order)
    if payments is None:
        return WhyNot.of(Why.TOO_SMALL, amount=sum(rest) // months, least=1)
    purse = s.lump if option.lump else s.left * terms.use_ppm // PPM
    largest = max(p.amount for p in payments)
    if option.kind != OfferKind.DEFERRAL and largest > purse:
        return WhyNot.of(Why.LUMP_TOO_SMALL if option.lump else Why.TOO_MUCH, need=largest, have=purse)
    return _figures(s, terms, option, months, payments, (waived, at_end), rate, order)


def _rate(s: Situation, option: Option) -> int | WhyNot:
    if option.rate_ppm == 0:
        return 0
    if s.annual_ppm < 0:
        return WhyNot.of(Why.RATE_UNKNOWN)
    return s.annual_ppm * option.rate_ppm // PPM


def _less(balances: Split, waived: Split) -> Split:
    a, b, c, d, e = (max(b, 0) - w for b, w in zip(balances, waived, strict=True))
    return a, b, c, d, e


def _payments(
    s: Situation, terms: Terms, option: Option, months: int, rest: Split, rate: int, order: tuple[int, ...]
) -> tuple[Payment, ...] | None:
    first = first_payment(s.on, s.pay_day, terms.least_days)
    if option.kind == OfferKind.DEFERRAL:
        return (Payment(months_from(s.on, months + 1)[-1], sum(rest)),)
    if rate == 0:
        return without_interest(sum(rest), first, months)
    return with_interest(rest, tuple(Component(c) for c in order), rate, s.on, months_from(first, months))


def _figures(
    s: Situation, terms: Terms, option: Option, months: int, payments: tuple[Payment, ...],
    waivers: tuple[Split, bool], rate: int, order: tuple[int, ...],
) -> Offer:  # fmt: skip
    waived, at_end = waivers
    total, largest = sum(p.amount for p in payments), max(p.amount for p in payments)
    deferral = option.kind == OfferKind.DEFERRAL
    purse = s.lump if option.lump else s.left * terms.use_ppm // PPM
    share = 0 if deferral or purse <= 0 else largest * PPM // purse
    risk = _risk(s, terms, option, months, share, sum(waived))
    pv = present_value(payments, s.on, terms.discount_ppm)
    return Offer(
        code=option.code, kind=option.kind, months=months, payments=() if deferral else payments, waived=waived,
        at_end=at_end, total=0 if deferral else total, interest=sum(p.interest for p in payments), annual_ppm=rate,
        eac_ppm=effective_annual_ppm(s.owed - sum(waived), payments, s.on), pv=pv, expected=pv * (PPM - risk) // PPM,
        risk_ppm=risk, share_ppm=share, review_on=payments[-1].on if deferral else None, approvers=(), counts=True,
        order=order,
    )  # fmt: skip


def _risk(s: Situation, terms: Terms, option: Option, months: int, share: int, waived: int) -> int:
    """The judged risk of breaking, see `Risk`."""
    r = terms.risk
    found = r.base + r.a_month * months + r.tight * max(share - r.comfort, 0) // PPM
    found += r.deferral if option.kind == OfferKind.DEFERRAL else 0
    found += 0 if s.evidenced_ppm > 0 or option.lump else r.stated_only
    found -= r.relief * waived // s.owed
    return min(max(found, r.least), r.most)


def _after(s: Situation, law: Law, option: Option, offer: Offer) -> Iterator[WhyNot]:
    """What refuses once the figures are known."""
    smallest = min((p.amount for p in offer.payments[:-1] or offer.payments), default=option.least)
    if smallest < option.least:
        yield WhyNot.of(Why.TOO_SMALL, amount=smallest, least=option.least)
    yield from _price(s, law, offer)


def _price(s: Situation, law: Law, offer: Offer) -> Iterator[WhyNot]:
    """Whether the plan's own cost passes what the courts enforce; what costs nothing passes no cap.

    The rate on the principal and the effective cost of the whole are both held against the cap, the dearer one counts.
    """
    cost = max(offer.eac_ppm, offer.annual_ppm)
    if cost == 0:
        return
    answer = pricecap.above_cap(
        np.array([int(s.lender_kind)]), np.array([cost]), np.array([s.lpr_ppm]),
        np.array([s.formed_on or "NaT"], "datetime64[D]"), law.price,
    )[0]  # fmt: skip
    if answer == YES:
        private = s.lender_kind == LenderKind.PRIVATE
        cap = law.price.lpr_multiple * s.lpr_ppm if private else law.price.licensed_ppm
        yield WhyNot.of(Why.PRICE_LPR if private else Why.PRICE, cost=cost, most=cap)
    elif answer != NO:
        yield WhyNot.of(Why.PRICE_UNKNOWN)


def granted(s: Situation, book: Book, offer: Offer) -> tuple[tuple[Role, ...], bool] | None:
    """Who must approve (nobody: granted by whoever offers), and whether it counts; None where nobody may grant it."""
    able = [g for g in book.authority.grants if covers(g, s, offer)]
    own = [g for g in able if g.role == s.role]
    if own:
        return (), any(g.counts for g in own)
    offers_at_all = any(g.role == s.role for g in book.authority.grants)
    others = tuple(role for role in APPROVERS if role != s.role and any(g.role == role for g in able))
    if not (offers_at_all and others):
        return None
    return others, any(g.counts for g in able if g.role in others)


def covers(g: Grant, s: Situation, offer: Offer) -> bool:
    """Whether a row of the matrix covers the offer: product, kind, stage, length, percent and amount."""
    waived_principal, waived_side = offer.waived[P], offer.let_off - offer.waived[P]
    side = sum(max(s.balances[c], 0) for c in SIDE)
    return (
        s.product in g.products and offer.kind in g.kinds and g.dpd_from <= s.dpd <= g.dpd_to
        and offer.months <= g.months and offer.let_off <= g.amount
        and waived_side * PPM <= g.side_ppm * side and waived_principal * PPM <= g.principal_ppm * max(s.balances[P], 0)
    )  # fmt: skip
