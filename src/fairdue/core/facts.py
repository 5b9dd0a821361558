"""What the guard may be told about a proposed contact: a closed catalogue, columns of it, and the past that counts.

Every fact has a value for "not known" (-1; `UNKNOWN_MONEY` for amounts), and a rule that needs it then refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from fairdue.core import codes
from fairdue.core.codes import NO, UNKNOWN, YES, Code
from fairdue.core.errors import Fault

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
UNKNOWN_MONEY = int(np.iinfo(np.int64).min)


class YesNo(Code):
    """A yes/no fact; its third value is UNKNOWN."""

    NO = (NO, "否", "no")
    YES = (YES, "是", "yes")


@dataclass(frozen=True)
class Fact:
    """One thing the guard may be told. `values` is its code list; None for numbers."""

    zh: str
    en: str
    values: type[Code] | None = None
    unknown: int = UNKNOWN


FACTS: Mapping[str, Fact] = {
    "at": Fact("联系时间", "time of the contact"),
    "zone": Fact("对方所在时区", "time zone of the person"),
    "channel": Fact("渠道", "channel", codes.Channel),
    "mode": Fact("语音方式", "kind of voice contact", codes.Mode),
    "direction": Fact("方向", "direction", codes.Direction),
    "purpose": Fact("目的", "purpose", codes.Purpose),
    "party": Fact("对方身份", "who the person is to the debt", codes.Party),
    "party_refused": Fact("该人明确拒绝联系", "the person asked not to be contacted", YesNo),
    "liable": Fact("已查实应承担责任", "liability is established", YesNo),
    "debtor_incapable": Fact("债务人死亡或不具备行为能力", "the debtor is dead or without capacity", YesNo),
    "discloses_debt": Fact("将透露债务信息", "debt details would be disclosed", YesNo),
    "product": Fact("产品", "product", codes.Product),
    "lender_kind": Fact("机构类型", "kind of lender", codes.LenderKind),
    "association_member": Fact("银行业协会会员", "member of the banking association", YesNo),
    "person": Fact("债务人", "debtor"),
    "point": Fact("联系方式", "contact point"),
    "point_source": Fact("联系方式来源", "where the contact point came from", codes.PointSource),
    "point_status": Fact("联系方式状态", "health of the contact point", codes.PointStatus),
    "point_reserved": Fact("预留联系方式", "reserved with the lender", YesNo),
    "plan_status": Fact("分期协议状态", "status of the instalment plan", codes.PlanStatus),
    "lost_contact": Fact("债务人失联", "the debtor cannot be reached", YesNo),
    "consent_hours": Fact("已约定催收时间", "hours were agreed", YesNo),
    "agreed_from": Fact("约定开始时间", "agreed hours from"),
    "agreed_to": Fact("约定结束时间", "agreed hours to"),
    "owed": Fact("欠款", "amount owed", unknown=UNKNOWN_MONEY),
    "operator_certified": Fact("催收员持证", "the collector is certified", YesNo),
    "paused": Fact("停催", "work is paused", YesNo),
    "disputed": Fact("异议处理中", "the debt is disputed", YesNo),
    "claims_paid": Fact("声称已还", "the person says it is paid", YesNo),
    "ceased": Fact("要求停止联系", "the person asked to cease contact", YesNo),
}


class UnknownFact(Fault):
    """A name or value that is not in the catalogue."""

    code = "guard.unknown-fact"
    en, en_remedy = "'{value}' is not a value of {name}.", "The catalogue of facts lists what can be said."
    zh, zh_remedy = "“{name}”没有取值“{value}”。", "请对照事实目录填写。"


@dataclass(frozen=True)
class Facts:
    """Proposed contacts as columns: every name of FACTS, shape (n,). Zones are indices into `zones`."""

    columns: Mapping[str, I64]
    zones: tuple[str, ...]

    @classmethod
    def of(cls, n: int, zones: tuple[str, ...] = (), **given: npt.ArrayLike) -> Self:
        """Columns that are not given are unknown. Raises `UnknownFact` for a name outside the catalogue."""
        for name in given.keys() - FACTS.keys():
            raise UnknownFact(name=name, value="?")
        made = {
            name: np.broadcast_to(np.asarray(given.get(name, fact.unknown), np.int64), n) for name, fact in FACTS.items()
        }
        return cls(made, zones)

    def __getitem__(self, name: str) -> I64:
        return self.columns[name]

    def __len__(self) -> int:
        return len(self.columns["at"])

    def known(self, name: str) -> Bool:
        """Where the fact is known, shape (n,)."""
        return self.columns[name] != FACTS[name].unknown

    def but(self, **changed: I64) -> Self:
        """The same proposals with some columns changed."""
        return replace(self, columns={**self.columns, **changed})

    def take(self, rows: npt.NDArray[np.intp]) -> Self:
        """Some of the rows."""
        return replace(self, columns={name: column[rows] for name, column in self.columns.items()})

    def row(self, i: int) -> dict[str, Any]:
        """One proposal in names instead of numbers, without what is unknown: for the record and for reading."""
        said: dict[str, Any] = {}
        for name, fact in FACTS.items():
            value = int(self.columns[name][i])
            if value != fact.unknown:
                said[name] = self.zones[value] if name == "zone" else fact.values(value).name if fact.values else value
        return said

    @classmethod
    def from_rows(cls, rows: list[dict[str, Any]]) -> Self:
        """Proposals written in names, as `row` writes them. Raises `UnknownFact`."""
        zones = tuple(sorted({row["zone"] for row in rows if row.get("zone")}))
        for row in rows:
            for name in row.keys() - FACTS.keys():
                raise UnknownFact(name=name, value=row[name])
        columns = {name: [_number(name, fact, row.get(name), zones) for row in rows] for name, fact in FACTS.items()}
        return cls.of(len(rows), zones, **columns)


def _number(name: str, fact: Fact, value: Any, zones: tuple[str, ...]) -> int:
    if value is None:
        return fact.unknown
    if name == "zone":
        return zones.index(value)
    if fact.values is None:
        return int(value)
    word = {True: "YES", False: "NO"}.get(value, value) if fact.values is YesNo else value
    if word not in fact.values.__members__:
        raise UnknownFact(name=name, value=value)
    return int(fact.values[word])


@dataclass(frozen=True)
class History:
    """Past contacts and live reservations as columns, shape (m,): everything that counts, over all channels and agencies.

    `person` is the debtor the contact was about; `at` is utc_minute; `answered` and `talked` are YES, NO or unknown;
    `reserved` is YES for a place taken by a contact that is still to come.
    """

    at: I64
    person: I64
    point: I64
    channel: I64
    mode: I64
    direction: I64
    party: I64
    answered: I64
    talked: I64
    reserved: I64

    @classmethod
    def none(cls) -> Self:
        """No past."""
        return cls(*(np.zeros(0, np.int64) for _ in range(10)))
