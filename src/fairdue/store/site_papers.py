"""The papers a person takes away with the own data: the statement, letters, agreements, certificates, and what they brought."""

from __future__ import annotations

from collections.abc import Iterator

from fairdue.core.errors import Lang
from fairdue.core.money import format_minor
from fairdue.documents.statement import Statement, statement
from fairdue.store import agreements, vault
from fairdue.store.actions import certificates, track_work
from fairdue.store.actions.site_said import current_case
from fairdue.store.models import Certificate, KeptFile, Letter, MeansProof, Plan, TrackEvidence, User
from fairdue.store.pages import site
from fairdue.store.seal import sealer
from fairdue.store.vault import FileGone

LANGS: tuple[Lang, Lang] = ("zh", "en")


def papers(user: User) -> dict[str, bytes]:
    """Name → bytes of every paper that can still be read. Raises `NotYours`."""
    return dict([*_statements(user), *_letters(user), *_agreements(user), *_certificates(user), *_brought(user)])


def _statements(user: User) -> Iterator[tuple[str, bytes]]:
    shown = site.account_page(user, None)
    person = current_case(user).customer
    name = sealer().open(bytes(person.name_sealed)) if person.name_sealed else person.name_masked
    for lang in LANGS:
        owed = [
            [view.line.account_no_masked, part.label(lang), format_minor(amount, view.line.exponent)]
            for view in shown.accounts for part, amount in view.line.components
        ]  # fmt: skip
        lines = [
            [line.on.isoformat(), line.account_no_masked, f"{line.kind.label(lang)} · {line.component.label(lang)}",
             format_minor(line.amount, shown.exponent), format_minor(line.running, shown.exponent)]
            for line in shown.lines
        ]  # fmt: skip
        said = Statement({"zh": user.organisation.name_zh, "en": user.organisation.name_en}, name, shown.currency, shown.on, owed,
                         format_minor(shown.total, shown.exponent), lines)  # fmt: skip
        yield f"statement-{lang}.pdf", statement(said, lang)


def _letters(user: User) -> Iterator[tuple[str, bytes]]:
    for letter in (
        Letter.objects.filter(person=current_case(user).customer, file__isnull=False)
        .select_related("file")
        .order_by("pk")
    ):
        yield from _kept(f"letters/{letter.number}.pdf", letter.file)


def _agreements(user: User) -> Iterator[tuple[str, bytes]]:
    agreed = Plan.objects.filter(account__customer_id=user.speaks_for, accepted_at__gte=0)
    for plan in agreed.select_related("account", "case__lender", "case__customer").order_by("pk"):
        yield from ((f"agreements/{plan.pk}-{lang}.pdf", agreements.pdf(user, plan, lang)) for lang in LANGS)


def _certificates(user: User) -> Iterator[tuple[str, bytes]]:
    for row in Certificate.objects.filter(account__customer_id=user.speaks_for, void_on=None).order_by("pk"):
        yield from ((f"certificates/{row.pk}-{lang}.pdf", certificates.paper(user, row.pk, lang)) for lang in LANGS)


def _brought(user: User) -> Iterator[tuple[str, bytes]]:
    """What the person brought: what others brought against or for them is theirs."""
    mine = TrackEvidence.objects.filter(
        track__case__customer_id=user.speaks_for, added_by=user.username, file_size__gt=0
    )
    for one in mine.select_related("file").order_by("pk"):
        try:
            yield f"brought/{one.pk}-{one.file_name}", track_work.content_of(one)
        except FileGone:
            continue
    proofs = MeansProof.objects.filter(means__case__customer_id=user.speaks_for).select_related("file")
    for proof in proofs.order_by("pk"):
        yield from _kept(f"brought/income-{proof.pk}-{proof.file.name}", proof.file)


def _kept(name: str, file: KeptFile | None) -> Iterator[tuple[str, bytes]]:
    """A file of the vault; nothing where it was dropped when its time was over: its line in the tables says so."""
    if file is None:
        return
    try:
        yield name, vault.read(file)
    except FileGone:
        return
