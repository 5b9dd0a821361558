"""What has in fact happened in law, for the words: only what is on record may be stated to anybody."""

from __future__ import annotations

from collections.abc import Mapping

from fairdue.core.limitation import Standing
from fairdue.core.proceedings import BEFORE_COURT, TITLES, CourtState, Procedure
from fairdue.rules.periods import PeriodKind
from fairdue.store.models import Case, LegalClock, Proceeding

GONE = frozenset({CourtState.WITHDRAWN, CourtState.REJECTED})


def known_of(case: Case) -> Mapping[str, bool]:
    """The flags of `wording.said` that the record settles: suit filed, planned, judgment, enforcement, time-barred."""
    found = [(Procedure(kind), CourtState(state), bool(effective)) for kind, state, effective in
             Proceeding.objects.filter(case__customer_id=case.customer_id, lender_id=case.lender_id)
             .values_list("procedure", "state", "effective_on") if CourtState(state) not in GONE]  # fmt: skip
    filed = any(kind in TITLES and state not in BEFORE_COURT for kind, state, _ in found)
    barred = LegalClock.objects.filter(
        account__customer_id=case.customer_id, kind=PeriodKind.LIMITATION, standing=Standing.LAPSED
    )
    return {
        "suit_filed": filed,
        "suit_planned": any(kind in TITLES and state == CourtState.APPROVED for kind, state, _ in found),
        "judgment": any(kind in TITLES and effective for kind, _, effective in found),
        "enforcement": any(kind == Procedure.ENFORCEMENT and state not in BEFORE_COURT for kind, state, _ in found),
        "time_barred": barred.exists(),
    }
