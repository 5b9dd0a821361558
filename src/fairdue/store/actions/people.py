"""People beside the borrower: what is established about them, on what evidence, and how they came to be known.

A fact that forbids holds at once; one that lets more be asked of somebody waits for a second person.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from fairdue.core import points
from fairdue.core.codes import Channel, GuaranteeKind, Party, PointKind, PointSource, PointStatus, Role
from fairdue.core.errors import Fault
from fairdue.store import access, audit, clock
from fairdue.store.access import NotYours
from fairdue.store.actions import approvals, legal_clocks
from fairdue.store.actions.circles import same_number
from fairdue.store.locks import lock_people
from fairdue.store.models import Case, Link, LinkEvidence, Person, Point, User
from fairdue.store.seal import mask_name, mask_tail, sealer

CHECKERS = (Role.LEAD, Role.COMPLIANCE)
LAWFUL = (
    PointSource.CONTRACT, PointSource.RESERVED, PointSource.AUTHORISED, PointSource.PUBLIC,
    PointSource.DISCLOSED_BY_CONTACT, PointSource.BUREAU,
)  # fmt: skip
MAY_BE_ADDED = (
    Party.CO_BORROWER,
    Party.GUARANTOR,
    Party.SPOUSE,
    Party.HEIR,
    Party.CONTACT,
    Party.ATTORNEY,
    Party.REPRESENTATIVE,
)
WRITTEN: dict[int, Callable[[str], str | None]] = {
    int(Channel.CALL): points.phone, int(Channel.SMS): points.phone, int(Channel.EMAIL): points.email,
}  # fmt: skip


class EvidenceNeeded(Fault):
    """Nothing is established without something that shows it."""

    code = "people.evidence-needed"
    en, en_remedy = "This needs evidence.", "Say which paper or words show it, and where it lies."
    zh, zh_remedy = "须注明依据。", "请说明由何种材料或陈述证明，以及材料存放处。"


class NotAFact(Fault):
    """The value does not fit the fact, or the fact does not fit the person."""

    code = "people.not-a-fact"
    en, en_remedy = (
        "'{value}' cannot be recorded as {fact} of this person.",
        "Choose one of the facts and values shown.",
    )
    zh, zh_remedy = "不能将“{value}”登记为此人的“{fact}”。", "请从页面所列事实与取值中选择。"


class NotKnownWhence(Fault):
    """A number nobody can say the lawful source of."""

    code = "people.not-known-whence"
    en = "A number from '{source}' may not be used without a lawful source and basis (PIPL art. 13; GB/T 45251-2025, 5.3)."
    en_remedy = (
        "Use only what the contract, the borrower's authorisation or a lawful public source gives, and say which."
    )
    zh = "来源为“{source}”的联系方式不得使用：须注明合法来源与依据（个人信息保护法第十三条；GB/T 45251-2025 第 5.3 条）。"
    zh_remedy = "仅可使用合同、债务人授权或合法公开渠道取得的联系方式，并注明依据。"


class NotANumber(Fault):
    """It is no number or address of that channel."""

    code = "people.not-a-number"
    en, en_remedy = (
        "'{value}' is no {channel} of anybody.",
        "Write a telephone number, an e-mail address or a postal address.",
    )
    zh, zh_remedy = "“{value}”不是有效的{channel_zh}联系方式。", "请填写电话号码、电子邮箱或通信地址。"


class AlreadyThere(Fault):
    """The same is recorded already."""

    code = "people.already-there"
    en, en_remedy = "This is recorded already.", "Nothing needs to be done."
    zh, zh_remedy = "已有相同记录。", "无需再次登记。"


@dataclass(frozen=True)
class Sort:
    """One fact that can be established about a linked person: for whom, which values, and which of them open something."""

    column: str
    parties: frozenset[int]
    values: tuple[Any, ...]  # of codes and yes/no; empty: a day or an amount
    opens: tuple[Any, ...]  # values that let more be asked; they wait for a second person
    kind: str = "choice"  # or day, money


_LIABLE = frozenset({Party.CO_BORROWER, Party.GUARANTOR, Party.SPOUSE, Party.HEIR})
_ALL = frozenset(MAY_BE_ADDED)
_YES_NO = (True, False)
SORTS: dict[str, Sort] = {
    one.column: one
    for one in (
        Sort("liable", _LIABLE, _YES_NO, (True,)),
        Sort(
            "guarantee_kind", frozenset({Party.GUARANTOR}), tuple(map(int, GuaranteeKind)), (int(GuaranteeKind.JOINT),)
        ),
        Sort("guarantee_until", frozenset({Party.GUARANTOR}), (), (), "day"),
        Sort("enforcement_failed", frozenset({Party.GUARANTOR}), _YES_NO, (True,)),
        Sort("recourse_waived", frozenset({Party.GUARANTOR}), _YES_NO, (True,)),
        Sort("consents_to_changes", frozenset({Party.GUARANTOR}), _YES_NO, (True,)),
        Sort("liable_up_to", frozenset({Party.GUARANTOR, Party.HEIR}), (), (), "money"),
        Sort("renounced", frozenset({Party.HEIR}), _YES_NO, (False,)),
        Sort("willing_to_repay", _ALL, _YES_NO, (True,)),
        Sort("alive", _ALL, _YES_NO, ()),
        Sort("capable", _ALL, _YES_NO, (True,)),
    )
}
ALWAYS_CHECKED = frozenset({"guarantee_until", "liable_up_to"})  # which way they cut depends on the day


@transaction.atomic
def establish(user: User, link_id: int, fact: str, value: Any, evidence: str) -> LinkEvidence:
    """Record a fact about a linked person with its evidence; what opens something waits for a second person.

    Raises `NotYours`, `NotAFact`, `EvidenceNeeded`.
    """
    link = _link(user, link_id)
    sort = SORTS.get(fact)
    if sort is None or link.party not in sort.parties or not _fits(sort, value):
        raise NotAFact(fact=fact, value=value)
    if not evidence.strip():
        raise EvidenceNeeded
    checked = value in sort.opens if sort.values else fact in ALWAYS_CHECKED
    made = LinkEvidence.objects.create(
        link=link, fact=fact, value=str(value), note=evidence.strip(), recorded_by=user, at=clock.now_minute(), holds=not checked,
    )  # fmt: skip
    audit.write(user.username, "people.establish", "link", link.pk, reason="evidence recorded", fact=fact, value=str(value),
                evidence=made.pk, waits=checked)  # fmt: skip
    if checked:
        approvals.ask("people", made.pk, _case(link), CHECKERS, user, fact)
    else:
        _set(user, link, fact, value)
    return made


def granted(made: LinkEvidence, user: User) -> None:
    """A second person agreed: the fact holds now, inside the caller's transaction."""
    made.holds = True
    made.save(update_fields=["holds"])
    _set(user, made.link, made.fact, read(SORTS[made.fact], made.value))
    audit.write(user.username, "people.established", "link", made.link_id, reason="a second person agreed", fact=made.fact,
                value=made.value, evidence=made.pk)  # fmt: skip


