"""The file of a procedure: one indexed PDF and a data sheet, made from what is on record and kept sealed with the case."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter
from django.db import transaction

from fairdue.core.codes import Channel, Component, GuaranteeKind, Party, label
from fairdue.core.errors import Lang
from fairdue.core.happened import Happened
from fairdue.core.ledger import PostingKind
from fairdue.core.money import format_minor
from fairdue.core.proceedings import Procedure
from fairdue.documents import court as documents
from fairdue.documents.court import Paper, Part
from fairdue.store import access, audit, clock, vault
from fairdue.store.models import Account, Attempt, Case, KeptFile, LegalEvent, Link, Person, Posting, Proceeding, User
from fairdue.store.pages import legal
from fairdue.store.seal import sealer

BROUGHT = {"contract": ("合同", "Contract"), "upload": ("证据材料", "Paper"), "letter": ("信函及凭证", "Letter with proof"),
           "legal-evidence": ("证据材料", "Evidence"), "guarantee": ("保证材料", "Guarantor paper")}  # fmt: skip
MOST_LINES = 2000  # of a statement in print; the sheet has them all
SHEET = (
    "procedure", "court", "case", "claimant", "debtor", "id_number", "address", "claim", "currency", "principal", "interest",
    "penalty", "fees", "costs", "contract_no", "opened_on", "oldest_unpaid_due", "limitation_until", "guarantors",
)  # fmt: skip


@transaction.atomic
def build(user: User, proceeding_id: int, lang: Lang = "zh") -> Proceeding:
    """Make the file anew and keep it; what could not be put into it is named in its index. Raises `NotYours`, `NoChineseFont`."""
    found = access.get_proceeding(user, proceeding_id)
    on = clock.business_date(clock.now_minute(), found.lender.zone)
    made = assemble(found, lang, on)
    found.bundle = _keep(user, found, f"file-{found.pk}.pdf", "application/pdf", made.data)
    found.sheet = _keep(user, found, f"sheet-{found.pk}.json", "application/json",
                        json.dumps(sheet(found, on), ensure_ascii=False, default=str).encode())  # fmt: skip
    found.save(update_fields=["bundle", "sheet"])
    audit.write(user.username, "court.file", "proceeding", found.pk, pages=made.pages, sha256=found.bundle.sha256)
    return found


@transaction.atomic
def read(user: User, proceeding_id: int, form: str) -> tuple[str, str, bytes]:
    """Name, media type and bytes of the file (`pdf`) or of the sheet (`csv`, `xlsx`, `json`); the reading is recorded.

    Raises `NotYours` where it has not been made.
    """
    found = access.get_proceeding(user, proceeding_id)
    kept = found.bundle if form == "pdf" else found.sheet
    if kept is None or form not in FORMS:
        raise access.NotYours
    data = vault.read(kept)
    audit.write(user.username, "court.read-file", "proceeding", found.pk, form=form, sha256=kept.sha256)
    media_type, made = FORMS[form]
    return (
        f"case-{found.case_id}-{found.pk}.{form}",
        media_type,
        data if form in {"pdf", "json"} else made([json.loads(data)]),
    )


def _keep(user: User, found: Proceeding, name: str, media_type: str, data: bytes) -> KeptFile:
    return vault.keep(data, name=name, media_type=media_type, kind="court-file", keep_until=None, actor=user.username,
                      lender=found.lender, person=found.case.customer)  # fmt: skip


def assemble(found: Proceeding, lang: Lang, on: date) -> documents.Bundle:
    """The whole file of a procedure, nothing kept."""
    case, lender = found.case, found.lender.name_zh if lang == "zh" else found.lender.name_en
    papers = (_claim(found, lang, on), _statement(case, lang, on), _clocks(case, lang, on), _letters(case, lang),
              _contacts(case, lang), _guarantors(case, lang))  # fmt: skip
    parts = [documents.paper(said, lender, lang, on) for said in papers if said is not None]
    left_out: list[str] = []
    for kept in KeptFile.objects.filter(
        person=case.customer, kind__in=list(BROUGHT), key_sealed__isnull=False
    ).order_by("pk"):
        part = _brought(kept, lang, on)
        parts += [part] if part else []
        left_out += [] if part else [kept.name]
    said = _t(lang, "未能并入的文件（另附）：", "Files that could not be put in (attached apart): ")
    cover = [_title(found, lang), *([said + "; ".join(left_out)] if left_out else [])]
    return documents.bundle(parts, cover, lender, lang, on)


def _brought(kept: KeptFile, lang: Lang, on: date) -> Part | None:
    zh, en = BROUGHT[kept.kind]
    return documents.brought(f"{_t(lang, zh, en)}: {kept.name}", kept.media_type, vault.read(kept), on)


def _t(lang: Lang, zh: str, en: str) -> str:
    return zh if lang == "zh" else en


def _title(found: Proceeding, lang: Lang) -> str:
    kind = Procedure(found.procedure)
    return f"{kind.label(lang)} · {_t(lang, '案件', 'case')} {found.case_id} · {found.court or '–'}"


def open_name(person: Person) -> str:
    """The name as it is, for papers that leave the house."""
    return sealer().open(bytes(person.name_sealed)) if person.name_sealed else person.ref


def _money(found: Case, minor: int) -> str:
    return f"{format_minor(minor, found.lender.exponent)} {found.lender.currency}"


def _claim(found: Proceeding, lang: Lang, on: date) -> Paper:
    """Who claims what of whom, by component."""
    case = found.case
    balances = _balances(case)
    rows = [(c.label(lang), _money(case, balances[c])) for c in Component if balances[c]]
    rows.append((_t(lang, "合计", "Total"), _money(case, sum(balances.values()))))
    lines = (
        f"{_t(lang, '债权人', 'Creditor')}: {_t(lang, case.lender.name_zh, case.lender.name_en)}",
        f"{_t(lang, '债务人', 'Debtor')}: {open_name(case.customer)}",
        f"{_t(lang, '截至', 'As of')} {on}",
    )
    head = (_t(lang, "构成", "Made of"), _t(lang, "金额", "Amount"))
    return Paper(_t(lang, "诉请及金额", "The claim and its amount"), lines, head, tuple(rows), (3, 2), (1,))


def _balances(case: Case) -> dict[Component, int]:
    found = dict.fromkeys(Component, 0)
    for component, amount in Posting.objects.filter(account__customer_id=case.customer_id, account__lender_id=case.lender_id
                                                    ).values_list("component", "amount"):  # fmt: skip
        found[Component(component)] += amount
    return found


def _statement(case: Case, lang: Lang, on: date) -> Paper:
    """Every line of the ledger with the balance after it: the calculation a court can follow."""
    head = tuple(_t(lang, zh, en) for zh, en in (("日期", "Day"), ("账户", "Account"), ("项目", "Item"), ("构成", "Component"),
                                                 ("金额", "Amount"), ("余额", "Balance")))  # fmt: skip
    postings = Posting.objects.filter(
        account__customer_id=case.customer_id, account__lender_id=case.lender_id, value_date__lte=on
    )
    rows, total = [], 0
    for p in postings.select_related("account").order_by("value_date", "pk"):
        total += p.amount
        rows.append((p.value_date.isoformat(), p.account.account_no, PostingKind(p.kind).label(lang),
                     Component(p.component).label(lang), format_minor(p.amount, case.lender.exponent),
                     format_minor(total, case.lender.exponent)))  # fmt: skip
    notes = _rates(case, lang)
    if len(rows) > MOST_LINES:
        notes = (
            *notes,
            _t(lang, f"共 {len(rows)} 行，此处为最后 {MOST_LINES} 行", f"The last {MOST_LINES} of {len(rows)} lines"),
        )
    return Paper(_t(lang, "对账单及计算过程", "Statement with its calculation"), (), head, tuple(rows[-MOST_LINES:]),
                 (2, 3, 3, 2, 2, 2), (4, 5), notes)  # fmt: skip


def _rates(case: Case, lang: Lang) -> tuple[str, ...]:
    accounts = Account.objects.filter(customer_id=case.customer_id, lender_id=case.lender_id).order_by("pk")
    zh, en = (
        "{no}：年利率 {annual}，罚息为利率的 {penalty}",
        "{no}: {annual} a year; penalty interest {penalty} of that rate",
    )
    return tuple(_t(lang, zh, en).format(no=a.account_no, annual=_rate(a.annual_ppm, lang), penalty=_rate(a.penalty_ppm, lang))
                 for a in accounts)  # fmt: skip


def _rate(ppm: int, lang: Lang) -> str:
    return _t(lang, "未知", "unknown") if ppm < 0 else f"{ppm / 10_000:g} %"


def _clocks(case: Case, lang: Lang, on: date) -> Paper:
    """Why the claim is in time: each clock in a sentence, each event with its proof."""
    found = legal.clocks_on(case, on)
    rows = [(event.on.isoformat(), event.kind.label(lang), event.proof[lang], event.article[lang])
            for line in found.clocks for event in line.events]  # fmt: skip
    head = tuple(
        _t(lang, zh, en) for zh, en in (("日期", "Day"), ("事件", "Event"), ("证据", "Proof"), ("依据", "Article"))
    )
    lines = tuple(f"{line.said[lang]} — {line.law[lang]}" for line in found.clocks)
    return Paper(_t(lang, "时效及保证期间", "Limitation and guarantee periods"), lines, head, tuple(rows), (2, 4, 2, 4))


def _letters(case: Case, lang: Lang) -> Paper | None:
    events = LegalEvent.objects.filter(account__customer_id=case.customer_id, void_at=-1).order_by("on", "pk")
    rows = dict.fromkeys((e.on.isoformat(), Happened(e.kind).label(lang), f"{e.evidence} {e.evidence_id or ''}".strip())
                         for e in events)  # fmt: skip
    head = tuple(_t(lang, zh, en) for zh, en in (("到达日", "Arrived on"), ("事项", "What"), ("凭证", "Proof")))
    title = _t(lang, "催告及送达一览", "Demands and their delivery")
    return Paper(title, (), head, tuple(rows), (2, 4, 3)) if rows else None


def _contacts(case: Case, lang: Lang) -> Paper:
    """How often and by what the debtor was contacted: figures, no words that were said."""
    found: dict[tuple[int, str], int] = {}
    confirmed = Attempt.objects.filter(customer_id=case.customer_id, state=Attempt.CONFIRMED, party=Party.BORROWER)
    for channel, outcome in confirmed.values_list("channel", "outcome"):
        found[channel, outcome] = found.get((channel, outcome), 0) + 1
    rows = tuple(
        (label(Channel, channel, lang), outcome or "–", str(n)) for (channel, outcome), n in sorted(found.items())
    )
    head = tuple(_t(lang, zh, en) for zh, en in (("方式", "By"), ("结果", "Outcome"), ("次数", "Times")))
    return Paper(_t(lang, "联系情况汇总", "Summary of contacts"), (), head, rows, (2, 4, 1), (2,))


def _guarantors(case: Case, lang: Lang) -> Paper | None:
    links = (
        Link.objects.filter(customer_id=case.customer_id, party=Party.GUARANTOR).select_related("person").order_by("pk")
    )
    rows = tuple(
        (open_name(link.person), label(GuaranteeKind, link.guarantee_kind, lang),
         link.guarantee_until.isoformat() if link.guarantee_until else _t(lang, "未约定", "none agreed"))
        for link in links
    )  # fmt: skip
    head = tuple(
        _t(lang, zh, en) for zh, en in (("保证人", "Guarantor"), ("保证方式", "Kind"), ("约定期间至", "Agreed until"))
    )
    return Paper(_t(lang, "保证人", "Guarantors"), (), head, rows, (3, 3, 2)) if rows else None


def sheet(found: Proceeding, on: date) -> dict[str, Any]:
    """The data of one filing, as courts and law firms load them (columns of SHEET)."""
    case, balances = found.case, _balances(found.case)
    accounts = list(Account.objects.filter(customer_id=case.customer_id, lender_id=case.lender_id).order_by("pk"))
    person, limit = case.customer, [c.last for c in legal.clocks_on(case, on).clocks if c.kind == 0 and c.last]
    money = case.lender.exponent
    links = Link.objects.filter(customer_id=case.customer_id, party=Party.GUARANTOR).select_related("person")
    said = (
        Procedure(found.procedure).name, found.court, case.pk, case.lender.name_zh, open_name(person),
        sealer().open(bytes(person.id_sealed)) if person.id_sealed else "", person.place,
        _plain(sum(balances.values()), money), case.lender.currency,
        *(_plain(balances[c], money) for c in Component), "; ".join(a.account_no for a in accounts),
        "; ".join(str(a.opened_on or "") for a in accounts), "; ".join(str(a.oldest_unpaid_due or "") for a in accounts),
        min(limit, default=None), "; ".join(open_name(link.person) for link in links),
    )  # fmt: skip
    return dict(zip(SHEET, said, strict=True))


def _plain(minor: int, exponent: int) -> str:
    """An amount as programs read it: no separators between thousands."""
    return format_minor(minor, exponent).replace(",", "")


def as_csv(rows: Sequence[dict[str, Any]]) -> bytes:
    """With a mark that tells spreadsheets it is UTF-8; what could be taken for a formula is made inert."""
    out = io.StringIO()
    writer = csv.DictWriter(out, SHEET, extrasaction="ignore")
    writer.writeheader()
    writer.writerows({key: _inert(value) for key, value in row.items()} for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Sequence[dict[str, Any]]) -> bytes:
    """One sheet, a filing a row; every cell as text."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet("filings")
        page.write_row(0, 0, SHEET)
        for number, row in enumerate(rows, 1):
            for column, name in enumerate(SHEET):
                page.write_string(number, column, str(row.get(name) if row.get(name) is not None else ""))
    return out.getvalue()


def _inert(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t"} else value


FORMS = {
    "pdf": ("application/pdf", as_csv), "json": ("application/json", as_csv), "csv": ("text/csv", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}  # fmt: skip
