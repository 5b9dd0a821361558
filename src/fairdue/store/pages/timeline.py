"""What happened to a case, newest first: contacts, promises, payments, decisions, changes of stage, stops."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from fairdue.core.codes import Aim, Channel, label
from fairdue.core.decision import Action, DecisionReason
from fairdue.core.errors import Lang
from fairdue.core.ledger import PostingKind
from fairdue.core.plan_state import PlanState
from fairdue.core.promises import PromiseStatus
from fairdue.rules.letters import load_letters
from fairdue.rules.outcomes import load_outcomes
from fairdue.rules.plans import load_terms
from fairdue.rules.tracks import load_tracks
from fairdue.store import clock
from fairdue.store.models import Attempt, Case, LetterEvent, PlanEvent, Posting, Recording, TrackEvent

NEWEST = 60
OF_CONTACT = Recording.objects.filter(attempt=OuterRef("pk"))


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `kind` is what the page filters by; `amount` is in minor units where there is one."""

    kind: str  # contact, promise, plan, payment, decision, stage, stop, track, letter
    at: datetime
    title: Mapping[Lang, str]
    note: str
    who: str
    amount: int | None
    link_id: int | None
    contact_id: int | None = None  # a contact with a recording or a transcript


def timeline(case: Case) -> tuple[Entry, ...]:
    """The newest entries of each kind, in one order."""
    zone = case.lender.zone
    entries = [*_contacts(case, zone), *_promises(case, zone), *_plans(case, zone), *_payments(case, zone),
               *_decisions(case, zone), *_stages(case, zone), *_stops(case, zone), *_tracks(case, zone),
               *_letters(case)]  # fmt: skip
    return tuple(sorted(entries, key=lambda e: e.at, reverse=True)[:NEWEST])


def _day(on: date, zone: str) -> datetime:
    return datetime.combine(on, time(), ZoneInfo(zone))


def _both(zh: str, en: str) -> dict[Lang, str]:
    return {"zh": zh, "en": en}


def _contacts(case: Case, zone: str) -> Iterator[Entry]:
    held = case.attempts.select_related("operator", "point").annotate(recorded=Exists(OF_CONTACT))
    for a in held.order_by("-at", "-pk")[:NEWEST]:
        yield Entry("contact", clock.from_minute(a.at, zone), _contact_title(a), a.note,
                    a.operator.display_name if a.operator else "", None, a.decision_id, a.pk if a.recorded else None)  # fmt: skip


def _contact_title(a: Attempt) -> dict[Lang, str]:
    channel, point = Channel(a.channel), a.point.value_masked if a.point else ""
    outcome = load_outcomes().find(a.outcome)
    if outcome is None:
        states = {
            "RESERVED": ("进行中", "under way"),
            "RELEASED": ("未拨打，已释放", "released unused"),
            "LAPSED": ("已失效", "lapsed"),
        }
        state = a.seen(clock.now_minute())
        zh, en = states.get(state, (state, state))
        return _both(f"{channel.zh} {point}：{zh}", f"{channel.en} {point}: {en}")
    return _both(f"{channel.zh} {point}：{outcome.label['zh']}", f"{channel.en} {point}: {outcome.label['en']}")


def _promises(case: Case, zone: str) -> Iterator[Entry]:
    for p in case.promises.order_by("-pk")[:NEWEST]:
        status = PromiseStatus[p.status]
        zh, en = status.zh, status.en.lower()
        yield Entry("promise", _day(p.made_on, zone), _both(f"承诺 {p.due_on} 还款（{zh}）", f"Promise for {p.due_on} ({en})"),
                    "", "", p.amount, None)  # fmt: skip


def _plans(case: Case, zone: str) -> Iterator[Entry]:
    events = PlanEvent.objects.filter(plan__case=case).select_related("plan").order_by("-pk")[:NEWEST]
    for e in events:
        title, state = load_terms(e.plan.terms).titles[e.plan.code], PlanState(e.state_to)
        yield Entry("plan", clock.from_minute(e.at, zone),
                    _both(f"{title['zh']} × {e.plan.months}：{state.zh}", f"{title['en']} × {e.plan.months}: {state.en.lower()}"),
                    e.note, e.by, e.plan.total, None)  # fmt: skip


def _payments(case: Case, zone: str) -> Iterator[Entry]:
    kinds = (PostingKind.PAYMENT, PostingKind.REVERSAL, PostingKind.WAIVER, PostingKind.LENDER_UPDATE)
    for p in Posting.objects.filter(account__customer_id=case.customer_id, kind__in=kinds).order_by("-pk")[:NEWEST]:
        kind = PostingKind(p.kind)
        yield Entry("payment", _day(p.value_date, zone), _both(kind.zh, kind.en), p.ref, "", -p.amount, None)


