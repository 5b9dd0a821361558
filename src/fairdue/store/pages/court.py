"""The court pages: whether a case should go to court, one procedure with what may be done to it, all of them, and batches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fairdue.core.codes import Role
from fairdue.core.errors import Lang
from fairdue.core.proceedings import NEXT, OVER, CourtCost, CourtState, Procedure
from fairdue.rules.court import load_court
from fairdue.rules.periods import PeriodKind
from fairdue.store import access, clock, court_ready
from fairdue.store.actions import filing
from fairdue.store.actions.court import MAY, SET
from fairdue.store.actions.legal_clocks import sentence
from fairdue.store.court_ready import Ready, Way
from fairdue.store.models import (
    ArbitrationAgreement,
    Case,
    FilingBatch,
    Hearing,
    LegalClock,
    Organisation,
    Proceeding,
    ProceedingCost,
    ProceedingDeadline,
    ProceedingStep,
    User,
)

Text = Mapping[Lang, str]
ON_ONE_PAGE = 100
PPM_A_PERCENT = 10_000
NOT_BY_HAND = frozenset({CourtState.ASKED, CourtState.APPROVED, CourtState.PREPARING})


@dataclass(frozen=True)
class Bar:
    """One way drawn: what it costs to the left of zero, what is expected to come in to the right, the net as a mark."""

    words: Text
    cost_from: str
    cost: str
    income: str
    net: str
    net_minor: int
    months: int | None
    odds: int | None
    possible: bool
    best: bool


@dataclass(frozen=True)
class CaseCourt:
    """Whether and how to go to court with one case."""

    case: Case
    ready: Ready
    proceedings: tuple[Proceeding, ...]
    may: bool
    procedures: tuple[tuple[Procedure, bool], ...]
    bars: tuple[Bar, ...]
    zero: str
    agreements: tuple[ArbitrationAgreement, ...]
    limitation: Text
    currency: str
    exponent: int


def case_court(user: User, case_id: int) -> CaseCourt:
    """Raises `NotYours`."""
    case = access.get_case(user, case_id)
    seen = court_ready.ready(case)
    found = tuple(Proceeding.objects.filter(case__customer_id=case.customer_id).order_by("-pk"))
    kinds = tuple((kind, not court_ready.lacking(kind, seen.needs)) for kind in Procedure)
    may = Role(user.role) in MAY and case.closed_on is None
    bars, zero = _bars(seen, case.lender.exponent)
    agreements = ArbitrationAgreement.objects.filter(account__customer_id=case.customer_id, void_at=-1)
    clocks = LegalClock.objects.filter(account__customer_id=case.customer_id, kind=PeriodKind.LIMITATION).order_by(
        "last"
    )
    first = clocks.first()
    return CaseCourt(case, seen, found, may, kinds, bars, zero, tuple(agreements.select_related("account").order_by("pk")),
                     sentence(first) if first else {"zh": "", "en": ""}, case.lender.currency, case.lender.exponent)  # fmt: skip


def _bars(seen: Ready, exponent: int) -> tuple[tuple[Bar, ...], str]:
    """The ways and going on asking on one scale, in percent of its width, and where zero is."""
    asked: Text = {"zh": "继续催收", "en": "Going on asking"}
    rows: list[tuple[Text, int, int, Way | None]] = [
        ({"zh": way.procedure.zh, "en": way.procedure.en}, int(way.worth.cost[0]), int(way.worth.recovered[0]), way)
        for way in seen.ways
    ]
    rows.append((asked, max(-seen.asking, 0), max(seen.asking, 0), None))
    left, right = max(cost for _, cost, _, _ in rows), max(income for _, _, income, _ in rows)
    whole = max(left + right, 1)
    routes = load_court(exponent=exponent).routes

    def percent(minor: int) -> str:
        return f"{100 * minor / whole:.2f}"

    bars = []
    for words, cost, income, way in rows:
        route = routes[way.procedure] if way else None
        bars.append(Bar(
            words, percent(left - cost), percent(cost), percent(income), percent(left + income - cost), income - cost,
            route.months if route else None, round(route.win_ppm / PPM_A_PERCENT) if route else None,
            way is None or way.possible, way is not None and way.procedure == seen.advice,
        ))  # fmt: skip
    return tuple(bars), percent(left)


@dataclass(frozen=True)
class CourtPage:
    """One procedure."""

    row: Proceeding
    state: CourtState
    procedure: Procedure
    steps: tuple[ProceedingStep, ...]
    hearings: tuple[Hearing, ...]
    deadlines: tuple[tuple[ProceedingDeadline, Text, int], ...]
    costs: tuple[ProceedingCost, ...]
    spent: int
    next: tuple[CourtState, ...]
    may_ask: bool
    may_step: bool
    may_manage: bool
    cost_kinds: tuple[CourtCost, ...]
    firms: tuple[Organisation, ...]
    with_firm: bool
    lacking: tuple[Text, ...]
    set_days: tuple[tuple[str, Text], ...]
    today: date


def court_page(user: User, proceeding_id: int) -> CourtPage:
    """Raises `NotYours`."""
    row = access.get_proceeding(user, proceeding_id)
    state, kind = CourtState(row.state), Procedure(row.procedure)
    today = clock.business_date(clock.now_minute(), row.lender.zone)
    labels = {deadline.code: deadline.label for deadline in load_court().deadlines}
    labels |= {SET + code: label for code, label in load_court().set_days.items()}
    deadlines = tuple((d, labels.get(d.kind, {"zh": d.kind, "en": d.kind}), (d.due_on - today).days)
                      for d in row.deadlines.order_by("due_on"))  # fmt: skip
    costs = tuple(row.costs.order_by("on", "pk"))
    manages = Role(user.role) in MAY
    before = state in {CourtState.PREPARING, CourtState.APPROVED}
    lacking = court_ready.lacking(kind, court_ready.ready(row.case).needs) if before else ()
    return CourtPage(
        row, state, kind, tuple(row.steps.order_by("-pk")), tuple(row.hearings.order_by("at")), deadlines, costs,
        sum(cost.amount for cost in costs), tuple(to for to in CourtState if to in NEXT[state] - NOT_BY_HAND),
        manages and state == CourtState.PREPARING, manages or row.firm_id == user.organisation_id, manages, tuple(CourtCost),
        tuple(Organisation.objects.filter(law_firm=True).order_by("code")) if manages else (),
        row.firm_id is not None and row.returned_on is None, tuple({"zh": n.zh, "en": n.en} for n in lacking),
        tuple(load_court().set_days.items()), today,
    )  # fmt: skip


@dataclass(frozen=True)
class CourtList:
    """Procedures that are open, hearings to come, and how many stand where."""

    rows: tuple[Proceeding, ...]
    hearings: tuple[Hearing, ...]
    over: bool
    page: int
    more: bool
    may: bool
    zone: str


def court_list(user: User, *, over: bool = False, page: int = 1) -> CourtList:
    """What the user may see, the newest first; hearings of the coming days on top."""
    mine = access.proceedings_for(user)
    rows = mine.filter(state__in=list(OVER)) if over else mine.exclude(state__in=list(OVER))
    first = (page - 1) * ON_ONE_PAGE
    shown = list(rows.order_by("-pk")[first : first + ON_ONE_PAGE + 1])
    hearings = Hearing.objects.filter(proceeding__in=mine, state="SET").select_related("proceeding__case__customer")
    return CourtList(tuple(shown[:ON_ONE_PAGE]), tuple(hearings.order_by("at")[:20]), over, page, len(shown) > ON_ONE_PAGE,
                     Role(user.role) in MAY, user.organisation.zone)  # fmt: skip


@dataclass(frozen=True)
class FilingPage:
    """One batch: how far it is, what it made and what it could not."""

    row: FilingBatch
    procedure: Procedure
    made: tuple[Proceeding, ...]

    @property
    def running(self) -> bool:
        """There is something left to do, and nobody stopped it."""
        return self.row.state in {"WAITING", "RUNNING"}


def filings(user: User) -> tuple[FilingBatch, ...]:
    """The batches of the user's lender."""
    if Role(user.role) not in MAY:
        return ()
    return tuple(FilingBatch.objects.filter(lender_id=user.organisation_id).order_by("-pk")[:ON_ONE_PAGE])


def filing_page(user: User, batch_id: int) -> FilingPage:
    """Raises `NotYours`."""
    row = filing.get_batch(user, batch_id)
    made = tuple(row.proceedings.select_related("case__customer").order_by("pk")[:ON_ONE_PAGE])
    return FilingPage(row, Procedure(row.procedure), made)
