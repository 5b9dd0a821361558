"""What is to be checked: the words, who says them to whom, and what is known; read generously."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fairdue.core.errors import Fault, Lang

CLAIMS = (
    "suit_filed", "judgment", "enforcement", "waiver_approved", "plan_approved", "credit_reported", "visit_scheduled",
    "police_report", "lawyer_engaged", "suit_planned", "court_document",
)  # fmt: skip
FLAGS = (*CLAIMS, "time_barred", "willing_to_repay", "first_contact", "whole_message", "spouse_liable", "fees_agreed")
ALIASES = {
    "filed": "suit_filed", "lawsuit_filed": "suit_filed", "sued": "suit_filed", "case_filed": "suit_filed",
    "judgement": "judgment", "judgment_entered": "judgment", "judged": "judgment",
    "enforcement_applied": "enforcement", "enforced": "enforcement",
    "waiver": "waiver_approved", "discount_approved": "waiver_approved", "reduction_approved": "waiver_approved",
    "settlement_approved": "waiver_approved", "instalments_approved": "plan_approved",
    "installment_approved": "plan_approved", "installments_approved": "plan_approved", "plan": "plan_approved",
    "reported": "credit_reported", "credit_report": "credit_reported", "bureau_reported": "credit_reported",
    "visit": "visit_scheduled", "visit_planned": "visit_scheduled", "police_reported": "police_report",
    "police": "police_report", "lawyer": "lawyer_engaged", "attorney_engaged": "lawyer_engaged",
    "lawyer_letter": "lawyer_engaged", "suit_intended": "suit_planned", "legal_action_planned": "suit_planned",
    "summons": "court_document", "barred": "time_barred", "timebarred": "time_barred", "statute_barred": "time_barred",
    "willing": "willing_to_repay", "willing_to_pay": "willing_to_repay", "contact_willing": "willing_to_repay",
    "first": "first_contact", "initial": "first_contact", "fees": "fees_agreed",
}  # fmt: skip
AUDIENCES = {
    "debtor": "debtor borrower customer consumer cardholder 债务人 借款人 本人 持卡人 客户 欠款人",
    "co_borrower": "co_borrower coborrower joint_debtor cosigner co_signer 共同借款人 共借人",
    "guarantor": "guarantor joint_guarantor general_guarantor surety 保证人 担保人 连带责任人",
    "heir": "heir heirs executor estate successor 继承人 遗产管理人",
    "attorney": "attorney lawyer solicitor representative agent_of_debtor guardian 律师 代理人 监护人",
    "contact_person": "contact_person contact emergency_contact reference referee 联系人 紧急联系人",
    "spouse": "spouse wife husband partner 配偶 妻子 丈夫",
    "family": "family parent parents father mother sibling child relative son daughter 家人 父母 亲属 亲戚 子女",
    "employer": "employer colleague coworker co_worker boss manager hr workplace 单位 同事 领导 雇主 公司",
    "other": "other third_party third_person third friend neighbor neighbour landlord stranger public group 第三人 朋友 邻居",
}
THIRD = frozenset({"contact_person", "spouse", "family", "employer", "other"})
WORDS = {
    "lender": "lender creditor bank original_creditor first_party institution 贷款人 银行 债权人 机构",
    "agency": "agency debt_collector collection_agency third_party outsourced vendor debt_buyer 催收机构 外包 委外 第三方",
    "speaker": "collector agent operator caller staff lender agency seat bot robot assistant 催收员 坐席 座席 客服 催收 "
    "催收人员 员工 机器人",
    "no": "false no n 0 否 [] {}",
    "unknown": "unknown null none 未知 不详",
}
CHINESE, ENGLISH = "zh cn chinese 中文 汉语 普通话", "en english 英文 英语"
HAN = re.compile(r"[\u3400-\u9fff]")


class NotReadable(Fault):
    """A line that cannot be checked."""

    code = "wording.not-readable"
    en, en_remedy = (
        "This line cannot be checked: {why}.",
        "Give an object with 'text' or 'turns' (see --schema).",
    )
    zh, zh_remedy = (
        "该行无法检查：{why_zh}。",
        "请提供含 text 或 turns 的对象（格式见 --schema）。",
    )


@dataclass(frozen=True)
class Turn:
    """One turn of a talk; only those of the collector are judged."""

    text: str
    judged: bool = True


@dataclass(frozen=True)
class Said:
    """Words to be checked. A flag that is not in `flags` is unknown; so are amounts and deadlines that are None."""

    turns: tuple[Turn, ...]
    lang: Lang
    audience: str = "debtor"
    sender: str | None = None  # lender, agency, or unknown
    sender_name: str = ""
    flags: Mapping[str, bool] = field(default_factory=dict)
    amounts: tuple[object, ...] | None = None
    deadlines: tuple[object, ...] | None = None
    today: str = ""
    id: object = None
    talk: bool = False

    @property
    def third(self) -> bool:
        """Whoever reads or hears this has no part in the debt."""
        return self.audience in THIRD and not (self.audience == "spouse" and self.flags.get("spouse_liable"))

    @classmethod
    def of(cls, text: str, lang: Lang | None = None, **given: Any) -> Said:
        """One text, with what else is given of the fields."""
        return cls((Turn(text),), lang or _language(text), **given)


def read(row: object) -> Said:
    """Read one JSON object. Raises `NotReadable`."""
    if not isinstance(row, Mapping):
        raise NotReadable(why="it is no JSON object", why_zh="不是 JSON 对象")
    turns = _turns(row)
    known = _object(row, "known", "facts")
    name, kind = _sender(row.get("sender"))
    return Said(
        turns, _lang(row, turns), _audience(row.get("audience", row.get("recipient"))), kind, name, _flags(known),
        _values(known, "amounts", "amount", "balance", "due"), _values(known, "deadlines", "deadline", "dates", "due_date"),
        str(known.get("today") or known.get("on") or row.get("today") or row.get("on") or ""), row.get("id"),
        "turns" in row,
    )  # fmt: skip


def _turns(row: Mapping[str, Any]) -> tuple[Turn, ...]:
    said = row.get("turns")
    if isinstance(said, list) and said:
        return tuple(_turn(turn) for turn in said)
    text = row.get("text")
    if isinstance(text, str):
        return (Turn(text),)
    raise NotReadable(why="'text' is missing or no text", why_zh="缺少 text，或 text 不是文字")


def _turn(turn: object) -> Turn:
    if isinstance(turn, Mapping) and isinstance(turn.get("text"), str):
        return Turn(turn["text"], _plain(turn.get("speaker", "collector")) in WORDS["speaker"].split())
    raise NotReadable(why="a turn needs 'speaker' and 'text'", why_zh="turns 的每一项须有 speaker 和 text")


def _object(row: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    for name in names:
        if row.get(name) is not None:
            if not isinstance(row[name], Mapping):
                raise NotReadable(why=f"'{name}' is no object", why_zh=f"{name} 不是对象")
            found: Mapping[str, Any] = row[name]
            return found
    return {}


def _plain(said: object) -> str:
    return str("" if said is None else said).strip().casefold().replace("-", "_").replace(" ", "_")


def _language(text: str) -> Lang:
    return "zh" if HAN.search(text) else "en"


def _lang(row: Mapping[str, Any], turns: tuple[Turn, ...]) -> Lang:
    said = _plain(row.get("lang")).split("_")[0]
    if said:
        return "zh" if said in CHINESE.split() else "en" if said in ENGLISH.split() else _of_turns(turns)
    return _of_turns(turns)


def _of_turns(turns: tuple[Turn, ...]) -> Lang:
    return _language("".join(turn.text for turn in turns))


def _audience(said: object) -> str:
    if isinstance(said, Mapping):
        said = said.get("kind") or said.get("role") or said.get("relation")
    name = _plain(said)
    if not name:
        return "debtor"
    return next((kind for kind, names in AUDIENCES.items() if name in names.split()), "other")


def _sender(said: object) -> tuple[str, str | None]:
    name = ""
    if isinstance(said, Mapping):
        name, said = str(said.get("name") or ""), said.get("kind") or said.get("role") or said.get("type")
    kind = _plain(said)
    return name, next((one for one in ("agency", "lender") if kind in WORDS[one].split()), None)


def _flags(known: Mapping[str, Any]) -> dict[str, bool]:
    found = {}
    for name, value in known.items():
        key = ALIASES.get(_plain(name), _plain(name))
        if key in FLAGS and (yes := _yes(value)) is not None:
            found[key] = yes
    return found


def _yes(value: object) -> bool | None:
    """Read yes or no; an object or a number that says more than no (a case number, a date) is yes."""
    if value is None or isinstance(value, bool):
        return value
    word = "no" if value in ([], {}) else _plain(value)
    if not word or word in WORDS["unknown"].split():
        return None
    return word not in WORDS["no"].split()


def _values(known: Mapping[str, Any], *names: str) -> tuple[object, ...] | None:
    found = [value for name in names if name in known for value in _flat(known[name])]
    return tuple(found) if any(known.get(name) is not None for name in names) else None


def _flat(value: object) -> list[object]:
    if isinstance(value, Mapping):
        return [item for inner in value.values() for item in _flat(inner)]
    if isinstance(value, list | tuple):
        return [item for inner in value for item in _flat(inner)]
    return [] if value is None or isinstance(value, bool) else [value]


SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "fairdue wording check: one line of input",
    "type": "object",
    "anyOf": [{"required": ["text"]}, {"required": ["turns"]}],
    "properties": {
        "id": {"description": "given back as it came"},
        "lang": {"enum": ["zh", "en"], "description": "found from the text where missing"},
        "text": {"type": "string"},
        "turns": {
            "type": "array", "description": "a talk; only the turns of the collector are judged",
            "items": {"type": "object", "required": ["speaker", "text"],
                      "properties": {"speaker": {"enum": ["collector", "debtor", "other"]}, "text": {"type": "string"}}},
        },
        "audience": {"enum": sorted(AUDIENCES), "description": "who reads or hears it; debtor where missing"},
        "sender": {"anyOf": [
            {"enum": ["lender", "agency"]},
            {"type": "object", "properties": {"kind": {"enum": ["lender", "agency"]}, "name": {"type": "string"}}},
        ]},
        "known": {
            "type": "object", "description": "what is known; what is missing is unknown",
            "properties": {
                **{flag: {"type": "boolean"} for flag in FLAGS},
                "amounts": {"type": "array", "description": "amounts that may be named, in whole units of the currency"},
                "deadlines": {"type": "array", "description": "dates that may be named, YYYY-MM-DD or as written"},
                "today": {"type": "string", "format": "date", "description": "makes 'tomorrow' and 'within 3 days' checkable"},
            },
        },
    },
}  # fmt: skip
