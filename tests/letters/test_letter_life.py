"""A letter is written, approved where needed, issued under the guard, goes its way and may be withdrawn, never edited."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

import books
import cast
import lettering
from fairdue.core.codes import Channel, PointStatus
from fairdue.core.happened import Happened
from fairdue.core.money import format_minor
from fairdue.documents.letters import LetterFactMissing
from fairdue.store import clock
from fairdue.store.access import NotYours
from fairdue.store.actions import approvals, ledger, letter_post, letterheads, letters, settled
from fairdue.store.actions import letter_faults as faults
from fairdue.store.actions.contacts import QuietNow, Refusal
from fairdue.store.actions.letter_post import Step
from fairdue.store.actions.letters import Wanted
from fairdue.store.models import Approval, Attempt, AuditRow, Certificate, LegalEvent, Letter, Point, Task
from worlds import BOTH, World, Worlds, opened

both = pytest.mark.parametrize("vendor", BOTH)


def demand() -> Letter:
    case = lettering.case()
    kind = "cn/demand-card" if case.customer.accounts.filter(product=0).exists() else "cn/demand"
    return letters.write(cast.user(cast.COLLECTOR), case.pk, Wanted(kind, "zh", typed={"deadline": lettering.DEADLINE}))


def text_of(content: bytes, folder: Path) -> str:
    (folder / "a.pdf").write_bytes(content)
    return subprocess.run(
        ["pdftotext", "-layout", folder / "a.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout


@both
def test_a_letter_is_issued_once_with_its_number_and_counts_as_a_contact(
    worlds: Worlds, vendor: str, tmp_path: Path
) -> None:
    with opened(worlds, vendor, lettering.engage):
        letter = lettering.issued()
        assert letter.state == Letter.ISSUED
        assert letter.number == f"2026-L{letter.pk:07}"
        attempt = letter.attempt
        assert attempt is not None
        assert (attempt.channel, attempt.state, attempt.outcome) == (Channel.LETTER, Attempt.CONFIRMED, "LETTER_SENT")
        first = letters.fetch(cast.user(cast.LEAD), letter.pk)
        assert first == letters.fetch(cast.user(cast.COLLECTOR), letter.pk)
        said = text_of(first[1], tmp_path)
        assert letter.number in said
        assert format_minor(letter.total, 2) in said
        assert AuditRow.objects.filter(verb="letter.issue", subject_id=letter.pk).count() == 1
        with pytest.raises(faults.NotReady):
            letters.issue(cast.user(cast.COLLECTOR), letter.pk)


def test_what_the_guard_refuses_is_not_issued_and_the_refusal_is_kept(desk: World) -> None:
    letter = lettering.reminder()
    clock.set_demo(cast.at(23))
    found = letters.issue(cast.user(cast.COLLECTOR), letter.pk)
    assert isinstance(found, Refusal)
    letter.refresh_from_db()
    assert letter.state == Letter.DRAFT
    assert letter.file is None


def test_a_large_demand_waits_for_a_second_person(desk: World) -> None:
    letterheads.set_head("test", cast.user(cast.LEAD).organisation, letterheads.Head(
        **vars(lettering.HEAD) | {"large_minor": 1}))  # fmt: skip
    letter = demand()
    assert letter.state == Letter.ASKED
    with pytest.raises(faults.NotReady):
        letters.issue(cast.user(cast.COLLECTOR), letter.pk)
    asked = Approval.objects.get(kind="letter", subject_id=letter.pk)
    approvals.decide(cast.user(cast.LEAD), asked.pk, grant=True)
    assert isinstance(letters.issue(cast.user(cast.COLLECTOR), letter.pk), Letter)


def test_a_letter_that_is_not_granted_is_withdrawn_with_the_reason(desk: World) -> None:
    letterheads.set_head("test", cast.user(cast.LEAD).organisation, letterheads.Head(
        **vars(lettering.HEAD) | {"large_minor": 1}))  # fmt: skip
    letter = demand()
    approvals.decide(
        cast.user(cast.LEAD), Approval.objects.get(subject_id=letter.pk, kind="letter").pk, grant=False, reason="先协商"
    )
    letter.refresh_from_db()
    assert letter.state == Letter.WITHDRAWN
    assert letter.events.latest("pk").note == "先协商"


def test_a_served_demand_interrupts_limitation_once(desk: World) -> None:
    letter = demand()
    if letter.state == Letter.ASKED:
        approvals.decide(cast.user(cast.LEAD), Approval.objects.get(subject_id=letter.pk, kind="letter").pk, grant=True)
    user = cast.user(cast.COLLECTOR)
    assert isinstance(letters.issue(user, letter.pk), Letter)
    clock.set_demo(cast.at(10, books.AS_OF + timedelta(days=5)))
    letter_post.record(
        user, letter.pk, Step(Letter.DISPATCHED, books.AS_OF + timedelta(days=1), post_no="EA123456789CN")
    )
    served = Step(Letter.DELIVERED, books.AS_OF + timedelta(days=3), "本人签收")
    letter_post.record(user, letter.pk, served, ("receipt.pdf", "application/pdf", b"%PDF-1.4 signed"))
    events = LegalEvent.objects.filter(evidence="letter", evidence_id=letter.pk)
    assert {event.kind for event in events} == {Happened.DEMAND}
    assert {event.on for event in events} == {served.on}
    before = events.count()
    letter_post.record(user, letter.pk, served)
    assert LegalEvent.objects.filter(evidence="letter").count() == before
    letters.withdraw(cast.user(cast.LEAD), letter.pk, "wrong person")
    assert not LegalEvent.objects.filter(evidence="letter", void_at=-1).exists()


def test_a_letter_that_comes_back_marks_the_address_and_asks_somebody(desk: World) -> None:
    letter = lettering.issued()
    letter_post.record(cast.user(cast.COLLECTOR), letter.pk, Step(Letter.RETURNED, books.AS_OF, "地址欠详"))
    assert Point.objects.get(person=letter.person, channel=Channel.LETTER).status == PointStatus.INVALID
    assert Task.objects.get(kind="LETTER_CAME_BACK").owner == letter.case.owner
    assert not LegalEvent.objects.filter(evidence="letter").exists()


def test_what_has_moved_since_is_written_anew(desk: World) -> None:
    letter = lettering.reminder()
    account = letter.accounts.get(pk=letter.accounts.values_list("pk")[0][0])
    ledger.record_payment("test", account, 100, books.AS_OF, "p1")
    with pytest.raises(faults.Stale):
        letters.issue(cast.user(cast.COLLECTOR), letter.pk)
    letters.withdraw(cast.user(cast.COLLECTOR), letter.pk, "a payment came")
    again = lettering.reminder(replaces=letter.pk)
    assert again.total == letter.total - 100
    assert again.replaces == letter


def test_words_typed_into_a_letter_are_checked(desk: World) -> None:
    case = lettering.case()
    typed = {
        "plan_no": "不还就让警察抓你坐牢",
        "missed_on": "2026-09-10",
        "missed_amount": "100.00",
        "deadline": lettering.DEADLINE,
    }
    with pytest.raises(faults.WordsRefused):
        letters.write(cast.user(cast.COLLECTOR), case.pk, Wanted("cn/plan-breach", "zh", typed=typed))
    assert not Letter.objects.exists()


@pytest.mark.parametrize(("typed", "fault"), [
    ({"deadline": "tomorrow"}, faults.FactWrong), ({"deadline": "2020-01-01"}, faults.FactWrong),
    ({}, LetterFactMissing),
])  # fmt: skip
def test_a_fact_that_is_missing_or_unreadable_is_named(
    desk: World, typed: dict[str, str], fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        letters.write(cast.user(cast.COLLECTOR), lettering.case().pk, Wanted("cn/reminder", "zh", typed=typed))


def test_without_a_letterhead_what_is_missing_is_named(desk: World) -> None:
    letterheads.set_head("test", cast.user(cast.LEAD).organisation, letterheads.Head())
    with pytest.raises(LetterFactMissing, match="hotline"):
        lettering.reminder()


def test_a_strangers_letter_does_not_exist(desk: World) -> None:
    letter = lettering.issued()
    for name in (cast.STRANGER, cast.OTHER_TEAM, cast.AGENCY):
        with pytest.raises(NotYours):
            letters.fetch(cast.user(name), letter.pk)


def test_nobody_writes_a_kind_of_another_law(desk: World) -> None:
    with pytest.raises(faults.UnknownKind):
        letters.write(cast.user(cast.COLLECTOR), lettering.case().pk, Wanted("us/validation", "en"))


def test_a_certificate_is_for_a_debt_that_is_paid_and_carries_its_code(desk: World, tmp_path: Path) -> None:
    user, account = cast.user(cast.FINANCE), lettering.case().customer.accounts.order_by("account_no")[0]
    wanted = Wanted("cn/settlement", "zh", accounts=(account.pk,))
    with pytest.raises(faults.NotSettled):
        letters.write(user, lettering.case().pk, wanted)
    case = account.customer.cases.get()
    ledger.record_payment("test", account, int(ledger.balances(account, books.AS_OF).sum()), books.AS_OF, "all")
    with transaction.atomic():
        settled.look("test", account)
    letter = letters.issue(user, letters.write(user, case.pk, wanted).pk)
    assert isinstance(letter, Letter)
    code = Certificate.objects.get(account=account).code
    assert code in text_of(letters.fetch(user, letter.pk)[1], tmp_path).replace("\n", "")


def test_a_borrower_who_has_paid_gets_no_letter_that_was_ready(desk: World) -> None:
    letter = lettering.reminder()
    account = letter.accounts.get(pk=letter.accounts.values_list("pk")[0][0])
    ledger.record_payment("test", account, letter.total, books.AS_OF, "all")
    with pytest.raises((faults.Stale, QuietNow)):
        letters.issue(cast.user(cast.COLLECTOR), letter.pk)
    assert not Letter.objects.exclude(number=None).exists()


def test_the_window_of_the_envelope_shows_no_debt(desk: World, tmp_path: Path) -> None:
    _name, content = letters.fetch(cast.user(cast.LEAD), lettering.issued().pk)
    (tmp_path / "a.pdf").write_bytes(content)
    window = ["-r", "72", "-x", "70", "-y", "127", "-W", "257", "-H", "100"]  # points: 25 mm, 45 mm; 90 mm by 35 mm
    said = subprocess.run(
        ["pdftotext", *window, tmp_path / "a.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "示例路1号" in said.replace(" ", "")
    assert not any(word in said for word in ("欠", "还款", "催", "银行", "2026-L"))


@both
@pytest.mark.parametrize("statement", ["UPDATE letter_event SET note = 'other'", "DELETE FROM letter_event"])
def test_the_steps_of_a_letter_cannot_be_rewritten(worlds: Worlds, vendor: str, statement: str) -> None:
    with opened(worlds, vendor, lettering.engage):
        assert lettering.issued().events.exists()
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
