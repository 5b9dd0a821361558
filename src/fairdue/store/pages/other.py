"""A contact with somebody beside the borrower, while it is made: what may be said to them, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fairdue.core.codes import Channel, Party, PointSource
from fairdue.core.money import format_minor
from fairdue.rules.outcomes import Outcome, load_outcomes
from fairdue.rules.talk.others import Said, load_others
from fairdue.store import access
from fairdue.store.models import Attempt, Case, Link, Person, User
from fairdue.store.pages.conversation import people_slots
from fairdue.store.pages.people import OWES
from fairdue.store.seal import sealer
from fairdue.store.situation import slots

OF_OTHERS = frozenset({"third_party", "wrong_party", "no_contact", "invalid"})


@dataclass(frozen=True)
class OtherPage:
    """What the page of such a contact shows. To who owes nothing, no fact of the debt is in it."""

    case_id: int
    borrower_id: int
    reservation: Attempt
    name: str
    number: str
    id_tail: str
    owes: bool
    steps: tuple[Said, ...]
    slots: Mapping[str, str]
    outcomes: tuple[Outcome, ...]
    told_source: int


def other_page(user: User, attempt: Attempt) -> OtherPage:
    """A contact with somebody else that the user holds."""
    case = access.get_case(user, attempt.case_id)
    owes = attempt.party in OWES
    return OtherPage(
        case.pk, case.customer_id, attempt, _opened(attempt.person.name_sealed),
        _opened(attempt.point.value_sealed if attempt.point else None),
        _opened(attempt.person.id_sealed)[-4:] if owes else "", owes, steps_for(attempt.party),
        _slots(case, user, attempt, owes=owes), _outcomes(attempt), int(PointSource.DISCLOSED_BY_CONTACT),
    )  # fmt: skip


def steps_for(party: int) -> tuple[Said, ...]:
    """The words for who the person is: who owes hears what a guarantor hears, anybody else what a contact person does."""
    others = load_others()
    return others.get(Party(party)) or others[Party.GUARANTOR if party in OWES else Party.CONTACT]


def _slots(case: Case, user: User, attempt: Attempt, *, owes: bool) -> dict[str, str]:
    name = _name(case.customer)
    said = people_slots(case, user.display_name, name) | {"other": _name(attempt.person)}
    return said | slots(case) | _scope(case, attempt) if owes else said


def _scope(case: Case, attempt: Attempt) -> dict[str, str]:
    """Whoever answers for a part only is told of that part, never of more."""
    link = Link.objects.filter(customer=case.customer, person=attempt.person, party=attempt.party).first()
    if link is None or link.liable_up_to is None:
        return {}
    amount = min(case.balance, link.liable_up_to)
    return {"amount": f"{case.lender.currency} {format_minor(amount, case.lender.exponent)}"}


def _outcomes(attempt: Attempt) -> tuple[Outcome, ...]:
    every = load_outcomes().of(Channel(attempt.channel))
    return every if attempt.party in OWES else tuple(one for one in every if one.kind in OF_OTHERS)


def _name(person: Person) -> str:
    return _opened(person.name_sealed) or person.name_masked


def _opened(sealed: bytes | memoryview | None) -> str:
    return sealer().open(bytes(sealed)) if sealed else ""