def read(sort: Sort, text: str) -> Any:
    """A value as it was written down."""
    if sort.kind == "day":
        return date.fromisoformat(text)
    if sort.kind == "money" or sort.column == "guarantee_kind":
        return int(text)
    return text == "True"


def _fits(sort: Sort, value: Any) -> bool:
    if sort.values:
        return type(value) is type(sort.values[0]) and value in sort.values
    if sort.kind == "day":
        return isinstance(value, date)
    return isinstance(value, int) and value >= 0


def _set(user: User, link: Link, fact: str, value: Any) -> None:
    lock_people([link.customer_id, link.person_id])
    Link.objects.filter(pk=link.pk).update(**{fact: value})
    if fact.startswith("guarantee"):  # the period follows from what was agreed
        legal_clocks.refresh(user.username, link.customer.lender, link.customer_id)


@dataclass(frozen=True)
class NewPerson:
    """Somebody linked to a debt: the name, who they are to it, and by what they are known."""

    name: str
    party: int
    source: int
    basis: str


@transaction.atomic
def add_person(user: User, case_id: int, said: NewPerson) -> Link:
    """Record a person linked to the borrower. Raises `NotYours`, `NotAFact`, `NotKnownWhence`."""
    case = access.get_case(user, case_id)
    if said.party not in MAY_BE_ADDED or not said.name.strip():
        raise NotAFact(fact="party", value=said.name or said.party)
    _require_lawful(said.source, said.basis)
    name = said.name.strip()
    person = Person.objects.create(
        lender=case.lender, ref=f"{case.customer.ref}/{Party(said.party).name}/{_next(case)}", name_sealed=sealer().seal(name),
        name_masked=mask_name(name), name_index=sealer().index(name), zone=case.customer.zone, language=case.customer.language,
    )  # fmt: skip
    link = Link.objects.create(customer=case.customer, person=person, party=said.party)
    LinkEvidence.objects.create(link=link, fact="party", value=Party(said.party).name, note=said.basis.strip(),
                                recorded_by=user, at=clock.now_minute(), holds=True)  # fmt: skip
    audit.write(user.username, "people.add", "link", link.pk, reason="linked person", party=Party(said.party).name,
                source=PointSource(said.source).name, case=case.pk)  # fmt: skip
    if (
        said.party == Party.GUARANTOR
    ):  # his period runs from the day the debt was due, not from when he was written down
        legal_clocks.refresh(user.username, case.lender, case.customer_id)
    return link


