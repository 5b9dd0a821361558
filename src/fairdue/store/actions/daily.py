"""The work of a day keeps its own record: which step was done and which failed, so that it is done once and can go on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from fairdue.core.errors import Lang
from fairdue.store import audit, clock
from fairdue.store.models import DailyStep, Organisation

Words = Mapping[Lang, str]
TITLES: Mapping[str, Words] = {
    "holds": {"zh": "释放过期占用", "en": "Give back holds that lapsed"},
    "absences": {"zh": "缺勤代办与归还", "en": "Cover who is away, bring back what was covered"},
    "night": {"zh": "夜间作业", "en": "The night"},
    "orders": {"zh": "到期事项与退案", "en": "Orders and cases whose day has come"},
    "clocks": {"zh": "法定期限提醒", "en": "Legal clocks and their warnings"},
    "reminders": {"zh": "计划到期提醒", "en": "Plan the reminders before due dates"},
    "queue": {"zh": "提醒进入待发箱", "en": "Put reminders into the outbox"},
    "suspense": {"zh": "重新匹配并催办待认领款项", "en": "Look again at money that waits, and remind of it"},
    "recordings": {"zh": "录音保存期限", "en": "How long recordings are kept"},
    "files": {"zh": "删除期满文件", "en": "Drop files whose time is over"},
    "sample": {"zh": "每周质检抽样", "en": "Draw last week's contacts for review"},
}
FIGURES: Mapping[str, Words] = {
    "cases": {"zh": "案件", "en": "cases"},
    "contacts": {"zh": "联系预约", "en": "contacts"},
    "accounts": {"zh": "账户", "en": "accounts"},
    "listed": {"zh": "列入名单", "en": "on lists"},
    "again": {"zh": "此前已有", "en": "there before"},
    "ended": {"zh": "到期", "en": "ended"},
    "changed": {"zh": "变动", "en": "changed"},
    "planned": {"zh": "计划", "en": "planned"},
    "left_out": {"zh": "不提醒", "en": "left out"},
    "queued": {"zh": "待发", "en": "queued"},
    "refused": {"zh": "不允许", "en": "refused"},
    "booked": {"zh": "入账", "en": "booked"},
    "waiting": {"zh": "仍待认领", "en": "still waiting"},
    "claims": {"zh": "查账有结果", "en": "searches answered"},
    "owner": {"zh": "提醒经办", "en": "reminded to their owner"},
    "lead": {"zh": "提醒主管", "en": "reminded to a lead"},
    "longer": {"zh": "延长", "en": "kept longer"},
    "dropped": {"zh": "删除", "en": "deleted"},
    "swept": {"zh": "清理", "en": "swept"},
    "drawn": {"zh": "抽取", "en": "drawn"},
    "among": {"zh": "联系总数", "en": "among"},
    "this_week": {"zh": "本周已抽", "en": "drawn earlier this week"},
    "covered": {"zh": "代办", "en": "covered"},
    "back": {"zh": "归还", "en": "brought back"},
    "part_of": {"zh": "已包含于", "en": "part of"},
    "over": {"zh": "不再需要", "en": "no longer needed"},
}


def said(figures: Mapping[str, Any], lang: Lang) -> str:
    """The figures of a step in a line; what is none is left out."""
    found = []
    for key, value in figures.items():
        shown = sum(value.values()) if isinstance(value, Mapping) else value
        word = FIGURES[key][lang] if key in FIGURES else key
        if shown is True:
            found.append(word)
        elif shown not in (0, False):
            found.append(f"{word} {TITLES[shown][lang] if isinstance(shown, str) and shown in TITLES else shown}")
    return ("，" if lang == "zh" else ", ").join(found)


def done(lender: Organisation, on: date) -> dict[str, DailyStep]:
    """What was done on a day, by step."""
    return {row.step: row for row in DailyStep.objects.filter(lender=lender, on=on)}


@transaction.atomic
def begin(lender: Organisation, on: date, step: str) -> DailyStep:
    """A step begins, or begins again."""
    row, _ = DailyStep.objects.update_or_create(
        lender=lender, on=on, step=step,
        defaults={"state": DailyStep.RUNNING, "began_at": clock.wall(), "ended_at": None, "fault": "", "figures": {}},
    )  # fmt: skip
    return row


@transaction.atomic
def end(actor: str, row: DailyStep, state: str, figures: Mapping[str, Any], fault: str = "") -> None:
    """A step was done, failed, or waits for another."""
    row.state, row.figures, row.fault, row.ended_at = state, dict(figures), fault[:300], clock.wall()
    row.save(update_fields=["state", "figures", "fault", "ended_at"])
    audit.write(
        actor, "night.daily", "organisation", row.lender_id, step=row.step, on=row.on, state=state, fault=row.fault
    )


def drawn_since(lender: Organisation, first: date) -> bool:
    """Whether samples were drawn by the work of a day since `first`."""
    return DailyStep.objects.filter(lender=lender, step="sample", on__gte=first, state=DailyStep.DONE).exists()
