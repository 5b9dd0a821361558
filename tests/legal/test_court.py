"""A case walks through the courts by dates: papers, a second person, filing, judgment, enforcement; every step a fact."""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from datetime import date
from itertools import islice

import numpy as np
import pytest
from pypdf import PdfReader
from pypdf.generic import Destination

import books
import cast
from fairdue.core.codes import Component
from fairdue.core.happened import Happened
from fairdue.core.limitation import Standing
from fairdue.core.proceedings import NEXT, CourtCost, CourtState, CourtStepImpossible, Procedure, move
from fairdue.core.suing import FeeTable, fee
from fairdue.documents import court as documents
from fairdue.jobs import filing as jobs
from fairdue.rules.court import load_court
from fairdue.rules.periods import PeriodKind
from fairdue.store import access, clock, court_file, court_ready, vault
from fairdue.store.actions import approvals, court, court_faults, filing, legal_clocks, legal_events, tracks
from fairdue.store.actions.court import Said
from fairdue.store.actions.legal_events import Proof
from fairdue.store.models import (
    Account,
    Approval,
    Case,
    FilingBatch,
    LegalClock,
    Organisation,
    Posting,
    Proceeding,
    ProceedingStep,
    Task,
)  # fmt: skip
from worlds import World

TODAY = books.AS_OF
S = CourtState


def single(place: int = 0) -> Case:
    found = (c for c in map(cast.case_of, [cast.COLLECTOR] * 9, range(9)) if c.customer.accounts.count() == 1)
    return next(islice(found, place, None))


def complete(case: Case) -> Case:
    """The contract is in the vault, a demand arrived, the clock runs."""
    vault.keep(a_paper("合同"), name="contract.pdf", media_type="application/pdf", kind="contract", keep_until=None,
               actor="test", lender=case.lender, person=case.customer)  # fmt: skip
    legal_events.record("letters", case, Happened.DEMAND, date(2026, 9, 1), Proof("letter", case.pk))
    return case


def a_paper(title: str) -> bytes:
    return documents.paper(documents.Paper(title, ("text",)), "甲银行", "zh", TODAY).data


def prepared(case: Case, procedure: Procedure = Procedure.SUIT) -> Proceeding:
    return court.prepare(cast.user(cast.LEAD), case.pk, procedure, "worth more than asking", court="某区人民法院")


def approved(case: Case, procedure: Procedure = Procedure.SUIT) -> Proceeding:
    made = prepared(case, procedure)
    court.ask(cast.user(cast.LEAD), made.pk, "papers complete")
    approvals.decide(cast.user(cast.FINANCE), Approval.objects.filter(kind="filing").latest("pk").pk, grant=True)
    return Proceeding.objects.get(pk=made.pk)


def go(made: Proceeding, to: CourtState, on: date, **said: object) -> Proceeding:
    return court.step(cast.user(cast.LEAD), made.pk, to, Said(on=on, **said))  # type: ignore[arg-type]


def limitation(case: Case) -> LegalClock:
    return LegalClock.objects.get(account__customer=case.customer, kind=PeriodKind.LIMITATION)


def test_fees_are_those_of_the_schedule() -> None:
    rules = load_court()
    known = {5_000: 50, 10_000: 50, 50_000: 1_050, 100_000: 2_300, 150_000: 3_300, 300_000: 5_800, 600_000: 9_800}
    for yuan, expected in known.items():
        assert fee(np.array([yuan * 100]), rules.fees[Procedure.SUIT].table)[0] == expected * 100
    assert fee(np.array([5_000_000 * 100]), rules.fees[Procedure.PRESERVATION].table)[0] == 5_000 * 100


