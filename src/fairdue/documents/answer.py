"""The written answer to a complaint, a dispute or an objection: what was asked, what was found, what follows, what is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fairdue.core.errors import Lang
from fairdue.documents.typeset import pdf

WORDS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "title": "关于您所提事项的书面答复",
        "number": "编号", "date": "日期", "dear": "尊敬的{person}：",
        "opening": "我们于 {since} 收到您提出的“{subject}”。感谢您告诉我们。经核查，现答复如下。",
        "asked": "您提出的事项", "decision": "我们的决定", "reasons": "理由和依据", "redress": "我们将要做的",
        "further": "如果您不同意",
        "ways": "您可以就本答复向我们提出复核，也可以申请调解、向金融监管部门反映，或依法提起诉讼。"
        "您不会因提出上述事项而受到任何不利对待。",
        "closing": "联系方式见我们公布的客服渠道；来信来电请注明上述编号。", "seal": "（盖章）",
    },
    "en": {
        "title": "Our answer to what you raised",
        "number": "Number", "date": "Date", "dear": "Dear {person},",
        "opening": "On {since} we received your “{subject}”. Thank you for telling us. We have looked into it and "
        "answer as follows.",
        "asked": "What you raised", "decision": "Our decision", "reasons": "Reasons and grounds",
        "redress": "What we will do", "further": "If you do not agree",
        "ways": "You may ask us to look at this answer again, ask for mediation, write to the financial regulator, or go to "
        "court. Having raised this is never held against you.",
        "closing": "You reach us through our published service channels; please quote the number above.", "seal": "(seal)",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What the letter says. Texts are in the language of the letter; empty parts are left out."""

    lang: Lang
    lender: str
    person: str
    number: str
    subject: str
    since: date
    on: date
    asked: str
    decision: str
    reasons: str
    redress: str


def answer_letter(answer: Answer) -> bytes:
    """The letter as PDF. Raises `NoChineseFont`."""
    words = WORDS[answer.lang]
    parts = [
        (words["asked"], answer.asked), (words["decision"], answer.decision), (words["reasons"], answer.reasons),
        (words["redress"], answer.redress), (words["further"], words["ways"]),
    ]  # fmt: skip
    facts = {
        "lang": answer.lang, "lender": answer.lender, "title": words["title"], "dear": words["dear"].format(person=answer.person),
        "opening": words["opening"].format(since=answer.since, subject=answer.subject),
        "parts": [list(part) for part in parts if part[1].strip()],
        "head": [[words["number"], answer.number], [words["date"], answer.on.isoformat()]],
        "closing": words["closing"], "seal": words["seal"], "date": answer.on.isoformat(),
    }  # fmt: skip
    return pdf("answer", facts, answer.on)
