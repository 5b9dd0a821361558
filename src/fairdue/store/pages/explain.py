"""`fairdue explain`: facts → guard → decision about a case at a moment, from the stored record."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from fairdue.core import money
from fairdue.core.codes import Aim, label
from fairdue.core.decision import Action, DecisionReason
from fairdue.core.errors import Fault, Lang
from fairdue.store import clock
from fairdue.store.models import Case, Decision
from fairdue.store.pages.law import DecisionPage, explained
from fairdue.store.reasons import Why


class NoCase(Fault):
    """Nothing is known by that number or reference."""

    code = "explain.no-case"
    en, en_remedy = "There is no case '{case}'.", "Give the case number or the customer's reference."
    zh, zh_remedy = "没有案件“{case}”。", "请填写案件编号或客户编号。"


class NothingDecided(Fault):
    """No decision had been made by then."""

    code = "explain.nothing-decided"
    en, en_remedy = "Nothing had been decided about case {case} by {moment}.", "The first decision was made {first}."
    zh, zh_remedy = "截至 {moment}，案件 {case} 尚无决定。", "首个决定作出于 {first}。"


def explain(reference: str, moment: datetime) -> DecisionPage:
    """The last decision about a case at or before a local moment. Raises `NoCase`, `NothingDecided`."""
    case = _find(reference)
    local = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(case.lender.zone))
    decisions = Decision.objects.filter(case=case).select_related("case__lender", "case__customer", "actor")
    found = decisions.filter(at__lte=clock.to_minute(local)).order_by("-at", "-pk").first()
    if found is None:
        first = decisions.order_by("at", "pk").first()
        raise NothingDecided(
            case=reference, moment=f"{local:%Y-%m-%d %H:%M}",
            first=f"{clock.from_minute(first.at, case.lender.zone):%Y-%m-%d %H:%M}" if first else "-",
        )  # fmt: skip
    return explained(found)


def _find(reference: str) -> Case:
    cases = Case.objects.select_related("lender", "customer").order_by("-opened_on", "-pk")
    found = cases.filter(customer__ref=reference).first()
    if found is None and reference.isdigit():
        found = cases.filter(pk=int(reference)).first()
    if found is None:
        raise NoCase(case=reference)
    return found


def as_json(page: DecisionPage) -> str:
    """One JSON object: facts, guard, decision."""
    d = page.decision
    return json.dumps(
        {
            "case": d.case_id, "customer": d.case.customer.ref, "at": page.at.isoformat(), "kind": d.kind,
            "facts": {"case": page.facts, "contact": page.contact},
            "guard": {
                "allowed": d.allowed, "pack": d.pack, "pack_revision": d.pack_revision,
                "reasons": [_why(w) for w in page.whys],
                "next_lawful": page.next_lawful.isoformat() if page.next_lawful else None,
            },
            "decision": {
                "action": Action(d.action).name, "aim": Aim(d.aim).name if d.aim >= 0 else None,
                "reason": DecisionReason(d.reason).name,
                "not_before": page.not_before.isoformat() if page.not_before else None,
                "strategy_revision": d.strategy_revision, "value": page.value_terms,
                "actor": d.actor.username if d.actor else "night",
            },
        },
        ensure_ascii=False, default=str,
    )  # fmt: skip


def _why(why: Why) -> dict[str, object]:
    return {
        "rule": why.rule, "status": why.status, "title": why.title, "article": f"{why.instrument['en']} {why.article['en']}",
        "confidence": why.confidence, "missing": [m["en"] for m in why.missing],
    }  # fmt: skip


def as_text(page: DecisionPage, lang: Lang) -> str:
    """The same for reading."""
    d, zh = page.decision, lang == "zh"
    lines = [f"{'案件' if zh else 'Case'} {d.case_id} · {d.case.customer.ref} · {page.at:%Y-%m-%d %H:%M}", ""]
    lines += ["事实" if zh else "Facts", *_facts(page), ""]
    lines += [f"{'规则' if zh else 'Guard'}  {d.pack} {d.pack_revision[:12]}"]
    lines += _guard(page, lang)
    reason = DecisionReason(d.reason)
    aim = f"{'目标' if zh else 'aim'}: {label(Aim, d.aim, lang)}"
    lines += ["", "决定" if zh else "Decision", f"  {Action(d.action).label(lang)} · {reason.label(lang)} · {aim}"]
    if page.not_before:
        lines.append(f"  {'不早于' if zh else 'not before'} {page.not_before:%Y-%m-%d %H:%M}")
    return "\n".join(lines)


def _facts(page: DecisionPage) -> list[str]:
    lender = page.decision.case.lender
    shown = {**page.facts, **page.contact}
    for name in ("balance", "owed"):
        if isinstance(shown.get(name), int):
            shown[name] = f"{lender.currency} {money.format_minor(shown[name], lender.exponent)}"
    for name in ("at", "callback_at", "last_contact_at"):
        if name in shown:
            shown[name] = f"{clock.from_minute(shown[name], lender.zone):%Y-%m-%d %H:%M}"
    return [f"  {name:20} {value}" for name, value in shown.items() if value is not None]


def _guard(page: DecisionPage, lang: Lang) -> list[str]:
    zh = lang == "zh"
    lines = [("  允许" if zh else "  allowed") if page.decision.allowed else ("  不允许" if zh else "  refused")]
    for why in page.whys:
        lines.append(
            f"  {why.rule}  {why.title[lang]}（{why.instrument[lang]} {why.article[lang]}；{why.confidence_label[lang]}）"
        )
        if why.missing:
            lines.append(f"    {'缺少' if zh else 'missing'}: {', '.join(m[lang] for m in why.missing)}")
    if page.next_lawful and not page.decision.allowed:
        lines.append(f"  {'下一可行时间' if zh else 'next lawful time'}: {page.next_lawful:%Y-%m-%d %H:%M}")
    return lines
