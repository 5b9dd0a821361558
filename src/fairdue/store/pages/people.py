"""Everybody linked to a case's debt: who they are to it, what is established and by what, and what may be asked of them now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fairdue.core import money
from fairdue.core.codes import Channel, GuaranteeKind, Party, PointSource, Purpose
from fairdue.core.errors import Lang
from fairdue.core.guard_catalogue import FACTS
from fairdue.steps.decide import verdicts
from fairdue.store import access, clock, decide
from fairdue.store.actions.contacts import Proposed
from fairdue.store.actions.people import LAWFUL, MAY_BE_ADDED, SORTS, Sort, read
from fairdue.store.models import Case, Link, LinkEvidence, Point, User
from fairdue.store.reasons import Why, whys

Text = Mapping[Lang, str]
OWES = frozenset({Party.CO_BORROWER, Party.GUARANTOR, Party.SPOUSE})
OWN_WORDS: dict[str, Text] = {
    "party": {"zh": "身份", "en": "who they are to the debt"},
    "guarantee_until": {"zh": "约定的保证期间最后一日", "en": "agreed last day of the guarantee period"},
    "liable_up_to": {"zh": "责任上限", "en": "liable for at most"},
    "alive": {"zh": "在世", "en": "is alive"},
    "capable": {"zh": "具有完全民事行为能力", "en": "has full capacity"},
    "consents_to_changes": {
        "zh": "书面同意主债务的变更（未同意的，加重部分不承担，民法典第六百九十五条）",
        "en": "agreed in writing to changes of the debt (else what they added is not guaranteed, Civil Code art. 695)",
    },
    "willing_to_repay": {"zh": "明确表示愿意代偿", "en": "said expressly they are willing to pay"},
}
FACT_WORDS: dict[str, Text] = {
    name: OWN_WORDS.get(name) or {"zh": FACTS[name].zh, "en": FACTS[name].en} for name in (*SORTS, "party")
}  # fmt: skip
YES: dict[bool, Text] = {True: {"zh": "是", "en": "yes"}, False: {"zh": "否", "en": "no"}}


@dataclass(frozen=True)
class FactLine:
    """One fact as it stands: its value, its evidence, and whether it waits for a second person."""

    name: str
    words: Text
    said: Text
    note: str
    by: str
    on: datetime
    holds: bool


@dataclass(frozen=True)
class Way:
    """One contact that could be made with this person, and the guard's answer."""

    point: Point
    purpose: int
    allowed: bool
    reasons: tuple[Why, ...]
    next_lawful: datetime | None


@dataclass(frozen=True)
class PersonCard:
    """One linked person."""

    link: Link
    party: int
    facts: tuple[FactLine, ...]
    sorts: tuple[tuple[Sort, Text, tuple[tuple[str, Text], ...]], ...]  # what can be recorded, with its values
    points: tuple[Point, ...]
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class PeoplePage:
    """The people of one case."""

    case: Case
    cards: tuple[PersonCard, ...]
    own_points: tuple[Point, ...]
    owner_is_me: bool
    parties: tuple[Party, ...]
    sources: tuple[PointSource, ...]
    today: date


def people_page(user: User, case_id: int) -> PeoplePage:
    """The page. Raises `NotYours`. The number of queries does not depend on how many people there are."""
    case = access.get_case(user, case_id)
    now = clock.now_minute()
    links = list(Link.objects.filter(customer=case.customer_id).select_related("person").order_by("party", "pk"))
    points: dict[int, list[Point]] = {}
    for point in Point.objects.filter(person__in=[case.customer_id, *(one.person_id for one in links)]).order_by("pk"):
        points.setdefault(point.person_id, []).append(point)
    evidence: dict[int, list[LinkEvidence]] = {}
    for made in LinkEvidence.objects.filter(link__in=links).select_related("recorded_by").order_by("pk"):
        evidence.setdefault(made.link_id, []).append(made)
    ways = _ways(case, user, links, points, now)
    cards = tuple(
        PersonCard(one, one.party, _facts(case, evidence.get(one.pk, [])), _sorts(one), tuple(points.get(one.person_id, ())),
                   ways.get(one.pk, ()))
        for one in links
    )  # fmt: skip
    return PeoplePage(case, cards, tuple(points.get(case.customer_id, ())), access.may_contact(user, case), MAY_BE_ADDED, LAWFUL,
                      clock.business_date(now, case.lender.zone))  # fmt: skip


def purpose_for(link: Link) -> int:
    """What somebody may be contacted for at all: who owes is asked to pay, an heir what became of the estate, others for news."""
    if link.party in OWES:
        return int(Purpose.COLLECT)
    return int(Purpose.REACH_SUCCESSOR if link.party == Party.HEIR else Purpose.RESTORE_CONTACT)


def _ways(
    case: Case, user: User, links: list[Link], points: Mapping[int, list[Point]], now: int
) -> dict[int, tuple[Way, ...]]:
    """A call to each number of each person, judged together."""
    wanted = [
        (link, point, Proposed(Channel.CALL, point.pk, party=link.party, purpose=purpose_for(link)))
        for link in links for point in points.get(link.person_id, ()) if point.channel == Channel.CALL
    ]  # fmt: skip
    if not wanted or case.closed_on is not None:
        return {}
    asked = decide.ask(case, now)
    judged = decide.judge_all(asked, [one for _, _, one in wanted], case.owner or user)
    said = verdicts(judged, asked.config)
    found: dict[int, tuple[Way, ...]] = {}
    for i, (link, point, one) in enumerate(wanted):
        zone = link.person.zone or case.lender.zone
        when = int(judged.next_lawful[i])
        way = Way(point, one.purpose, bool(judged.verdict.allowed[i]), whys(case.lender, said[i]),
                  clock.from_minute(when, zone) if when >= 0 else None)  # fmt: skip
        found[link.pk] = (*found.get(link.pk, ()), way)
    return found


def _facts(case: Case, evidence: list[LinkEvidence]) -> tuple[FactLine, ...]:
    """The newest evidence of each fact, and what waits."""
    newest = {(made.fact, made.holds): made for made in evidence}
    return tuple(
        FactLine(made.fact, FACT_WORDS[made.fact], worded(made, case), made.note, made.recorded_by.display_name,
                 clock.from_minute(made.at, case.lender.zone), made.holds)
        for made in newest.values()
    )  # fmt: skip


def worded(made: LinkEvidence, case: Case | None = None) -> Text:
    """The value of a piece of evidence, as it is said."""
    if made.fact == "party":
        party = Party[made.value]
        return {"zh": party.zh, "en": party.en}
    sort = SORTS[made.fact]
    value = read(sort, made.value)
    if sort.kind == "money":
        lender = case.lender if case else made.link.customer.lender
        value = f"{lender.currency} {money.format_minor(value, lender.exponent)}"
    return _value_words(sort, value)


def _value_words(sort: Sort, value: Any) -> Text:
    if sort.column == "guarantee_kind":
        kind = GuaranteeKind(value)
        return {"zh": kind.zh, "en": kind.en}
    return YES[value] if isinstance(value, bool) else {"zh": str(value), "en": str(value)}


def _sorts(link: Link) -> tuple[tuple[Sort, Text, tuple[tuple[str, Text], ...]], ...]:
    return tuple(
        (sort, FACT_WORDS[sort.column], tuple((str(value), _value_words(sort, value)) for value in sort.values))
        for sort in SORTS.values() if link.party in sort.parties
    )  # fmt: skip
