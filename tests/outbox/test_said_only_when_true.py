"""Words about the court may be said only where the record bears them out, also when they leave; old debts get their own words."""

from __future__ import annotations

import pytest

from books import AS_OF, owner_of
from fairdue.core.codes import Channel
from fairdue.core.limitation import Standing
from fairdue.core.proceedings import CourtState, Procedure
from fairdue.rules.frames import MissingFact
from fairdue.rules.periods import PeriodKind
from fairdue.store import message_words
from fairdue.store.actions import outbox
from fairdue.store.models import Case, LegalClock, Message, Proceeding
from sending import cases, point, queue, queued, run, worked_book
from worlds import Worlds, opened

COURT = {"court": "示例区人民法院"}


def filed(case: Case, state: CourtState = CourtState.ACCEPTED) -> Proceeding:
    return Proceeding.objects.create(
        case=case, lender=case.lender, procedure=Procedure.SUIT, state=state, court="示例区人民法院", claim=1,
        opened_by=owner_of(case), opened_on=AS_OF,
    )  # fmt: skip


def tell(case: Case) -> Message | outbox.Refusal:
    return outbox.queue(case, point=point(case, Channel.SMS), channel=Channel.SMS, frame="suit-filed", slots=COURT,
                        key="s", actor=owner_of(case))  # fmt: skip


def old(case: Case) -> None:
    account = case.customer.accounts.order_by("pk")[0]
    LegalClock.objects.update_or_create(
        account=account,
        kind=PeriodKind.LIMITATION,
        defaults={"standing": Standing.LAPSED, "as_of": AS_OF, "lender": case.lender},
    )


def test_that_a_suit_was_filed_is_said_only_while_it_is_so(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", worked_book):
        case = cases()[0]
        with pytest.raises(MissingFact):
            tell(case)
        suit = filed(case)
        made = tell(case)
        assert isinstance(made, Message), made
        Proceeding.objects.filter(pk=suit.pk).update(state=CourtState.WITHDRAWN)
        run()
        made.refresh_from_db()
        assert (made.state, made.why) == ("STOPPED", "FACT_GONE")


def test_who_owes_an_old_debt_is_told_its_age_or_nothing(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", worked_book):
        case, other = cases()[:2]
        waiting = queued(case)
        with pytest.raises(MissingFact):
            queue(case, key="x", frame="time-barred")
        old(case)
        run()
        waiting.refresh_from_db()
        assert (waiting.state, waiting.why) == ("STOPPED", "FACT_GONE")
        with pytest.raises(message_words.PastLimitation):
            queue(case, key="y")
        made = queue(case, key="z", frame="time-barred")
        assert isinstance(made, Message)
        assert made.state == "QUEUED"
        assert "诉讼时效" in outbox.text_of(made)
        with pytest.raises(MissingFact):
            queue(other, key="w", frame="time-barred")
