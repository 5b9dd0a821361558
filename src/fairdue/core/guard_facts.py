"""What the guard may be told about a proposed contact: a closed catalogue of facts, and columns of them.

Every fact has a value for "not known" (-1; `UNKNOWN_MONEY` for amounts), and a rule that needs it then refuses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from fairdue.core import codes
from fairdue.core.codes import NO, UNKNOWN, YES, Code
from fairdue.core.errors import Fault

Ints = npt.NDArray[np.integer[Any]]
I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]
UNKNOWN_MONEY = int(np.iinfo(np.int64).min)  # a credit balance is negative, so -1 is an amount


class YesNo(Code):
    """A yes/no fact; its third value is UNKNOWN."""

    NO = (NO, "否", "No")
    YES = (YES, "是", "Yes")


@dataclass(frozen=True)
class Fact:
    """One thing the guard may be told. `values` is its list of codes; None for numbers and zones."""

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
    "purpose": Fact("联系目的", "purpose", codes.Purpose),
    "party": Fact("对方身份", "who the person is to the debt", codes.Party),
    "party_refused": Fact("该人已明确拒绝联系", "the person said not to be contacted", YesNo),
    "liable": Fact("已查实应承担责任", "liability is established", YesNo),
    "discloses_debt": Fact("将透露债务信息", "debt details would be disclosed", YesNo),
    "product": Fact("产品", "product", codes.Product),
    "lender_kind": Fact("机构类型", "kind of lender", codes.LenderKind),
    "association_member": Fact("银行业协会会员单位", "member of the banking association", YesNo),
    "person": Fact("债务人", "debtor"),
    "point": Fact("联系方式", "contact point"),
    "point_source": Fact("联系方式来源", "where the contact point came from", codes.PointSource),
    "point_status": Fact("联系方式状态", "health of the contact point", codes.PointStatus),
    "point_reserved": Fact("预留联系方式", "reserved with the lender", YesNo),
    "plan_status": Fact("分期协议状态", "status of the instalment plan", codes.PlanStatus),
    "lost_contact": Fact("债务人失联", "the debtor cannot be reached", YesNo),
    "debtor_incapable": Fact("债务人死亡或无完全行为能力", "the debtor is dead or without full capacity", YesNo),
    "consent_hours": Fact("已约定催收时间", "hours were agreed", YesNo),
    "agreed_from": Fact("约定开始时间", "agreed hours from (minute of the day)"),
    "agreed_to": Fact("约定结束时间", "agreed hours to (minute of the day)"),
    "owed": Fact("欠款金额", "amount owed", unknown=UNKNOWN_MONEY),
    "operator_certified": Fact("催收员持证", "the collector is certified", YesNo),
    "paused": Fact("停催中", "work is paused", YesNo),
    "disputed": Fact("异议处理中", "the debt is disputed", YesNo),
    "claims_paid": Fact("声称已还", "the person says it is paid", YesNo),
    "ceased": Fact("要求停止联系", "the person asked that contact stop", YesNo),
}


class UnknownFact(Fault):
    """A name or value that is not in the catalogue."""

    code = "guard.unknown-fact"
    en = "'{value}' is no value of the fact '{name}'."
    en_remedy = "Use a name and a value of the catalogue of facts; leave out what is not known."
    zh = "“{value}”不是事实“{name}”的有效取值。"
    zh_remedy = "请使用事实目录中的名称和取值；不了解的事实请留空。"


@dataclass(frozen=True)
class Facts:
    """Proposed contacts as columns: one for every name in FACTS, shape (n,). Zones are indices into `zones`."""

    columns: Mapping[str, Ints]
    zones: tuple[str, ...] = ()

    @classmethod
    def of(cls, n: int, zones: tuple[str, ...] = (), **given: npt.ArrayLike) -> Self:
        """Columns given by name; those not given are unknown. A single value stands for all rows.

        Raises `UnknownFact` for a name outside the catalogue and for a code outside its list: an impossible code would
        otherwise pass as "some other value" and switch rules off.
        """
        for name in given.keys() - FACTS.keys():
            raise UnknownFact(name=name, value=given[name])
        made = {name: np.broadcast_to(_column(name, given.get(name), len(zones)), n) for name in FACTS}
        return cls(made, zones)

    def __getitem__(self, name: str) -> Ints:
        """The column of a fact, shape (n,)."""
        return self.columns[name]

    def __len__(self) -> int:
        """How many proposals."""
        return len(self.columns["at"])

    def known(self, name: str) -> Bool:
        """Where the fact is known, shape (n,)."""
        return np.not_equal(self.columns[name], FACTS[name].unknown)

    def is_in(self, name: str, values: frozenset[int]) -> Bool:
        """Where the fact has one of some values, shape (n,); False where it is unknown."""
        column = self.columns[name]
        found = np.zeros(len(column), bool)
        for value in values:  # few: comparing each is faster than a lookup
            found |= column == value
        return found

    def at(self, utc_minute: Ints) -> Self:
        """The same proposals at other instants."""
        return replace(self, columns={**self.columns, "at": utc_minute})

    def take(self, rows: Rows) -> Self:
        """Some of the proposals."""
        return replace(self, columns={name: column[rows] for name, column in self.columns.items()})

    def row(self, i: int) -> dict[str, Any]:
        """One proposal in names instead of numbers, without what is unknown: for the record, and to judge again."""
        found = {name: int(self.columns[name][i]) for name in FACTS}
        return {name: _said(name, value, self.zones) for name, value in found.items() if value != FACTS[name].unknown}

    @classmethod
    def from_rows(cls, rows: Sequence[Mapping[str, Any]]) -> Self:
        """Proposals written in names, as `row` writes them. Raises `UnknownFact`."""
        for row in rows:
            for name in row.keys() - FACTS.keys():
                raise UnknownFact(name=name, value=row[name])
        zones = tuple(sorted({row["zone"] for row in rows if row.get("zone")}))
        return cls.of(
            len(rows), zones, **{name: [_number(name, row.get(name), zones) for row in rows] for name in FACTS}
        )


def _column(name: str, given: npt.ArrayLike | None, zones: int) -> Ints:
    fact = FACTS[name]
    if given is None:
        return np.array(fact.unknown)
    column = np.asarray(given)
    top = zones if name == "zone" else len(fact.values) if fact.values else None
    if top is None or not np.issubdtype(column.dtype, np.signedinteger):  # codes stay as narrow as they come
        column = column.astype(np.int64, casting="safe" if column.size else "unsafe", copy=False)
    if top is not None and column.size and (column.min() < UNKNOWN or column.max() >= top):
        raise UnknownFact(name=name, value=int(column.max() if column.max() >= top else column.min()))
    return column


def _said(name: str, value: int, zones: tuple[str, ...]) -> str | int:
    values = FACTS[name].values
    if name == "zone":
        return zones[value]
    return values(value).name if values else value


def _number(name: str, value: Any, zones: tuple[str, ...]) -> int:
    values = FACTS[name].values
    if value is None:
        return FACTS[name].unknown
    if name == "zone":
        return zones.index(value)
    if values is not None:
        return code_of(name, values, value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise UnknownFact(name=name, value=value)
    return value


def code_of(name: str, values: type[Code], said: Any) -> int:
    """The number of a code written by name; `True` and `False` are YES and NO. Raises `UnknownFact`."""
    word = str(said) if not isinstance(said, bool) else "YES" if said else "NO"
    if word not in values.__members__:
        raise UnknownFact(name=name, value=said)
    return int(values[word])
