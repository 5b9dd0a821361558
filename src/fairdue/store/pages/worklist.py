"""Today's list: in order, with the reason for each place."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from fairdue.core.codes import Role
from fairdue.core.decision import Action
from fairdue.core.errors import Lang
from fairdue.store import access, clock, quiet
from fairdue.store.models import User, WorkItem
from fairdue.store.reasons import place_reason

QUICK_WIN_PPM = 65_000  # chance that one contact now changes the outcome: from here on shown as a quick win


@dataclass(frozen=True)
class WorkRow:
    """One place on a list. Codes are those of `core.codes`, money is in minor units."""

    case_id: int
    position: int
    name_masked: str
    ref: str
    stage: str
    dpd: int
    balance: int
    currency: str
    exponent: int
    oldest_due: date | None
    aim: int
    action: int
    reason: int
    behaviour: int
    channel: int
    not_before: int
    value: int
    value_terms: dict[str, int]
    quick_win: bool
    done: bool
    locked_by_other: bool
    owner: str
    reason_zh: str
    reason_en: str

    def reason_text(self, lang: Lang) -> str:
        """Why the case stands where it stands."""
        return self.reason_zh if lang == "zh" else self.reason_en


@dataclass(frozen=True)
class Filters:
    """What the user narrowed the list to; empty fields narrow nothing."""

    stage: str = ""
    text: str = ""
    show: str = "open"  # open, done, all


@dataclass(frozen=True)
class Worklist:
    """A list for a day, with its totals."""

    as_of: date | None
    rows: tuple[WorkRow, ...]
    open_count: int
    done_count: int
    balance: int
    stages: tuple[str, ...]
    page: int
    pages: int
    empty_reason: str  # "", "no-night", "no-cases", "filtered"


PER_PAGE = 60


def worklist(user: User, filters: Filters = Filters(), page: int = 1) -> Worklist:
    """The newest list of a collector (or of a lead's team) in order, without cases that are quiet. Eight queries."""
    mine = access.work_for(user)
    as_of = mine.aggregate(day=Max("as_of"))["day"]
    if as_of is None:
        return Worklist(None, (), 0, 0, 0, (), 1, 1, "no-night" if user.role != Role.AGENCY else "no-cases")
    items = list(
        mine.filter(as_of=as_of, case__closed_on=None)
        .order_by("position", "owner_id")
        .values_list(
            "pk",
            "done_at",
            "case__balance",
            "case__stage",
            "case__customer__name_masked",
            "case__customer__ref",
            "case__customer_id",
            "case__lender_id",
        )
    )
    silent = quiet.among(item[6:8] for item in items if item[1] < 0)
    items = [item for item in items if item[1] >= 0 or item[6] not in silent]
    stages = tuple(sorted({item[3] for item in items}, key=_stage_order))
    chosen = [item for item in items if _passes(item, filters)]
    pages = max(1, -(-len(chosen) // PER_PAGE))
    page = min(max(1, page), pages)
    ids = [item[0] for item in chosen[(page - 1) * PER_PAGE : page * PER_PAGE]]
    done = sum(1 for item in items if item[1] >= 0)
    empty = "" if chosen else ("filtered" if items else "no-cases")
    return Worklist(
        as_of, _rows(user, ids), len(items) - done, done, sum(item[2] for item in items if item[1] < 0), stages,
        page, pages, empty,
    )  # fmt: skip


def _stage_order(stage: str) -> tuple[int, str]:
    return len(stage), stage


def _passes(item: tuple[int, int, int, str, str, str, int, int], filters: Filters) -> bool:
    _, done_at, _, stage, name, ref, _, _ = item
    if filters.stage and stage != filters.stage:
        return False
    if filters.text and filters.text.casefold() not in f"{name} {ref}".casefold():
        return False
    return filters.show == "all" or (done_at >= 0) == (filters.show == "done")


def _rows(user: User, ids: list[int]) -> tuple[WorkRow, ...]:
    items = WorkItem.objects.filter(pk__in=ids).select_related("case__customer", "case__lender", "decision", "owner")
    found = {item.pk: item for item in items}
    return tuple(_row(user, found[pk]) for pk in ids)


def _row(user: User, item: WorkItem) -> WorkRow:
    case = item.case
    terms = json.loads(item.decision.value) if item.decision and item.decision.value else {}
    locked = case.locked_by_id not in (None, user.pk) and case.locked_until > clock.to_minute(clock.wall())
    zh, en = place_reason(case.reason, case.action)
    return WorkRow(
        case_id=case.pk, position=item.position, name_masked=case.customer.name_masked, ref=case.customer.ref,
        stage=case.stage, dpd=case.dpd, balance=case.balance, currency=case.lender.currency,
        exponent=case.lender.exponent, oldest_due=case.oldest_due, aim=case.aim, action=case.action,
        reason=case.reason, behaviour=case.behaviour, channel=case.channel, not_before=case.not_before,
        value=item.value, value_terms=terms, quick_win=_quick(terms, case.action), done=item.done_at >= 0,
        locked_by_other=locked, owner=item.owner.display_name, reason_zh=zh, reason_en=en,
    )  # fmt: skip


def _quick(terms: dict[str, int], action: int) -> bool:
    chance = terms.get("p_reach_ppm", 0) * terms.get("uplift_ppm", 0) // 1_000_000
    return action == Action.CONTACT and chance >= QUICK_WIN_PPM
