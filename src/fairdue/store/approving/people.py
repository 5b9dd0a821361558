"""Facts about linked people that let more be asked of them than before."""

from __future__ import annotations

from fairdue.core.codes import Party
from fairdue.store.actions import people
from fairdue.store.approving import Kind, Shown, Text
from fairdue.store.models import Approval, LinkEvidence, User
from fairdue.store.pages.people import FACT_WORDS, worded


def _made(approval: Approval) -> LinkEvidence:
    return LinkEvidence.objects.select_related("link__person", "link__customer__lender").get(pk=approval.subject_id)


def show(approval: Approval, user: User) -> Shown:
    """Whose fact, which value, on what evidence."""
    del user
    made = _made(approval)
    party = Party(made.link.party)
    said = worded(made)
    title: Text = {lang: f"{getattr(party, lang)} {made.link.person.name_masked}: {FACT_WORDS[made.fact][lang]}"
                   for lang in ("zh", "en")}  # fmt: skip
    lines: tuple[tuple[Text, str], ...] = (
        (
            {"zh": "拟登记", "en": "To be recorded"},
            said["zh"] if said["zh"] == said["en"] else f"{said['zh']} / {said['en']}",
        ),
        ({"zh": "依据", "en": "Evidence"}, made.note),
    )
    return Shown(title, lines, {}, ("people", approval.case_id or 0))


def may(approval: Approval, user: User) -> Text:
    """Any of the roles asked may decide it."""
    del approval, user
    return {}


def granted(approval: Approval, user: User, counts: bool) -> None:
    """It holds now."""
    del counts
    people.granted(_made(approval), user)


def refused(approval: Approval, user: User, reason: str) -> None:
    """It stays recorded as not established."""
    del approval, user, reason


KIND = Kind("people", {"zh": "关联人事实", "en": "Fact about a linked person"}, show, may, granted, refused)
