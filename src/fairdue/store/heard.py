"""What the wording check finds in a talk: only the collector's turns are judged, with what is known of the contact."""

from __future__ import annotations

from collections.abc import Sequence

from fairdue.core.codes import Party
from fairdue.core.errors import Lang
from fairdue.store import clock
from fairdue.store.models import Attempt
from fairdue.store.sound import Turn
from fairdue.wording import Finding, Said, check
from fairdue.wording import Turn as Words
from fairdue.wording.said import HAN

AUDIENCE = {
    Party.BORROWER: "debtor", Party.CO_BORROWER: "co_borrower", Party.GUARANTOR: "guarantor", Party.SPOUSE: "spouse",
    Party.HEIR: "heir", Party.CONTACT: "contact_person", Party.EMPLOYER: "employer", Party.ATTORNEY: "attorney",
    Party.REPRESENTATIVE: "attorney",
}  # fmt: skip


def finding(attempt: Attempt, turns: Sequence[Turn]) -> Finding:
    """Judge a talk as it was held, on its day, with whom it was held."""
    lang: Lang = "zh" if HAN.search("".join(turn.text for turn in turns)) else "en"
    case = attempt.case
    return check(Said(
        tuple(Words(turn.text, turn.speaker == "collector") for turn in turns), lang,
        audience=AUDIENCE.get(Party(attempt.party), "other"),
        sender="lender" if attempt.organisation_id == case.lender_id else "agency",
        today=clock.business_date(attempt.at, case.lender.zone).isoformat(), talk=True,
    ))  # fmt: skip