def _decisions(case: Case, zone: str) -> Iterator[Entry]:
    for d in case.decisions.select_related("actor").order_by("-pk")[:NEWEST]:
        title = _refusal(json.loads(d.verdict)) if d.kind == "contact" and not d.allowed else None
        reason = DecisionReason(d.reason)
        title = title or _both(
            f"决定：{Action(d.action).zh}（{reason.zh}），目标：{label(Aim, d.aim, 'zh')}",
            f"Decision: {Action(d.action).en} ({reason.en}); aim: {label(Aim, d.aim, 'en')}",
        )
        yield Entry(
            "decision", clock.from_minute(d.at, zone), title, "", d.actor.display_name if d.actor else "", None, d.pk
        )


def _refusal(verdict: list[dict[str, Any]]) -> dict[Lang, str]:
    rules = ", ".join(said["rule"] for said in verdict)
    return _both(f"拒绝联系：{rules}", f"Contact refused: {rules}")


def _stages(case: Case, zone: str) -> Iterator[Entry]:
    for s in case.stage_changes.order_by("-on")[:NEWEST]:
        yield Entry("stage", _day(s.on, zone), _both(f"阶段 {s.stage_from} → {s.stage_to}（逾期 {s.dpd} 天）",
                    f"Stage {s.stage_from} → {s.stage_to} ({s.dpd} days past due)"), "", "", None, None)  # fmt: skip


STOP = {
    "DISPUTE": ("异议，暂停催收", "Dispute: collection stopped"),
    "CLAIMS_PAID": ("声称已还，先查账", "Says it is paid: find the money"),
    "CEASE": ("要求停止联系", "Asked to cease contact"),
    "PAUSE": ("停催", "Paused"),
    "INCAPABLE": ("死亡或无完全行为能力（已有证明）", "Dead or without full capacity (shown)"),
}


def _stops(case: Case, zone: str) -> Iterator[Entry]:
    for s in case.stops.order_by("-pk")[:NEWEST]:
        zh, en = STOP.get(s.kind, (s.kind, s.kind))
        yield Entry("stop", _day(s.since, zone), _both(zh, en), s.reason, "", None, None)


TRACK = {
    "OPEN": ("登记", "opened"),
    "EXTENDED": ("延长期限", "given more time"),
    "ANSWERED": ("已拟写答复", "answered in writing"),
    "HEIR_TOLD": ("已告知继承人", "an heir was told"),
    "DECIDE": ("作出决定", "decided"),
    "RESUME": ("恢复正常作业", "normal work resumes"),
    "WITHDRAW": ("撤回", "withdrawn"),
    "REOPEN": ("重新核查", "looked into again"),
}


def _tracks(case: Case, zone: str) -> Iterator[Entry]:
    found = TrackEvent.objects.filter(track__case=case, step__in=TRACK).select_related("track").order_by("-pk")[:NEWEST]
    for event in found:
        kind, (zh, en) = load_tracks()[event.track.kind], TRACK[event.step]
        choice = kind.choice(event.data.get("decision", ""))
        zh, en = (f"{zh}：{choice.label['zh']}", f"{en}: {choice.label['en']}") if choice else (zh, en)
        title = _both(f"{kind.title['zh']}：{zh}", f"{kind.title['en']}: {en}")
        yield Entry("track", clock.from_minute(event.at, zone), title, event.note, event.actor, None, None)


LETTER = {
    "ISSUED": ("已签发", "issued"),
    "DISPATCHED": ("已寄出", "dispatched"),
    "DELIVERED": ("已送达", "delivered"),
    "RETURNED": ("已退回", "came back"),
    "REFUSED": ("拒收", "acceptance refused"),
    "WITHDRAWN": ("已撤回", "withdrawn"),
}


def _letters(case: Case) -> Iterator[Entry]:
    """What became of letters; dispatch and delivery are dated by the post, the rest by us."""
    found = (
        LetterEvent.objects.filter(letter__case=case, step__in=LETTER).select_related("letter").order_by("-pk")[:NEWEST]
    )
    for event in found:
        title, (zh, en) = load_letters()[event.letter.kind].title, LETTER[event.step]
        said = _both(
            f"{title['zh']} {event.letter.number or ''}：{zh}", f"{title['en']} {event.letter.number or ''}: {en}"
        )
        yield Entry("letter", _day(event.on, case.lender.zone), said, event.note, event.by, None, None)
