"""Whether a case may go to court and whether it should: what must be true with its proof, and what each way is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db.models import Sum

from fairdue.core.codes import PlanStatus
from fairdue.core.errors import Lang
from fairdue.core.happened import Happened
from fairdue.core.limitation import Standing
from fairdue.core.proceedings import Procedure
from fairdue.core.suing import Needs, Worth, asking_worth, best, unmet, worth
from fairdue.core.tracks import TrackState
from fairdue.rules.court import CourtRules, load_court
from fairdue.rules.periods import PeriodKind
from fairdue.store import clock
from fairdue.store.models import (
    Account,
    ArbitrationAgreement,
    Case,
    KeptFile,
    LegalClock,
    LegalEvent,
    Plan,
    Posting,
    Promise,
    Stop,
    Track,
)

Text = Mapping[Lang, str]
ALL = tuple(need for need in Needs if need != Needs.AGREED_ARBITRATION)
BY_AGREEMENT = frozenset({Needs.NO_ARBITRATION})
OUT_OF_COURT = tuple(need for need in ALL if need not in BY_AGREEMENT)
NEEDED: Mapping[Procedure, tuple[Needs, ...]] = {
    Procedure.ARBITRATION: (*OUT_OF_COURT, Needs.AGREED_ARBITRATION), Procedure.MEDIATION: OUT_OF_COURT,
    Procedure.PAYMENT_ORDER: OUT_OF_COURT, Procedure.CONFIRMATION: (Needs.AMOUNT, Needs.NOT_BANKRUPT),
    Procedure.BANKRUPTCY_CLAIM: (Needs.AMOUNT, Needs.PAPERS),
    Procedure.ENFORCEMENT: (Needs.AMOUNT, Needs.NO_PLAN, Needs.NOT_BANKRUPT),
    Procedure.PRESERVATION: (Needs.CLOCK_OPEN, Needs.AMOUNT, Needs.PAPERS, Needs.NOT_BANKRUPT),
}  # fmt: skip
PAPERS = ("contract", "upload", "legal-evidence")
DEMANDS = (Happened.DEMAND, Happened.PAYMENT_ORDER, Happened.PUBLIC_NOTICE, Happened.ACKNOWLEDGED)


@dataclass(frozen=True)
class Need:
    """One thing that must be true: so (True), not so (False), or not known (None)."""

    code: Needs
    so: bool | None


@dataclass(frozen=True)
class Way:
    """One procedure with what it is worth; `possible` False: a precondition is missing or the procedure does not fit."""

    procedure: Procedure
    worth: Worth
    possible: bool
    why: Text

    @property
    def net(self) -> int:
        """Expected net value in minor units."""
        return int(self.worth.net[0])


@dataclass(frozen=True)
class Ready:
    """The decision whether to sue, with everything it rests on."""

    claim: int
    needs: tuple[Need, ...]
    ways: tuple[Way, ...]
    asking: int
    property_ppm: int
    advice: Procedure | None

    @property
    def shown(self) -> tuple[Need, ...]:
        """What must be true, as it reads: of the two about arbitration the one that matters."""
        arbitrates = any(need.code == Needs.AGREED_ARBITRATION and need.so for need in self.needs)
        gone = Needs.NO_ARBITRATION if arbitrates else Needs.AGREED_ARBITRATION
        return tuple(need for need in self.needs if need.code != gone)

    @property
    def missing(self) -> tuple[Needs, ...]:
        """What stands against a suit."""
        return tuple(need.code for need in self.needs if need.so is not True)

    def as_dict(self) -> dict[str, Any]:
        """For the record of the decision."""
        ways = {way.procedure.name: {"fee": int(way.worth.fee[0]), "cost": int(way.worth.cost[0]), "net": way.net,
                                     "possible": way.possible} for way in self.ways}  # fmt: skip
        return {"claim": self.claim, "asking": self.asking, "property_ppm": self.property_ppm, "ways": ways,
                "needs": {need.code.name: need.so for need in self.needs}}  # fmt: skip


def ready(case: Case, property_ppm: int | None = None) -> Ready:
    """Look at one case. `property_ppm`: the share that could be recovered from known property; none: the judgement's."""
    rules = load_court(exponent=case.lender.exponent)
    accounts = list(Account.objects.filter(customer_id=case.customer_id, lender_id=case.lender_id))
    claim = claim_of(accounts)
    needs = tuple(Need(code, so) for code, so in _needs(case, accounts, claim).items())
    share = rules.property_ppm if property_ppm is None else property_ppm
    asking = int(asking_worth(np.array([claim]), np.array([rules.willing_ppm]), rules.asking_cost)[0])
    on = clock.business_date(clock.now_minute(), case.lender.zone)
    foreign = case.lender.currency != rules.currency
    ways = tuple(
        _way(kind, claim, share, needs, rules, case.customer.place, on, foreign=foreign) for kind in rules.routes
    )
    nets = np.array([[way.net for way in ways]]) - max(asking, 0)
    at = int(best(nets, np.array([[way.possible for way in ways]]))[0])
    return Ready(claim, needs, ways, asking, share, ways[at].procedure if at >= 0 else None)


