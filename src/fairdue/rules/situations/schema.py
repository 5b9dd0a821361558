"""What a situation may say: every object with its keys, what each key tells the guard, and how it is written.

One table serves the reader, the JSON schema and the documentation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fairdue.core import codes
from fairdue.core.codes import Code
from fairdue.core.guard_catalogue import FACTS, Form, YesNo
from fairdue.rules.outcomes import load_outcomes


@dataclass(frozen=True)
class Key:
    """One key of an object. `fact`: what it tells the guard, or what it is written like; `written`: how else it is written."""

    en: str
    zh: str
    fact: str = ""
    written: str = ""  # text, zone, time, date, clock, id, ids, list, one, or an object's name
    values: type[Code] | None = None


def _fact(name: str) -> Key:
    fact = FACTS[name]
    return Key(fact.en, fact.zh, name, "", fact.values)


def _facts(*names: str, **called: str) -> dict[str, Key]:
    return {name: _fact(name) for name in names} | {key: _fact(name) for key, name in called.items()}


OBJECTS: Mapping[str, Mapping[str, Key]] = {
    "situation": {
        "id": Key("your reference, given back", "编号，原样返回", written="text"),
        "pack": Key("law pack, such as cn", "规则包，如 cn", written="text"),
        "policy": Key("the lender's own policy", "机构制度", written="text"),
        "date": Key("business date, where the proposal has no time", "业务日期（联系未写时间时使用）", written="date"),
        "person": Key("the person contacted", "被联系人", written="person"),
        "lender": Key("the lender", "贷款机构", written="lender"),
        "role": _fact("role"),
        "product": Key("product, where no debts are listed", "产品（未列债务时使用）", "product", values=codes.Product),
        "debts": Key("the debts; complete", "债务（应列全）", written="list:debt"),
        "parties": Key("who is who to the debts", "相关各方", written="list:party"),
        "points": Key("numbers and addresses", "联系方式", written="list:point"),
        "organisations": Key("lenders and agencies that collect", "催收方", written="list:organisation"),
        "consents": Key(
            "consents and agreed windows; complete, absent means none",
            "同意与约定（应列全，未列即没有）",
            written="list:consent",
        ),
        "flags": Key(
            "what holds now: a complete list, or a mapping of flag to true or false",
            "当前标记：完整列表，或逐项是与否",
            written="flags",
        ),
        "operator": Key("who makes the contact", "催收员", written="operator"),
        "history": Key(
            "past contacts; complete, [] for none", "历史联系（应列全，没有则写 []）", written="list:contact"
        ),
        "proposal": Key("what is proposed", "拟进行的行为", written="proposal"),
    },
    "person": {
        "zone": Key(
            "IANA time zone; a list where it is not certain: all must allow",
            "IANA 时区；不确定时列出各种可能",
            written="zone",
        ),
        "place": Key(
            "country, state, city, such as CN, US-MA, US-NY-NYC, GB-SCT",
            "所在地，如 CN、US-MA、US-NY-NYC、GB-SCT",
            written="place",
        ),
    },
    "lender": {
        "name": Key("name", "名称", written="text"),
        **_facts("association_member", kind="lender_kind"),
    },
    "debt": {
        "id": Key("name of the debt", "债务编号", written="id"),
        "status": Key(
            "OVERDUE, PAID, SETTLED, WRITTEN_OFF …; PAID and SETTLED owe nothing",
            "状态；PAID、SETTLED 即无欠款",
            written="text",
        ),
        "assigned": Key("the debt was assigned", "债权已转让", "bought", values=YesNo),
        "first_contact_on": Key(
            "day of the first communication; null where there was none",
            "首次联系日；尚未联系写 null",
            "first_contact_on",
        ),
        "validation_sent_on": Key(
            "day the validation notice was sent; null where not", "核实通知发出日；未发写 null", "validation_sent_on"
        ),
        **_facts(
            "product",
            "owed",
            "days_past_due",
            "formed_on",
            "disputed",
            "verified",
            "suit_filed",
            "judgment",
            "time_barred",
            "items_disclosed",
            "assignment_notified_on",
            "credit_told_on",
            "last_action_on",
            "forbearance_considered",
            "transfer_notice_on",
            "written_notice_on",
            "spoke_on",
            plan="plan_status",
            annual_cost_ppm="annual_cost",
            price_cap_ppm="price_cap",
            penalty_ratio_ppm="penalty_ratio",
        ),
    },
    "party": {
        "id": Key("name of the person", "人员编号", written="id"),
        "kind": _fact("party"),
        "refused": Key("said not to be contacted", "已明确拒绝联系", "party_refused", values=YesNo),
        "alive": _fact("party_alive"),
        "capable": _fact("party_capable"),
        **_facts(
            "liable",
            "guarantee_kind",
            "guarantee_lapsed",
            "enforcement_failed",
            "recourse_waived",
            "renounced",
            "willing_to_repay",
        ),
    },
    "point": {
        "id": Key("name of the point", "联系方式编号", written="id"),
        "owner": Key("whose it is: name or kind of a party", "所属人员", written="ref"),
        **_facts(kind="point_kind", source="point_source", reserved="point_reserved", status="point_status"),
    },
    "organisation": {
        "id": Key("name of the organisation", "机构编号", written="id"),
        "role": _fact("role"),
        "listed": _fact("agency_listed"),
        "contract_end": Key("last day of the contract", "合同到期日", written="date"),
        "sub_contracted_by": Key("the agency it works for; null for none", "转委托机构；没有写 null", written="text"),
        **_facts("borrower_notified_on", "reviewed_on", "delegation_agreed"),
    },
    "consent": {
        "scope": Key("what was agreed: see the list of scopes", "约定内容，见下表", written="scope"),
        "by": Key(
            "who consented: name or kind of a party; the person contacted unless said",
            "同意人；未写即被联系人",
            written="ref",
        ),
        "how": Key("how it was given", "同意方式", written="text"),
        "given_on": Key(
            "when it was given; a consent without a date is not certain", "同意日期；未写视为不确定", written="date"
        ),
        "expires_on": Key("last day it holds", "最后有效日", written="date"),
        "withdrawn_on": Key("first day it no longer holds", "撤回日", written="date"),
        "from": Key("of agreed hours: a time of day", "约定时段开始", written="clock"),
        "to": Key("of agreed hours: a time of day", "约定时段结束", written="clock"),
        "channel": Key("of a channel", "渠道", "channel", values=codes.Channel),
        "debts": Key("only for these debts", "仅限这些债务", written="ids"),
    },
    "flag": {
        "flag": Key("its name", "标记名称", written="text"),
        "since": Key("first day", "起始日", written="date"),
        "until": Key("first day it no longer holds", "终止日（当日不再有效）", written="date"),
    },
    "operator": {
        "id": Key("name", "编号", written="text"),
        "certified": _fact("operator_certified"),
        "announced": _fact("agent_announced"),
        **_facts("exam_on", "visitors", "recording", "introduces_as", "names_lender", "sender_approved"),
    },
    "contact": {
        "time": Key("when; without an offset, at the person's place", "时间；未写时差则为对方当地时间", written="time"),
        "party": Key("who was reached or dialled: name or kind of a party", "被联系人", written="ref"),
        "point": Key("by which number or address", "联系方式", written="id"),
        "debts": Key("about which debts; all unless said", "涉及的债务；未写即全部", written="ids"),
        "organisation": Key("by whom", "催收方", written="text"),
        "outcome": Key(
            "a code of the catalogue of outcomes, or CONNECTED, TALKED, UNANSWERED",
            "结果码，或 CONNECTED、TALKED、UNANSWERED",
            written="outcome",
        ),
        "times": Key("how many such contacts", "次数", written="count"),
        "answered": Key("answered", "接通", "answered", values=YesNo),
        "talked": Key("an effective talk with the person", "与本人有效通话", "talked", values=YesNo),
        "reserved": Key("under way: its outcome is open", "进行中，结果未定", "reserved", values=YesNo),
        "consented": Key("made with consent", "经同意", "consented", values=YesNo),
        "misdialled": Key("not connected to the dialled number", "未接至所拨号码", "misdialled", values=YesNo),
        "reserved_point": Key("to a number the debtor reserved", "拨打债务人预留号码", "to_reserved", values=YesNo),
        **_facts("channel", "mode", "direction", "purpose", "point_kind"),
    },
    "proposal": {
        "time": Key("when; without an offset, at the person's place", "时间；未写时差则为对方当地时间", written="time"),
        "party": Key("whom: name or kind of a party", "对象", written="ref"),
        "point": Key("by which number or address", "联系方式", written="id"),
        "debts": Key("about which debts; all unless said", "涉及的债务；未写即全部", written="ids"),
        "organisation": Key("by which organisation", "催收方", written="text"),
        **_facts(
            "act",
            "channel",
            "mode",
            "direction",
            "purpose",
            "plan_months",
            "beyond_estate",
            "place_inconvenient",
            "synthetic",
            "labelled",
            "discloses_debt",
            "identity_first",
            "offers_opt_out",
            "states_collector",
            "gives_validation",
            "letter_complete",
            "publicly_visible",
            "threatens_suit",
            "enters",
            "announced",
            "asks_location_only",
            "earlier_answer_wrong",
            "payment_to_disputed",
        ),
    },
}

SCOPES: Mapping[str, str] = {  # of consents: the fact each tells
    "hours": "consent_hours",
    "frequency": "consent_frequency",
    "calls": "consent_fresh",
    "channel": "consent_channel",
    "channel_refused": "channel_refused",
    "text": "channel_consent_on",
    "place": "consent_place",
    "entry": "consent_entry",
    "third_party": "consent_third_party",
    "attorney": "consent_attorney",
    "robot": "consent_robot",
    "sharing": "consent_sharing",
}
FLAGS: Mapping[str, str] = {  # the fact each tells
    "ceased": "ceased",
    "attorney": "attorney",
    "vulnerable": "vulnerable",
    "lacks_capacity": "lacks_capacity",
    "adviser_plan": "adviser_plan",
    "bankruptcy": "bankrupt",
    "paused": "paused",
    "claims_paid": "claims_paid",
    "lost_contact": "lost_contact",
    "bad_moment": "bad_moment",
    "moratorium": "moratorium",
}
PLACES: Mapping[str, codes.Place] = {
    "US-MA": codes.Place.US_MA,
    "US-NY-NYC": codes.Place.US_NYC,
    "GB-EAW": codes.Place.GB_EAW,
    "GB-ENG": codes.Place.GB_EAW,
    "GB-WLS": codes.Place.GB_EAW,
    "GB-SCT": codes.Place.GB_SCT,
    "GB-NIR": codes.Place.GB_NIR,
}
PLAIN_OUTCOMES: Mapping[str, tuple[int, int]] = {  # answered, talked
    "CONNECTED": (codes.YES, codes.UNKNOWN),
    "TALKED": (codes.YES, codes.YES),
    "UNANSWERED": (codes.NO, codes.NO),
    "DELIVERED": (codes.NO, codes.NO),
    "SENT": (codes.NO, codes.NO),
}
WRITTEN: Mapping[Form, dict[str, Any]] = {
    Form.DAY: {"type": ["string", "null"], "format": "date"},
    Form.MONEY: {"type": ["integer", "null"], "description": "minor units"},
    Form.COUNT: {"type": ["integer", "null"]},
}
TYPES: Mapping[str, dict[str, Any]] = {
    "text": {"type": ["string", "null"]},
    "id": {"type": "string"},
    "ref": {"type": "string"},
    "ids": {"type": "array", "items": {"type": "string"}},
    "date": {"type": ["string", "null"], "format": "date"},
    "clock": {"type": "string", "pattern": "^([01][0-9]|2[0-4]):[0-5][0-9]$"},
    "count": {"type": "integer", "minimum": 1},
    "time": {"type": "string", "description": "2026-03-02T09:00 or 2026-03-02T09:00+08:00"},
    "zone": {"type": ["string", "array"], "items": {"type": "string"}},
    "place": {"type": "string"},
    "scope": {"enum": [*SCOPES]},
    "flags": {
        "oneOf": [
            {"type": "array", "items": {"oneOf": [{"enum": [*FLAGS]}, {"$ref": "#/$defs/flag"}]}},
            {"type": "object", "propertyNames": {"enum": [*FLAGS]}, "additionalProperties": {"type": "boolean"}},
        ]
    },
}


def json_schema() -> dict[str, Any]:
    """The schema of one situation (JSON Schema 2020-12)."""
    named = {name: _object(keys) for name, keys in OBJECTS.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A situation the guard is asked about",
        **named.pop("situation"),
        "required": ["pack", "proposal"],
        "$defs": named,
    }


def _object(keys: Mapping[str, Key]) -> dict[str, Any]:
    return {"type": "object", "properties": {name: _key(key) for name, key in keys.items()}}


def _key(key: Key) -> dict[str, Any]:
    return {**_written(key), "description": f"{key.en} / {key.zh}"}


def _written(key: Key) -> dict[str, Any]:
    """How a value is written."""
    if key.written.startswith("list:"):
        return {"type": "array", "items": {"$ref": f"#/$defs/{key.written[5:]}"}}
    if key.written in OBJECTS:
        return {"$ref": f"#/$defs/{key.written}"}
    if key.written:
        return {"enum": [*PLAIN_OUTCOMES, *load_outcomes().all]} if key.written == "outcome" else TYPES[key.written]
    if key.values is not None:
        return {"type": ["boolean", "null"]} if key.values is YesNo else {"enum": [*key.values.__members__, None]}
    return WRITTEN[FACTS[key.fact].form]


EXAMPLE: Mapping[str, Any] = {
    "id": "1",
    "pack": "cn",
    "person": {"zone": "Asia/Shanghai", "place": "CN"},
    "lender": {"kind": "BANK", "association_member": True},
    "role": "LENDER",
    "debts": [
        {
            "id": "card",
            "product": "CARD",
            "status": "OVERDUE",
            "owed": 523400,
            "days_past_due": 35,
            "formed_on": "2024-05-10",
            "plan": "NONE",
            "disputed": False,
            "suit_filed": False,
            "judgment": False,
            "time_barred": False,
            "assigned": False,
            "annual_cost_ppm": 182500,
            "items_disclosed": True,
        }
    ],
    "parties": [{"id": "wang", "kind": "BORROWER", "alive": True, "capable": True, "refused": False, "liable": True}],
    "points": [
        {"id": "mobile", "owner": "wang", "kind": "MOBILE", "source": "CONTRACT", "reserved": True, "status": "GOOD"}
    ],
    "organisations": [],
    "consents": [{"scope": "hours", "from": "19:00", "to": "22:00", "given_on": "2026-02-01", "how": "recorded call"}],
    "flags": [],
    "operator": {
        "certified": True,
        "exam_on": "2026-01-15",
        "recording": True,
        "introduces_as": "LENDER",
        "names_lender": True,
        "sender_approved": True,
    },
    "history": [
        {
            "time": "2026-03-02T19:05",
            "channel": "CALL",
            "mode": "TALK",
            "direction": "OUT",
            "purpose": "COLLECT",
            "party": "wang",
            "point": "mobile",
            "debts": ["card"],
            "outcome": "UNANSWERED",
        }
    ],
    "proposal": {
        "act": "CONTACT",
        "time": "2026-03-02T19:30",
        "channel": "CALL",
        "mode": "TALK",
        "direction": "OUT",
        "purpose": "COLLECT",
        "party": "wang",
        "point": "mobile",
        "debts": ["card"],
        "discloses_debt": True,
        "identity_first": True,
        "synthetic": False,
        "publicly_visible": False,
    },
}
