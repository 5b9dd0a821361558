"""The certificate of settlement as a paper: set once in each language when it is first asked for, and kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction

from fairdue.core.errors import Lang
from fairdue.core.money import format_minor
from fairdue.documents.certificate import Settled, certificate
from fairdue.store import access, audit, clock, vault
from fairdue.store.access import NotYours
from fairdue.store.models import Certificate, User
from fairdue.store.seal import mask_tail, sealer


@dataclass(frozen=True)
class Verified:
    """What anybody who has the code may know: nothing that names a person."""

    lender_zh: str
    lender_en: str
    name_masked: str
    account_masked: str
    settled_on: date
    void_on: date | None


def verify(code: str) -> Verified | None:
    """What the certificate with this code says; None: there is none."""
    found = Certificate.objects.filter(code=code).select_related("lender", "account__customer").first()
    if found is None:
        return None
    lender, account = found.lender, found.account
    return Verified(lender.name_zh, lender.name_en, account.customer.name_masked, mask_tail(account.account_no, 0, 4),
                    found.settled_on, found.void_on)  # fmt: skip


@transaction.atomic
def paper(user: User, certificate_id: int, lang: Lang) -> bytes:
    """The certificate as a PDF, with the address where its code is checked. Raises `NotYours`, also where it is void."""
    standing = access.certificates_for(user).filter(pk=certificate_id, void_on=None)
    row = standing.select_related("account__customer").first()
    if row is None:
        raise NotYours
    slot = "file_zh" if lang == "zh" else "file_en"
    kept = getattr(row, slot)
    if kept is None:
        kept = vault.keep(certificate(_facts(row), lang), name=f"certificate-{row.pk}-{lang}.pdf",
                          media_type="application/pdf", kind="certificate", keep_until=None, actor=user.username,
                          lender=row.lender, person=row.account.customer)  # fmt: skip
        setattr(row, slot, kept)
        row.save(update_fields=[slot])
    audit.write(user.username, "certificate.read", "certificate", row.pk, language=lang)
    return vault.read(kept)


def address_of(code: str) -> str:
    """Where anybody can check a code: on the customers' own site, whoever printed the paper."""
    return f"{settings.SITE_ADDRESS}/paper/check/{code}/"


def _facts(row: Certificate) -> Settled:
    person, lender = row.account.customer, row.lender
    return Settled(
        lender={"zh": lender.name_zh, "en": lender.name_en},
        person=sealer().open(bytes(person.name_sealed)) if person.name_sealed else person.name_masked,
        account=row.account.account_no, settled_on=row.settled_on, code=row.code, address=address_of(row.code),
        paid=f"{format_minor(row.paid, row.account.exponent)} {row.account.currency}",
        waived=f"{format_minor(row.waived, row.account.exponent)} {row.account.currency}" if row.waived else "",
        issued_on=clock.business_date(row.issued_at, lender.zone),
    )  # fmt: skip
