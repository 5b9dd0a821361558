"""How a lender's book is worked on a date, put together from its configuration: what the steps are told besides facts."""

from __future__ import annotations

from datetime import date

from fairdue.core.codes import UNKNOWN
from fairdue.core.dates import MINUTES, utc_of_local
from fairdue.core.decision import DecisionReason
from fairdue.rules.load import load_pack
from fairdue.rules.quality import load_self_cure
from fairdue.rules.strategy import load_strategy
from fairdue.steps.state import Config
from fairdue.store.models import Organisation

LIST_STARTS = 9 * 60  # lists are judged as for nine in the morning at the lender's place
FIRST = (int(DecisionReason.CALLBACK_DUE), int(DecisionReason.PROMISE_BROKEN))


def build(lender: Organisation, as_of: date, at: int | None = None) -> Config:
    """The configuration for a date; `at` (utc_minute) is the moment of the contact, by default when lists start."""
    day = (as_of - date(1970, 1, 1)).days * MINUTES
    strategy = load_strategy(lender.strategy).at(as_of, lender.currency)
    return Config(
        as_of=as_of,
        at=utc_of_local(day + LIST_STARTS, lender.zone) if at is None else at,
        zone=lender.zone,
        lender_kind=lender.lender_kind,
        association_member=UNKNOWN if lender.association_member is None else int(lender.association_member),
        records_calls=UNKNOWN if lender.records_calls is None else int(lender.records_calls),
        owns_ledger=lender.owns_ledger,
        floor=lender.floor_minor,
        pack=load_pack(lender.pack, lender.policy),
        strategy=strategy,
        stages=strategy.stages,
        day_ends=utc_of_local(day + MINUTES, lender.zone),
        first=FIRST,
        list_length=lender.list_length,
        self_cure=load_self_cure(),
    )