def claim_of(accounts: Sequence[Account]) -> int:
    """What is owed on the debts, minor units."""
    return max(Posting.objects.filter(account__in=[a.pk for a in accounts]).aggregate(s=Sum("amount"))["s"] or 0, 0)


WHY: Mapping[str, Text] = {
    "needs": {"zh": "前置条件未满足", "en": "a precondition is missing"},
    "currency": {
        "zh": "费用表为人民币，与本债务币种不同，不予估算",
        "en": "the fees are in CNY, the debt is in another currency",
    },
    "no-limit": {"zh": "未配置当地小额诉讼限额", "en": "the local limit of small claims is not configured"},
    "above": {"zh": "超过当地小额诉讼限额", "en": "it is above the local limit of small claims"},
    "both": {
        "zh": "超过年平均工资的百分之五十但在二倍以下，须双方约定（民诉法第一百六十五条）",
        "en": "above half the yearly wage but below twice of it: only if both sides agree (Civil Procedure Law art. 165)",
    },
    "no-agreement": {"zh": "须有仲裁协议，尚未登记", "en": "it needs an arbitration agreement; none is on record"},
    "agreed": {"zh": "已约定仲裁，法院不予受理", "en": "arbitration was agreed on: a court does not take the case"},
}


ONLY = {Needs.AGREED_ARBITRATION: "no-agreement", Needs.NO_ARBITRATION: "agreed"}


def _way(
    kind: Procedure,
    claim: int,
    share: int,
    needs: Sequence[Need],
    rules: CourtRules,
    place: str,
    on: date,
    *,
    foreign: bool,
) -> Way:
    found = worth(np.array([claim]), np.array([share]), rules.routes[kind], rules.discount_ppm)
    missing = lacking(kind, needs)
    if missing:
        return Way(kind, found, False, WHY[ONLY.get(missing[0], "needs") if len(missing) == 1 else "needs"])
    if foreign:
        return Way(kind, found, False, WHY["currency"])
    if kind == Procedure.SMALL_CLAIM and (why := _small(claim, place, on, rules)):
        return Way(kind, found, False, WHY[why])
    return Way(kind, found, True, {"zh": "", "en": ""})


def _small(claim: int, place: str, on: date, rules: CourtRules) -> str:
    """Why a claim is no small one; empty where it is."""
    most, twice = rules.small_limits(place, on)
    if most is None:
        return "no-limit"
    if claim <= most:
        return ""
    return "both" if twice is not None and claim <= twice else "above"


def lacking(kind: Procedure, needs: Sequence[Need]) -> tuple[Needs, ...]:
    """What stands against one procedure, by the kernel's mask."""
    said = {need.code: np.array([1 if need.so else 0 if need.so is False else -1], np.int8) for need in needs}
    mask = int(unmet(said, NEEDED.get(kind, ALL))[0])
    return tuple(need for need in Needs if mask >> int(need) & 1)


def _needs(case: Case, accounts: Sequence[Account], claim: int) -> dict[Needs, bool | None]:
    ids = [account.pk for account in accounts]
    stops = set(Stop.objects.filter(case__customer_id=case.customer_id, until=None).values_list("kind", flat=True))
    tracks = set(Track.objects.filter(case__customer_id=case.customer_id, state__in=(TrackState.OPEN, TrackState.HELD,
                 TrackState.DIVERTED)).values_list("kind", flat=True))  # fmt: skip
    agreed = ArbitrationAgreement.objects.filter(account_id__in=ids, void_at=-1).count()
    return {
        Needs.CLOCK_OPEN: _open(ids), Needs.DEMAND_SERVED: _demanded(case, ids),
        Needs.PAPERS: KeptFile.objects.filter(person_id=case.customer_id, kind__in=PAPERS, key_sealed__isnull=False).exists(),
        Needs.AMOUNT: claim > 0 and all(account.components_known for account in accounts),
        Needs.NO_PLAN: not any(account.plan_status == PlanStatus.PERFORMING for account in accounts),
        Needs.ALIVE: "DEATH" not in tracks, Needs.NOT_BANKRUPT: "BANKRUPTCY" not in tracks,
        Needs.AGREED_ARBITRATION: bool(ids) and agreed == len(ids), Needs.NO_ARBITRATION: not agreed,
        Needs.NO_DISPUTE: "DISPUTE" not in stops, Needs.NOT_QUIET: "CLAIMS_PAID" not in stops,
    }  # fmt: skip


def _open(ids: Sequence[int]) -> bool | None:
    """Every debt that is claimed must be in time; a clock without a day leaves it open."""
    standing = set(
        LegalClock.objects.filter(account_id__in=ids, kind=PeriodKind.LIMITATION).values_list("standing", flat=True)
    )
    if int(Standing.LAPSED) in standing:
        return False
    return None if not standing or int(Standing.UNKNOWN) in standing else True


def _demanded(case: Case, ids: Sequence[int]) -> bool:
    """A demand that arrived, or what the debtor did himself: a promise or a plan."""
    served = LegalEvent.objects.filter(account_id__in=ids, kind__in=DEMANDS, void_at=-1).exists()
    return (
        served
        or Promise.objects.filter(case__customer_id=case.customer_id).exists()
        or Plan.objects.filter(account_id__in=ids, accepted_on__isnull=False).exists()
    )
