"""Papers that show income: brought by the person with the figures, sealed in the vault, looked at by somebody who works the case.

What the person says is said and no more; that a figure is shown is for the desk to tick once somebody has looked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import filetype
from django.db import transaction

from fairdue.core.codes import Role
from fairdue.store import access, audit, vault
from fairdue.store.access import NotYours
from fairdue.store.actions import plans, recordings, site_said
from fairdue.store.actions.plans import Said
from fairdue.store.actions.site_said import Upload
from fairdue.store.actions.tasks import About, Whom, open_task
from fairdue.store.models import Case, Means, MeansProof, User
from fairdue.store.offers import newest_means

KIND = "income-proof"
TASK = "CHECK_PROOF"
TOLD = {"zh": "客户上传了收入材料。请查看，属实的在收支表中勾选“凭证”。",
        "en": "The customer brought papers about income. Look at them, and tick the figures they show."}  # fmt: skip


@transaction.atomic
def say(user: User, case_id: int, said: Said, files: Sequence[Upload] = ()) -> Means:
    """Keep what the person says they earn and spend, with the papers. Raises `NotYours`, `MeansWrong`, `FileTooBig`."""
    case = access.get_case(user, case_id)
    made = plans.say_means(user, case_id, unproven(said, newest_means(case)))
    for file in files:
        _keep(user, case, made, file)
    if files:
        whom = Whom(owner=case.owner) if case.owner else Whom(team=case.team, role=Role.LEAD)
        open_task(user.username, case.lender, TASK, whom, about=About(case, "means", made.pk), detail=TOLD)  # type: ignore[arg-type]  # zh and en
    return made


def unproven(said: Said, before: Means | None) -> Said:
    """Nobody shows their own figures to be true: a tick stays only where somebody set it on the same figure before."""
    known = before.income if before else {}
    return replace(said, income={
        line: (amount, bool(known.get(line, {}).get("evidenced")) and known[line]["amount"] == amount)
        for line, (amount, _) in said.income.items()
    })  # fmt: skip


def _keep(user: User, case: Case, made: Means, file: Upload) -> None:
    kept = vault.keep(
        file.content, name=file.name, media_type=filetype.guess_mime(file.content) or "application/octet-stream", kind=KIND,
        keep_until=recordings.last_day(case.lender.lender_kind, site_said.today_of(case)), actor=user.username,
        lender=case.lender, person=case.customer,
    )  # fmt: skip
    proof = MeansProof.objects.create(means=made, file=kept)
    audit.write(user.username, "means.proof", "means", made.pk, case=case.pk, proof=proof.pk, sha256=kept.sha256)


@transaction.atomic
def read(user: User, proof_id: int) -> tuple[str, bytes]:
    """Name and bytes of a paper; that somebody read it is recorded. Raises `NotYours`, `FileGone`."""
    found = (
        MeansProof.objects.filter(pk=proof_id, means__case__in=access.cases_for(user)).select_related("file").first()
    )
    if found is None or user.role == Role.AGENCY:
        raise NotYours
    content = vault.read(found.file)
    audit.write(user.username, "means.read-proof", "means", found.means_id, proof=found.pk, sha256=found.file.sha256)
    return found.file.name, content