def fee_twin(amount: int, table: FeeTable) -> int:
    """Cent by bracket, with exact fractions."""
    total = table.fixed * 10_000
    for place, low in enumerate(table.upto):
        high = table.upto[place + 1] if place + 1 < len(table.upto) else None
        part = max((min(amount, high) if high is not None else amount) - low, 0)
        total += part * table.rate[place]
    whole = -(-total // 10_000)
    whole = min(whole, table.most) if table.most else whole
    return -(-whole * table.numerator // table.denominator)


def test_fees_over_columns_are_those_worked_out_one_by_one() -> None:
    draw = random.Random(481)
    for found in load_court().fees.values():
        amounts = [
            draw.choice((0, 999_999, 1_000_000, 1_000_001, draw.randrange(10**6), draw.randrange(10**11)))
            for _ in range(800)
        ]
        assert fee(np.array(amounts), found.table).tolist() == [fee_twin(a, found.table) for a in amounts]


def test_only_steps_of_the_table_are_possible() -> None:
    for state in CourtState:
        for to in CourtState:
            if to in NEXT[state]:
                assert move(state, to) == to
            else:
                with pytest.raises(CourtStepImpossible):
                    move(state, to)


def test_what_is_missing_is_named_and_nothing_is_filed(both: World) -> None:
    case = single()
    legal_clocks.of_lender("test", case.lender, TODAY)
    with pytest.raises(court_faults.NotReady) as refused:
        prepared(case)
    assert "A demand was served" in refused.value.sentence("en")
    assert "合同等证据材料齐备" in refused.value.sentence("zh")
    complete(case)
    tracks.open_track(cast.user(cast.LEAD), case.pk, "DISPUTE", "says the rate is wrong")
    with pytest.raises(court_faults.NotReady, match="No dispute is open"):
        prepared(case)
    assert not Proceeding.objects.exists()


def test_a_case_walks_from_its_papers_to_enforcement(both: World) -> None:
    case = complete(single())
    made = approved(case)
    assert Task.objects.filter(kind="FILE_IN_COURT", case=case, state=Task.OPEN).exists()
    go(made, S.FILED, date(2026, 9, 30))
    assert limitation(case).standing == Standing.HELD
    assert case_knows(case) == {"suit_filed": True, "judgment": False}
    clock.set_demo(cast.at(10, date(2026, 10, 9)))
    go(made, S.ACCEPTED, date(2026, 10, 9), reference="（2026）某民初1号")
    held = court.set_hearing(cast.user(cast.LEAD), made.pk, cast.at(9, date(2026, 11, 2)), "第三法庭")
    clock.set_demo(cast.at(18, date(2026, 11, 2)))
    court.hearing_held(cast.user(cast.LEAD), held.pk, "the debtor admits the debt")
    go(made, S.HEARD, date(2026, 11, 2))
    clock.set_demo(cast.at(10, date(2026, 11, 20)))
    go(made, S.DECIDED, date(2026, 11, 20), note="claim granted", awarded=made.claim)
    appeal = made.deadlines.get(kind="APPEAL")
    assert appeal.due_on == date(2026, 12, 7), "15 days end on Saturday 5 December and move to the Monday"
    clock.set_demo(cast.at(10, date(2026, 12, 8)))
    go(made, S.EFFECTIVE, date(2026, 12, 8), perform_by=date(2026, 12, 18))
    assert limitation(case).standing == Standing.SETTLED
    enforcement = LegalClock.objects.get(account__customer=case.customer, kind=PeriodKind.ENFORCEMENT)
    assert (enforcement.last, enforcement.standing) == (date(2028, 12, 18), Standing.RUNNING)
    assert case_knows(case) == {"suit_filed": True, "judgment": True}
    steps = list(ProceedingStep.objects.filter(proceeding=made).order_by("pk").values_list("step", flat=True))
    assert steps == [
        "PREPARE",
        "ASKED",
        "APPROVED",
        "FILED",
        "ACCEPTED",
        "HEARING",
        "HEARING_HELD",
        "HEARD",
        "DECIDED",
        "EFFECTIVE",
    ]


def case_knows(case: Case) -> dict[str, bool]:
    from fairdue.store.court_known import known_of

    return {name: known_of(case)[name] for name in ("suit_filed", "judgment")}


def test_nobody_approves_their_own_filing_and_nothing_is_filed_unapproved(both: World) -> None:
    made = prepared(complete(single()))
    with pytest.raises(CourtStepImpossible):
        go(made, S.FILED, TODAY)
    court.ask(cast.user(cast.LEAD), made.pk, "papers complete")
    with pytest.raises(approvals.OwnRequest):
        approvals.decide(cast.user(cast.LEAD), Approval.objects.get(kind="filing").pk, grant=True)
    for to in (S.APPROVED, S.PREPARING):
        with pytest.raises(CourtStepImpossible):
            go(made, to, TODAY)


def test_a_withdrawn_suit_that_was_not_served_gives_the_time_back(both: World) -> None:
    case = complete(single())
    before = limitation(case).last
    made = approved(case)
    go(made, S.FILED, TODAY)
    go(made, S.WITHDRAWN, TODAY, note="settled by telephone")
    assert limitation(case).last == before
    assert case_knows(case)["suit_filed"] is False


def test_costs_stand_on_the_ledger_once_under_costs(both: World) -> None:
    case = complete(single())
    made = approved(case)
    go(made, S.FILED, TODAY)
    before = Posting.objects.filter(account__customer=case.customer).count()
    for _ in range(2):
        paid = court.add_cost(cast.user(cast.FINANCE), made.pk, CourtCost.ACCEPTANCE, 5_000, TODAY, "R-1")
    assert Posting.objects.filter(account__customer=case.customer).count() == before + 1
    assert paid.posting is not None
    assert (paid.posting.component, paid.posting.amount) == (Component.COSTS, 5_000)
    with pytest.raises(court_faults.NotACost):
        court.add_cost(cast.user(cast.FINANCE), made.pk, CourtCost.LAWYER, 0, TODAY, "R-2")


def test_the_file_is_one_pdf_with_an_index_bookmarks_and_numbers(both: World) -> None:
    case = complete(single())
    vault.keep(b"no pdf at all", name="scan.pdf", media_type="application/pdf", kind="upload", keep_until=None, actor="t",
               lender=case.lender, person=case.customer)  # fmt: skip
    made = court_file.build(cast.user(cast.LEAD), prepared(case).pk)
    name, media_type, data = court_file.read(cast.user(cast.LEAD), made.pk, "pdf")
    reader = PdfReader(io.BytesIO(data))
    titles = [item.title for item in reader.outline if isinstance(item, Destination)]
    assert titles[:3] == ["证据目录", "诉请及金额", "对账单及计算过程"]
    assert titles[-1] == "合同: contract.pdf"
    total = len(reader.pages)
    assert all(f"{n}/{total}" in page.extract_text().replace(" ", "") for n, page in enumerate(reader.pages, 1))
    assert "scan.pdf" in reader.pages[0].extract_text(), "what could not be put in is named"
    owed = sum(Posting.objects.filter(account__customer=case.customer).values_list("amount", flat=True))
    sheet = json.loads(court_file.read(cast.user(cast.LEAD), made.pk, "json")[2])
    assert sheet["claim"] == books.cents(owed) == books.cents(made.claim)
    row = next(
        csv.DictReader(io.StringIO(court_file.read(cast.user(cast.LEAD), made.pk, "csv")[2].decode("utf-8-sig")))
    )
    assert row["debtor"] == sheet["debtor"]
    assert (name, media_type) == (f"case-{case.pk}-{made.pk}.pdf", "application/pdf")


def test_a_batch_files_what_it_can_names_what_it_cannot_and_goes_on_where_it_stopped(both: World) -> None:
    good, bad = complete(single(0)), single(1)
    legal_clocks.of_lender("test", bad.lender, TODAY)
    lead = cast.user(cast.LEAD)
    batch = filing.start(
        lead, Procedure.PAYMENT_ORDER, [bad.pk, 987654, good.pk, good.pk], "October", "某区人民法院", "many alike"
    )
    filing.step_on(lead, batch.pk)
    assert FilingBatch.objects.get(pk=batch.pk).state == "RUNNING"
    filing.stop(lead, batch.pk)
    assert jobs.run_batch(lead, batch.pk).position == 1
    filing.go_on(lead, batch.pk)
    done = jobs.run_batch(lead, batch.pk)
    assert (done.state, done.position) == ("DONE", 3)
    assert [(row["case"], row["code"]) for row in done.rejects] == [(bad.pk, "court.not-ready"), (987654, "not-found")]
    assert Proceeding.objects.get().state == S.ASKED
    jobs.run_batch(lead, batch.pk)
    assert Proceeding.objects.count() == 1, "running it again changes nothing"
    out = io.BytesIO()
    filing.archive(lead, batch.pk, out)
    with zipfile.ZipFile(out) as found:
        assert sorted(found.namelist()) == [f"case-{good.pk}.pdf", "filings.csv", "filings.xlsx", "rejects.csv"]
    with pytest.raises(access.NotYours):
        filing.archive(cast.user(cast.COLLECTOR), batch.pk, io.BytesIO())


def test_a_law_firm_sees_what_was_handed_over_reports_and_gives_it_back(both: World) -> None:
    case = complete(single())
    made = approved(case)
    firm = cast.user(cast.AGENCY)
    with pytest.raises(access.NotYours):
        access.get_proceeding(firm, made.pk)
    with pytest.raises(court_faults.NotALawFirm):
        court.hand_over(cast.user(cast.LEAD), made.pk, firm.organisation.code, "near the court")
    Organisation.objects.filter(pk=firm.organisation_id).update(law_firm=True)
    court.hand_over(cast.user(cast.LEAD), made.pk, firm.organisation.code, "near the court")
    with pytest.raises(court_faults.HandedOver):
        court.hand_over(cast.user(cast.LEAD), made.pk, firm.organisation.code, "again")
    said = f"proceeding,step,on,reference\n{made.pk},FILED,2026-09-30,A1\n{made.pk},FLOWN,2026-09-30,\n999,FILED,2026-09-30,\n"
    found = filing.import_outcomes(firm, said.encode())
    assert (found.done, [row["line"] for row in found.rejects]) == (1, [3, 4])
    assert Proceeding.objects.get(pk=made.pk).reference == "A1"
    court.take_back(cast.user(cast.LEAD), made.pk, "filed and settled")
    with pytest.raises(access.NotYours):
        access.get_proceeding(firm, made.pk)


def test_worth_weighs_claim_cost_odds_time_and_property(both: World) -> None:
    case = complete(single())
    poor, rich = court_ready.ready(case, 0), court_ready.ready(case, 900_000)
    assert poor.advice is None, "without property no procedure is worth its cost"
    assert rich.advice is not None
    by = {way.procedure: way for way in rich.ways}
    assert by[Procedure.SUIT].net > by[Procedure.PAYMENT_ORDER].net
    assert not by[Procedure.SMALL_CLAIM].possible
    assert not by[Procedure.ARBITRATION].possible
    Account.objects.filter(customer=case.customer).update(components_known=False)
    assert not any(way.possible for way in court_ready.ready(case).ways)


def test_with_an_arbitration_agreement_the_way_to_the_court_is_closed_and_the_other_open(both: World) -> None:
    case = complete(single())
    lead = cast.user(cast.LEAD)
    before = {way.procedure: way.possible for way in court_ready.ready(case, 900_000).ways}
    assert (before[Procedure.SUIT], before[Procedure.ARBITRATION]) == (True, False)
    with pytest.raises(court_faults.NotReady, match="Arbitration was agreed on"):
        prepared(case, Procedure.ARBITRATION)
    with pytest.raises(court_faults.AgreementMissing):
        court.agree_arbitration(lead, case.pk, "示例仲裁委员会", " ")
    assert court.agree_arbitration(lead, case.pk, "示例仲裁委员会", "合同第 18 条") == 1
    assert court.agree_arbitration(lead, case.pk, "示例仲裁委员会", "合同第 18 条") == 0
    after = {way.procedure: way.possible for way in court_ready.ready(case, 900_000).ways}
    assert (after[Procedure.SUIT], after[Procedure.ARBITRATION]) == (False, True)
    with pytest.raises(court_faults.NotReady, match="No arbitration was agreed on"):
        prepared(case)
    made = approved(case, Procedure.ARBITRATION)
    go(made, S.FILED, date(2026, 9, 30))
    go(made, S.ACCEPTED, date(2026, 9, 30))
    go(made, S.DECIDED, date(2026, 9, 30))
    go(made, S.EFFECTIVE, date(2026, 9, 30))
    kinds = {row.kind: row.due_on for row in made.deadlines.filter(done_on=None)}
    assert kinds["SET_ASIDE"] == date(2026, 12, 30), "three months since the law of 2026"
    assert kinds["ENFORCE"].year == 2028
    assert court.void_arbitration(lead, case.pk, "another contract's clause") == 1


def test_the_time_to_set_an_award_aside_is_that_of_the_day() -> None:
    def codes(on: date) -> set[str]:
        return {deadline.code for deadline in load_court().after(Procedure.ARBITRATION, S.EFFECTIVE, on)}

    assert codes(date(2026, 2, 28)) == {"ENFORCE", "SET_ASIDE_OLD"}
    assert codes(date(2026, 3, 1)) == {"ENFORCE", "SET_ASIDE"}


def test_a_settlement_is_brought_to_the_court_within_thirty_days(both: World) -> None:
    case = complete(single())
    made = approved(case, Procedure.MEDIATION)
    for to in (S.FILED, S.ACCEPTED, S.DECIDED):
        go(made, to, date(2026, 9, 30))
    assert made.deadlines.get(kind="CONFIRM").due_on == date(2026, 10, 30)
    confirmed = court.prepare(
        cast.user(cast.LEAD), case.pk, Procedure.CONFIRMATION, "both sides agree", court="某区人民法院"
    )
    assert confirmed.procedure == Procedure.CONFIRMATION


def test_a_day_the_court_set_is_a_task_until_it_is_kept(both: World) -> None:
    made = prepared(complete(single()), Procedure.BANKRUPTCY_CLAIM)
    lead = cast.user(cast.LEAD)
    for code, due in (("CLAIMS", TODAY.replace(year=2025)), ("NOTHING", date(2026, 11, 30))):
        with pytest.raises(court_faults.NoSuchDay):
            court.set_day(lead, made.pk, code, due)
    row = court.set_day(lead, made.pk, "CLAIMS", date(2026, 11, 30))
    court.set_day(lead, made.pk, "CLAIMS", date(2026, 12, 15))
    task = Task.objects.get(kind="COURT_DEADLINE", about="court_day", about_id=row.pk, state=Task.OPEN)
    assert task.due_on == date(2026, 12, 15)
    court.ask(lead, made.pk, "papers complete")
    assert Task.objects.filter(pk=task.pk, state=Task.OPEN).exists(), "a step of the procedure does not end it"
    court.day_kept(lead, row.pk)
    assert not Task.objects.filter(pk=task.pk, state=Task.OPEN).exists()
    with pytest.raises(access.NotYours):
        court.day_kept(lead, row.pk)
    court.step(lead, made.pk, S.WITHDRAWN, Said(on=TODAY))
