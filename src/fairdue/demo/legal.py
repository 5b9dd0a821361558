"""The clocks and the court alive in the demo: two guarantors whose period runs out, and one case prepared for court."""

from __future__ import annotations

from datetime import date, timedelta

from fairdue.core.codes import Party, PointSource
from fairdue.core.errors import Fault
from fairdue.core.happened import Happened
from fairdue.core.proceedings import Procedure
from fairdue.documents.court import Paper, paper
from fairdue.store import court_file
from fairdue.store.actions import court, legal_clocks, legal_events, people
from fairdue.store.actions.people import NewPerson
from fairdue.store.models import Case, Organisation, Proceeding, User


def show(lender: Organisation, as_of: date) -> None:
    """Through the actions a person would take; a second call changes nothing."""
    if Proceeding.objects.filter(lender=lender).exists():
        return
    lead = User.objects.get(username="wang")
    mine = Case.objects.filter(lender=lender, closed_on=None, owner__isnull=False, team=lead.team).order_by(
        "-dpd", "pk"
    )
    for name, case in zip(("周演示", "吴演示"), mine[:2], strict=False):
        people.add_person(lead, case.pk, NewPerson(name, Party.GUARANTOR, PointSource.CONTRACT, "保证合同（演示）"))
        legal_clocks.refresh("demo", lender, case.customer_id)
    for case in mine[2:3]:
        _prepare(case.pk, lead, as_of)


def _prepare(case_id: int, lead: User, as_of: date) -> None:
    said = Paper("信用卡领用合约（演示）", ("虚构文件，仅供演示。 / An invented paper, for the demonstration only.",))
    contract = ("contract.pdf", "application/pdf", paper(said, "示范银行", "zh", as_of).data)
    try:
        legal_events.record_by_hand(
            lead, case_id, Happened.DEMAND, as_of - timedelta(days=5), note="挂号信签收", file=contract
        )
        made = court.prepare(lead, case_id, Procedure.SUIT, "多次催告未还，金额较大", court="示范区人民法院")
        court_file.build(lead, made.pk)
        court.ask(lead, made.pk, "材料齐备")
    except Fault:
        return  # the book says something against it: the demo shows the page with what is missing