def _next(case: Case) -> int:
    return Link.objects.filter(customer=case.customer).count() + 1


@dataclass(frozen=True)
class NewPoint:
    """A number or address, where it comes from and by what it may be used."""

    channel: int
    value: str
    source: int
    basis: str


@transaction.atomic
def add_point(user: User, case_id: int, person_id: int, said: NewPoint) -> Point:
    """Add a number or address of the borrower or of a linked person.

    A number that a contact person told is the borrower's, never another third person's (GB/T 45251-2025, 5.3).
    Raises `NotYours`, `NotKnownWhence`, `NotANumber`, `AlreadyThere`.
    """
    case = access.get_case(user, case_id)
    person = _of_case(case, person_id)
    _require_lawful(said.source, said.basis)
    if said.source == PointSource.DISCLOSED_BY_CONTACT and person.pk != case.customer_id:
        raise NotKnownWhence(source=PointSource.DISCLOSED_BY_CONTACT.en)
    value = _written(said)
    index = sealer().index(value)
    lock_people([case.customer_id, person.pk])
    if Point.objects.filter(person=person, channel=said.channel, value_index=index).exists():
        raise AlreadyThere
    today = clock.business_date(clock.now_minute(), case.lender.zone)
    made = Point.objects.create(
        person=person, channel=said.channel, value_sealed=sealer().seal(value), value_masked=mask_tail(value), value_index=index,
        source=said.source, reserved=said.source == PointSource.RESERVED, status=PointStatus.GOOD, status_on=today,
        kind=_kind(said.channel, value), basis=said.basis.strip(), added_by=user.username, added_on=today,
    )  # fmt: skip
    same_number(made)
    audit.write(user.username, "point.add", "point", made.pk, reason="number added", source=PointSource(said.source).name,
                case=case.pk, person=person.pk)  # fmt: skip
    return made


def _require_lawful(source: int, basis: str) -> None:
    if source not in LAWFUL:
        raise NotKnownWhence(source=PointSource(source).en if source in set(map(int, PointSource)) else source)
    if not basis.strip():
        raise EvidenceNeeded


def _written(said: NewPoint) -> str:
    value = WRITTEN.get(said.channel, points.address)(said.value)
    if value is None:
        raise NotANumber(value=said.value, channel=Channel(said.channel).en, channel_zh=Channel(said.channel).zh)
    return value


def _kind(channel: int, value: str) -> int:
    if channel in (Channel.CALL, Channel.SMS):
        return int(PointKind.MOBILE if re.fullmatch(points.MOBILE, value) else PointKind.OTHER_PHONE)
    sorts = {
        int(Channel.EMAIL): PointKind.EMAIL,
        int(Channel.LETTER): PointKind.ADDRESS,
        int(Channel.VISIT): PointKind.ADDRESS,
    }
    return int(sorts.get(channel, PointKind.ACCOUNT))


def _link(user: User, link_id: int) -> Link:
    found = access.links_for(user).filter(pk=link_id).first()
    if found is None:
        raise NotYours
    return found


def _of_case(case: Case, person_id: int) -> Person:
    if person_id == case.customer_id:
        return case.customer
    link = Link.objects.select_related("person").filter(customer=case.customer, person=person_id).first()
    if link is None:
        raise NotYours
    return link.person


def _case(link: Link) -> Case:
    """The case the request is about: the open one, else the last; without any nobody could see the link."""
    return Case.objects.filter(customer=link.customer_id).order_by(F("closed_on").desc(nulls_first=True), "-pk")[0]
