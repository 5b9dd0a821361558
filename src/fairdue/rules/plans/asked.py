"""A situation asked as JSON, self-contained, and the choice set answered as JSON: the form of the command line and the API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from fairdue.core.afford import Basis, Income, Outgoing
from fairdue.core.codes import UNKNOWN, Code, Component, LenderKind, Product, Role
from fairdue.core.errors import Fault
from fairdue.core.plan_terms import Hardship, OfferKind
from fairdue.core.plans import Choices, Offer, Refused, choices
from fairdue.core.waterfall import OrderIncomplete, parse_order
from fairdue.rules.living_costs import living_costs_in
from fairdue.rules.plans import load_book, load_terms, referrals_for
from fairdue.rules.plans.household import Debt, Household, Judged, judge, situation

C = TypeVar("C", bound=Code)

# Every key of a situation: needed or not, and what it means.
KEYS: Mapping[str, tuple[bool, str, str]] = {
    "id": (False, "Your own name for the situation; it comes back.", "自定的情形名称，原样返回。"),
    "on": (True, "Business date, YYYY-MM-DD.", "业务日期，YYYY-MM-DD。"),
    "product": (True, "`CARD`, `CONSUMER`, `BUSINESS`, `MORTGAGE` or `AUTO`.", "产品代码。"),
    "lender_kind": (True, "Kind of lender, for the price caps: `BANK`, `CONSUMER_FINANCE` …", "机构类型，用于价格上限。"),
    "balances": (True, "What is owed by component, whole minor units: `PRINCIPAL`, `INTEREST`, `PENALTY`, `FEES`, `COSTS`.",
                 "按构成列出的欠款，最小货币单位整数。"),
    "dpd": (True, "Days past due.", "逾期天数。"),
    "role": (True, "Role of the person who offers.", "提出方案者的角色。"),
    "currency": (False, "ISO 4217; `CNY` unless said.", "币种，默认 `CNY`。"),
    "components_known": (False, "False where only the total is certain.", "仅总额确定时为 false。"),
    "annual_ppm": (False, "Contract rate, parts per million a year.", "合同年利率，百万分比。"),
    "formed_on": (False, "Day the contract was formed.", "合同成立日。"),
    "lpr_ppm": (False, "One-year LPR on that day, parts per million.", "合同成立时一年期LPR，百万分比。"),
    "contract_order": (False, "Allocation order of the contract.", "合同约定的冲还顺序。"),
    "income": (False, "Per line an amount a month, or `{amount, evidenced}`.", "各项月收入，或 `{amount, evidenced}`。"),
    "outgoings": (False, "Per line an amount a month.", "各项月支出。"),
    "place": (False, "Where the household lives.", "居住地。"),
    "adults": (False, "Adults in the household; 1 unless said.", "成年人数，默认 1。"),
    "children": (False, "Children under 16; 0 unless said.", "16 岁以下人数，默认 0。"),
    "lump": (False, "A sum at hand, minor units.", "手头可动用的款项。"),
    "hardship": (False, "What happened: `JOB_LOSS`, `ILLNESS` …", "困难原因。"),
    "pay_day": (False, "Day of the month the income arrives.", "每月收入到账日。"),
    "plans": (False, "Instalments a month of other plans that perform.", "其他履行中方案的月供。"),
    "terms": (False, "Name of the terms and matrix; `cn` unless said.", "条款与权限名称，默认 `cn`。"),
}  # fmt: skip


class NotASituation(Fault):
    """A line that cannot be asked about."""

    code = "offers.not-a-situation"
    en, en_remedy = "'{key}' {what}.", "Mend that key; the keys stand in the reference of JSON answers."
    zh, zh_remedy = "“{key}”{what_zh}。", "请修正该键；键名见 JSON 参考。"


@dataclass(frozen=True)
class Answer:
    """What the engine found for one situation."""

    identity: Any
    exponent: int
    judged: Judged
    hardship: Hardship
    found: Choices
    revision: str
    terms: str


def ask(said: Any) -> Answer:
    """The choice set of one situation. Raises `NotASituation`, and what loading may raise."""
    _keys(said)
    on, product, name = _day(said, "on"), _code(said, "product", Product), str(said.get("terms", "cn"))
    household = _household(said)
    currency = str(said.get("currency", "CNY"))
    judged = judge(household, on, living_costs_in(currency))
    debt = Debt(
        product, _code(said, "lender_kind", LenderKind), _balances(said), _whole(said, "dpd"),
        _yes(said, "components_known"), _whole(said, "annual_ppm", UNKNOWN), _day(said, "formed_on", needed=False),
        _whole(said, "lpr_ppm", UNKNOWN), _order(said),
    )  # fmt: skip
    book = load_book(name, on, product, currency)
    found = choices(situation(debt, household, judged, _code(said, "role", Role), on), book)
    return Answer(said.get("id"), 2, judged, household.hardship, found, book.revision, name)


def _keys(said: Any) -> None:
    if not isinstance(said, dict):
        raise NotASituation(key="", what="is no JSON object", what_zh="不是 JSON 对象")
    for key in said.keys() - KEYS.keys():
        raise NotASituation(key=key, what="is not known", what_zh="不是可用的键")
    for key in (k for k, (needed, _, _) in KEYS.items() if needed and said.get(k) is None):
        raise NotASituation(key=key, what="is missing", what_zh="缺失")


def _whole(said: Mapping[str, Any], key: str, otherwise: int | None = None, least: int = 0) -> int:
    value = said.get(key)
    if value is None and otherwise is not None:
        return otherwise
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 2**53:
        raise NotASituation(key=key, what="must be a whole number of zero or more", what_zh="须为不小于零的整数")
    return value


def _yes(said: Mapping[str, Any], key: str) -> bool:
    value = said.get(key, True)
    if not isinstance(value, bool):
        raise NotASituation(key=key, what="must be true or false", what_zh="须为 true 或 false")
    return value


def _day(said: Mapping[str, Any], key: str, *, needed: bool = True) -> Any:
    value = said.get(key)
    if value is None and not needed:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise NotASituation(
            key=key, what="must be a date like 2026-09-30", what_zh="须为 2026-09-30 形式的日期"
        ) from error


def _code(said: Mapping[str, Any], key: str, kind: type[C], otherwise: C | None = None) -> C:
    value = said.get(key)
    if value is None and otherwise is not None:
        return otherwise
    if not isinstance(value, str) or value not in kind.__members__:
        known = ", ".join(kind.__members__)
        raise NotASituation(key=key, what=f"must be one of {known}", what_zh=f"须为 {known} 之一")
    return kind[value]


def _lines(said: Mapping[str, Any], key: str, kind: type[C]) -> dict[C, Any]:
    given = said.get(key) or {}
    if not isinstance(given, dict) or given.keys() - kind.__members__.keys():
        known = ", ".join(kind.__members__)
        raise NotASituation(
            key=key, what=f"must be an object with keys of {known}", what_zh=f"须为以 {known} 为键的对象"
        )
    return {kind[name]: value for name, value in given.items() if value is not None}


def _balances(said: Mapping[str, Any]) -> tuple[int, int, int, int, int]:
    given = _lines(said, "balances", Component)
    a, b, c, d, e = (_whole({"balances": given.get(component, 0)}, "balances") for component in Component)
    return a, b, c, d, e


def _order(said: Mapping[str, Any]) -> str:
    text = str(said.get("contract_order") or "")
    try:
        if text:
            parse_order(text)
    except OrderIncomplete as fault:
        raise NotASituation(
            key="contract_order", what="is no allocation order", what_zh="不是有效的冲还顺序"
        ) from fault
    return text


def _household(said: Mapping[str, Any]) -> Household:
    income = {line: _income(value) for line, value in _lines(said, "income", Income).items()}
    outgoings = {
        line: _whole({"outgoings": value}, "outgoings") for line, value in _lines(said, "outgoings", Outgoing).items()
    }
    pay_day = _whole(said, "pay_day", 0)
    if pay_day > 31:  # noqa: PLR2004 - the longest month
        raise NotASituation(key="pay_day", what="must be a day of the month", what_zh="须为 1 至 31")
    return Household(
        str(said.get("place") or ""), _whole(said, "adults", 1, 1), _whole(said, "children", 0), income, outgoings,
        None if said.get("lump") is None else _whole(said, "lump"), pay_day,
        _code(said, "hardship", Hardship, Hardship.NONE), _whole(said, "plans", 0),
    )  # fmt: skip


def _income(value: Any) -> tuple[int, Basis]:
    if isinstance(value, dict):
        proven = Basis.EVIDENCED if value.get("evidenced") is True else Basis.STATED
        return _whole({"income": value.get("amount")}, "income"), proven
    return _whole({"income": value}, "income"), Basis.STATED


def as_dict(answer: Answer) -> dict[str, Any]:
    """The answer for a program; amounts in whole minor units, rates in parts per million."""
    j, e = answer.judged, answer.exponent
    return {
        "id": answer.identity,
        "afford": {
            "income": j.income, "living": j.living, "protected": j.protected, "debts": j.debts, "left": j.left,
            "evidenced_ppm": j.evidenced_ppm, "minimum": j.floor.kind.name, "minimum_amount": j.floor.amount,
            "minimum_source": j.floor.figure.source, "needs": [w.as_dict(e) for w in j.needs],
        },
        "offers": [offer_dict(o, answer.terms) for o in answer.found.offers],
        "not_offered": [_refused(r, e) for r in answer.found.refused],
        "why": [w.as_dict(e) for w in answer.found.why],
        "referrals": [{"title": dict(r.title), "text": dict(r.text)} for r in referrals_for(answer.hardship)],
        "revision": answer.revision,
    }  # fmt: skip


def offer_dict(o: Offer, terms: str) -> dict[str, Any]:
    """One offer for a program."""
    title = load_terms(terms).titles[o.code]
    return {
        "code": o.code, "title": dict(title), "kind": o.kind.name, "months": o.months,
        "payments": [{"on": p.on.isoformat(), "amount": p.amount, "interest": p.interest} for p in o.payments],
        "total": o.total, "interest": o.interest, "annual_ppm": o.annual_ppm, "eac_ppm": o.eac_ppm,
        "waived": {c.name: o.waived[c] for c in Component}, "waived_at_end": o.at_end, "pv": o.pv,
        "expected": o.expected, "risk_ppm": o.risk_ppm, "risk_is": "judgement", "share_ppm": o.share_ppm,
        "review_on": o.review_on and o.review_on.isoformat(), "approvers": [r.name for r in o.approvers],
        "counts": o.counts, "order": [Component(c).name for c in o.order],
    }  # fmt: skip


def _refused(r: Refused, exponent: int) -> dict[str, Any]:
    return {"code": r.code, "kind": OfferKind(r.kind).name, "months": r.months,
            "why": [w.as_dict(exponent) for w in r.why]}  # fmt: skip


def answer_line(text: str) -> dict[str, Any]:
    """One line of JSON in, one object out: the answer, or what is wrong with the line."""
    try:
        return as_dict(ask(json.loads(text)))
    except json.JSONDecodeError as error:
        fault = NotASituation(key="line", what=f"is not JSON ({error.msg})", what_zh="不是有效的 JSON")
        return {"error": fault.as_dict()}
    except Fault as fault:
        return {"error": fault.as_dict()}
