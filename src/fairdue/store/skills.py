"""Who may work what on a day: the certificate by the rules of the pack, and skills a stage, product or track asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db.models import Exists, OuterRef, Q

from fairdue.core.codes import Product
from fairdue.core.dates import add_months
from fairdue.core.errors import Fault
from fairdue.core.tracks import TrackState
from fairdue.rules.load import Pack, load_pack
from fairdue.store.models import Account, SkillNeed, StaffSkill, Track, User

SOON_DAYS = 30  # from here on a certificate is shown as running out; a judgement of ours
OPEN_TRACKS = (int(TrackState.OPEN), int(TrackState.HELD))


class MayNotWork(Fault):
    """Who is not certified on the day is given no case."""

    code = "floor.may-not-work"
    en = "You cannot be given a case: {why}."
    en_remedy = "Pass the exam and have its day recorded."
    zh, zh_remedy = "暂不能给您派案：{why_zh}。", "请先通过考核并登记日期。"


@dataclass(frozen=True)
class Certificate:
    """Whether somebody may contact borrowers on a day. `until`: last day it holds; None: the pack sets no time."""

    state: str  # HELD, NONE, UNKNOWN, AHEAD, LAPSED
    until: date | None = None

    @property
    def holds(self) -> bool:
        """Cases may be given."""
        return self.state == "HELD"


WHY = {
    "NONE": ("没有上岗证书", "there is no certificate"),
    "UNKNOWN": ("证书或考核日期不明", "the certificate or the day of the exam is not known"),
    "AHEAD": ("登记的考核日期在后", "the exam recorded is still to come"),
    "LAPSED": ("考核已过期", "the exam has lapsed"),
}


def exam_months(pack: Pack, on: date) -> int | None:
    """For how many months an exam holds by the rules that bind on a day; None: no rule asks for one."""
    found = []
    for rule in pack.rules:
        binding = [value for since, value in rule.written if since <= on] if rule.kind == "within" else []
        if binding and binding[-1] and binding[-1].get("fact") == "exam_on":
            found.append(int(binding[-1]["months"]))
    return min(found, default=None)


def certificate(user: User, on: date) -> Certificate:
    """The certificate of somebody on a day, by the pack of their organisation."""
    return judged(user, on, exam_months(load_pack(user.organisation.pack, user.organisation.policy), on))


def judged(user: User, on: date, months: int | None) -> Certificate:
    """The same with the rule at hand; what is not known does not hold."""
    if user.certified is None:
        return Certificate("UNKNOWN")
    if not user.certified:
        return Certificate("NONE")
    if months is None:
        return Certificate("HELD")
    if user.exam_on is None:
        return Certificate("UNKNOWN")
    until = add_months(np.array([user.exam_on], "datetime64[D]"), months)[0].item()
    state = "AHEAD" if user.exam_on > on else "LAPSED" if until < on else "HELD"
    return Certificate(state, until)


def require(user: User, on: date) -> None:
    """Raises `MayNotWork` unless the user may contact borrowers on the day."""
    found = certificate(user, on)
    if not found.holds:
        zh, en = WHY[found.state]
        raise MayNotWork(why=en, why_zh=zh)


def held(users: Iterable[User], on: date) -> Mapping[int, frozenset[str]]:
    """The skills people have on a day, by user."""
    rows = StaffSkill.objects.filter(user__in=users, since__lte=on).filter(Q(until=None) | Q(until__gte=on))
    found: dict[int, set[str]] = defaultdict(set)
    for user, skill in rows.values_list("user_id", "skill"):
        found[user].add(skill)
    return {user: frozenset(skills) for user, skills in found.items()}


def needs(lender_id: int) -> list[SkillNeed]:
    """What the lender asks for, in order."""
    return list(SkillNeed.objects.filter(lender_id=lender_id).order_by("kind", "code", "skill"))


def barred(user: User, on: date) -> Q:
    """Which cases the user lacks a skill for, as a condition on `Case` (an empty one where nothing bars)."""
    asked = needs(user.organisation_id)
    have = held([user], on).get(user.pk, frozenset()) if asked else frozenset()
    lacking = [need for need in asked if need.skill not in have]
    return conditions({kind: {n.code for n in lacking if n.kind == kind} for kind in KINDS})


KINDS = (SkillNeed.STAGE, SkillNeed.PRODUCT, SkillNeed.TRACK)


def conditions(codes: Mapping[str, set[str]]) -> Q:
    """Cases of one of these stages, products or open tracks; an empty condition where there are none."""
    found = Q()
    if codes.get(SkillNeed.STAGE):
        found |= Q(stage__in=sorted(codes[SkillNeed.STAGE]))
    if codes.get(SkillNeed.PRODUCT):
        products = [int(Product[code]) for code in sorted(codes[SkillNeed.PRODUCT])]
        found |= Q(Exists(Account.objects.filter(customer=OuterRef("customer"), product__in=products)))
    if codes.get(SkillNeed.TRACK):
        running = Track.objects.filter(case=OuterRef("pk"), state__in=OPEN_TRACKS)
        found |= Q(Exists(running.filter(kind__in=sorted(codes[SkillNeed.TRACK]))))
    return found
