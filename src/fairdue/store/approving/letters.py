"""Letters that a second person looks at before they go out: by their kind, by their sum, or by what was typed in them."""

from __future__ import annotations

from fairdue.core.codes import Party
from fairdue.core.money import format_minor
from fairdue.store import letters as known
from fairdue.store.actions import letters
from fairdue.store.approving import Kind, Shown, Text
from fairdue.store.models import Approval, Letter, User


def _letter(approval: Approval) -> Letter:
    return Letter.objects.select_related("lender", "case__customer", "case__lender", "person").get(
        pk=approval.subject_id
    )


def may(_approval: Approval, _user: User) -> Text:
    """Whoever sees the request may decide it; its own writer never may."""
    return {}


def show(approval: Approval, user: User) -> Shown:
    """Which letter, to whom, and what it says is owed."""
    letter = _letter(approval)
    kind, party = known.kind_of(letter), Party(letter.party)
    lines: tuple[tuple[Text, str], ...] = (
        ({"zh": "收件人", "en": "To"}, f"{letter.person.name_masked or letter.person.ref} · {party.zh} / {party.en}"),
        ({"zh": "函载金额", "en": "Amount in the letter"}, format_minor(letter.total, letter.lender.exponent)),
        ({"zh": "截至", "en": "As of"}, letter.as_of.isoformat()),
    )  # fmt: skip
    return Shown(kind.title, lines, may(approval, user), ("letter", letter.pk))


def granted(approval: Approval, user: User, _counts: bool) -> None:
    """It may be issued now."""
    letters.granted(_letter(approval), user)


def refused(approval: Approval, user: User, reason: str) -> None:
    """It ends."""
    letters.not_granted(_letter(approval), user, reason)


KIND = Kind("letter", {"zh": "信函", "en": "Letter"}, show, may, granted, refused)
