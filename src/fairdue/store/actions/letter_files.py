"""Files of registered mail that were read: which, by whom, with what result; and the letter a row tells of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from fairdue.core.codes import Role
from fairdue.store import access, audit, clock, vault
from fairdue.store.access import NotYours
from fairdue.store.models import Letter, MailFile, User

READERS = access.LETTER_ROOM
KEPT_DAYS = (
    90  # a judgement: rejected rows name people; whoever has not mended them by then takes the post's file again
)


@dataclass(frozen=True)
class Told:
    """What a file told."""

    name: str
    sha256: str
    mapping: str
    new: int
    known: int
    rejected: int


def known(user: User, sha256: str, mapping: str) -> MailFile | None:
    """The file, if it was read before. Raises `NotYours`."""
    if Role(user.role) not in READERS:
        raise NotYours
    return access.mail_files_for(user).filter(sha256=sha256, mapping=mapping).first()


@transaction.atomic
def keep(user: User, told: Told, rejects: bytes) -> MailFile:
    """Note what a file told; its rejected rows are kept for mending."""
    until = clock.business_date(clock.now_minute(), user.organisation.zone) + timedelta(days=KEPT_DAYS)
    file = (
        vault.keep(rejects, name="rejects.csv", media_type="text/csv", kind="mail-rejects", keep_until=until,
                   actor=user.username, lender=user.organisation)
        if rejects else None
    )  # fmt: skip
    made = MailFile.objects.create(
        lender=user.organisation, file_name=told.name[:200], sha256=told.sha256, mapping=told.mapping,
        rows_read=told.new + told.known + told.rejected, rows_new=told.new, rows_known=told.known, rows_rejected=told.rejected,
        rejects=file, by=user.username, at=clock.now_minute(),
    )  # fmt: skip
    audit.write(user.username, "mail.read", "mail_file", made.pk, sha256=told.sha256, new=told.new, known=told.known,
                rejected=told.rejected)  # fmt: skip
    return made


def find(user: User, number: str, post_no: str) -> Letter | None:
    """The issued letter of the user's lender that goes by our number, else by the post's."""
    there = Letter.objects.filter(lender_id=user.organisation_id).select_related(
        "case__lender", "case__owner", "case__customer", "lender", "person", "file"
    )
    by_ours = there.filter(number=number).first() if number else None
    return by_ours or (there.filter(post_no=post_no).first() if post_no else None)


@transaction.atomic
def fetch(user: User, file_id: int) -> tuple[str, bytes]:
    """The rejected rows of a file. Raises `NotYours`, `FileGone`."""
    found = access.mail_files_for(user).select_related("rejects").filter(pk=file_id).first()
    if found is None or found.rejects is None:
        raise NotYours
    audit.write(user.username, "mail.fetch", "mail_file", found.pk, sha256=found.rejects.sha256)
    return f"rejects-{found.pk}.csv", vault.read(found.rejects)
