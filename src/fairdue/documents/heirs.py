"""The notice to an heir: what the deceased owed, that nobody owes more than they inherit, and that one may renounce."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fairdue.core.errors import Lang
from fairdue.documents.typeset import pdf

WORDS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "title": "关于已故借款人债务的告知", "number": "编号", "date": "日期", "dear": "{person}：",
        "opening": "我们得知借款人已去世，谨致哀悼。因您是其继承人，现将有关债务告知如下。",
        "owed": "截至 {on} 的债务", "limit": "您的责任以所得遗产为限",
        "limit_text": "依照《中华人民共和国民法典》第一千一百六十一条，继承人以所得遗产实际价值为限清偿被继承人的债务；超过部分，"
        "继承人自愿偿还的不在此限；放弃继承的，不负清偿责任。",
        "share": "您告知的所得遗产价值：{share}", "most": "因此，我们最多向您主张：{most}",
        "none": "因此，我们不向您主张任何款项。", "ask": "请您",
        "ask_text": "如对债务、遗产价值或继承关系有不同意见，或者已放弃继承，请书面告知并附上材料。"
        "收到之前，我们不会向您或家人催收。",
        "closing": "联系方式见我们公布的客服渠道；来信来电请注明上述编号。", "seal": "（盖章）",
    },
    "en": {
        "title": "Notice about a debt of the deceased", "number": "Number", "date": "Date", "dear": "Dear {person},",
        "opening": "We have learned that the borrower has died, and we are sorry. As you are an heir, this is what we have to "
        "tell you about the debt.",
        "owed": "The debt on {on}", "limit": "You owe no more than you inherit",
        "limit_text": "By article 1161 of the Civil Code of the People's Republic of China an heir pays the debts of the "
        "deceased only up to the actual value of what was inherited, unless more is paid of one's own free will; whoever "
        "renounces the inheritance pays nothing.",
        "share": "What you inherit, as you told us: {share}", "most": "We therefore claim from you at most: {most}",
        "none": "We therefore claim nothing from you.", "ask": "What we ask",
        "ask_text": "If you disagree about the debt, the value or who inherits, or if you have renounced, please tell us in "
        "writing and attach what shows it. Until then we collect neither from you nor from the family.",
        "closing": "You reach us through our published service channels; please quote the number above.", "seal": "(seal)",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Notice:
    """What the notice says; amounts as written, with their currency."""

    lang: Lang
    lender: str
    heir: str
    number: str
    on: date
    owed: str
    share: str
    most: str  # empty: nothing is claimed


def heir_notice(notice: Notice) -> bytes:
    """The notice as PDF. Raises `NoChineseFont`."""
    words = WORDS[notice.lang]
    claim = words["most"].format(most=notice.most) if notice.most else words["none"]
    parts = [
        (words["owed"].format(on=notice.on), notice.owed),
        (words["limit"], "\n".join((words["limit_text"], words["share"].format(share=notice.share), claim))),
        (words["ask"], words["ask_text"]),
    ]
    facts = {
        "lang": notice.lang, "lender": notice.lender, "title": words["title"], "dear": words["dear"].format(person=notice.heir),
        "opening": words["opening"], "parts": [list(part) for part in parts],
        "head": [[words["number"], notice.number], [words["date"], notice.on.isoformat()]],
        "closing": words["closing"], "seal": words["seal"], "date": notice.on.isoformat(),
    }  # fmt: skip
    return pdf("answer", facts, notice.on)
