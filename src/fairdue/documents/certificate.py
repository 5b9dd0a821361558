"""The certificate that a debt is settled (结清证明), with the code by which anybody can check that it is genuine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fairdue.core.errors import Lang
from fairdue.documents.typeset import pdf

WORDS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "title": "结清证明", "person": "借款人", "account": "账户", "settled": "结清日期", "paid": "收到还款", "waived": "减免",
        "code": "验证码", "check": "真伪查询", "issued": "出具日期", "seal": "（盖章）",
        "text": "兹证明上述账户项下的债务已于结清日期全部结清，我机构不再就该债务主张任何款项，亦未就清偿收取任何额外费用。",
        "text_waived": "兹证明上述账户项下的债务已按双方约定的减免方案履行完毕：借款人支付了上列还款，其余上列金额由我机构免除。"
        "该债务自结清日期起消灭，我机构不再就其主张任何款项，亦未就清偿收取任何额外费用。",
        "void": "如款项事后被退回，本证明自退回之日起失效，查询结果以网页显示为准。",
    },
    "en": {
        "title": "Certificate of settlement", "person": "Borrower", "account": "Account", "settled": "Settled on",
        "paid": "Payments received", "waived": "Let off", "code": "Code", "check": "Check it at", "issued": "Issued on",
        "seal": "(seal)",
        "text": "We certify that the debt under this account was settled in full on the day named. We claim nothing more under "
        "it, and nothing was charged for settling it.",
        "text_waived": "We certify that the debt under this account was settled on agreed terms: the payments named were "
        "received and the amount named was let off by us. The debt ended on the day named. We claim nothing more under it, and "
        "nothing was charged for settling it.",
        "void": "Should the money be taken back later, this certificate is void from that day; what the page says counts.",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Settled:
    """What a certificate says."""

    lender: Mapping[Lang, str]
    person: str
    account: str
    settled_on: date
    paid: str
    waived: str
    code: str
    address: str
    issued_on: date


def certificate(said: Settled, lang: Lang) -> bytes:
    """The certificate as PDF/A. Raises `NoChineseFont`."""
    words = WORDS[lang]
    rows = [[words["person"], said.person], [words["account"], said.account], [words["settled"], said.settled_on.isoformat()],
            [words["paid"], said.paid], *([[words["waived"], said.waived]] if said.waived else [])]  # fmt: skip
    foot = [[words["code"], said.code], [words["check"], said.address], [words["issued"], said.issued_on.isoformat()]]
    text = words["text_waived" if said.waived else "text"]
    facts = {"lender": said.lender[lang], "title": words["title"], "rows": rows, "text": text, "foot": foot,
             "void": words["void"], "seal": words["seal"]}  # fmt: skip
    return pdf("certificate", facts, said.issued_on)
