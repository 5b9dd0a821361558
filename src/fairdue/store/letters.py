"""What a letter says, from the rows: figures by the function that makes the statement, names from their seals, the letterhead."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db.models import Sum

from fairdue.core.codes import Channel, Component, Party, Product
from fairdue.core.errors import Lang
from fairdue.core.ledger import PostingKind
from fairdue.core.money import format_minor
from fairdue.documents import letters as documents
from fairdue.documents.letters import Debt, Facts, Itemization
from fairdue.rules.letters import LetterKind, load_letters
from fairdue.store import vault
from fairdue.store.actions import ledger
from fairdue.store.models import Account, Case, Letter, Letterhead, Person, Point, Posting
from fairdue.store.pages.casefile import account_lines
from fairdue.store.seal import sealer
from fairdue.wording import Finding, Said, check
from fairdue.wording.approved import READERS

Asked = Mapping[str, date | int | str]


@dataclass(frozen=True)
class Addressed:
    """To whom a letter is written: the person, who they are to the debt, and where it goes."""

    person: Person
    party: Party
    point: Point | None


def head_of(case: Case) -> Letterhead:
    """The lender's letterhead; an empty one where nobody has set it, so that what is missing is named."""
    return Letterhead.objects.filter(lender=case.lender_id).select_related("seal").first() or Letterhead(
        lender=case.lender
    )


def gather(case: Case, to: Addressed, accounts: Sequence[Account], as_of: date, asked: Asked) -> Facts:
    """Everything the letter says, as of a day."""
    head, lender = head_of(case), case.lender
    debts = tuple(
        Debt(line.account_no_masked[-4:], Product(line.product), tuple(amount for _, amount in line.components))
        for line in account_lines(list(accounts), as_of)
    )
    return Facts(
        number="", on=as_of, lender={"zh": lender.name_zh, "en": lender.name_en},
        lender_address={"zh": head.address_zh, "en": head.address_en}, pay_how={"zh": head.pay_zh, "en": head.pay_en},
        hotline=head.hotline, website=head.website, person=opened(to.person.name_sealed),
        address=opened(to.point.value_sealed) if to.point else "", borrower=opened(case.customer.name_sealed),
        identity=to.person.id_masked or "–", currency=lender.currency, exponent=lender.exponent, as_of=as_of, debts=debts,
        oldest_due=oldest_due(accounts, as_of), daily=daily(accounts, as_of), asked=dict(asked),
        itemization=itemize(accounts, asked.get("itemization_on"), as_of), seal=vault.read(head.seal) if head.seal else b"",
    )  # fmt: skip


def opened(sealed: bytes | memoryview | None) -> str:
    """What is sealed, in clear: a letter has the name and the address on it."""
    return sealer().open(bytes(sealed)) if sealed else ""


def addresses(person: Person) -> tuple[Point, ...]:
    """Where letters to a person may go: postal addresses, then e-mail."""
    found = person.points.filter(channel__in=(Channel.LETTER, Channel.EMAIL))
    return tuple(sorted(found, key=lambda p: (p.status, p.channel != Channel.LETTER, p.pk)))


def oldest_due(accounts: Sequence[Account], as_of: date) -> date | None:
    """The oldest due date not paid in full over some accounts, at the end of a day."""
    dues = [ledger.due_of(account, as_of)[0] for account in accounts]
    known = [due for due in dues if not np.isnat(due) and due.item() <= as_of]
    return min(known).item() if known else None


def daily(accounts: Sequence[Account], as_of: date) -> int | None:
    """What the last day added, where our ledger accrues day by day and did so on the last two days; else unknown."""
    if not accounts or not all(account.lender.owns_ledger for account in accounts):
        return None
    days = {as_of, as_of - timedelta(days=1)}
    rows = Posting.objects.filter(account__in=accounts, kind=PostingKind.ACCRUAL, value_date__in=days)
    sums = dict(rows.values_list("value_date").annotate(total=Sum("amount")))
    return sums[as_of] if days == set(sums) and sums[as_of] > 0 else None


def itemize(accounts: Sequence[Account], since: date | int | str | None, as_of: date) -> Itemization | None:
    """What was owed at the end of a day and what was booked since: by component what was added, by kind what went off."""
    if not isinstance(since, date):
        return None
    rows = list(Posting.objects.filter(account__in=accounts, value_date__lte=as_of).select_related("reverses"))
    later = [(p, PostingKind(p.reverses.kind if p.reverses else p.kind)) for p in rows if p.value_date > since]
    paid = sum(p.amount for p, kind in later if kind == PostingKind.PAYMENT)
    credited = sum(p.amount for p, kind in later if kind in {PostingKind.WAIVER, PostingKind.WRITE_OFF})
    added = [p for p, kind in later if kind not in {PostingKind.PAYMENT, PostingKind.WAIVER, PostingKind.WRITE_OFF}]
    interest = sum(p.amount for p in added if p.component in {Component.INTEREST, Component.PENALTY})
    fees = sum(p.amount for p in added) - interest
    return Itemization(since, sum(p.amount for p in rows if p.value_date <= since), interest, fees, -paid, -credited)


def sealed(facts: Facts) -> bytes:
    """The facts as they are kept; the seal's picture is not repeated."""
    return sealer().seal(json.dumps(asdict(replace(facts, seal=b"")) | {"seal": ""}, default=_day, ensure_ascii=False))


def _day(value: Any) -> Any:
    return {"day": value.isoformat()}


def facts_of(letter: Letter) -> Facts:
    """What a letter was written with; a draft shows the letterhead's seal as it is now."""
    said = json.loads(sealer().open(bytes(letter.facts_sealed or b"")), object_hook=_days)
    said["debts"] = tuple(Debt(one["tail"], Product(one["product"]), tuple(one["components"])) for one in said["debts"])
    said["itemization"] = Itemization(**said["itemization"]) if said["itemization"] else None
    head = head_of(letter.case)
    said["seal"] = vault.read(head.seal) if head.seal else b""
    return Facts(**said | {"number": letter.number or ""})


def _days(found: dict[str, Any]) -> Any:
    return date.fromisoformat(found["day"]) if set(found) == {"day"} else found


def kind_of(letter: Letter) -> LetterKind:
    """The kind of a letter."""
    return load_letters()[letter.kind]


def lang_of(letter: Letter) -> Lang:
    """The language it is written in."""
    return "en" if letter.lang == "en" else "zh"


def judged(kind: LetterKind, lang: Lang, facts: Facts, party: Party) -> Finding:
    """The wording check over the whole letter, told what the letter itself knows."""
    amounts = {facts.total, facts.daily or 0, *(debt.total for debt in facts.debts)}
    amounts |= {one for one in facts.asked.values() if type(one) is int}
    days = {facts.as_of, *(v for v in facts.asked.values() if isinstance(v, date))} | (
        {facts.oldest_due} if facts.oldest_due else set()
    )
    return check(Said.of(
        documents.text(kind, lang, facts), lang, audience=READERS[party], sender="lender", sender_name=facts.lender[lang],
        flags=dict.fromkeys(kind.known, True), amounts=tuple(format_minor(one, facts.exponent) for one in amounts),
        deadlines=tuple(day.isoformat() for day in days), today=facts.on.isoformat(),
    ))  # fmt: skip
