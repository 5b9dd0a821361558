"""One row of everything legal about the collector's first case, placed with the agency: made once."""

from __future__ import annotations

import cast
from fairdue.core.happened import Happened
from fairdue.core.proceedings import Procedure
from fairdue.store import court_file, vault
from fairdue.store.actions import court, filing, legal_clocks, legal_events
from fairdue.store.actions.legal_events import Proof
from fairdue.store.models import Case, FilingBatch, LegalClock, LegalEvent, Proceeding


def something() -> tuple[int, int, int, int]:
    """A procedure with its file, a clock, an event and a batch: their numbers."""
    there = Proceeding.objects.select_related("case__customer").order_by("pk").first()
    case = there.case if there else cast.case_of(cast.COLLECTOR)
    if there is None:
        complete(case)
        made = court.prepare(cast.user(cast.LEAD), case.pk, Procedure.SUIT, "worth it", court="某区人民法院")
        court_file.build(cast.user(cast.LEAD), made.pk)
        filing.start(cast.user(cast.LEAD), Procedure.PAYMENT_ORDER, [case.pk], "one", "某院", "alike")
    clock_row = LegalClock.objects.filter(account__customer=case.customer).order_by("pk")[0]
    event = LegalEvent.objects.filter(case=case).order_by("pk")[0]
    return Proceeding.objects.order_by("pk")[0].pk, clock_row.pk, event.pk, FilingBatch.objects.get().pk


def complete(case: Case) -> Case:
    """The contract is in the vault, a demand arrived, the clock runs."""
    today = case.as_of
    assert today is not None
    vault.keep(b"%PDF", name="contract.pdf", media_type="application/pdf", kind="contract", keep_until=None, actor="test",
               lender=case.lender, person=case.customer)  # fmt: skip
    legal_clocks.of_lender("test", case.lender, today)
    legal_events.record("letters", case, Happened.DEMAND, today, Proof("letter", case.pk))
    return case
