from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse

import asking
import books
import cast
import legal_rows as legal
import lettering
import planning
import sounds
from fairdue.core.codes import Role
from fairdue.jobs import letters as printing
from fairdue.store import clock, vault
from fairdue.store.actions import letter_batches, letter_files, recordings, tracks, webhooks
from fairdue.store.models import (
    Approval,
    Attempt,
    BankStatement,
    Batch,
    Case,
    CaseOrder,
    CaseQueue,
    Certificate,
    ContactAudit,
    Decision,
    Letter,
    LetterBatch,
    MailFile,
    MeansProof,
    Message,
    Organisation,
    OwnPromise,
    PhoneCall,
    Plan,
    QueuePlace,
    Recording,
    Sample,
    Task,
    Track,
)
from person import Person
from worlds import World

C, L, S, O, F, A, P = (  # noqa: E741 - one letter a role keeps the table readable
    Role.COLLECTOR, Role.LEAD, Role.STRATEGIST, Role.COMPLIANCE, Role.FINANCE, Role.AGENCY, Role.OPERATOR,
)  # fmt: skip
ANYBODY = "anybody"
# Every address of the desk: how it is opened, and for whom it exists. What is not listed here fails below.
TABLE: dict[str, tuple[str, object]] = {
    "login": ("GET", ANYBODY),
    "language": ("POST", ANYBODY),
    "theme": ("POST", ANYBODY),
    "logout": ("POST", {C, L, S, O, F, A, P}),
    "home": ("GET", {C, L, S, O, F, A, P}),
    "clock": ("POST", {C, L, S, O, F, A, P}),
    "list": ("GET", {C, L, A}),
    "next": ("POST", {C}),
    "case": ("GET", {C, L, O, F, A}),
    "statement": ("GET", {C, L, O, F, A}),
    "reserve": ("POST", {C}),
    "record": ("POST", {C}),
    "release": ("POST", {C}),
    "dial": ("POST", {C}),
    "call": ("GET", {C}),
    "hang-up": ("POST", {C}),
    "talk": ("POST", {C}),
    "learn": ("POST", {C}),
    "invite": ("POST", {C, L}),
    "words": ("GET", {C, L, O}),
    "word_done": ("POST", {C, L}),
    "knowledge": ("GET", {C, L, S, O, F, P}),
    "caller": ("GET", {C, L}),
    "board": ("GET", {L}),
    "reassign": ("POST", {L}),
    "money": ("GET", {F}),
    "money-upload": ("POST", {F}),
    "money-ask": ("POST", {F}),
    "money-rejects": ("GET", {F}),
    "money-ledger": ("GET", {F}),
    "track-search": ("POST", {F, L}),
    "written-off": ("GET", {F}),
    "written-off-ask": ("POST", {F}),
    "settlements": ("GET", {C, L, O, F}),
    "settlement-step": ("POST", {C, L, F}),
    "certificate-paper": ("GET", {C, L, O, F, A}),
    "certificate": ("GET", ANYBODY),
    "payment-hook": ("POST", ANYBODY),
    "ageing": ("GET", {L}),
    "floor": ("GET", {L}),
    "floor-set": ("POST", {L}),
    "deal": ("GET", {L}),
    "deal-move": ("POST", {L}),
    "order": ("POST", {C, L, O}),
    "order-undo": ("POST", {L, O}),
    "put-back": ("POST", {C}),
    "decision": ("GET", {C, L, O, F, A}),
    "lost": ("GET", {C, L, O}),
    "people": ("GET", {C, L, O, F, A}),
    "person-add": ("POST", {C, L, O}),
    "point-add": ("POST", {C, L, O}),
    "fact-establish": ("POST", {C, L, O}),
    "agencies": ("GET", {L, O}),
    "agency-set": ("POST", {O}),
    "tasks": ("GET", {C, L, S, O, F, A, P}),
    "task": ("POST", {C, L, S, O, F, A, P}),
    "clocks": ("GET", {L, O, F}),
    "track-open": ("POST", {C, L, O, F, A}),
    "track": ("GET", {C, L, O, F, A}),
    "track-step": ("POST", {C, L, O, F, A}),
    "track-file": ("GET", {C, L, O, F, A}),
    "track-pack": ("POST", {O, L}),
    "complaint-sort": ("POST", {O}),
    "plans": ("GET", {C, L, O, F}),
    "means": ("POST", {C, L, F}),
    "means-proof": ("GET", {C, L, O, F}),
    "plan-propose": ("POST", {C, L, F}),
    "plan": ("GET", {C, L, O, F}),
    "plan-accept": ("POST", {C, L, F}),
    "plan-step": ("POST", {C, L, F}),
    "agreement": ("GET", {C, L, O, F}),
    "approvals": ("GET", {L, O, F}),
    "approval": ("POST", {L, O, F}),
    "refusals": ("GET", {O, L}),
    "find": ("POST", {O, L}),
    "replay": ("POST", {O, L}),
    "letters": ("GET", {C, L, O, F, P}),
    "letter-kinds": ("GET", {C, L, S, O, F, P}),
    "case-letters": ("GET", {C, L, O, F}),
    "letter-write": ("POST", {C, L, O, F}),
    "letter-delivery": ("POST", {C, L, O}),
    "letter": ("GET", {C, L, O, F}),
    "letter-file": ("GET", {C, L, O, F}),
    "letter-step": ("POST", {C, L, O, F}),
    "letter-batch-make": ("POST", {L, O}),
    "letter-batch": ("GET", {L, O, P}),
    "letter-batch-step": ("POST", {L, O}),
    "letter-batch-file": ("GET", {L, O}),
    "mail": ("POST", {L, O, P}),
    "mail-rejects": ("GET", {L, O, P}),
    "rules": ("GET", {O, L, S, C}),
    "strategy": ("GET", {S, O, L}),
    "batches": ("GET", {F, P, O}),
    "batch": ("GET", {F, P, O}),
    "audits": ("GET", {O}),
    "audit-upload": ("POST", {O}),
    "audit": ("GET", {O}),
    "audit-columns": ("GET", {O}),
    "audit-start": ("POST", {O}),
    "audit-resume": ("POST", {O}),
    "audit-stop": ("POST", {O}),
    "audit-progress": ("GET", {O}),
    "audit-file": ("GET", {O}),
    "audit-discard": ("POST", {O}),  # after the others: what it deletes, they show
    "lapses": ("GET", {C, L, O, F}),
    "lapse-decide": ("POST", {C, L, O, F}),
    "case-clocks": ("GET", {C, L, O, F, A}),
    "legal-event": ("POST", {C, L, O, F}),
    "legal-void": ("POST", {L, O}),
    "case-court": ("GET", {C, L, O, F}),
    "court-arbitration": ("POST", {L, O, F}),
    "court-prepare": ("POST", {L, O, F}),
    "courts": ("GET", {L, O, F, A}),
    "court-outcomes": ("POST", {L, O, F, A}),
    "court": ("GET", {C, L, O, F, A}),
    "court-step": ("POST", {L, O, F, A}),
    "court-file": ("GET", {L, O, F, A}),
    "filings": ("GET", {L, O, F}),
    "filing-start": ("POST", {L, O, F}),
    "filing": ("GET", {L, O, F}),
    "filing-state": ("GET", {L, O, F}),
    "filing-step": ("POST", {L, O, F}),
    "filing-archive": ("GET", {L, O, F}),
    "filing-rejects": ("GET", {L, O, F}),
    "connections": ("GET", {P, O}),
    "key-add": ("POST", {P}),
    "key-revoke": ("POST", {P, O}),
    "webhook-add": ("POST", {P}),
    "webhook-step": ("POST", {P}),
    "nights": ("GET", {P, S, L}),
    "messages": ("GET", {C, L, O}),
    "message-send": ("POST", {C}),
    "message-check": ("POST", {C, L, O}),
    "message-act": ("POST", {C, L, O}),
    "opt-out": ("POST", {C}),
    "outbox": ("GET", {C, L, O, F}),
    "phone": ("GET", {C, L, S, O, F, A, P}),
    "phone-answer": ("POST", {C, L, S, O, F, A, P}),
    "told": ("POST", ANYBODY),
    "quality": ("GET", {C, L, O, A}),
    "self-cure": ("GET", {L, S, O}),
    "quality-draw": ("POST", {L, O}),
    "sample": ("GET", {C, L, O, A}),
    "sample-review": ("POST", {L, O}),
    "sample-answer": ("POST", {C, A}),
    "contact": ("GET", {C, L, O, A}),
    "recording-add": ("POST", {C, L, O, A}),
    "recording-sound": ("GET", {C, L, O, A}),
    "recording-drop": ("POST", {O}),  # after the others: what it deletes, they show
}
USER_OF = {
    C: cast.COLLECTOR, L: cast.LEAD, S: cast.STRATEGIST, O: cast.OFFICER, F: cast.FINANCE, A: cast.AGENCY,
    P: cast.OPERATOR,
}  # fmt: skip


def addresses() -> Iterator[str]:
    for pattern in get_resolver().url_patterns:
        if str(pattern.pattern) == "api/v1/":  # has a table of its own: tests/api/test_api_doors.py
            continue
        assert isinstance(pattern, URLPattern)
        assert pattern.name, f"{pattern} has no name"
        yield pattern.name


def test_every_address_is_in_the_table() -> None:
    assert sorted(addresses()) == sorted(TABLE)


def own_task(role: Role) -> None:
    """A task of the user who asks next: the only one there is."""
    user = cast.user(USER_OF[role])
    Task.objects.update_or_create(pk=1, defaults={
        "organisation": user.organisation, "owner": user, "kind": "CALL_BACK", "created_by": "test", "created_at": 0,
    })  # fmt: skip
    OwnPromise.objects.update_or_create(pk=1, defaults={
        "case": cast.case_of(cast.COLLECTOR), "owner": user, "kind": 1, "made_at": 0, "due_at": 1, "done_at": -1,
    })  # fmt: skip


def complaint() -> Track:
    """A complaint about the collector's second case, placed with the agency too, with a file: opened once."""
    found = Track.objects.first()
    if found is None:
        case = cast.case_of(cast.COLLECTOR, 1)
        Case.objects.filter(pk=case.pk).update(placed_with=cast.user(cast.AGENCY).organisation)
        found = tracks.open_track(cast.user(cast.LEAD), case.pk, "COMPLAINT", "called at work")
        tracks.add_evidence(cast.user(cast.LEAD), found.pk, "RECORDINGS", "", "talk.ogg", b"sound")
    return found


def heard() -> tuple[Recording, Sample]:
    """A contact of the collector with a recording, drawn and reviewed: made once."""
    if not Recording.objects.exists():
        attempt = sounds.talk(cast.case_of(cast.COLLECTOR, 2))
        given = recordings.Given("talk.wav", sounds.tone())
        recordings.attach(cast.user(cast.COLLECTOR), attempt.pk, given, None)
        Sample.objects.create(organisation=attempt.case.lender, attempt=attempt, collector=cast.user(cast.COLLECTOR),
                              kind=Sample.RANDOM, first_day=books.AS_OF, last_day=books.AS_OF, drawn_at=0,
                              state=Sample.DONE, shown_at=0)  # fmt: skip
    return Recording.objects.get(), Sample.objects.get(kind=Sample.RANDOM, shown_at=0)


def heard_by_the_agency() -> None:
    """The same contact as one of the agency's, in a case placed with it."""
    recording, sample = heard()
    agency = cast.user(cast.AGENCY)
    Attempt.objects.filter(pk=sample.attempt_id).update(organisation=agency.organisation, operator=agency)
    Sample.objects.filter(pk=sample.pk).update(collector=agency)
    Case.objects.filter(pk=recording.attempt.case_id).update(placed_with=agency.organisation)


def certificate() -> Certificate:
    """A settled debt of the collector's first customer: made once."""
    there = Certificate.objects.filter(code="c" * 24).first()
    if there is not None:
        return there
    case = cast.case_of(cast.COLLECTOR)
    account = case.customer.accounts.order_by("pk").first()
    made, _ = Certificate.objects.get_or_create(
        account=account, defaults={"lender": case.lender, "case": case, "code": "c" * 24, "settled_on": books.AS_OF,
                                   "paid": 1, "issued_at": 0},
    )  # fmt: skip
    return made


@transaction.atomic
def rejected() -> BankStatement:
    """A statement with a row that was left out: made once."""
    lender = cast.user(cast.FINANCE).organisation
    found = BankStatement.objects.filter(lender=lender).first()
    if found is not None:
        return found
    kept = vault.keep(b"row", name="r.csv", media_type="text/csv", kind="statement-rejects", keep_until=None, actor="t",
                      lender=lender)  # fmt: skip
    return BankStatement.objects.create(lender=lender, identity="x", format="ofx", file_name="a", file_sha256="b",
                                        currency="CNY", rows_read=1, rejects=kept, booked_by="t",
                                        booked_at=clock.wall())  # fmt: skip


def dialled(case: Case) -> int:
    """A call of the collector that is over: made once."""
    found = PhoneCall.objects.filter(attempt__case=case).first()
    if found is None:
        now = clock.wall()
        me = cast.user(cast.COLLECTOR)
        assert case.decision is not None
        attempt = Attempt.objects.create(
            case=case, customer=case.customer, person=case.customer, party=0, channel=0, purpose=0,
            organisation=me.organisation, operator=me, state=Attempt.CONFIRMED, at=0, decision=case.decision,
        )  # fmt: skip
        found = PhoneCall.objects.create(attempt=attempt, extension="201", state="ENDED", asked_at=now, heard_at=now)
    return found.attempt_id


def message() -> Message:
    """A message about the collector's first case: made once."""
    case = cast.case_of(cast.COLLECTOR)
    found = Message.objects.first()
    return found or Message.objects.create(
        lender=case.lender, case=case, person=case.customer, party=0, channel=1, purpose=0, actor=cast.user(cast.COLLECTOR),
        frame="overdue-reminder", lang="zh", sender="demo-phone", key="doors", provider_key="doors", queued_at=0,
        not_before=0, expires_at=0,
    )  # fmt: skip


def path(name: str) -> str:
    """The address, about a row that the role may read: the collector's first case, placed with the agency."""
    case = cast.case_of(cast.COLLECTOR)
    track = complaint()
    sound = track.evidence.get(code="RECORDINGS").pk
    plan = planning.proposed()
    recording, sample = heard()
    filed, clock_id, event_id, batch_id = legal.something()
    if name in {"key-revoke", "webhook-step"}:
        return reverse(name, args=[connection(name)])
    rows: dict[str, list[int | str | None]] = {
        "lapse-decide": [clock_id], "case-clocks": [case.pk], "legal-event": [case.pk], "legal-void": [event_id],
        "case-court": [case.pk], "court-prepare": [case.pk],
        "court-arbitration": [case.pk], "court": [filed], "court-step": [filed],
        "court-file": [filed, "pdf"], "filing": [batch_id], "filing-step": [batch_id], "filing-archive": [batch_id],
        "filing-state": [batch_id],
        "filing-rejects": [batch_id],
        "sample": [sample.pk], "sample-review": [sample.pk], "sample-answer": [sample.pk],
        "contact": [sample.attempt_id], "recording-add": [sample.attempt_id],
        "recording-sound": [recording.pk], "recording-drop": [recording.pk],
        "plans": [plan.case_id], "means": [plan.case_id], "means-proof": [paper(plan).pk],
        "plan-propose": [plan.case_id], "plan": [plan.pk],
        "plan-accept": [plan.pk], "plan-step": [plan.pk], "agreement": [plan.pk, "zh"],
        "approval": [Approval.objects.latest("pk").pk],
        "track-open": [case.pk], "track": [track.pk], "track-step": [track.pk], "track-file": [track.pk, sound],
        "track-pack": [track.pk], "complaint-sort": [track.pk],
        "order": [case.pk], "order-undo": [running_order(case)], "put-back": [held_place(case)],
        "case": [case.pk], "statement": [case.pk], "reserve": [case.pk], "record": [case.pk, 1],
        "people": [case.pk], "person-add": [case.pk], "point-add": [case.pk], "fact-establish": [case.pk, 1],
        "agency-set": [cast.user(cast.AGENCY).organisation_id],
        "dial": [case.pk], "call": [case.pk, dialled(case)], "hang-up": [case.pk, dialled(case)],
        "release": [case.pk, 999], "talk": [case.pk, 1], "learn": [case.pk], "invite": [case.pk],
        "word_done": [1], "decision": [case.decision_id], "replay": [case.decision_id],
        "batch": [Batch.objects.get().pk], "task": [1],
        "settlements": [case.pk], "settlement-step": [case.pk],
        "money-rejects": [rejected().pk], "money-ledger": ["csv"], "payment-hook": ["bank"],
        "certificate-paper": [certificate().pk, "zh"], "certificate": [certificate().code],
        "messages": [case.pk], "message-send": [case.pk], "message-check": [case.pk], "opt-out": [case.pk],
        "message-act": [message().pk], "told": ["nobody", "no-token"],
    }  # fmt: skip
    if name == "track-search":
        return reverse(name, args=[paid_track().pk])
    if "letter" in name or name == "mail-rejects":
        return reverse(name, args=lettered(name))
    if name.startswith("audit-") or name == "audit":
        args = [] if name == "audit-upload" else [audited().pk]
        return reverse(name, args=[*args, *(["summary.json"] if name == "audit-file" else [])])
    return reverse(name, args=rows.get(name, []))


def paper(plan: Plan) -> MeansProof:
    """A paper about income on the case that is planned: made once."""
    found, case = MeansProof.objects.first(), plan.case
    if found is not None:
        return found
    kept = vault.keep(b"%PDF", name="a.pdf", media_type="application/pdf", kind="income-proof", keep_until=None, actor="t",
                      lender=case.lender, person=case.customer)  # fmt: skip
    return MeansProof.objects.create(means=case.means.latest("pk"), file=kept)


def paid_track() -> Track:
    """The claim that it is paid, on a case of the same team."""
    return tracks.open_track(cast.user(cast.COLLEAGUE), cast.case_of(cast.COLLEAGUE).pk, "ALREADY_PAID", "已还 100 元")


def running_order(case: Case) -> int:
    """An order to keep the case that is in force: a new one where the last was undone."""
    found, _ = CaseOrder.objects.get_or_create(case=case, kind="KEEP", state="IN_FORCE", defaults={
        "asked_by": cast.user(cast.COLLECTOR), "asked_on": case.opened_on, "reason": "talks run"})  # fmt: skip
    return found.pk


def held_place(case: Case) -> int:
    """The case is one that the collector was given by a queue."""
    queue, _ = CaseQueue.objects.get_or_create(lender=case.lender, name="all")
    QueuePlace.objects.get_or_create(case=case, defaults={
        "queue": queue, "lender": case.lender, "rank": 1, "held_by": cast.user(cast.COLLECTOR), "held_until": 2**40})  # fmt: skip
    return case.pk


def lettered(name: str) -> list[int | str]:
    """A letter of the collector's first case, its batch with one print file, and a file of the post with rejects: made once."""
    if not Letter.objects.exists():
        lettering.prepare()
        batch = letter_batches.choose(cast.user(cast.LEAD), "October", [lettering.reminder().pk])
        printing.print_batch(cast.user(cast.LEAD), batch.pk)
        told = letter_files.Told("ems.csv", "0" * 64, "china-post", 0, 0, 1)
        letter_files.keep(cast.user(cast.OPERATOR), told, b"rejected")
    letter = Letter.objects.get()
    rows: dict[str, list[int | str]] = {
        "case-letters": [letter.case_id], "letter-delivery": [letter.case_id],
        "letter-write": [letter.case_id], "letter": [letter.pk], "letter-step": [letter.pk],
        "letter-file": [letter.pk, "zh"], "letter-batch": [LetterBatch.objects.get().pk],
        "letter-batch-step": [LetterBatch.objects.get().pk], "letter-batch-file": [LetterBatch.objects.get().pk, 1],
        "mail-rejects": [MailFile.objects.get().pk],
    }  # fmt: skip
    return rows.get(name, [])


def connection(name: str) -> int:
    """A key to the API, or an endpoint for events, of the operator's lender."""
    if name == "key-revoke":
        return asking.made(cast.OPERATOR, "cases:read")[0].pk
    return webhooks.add("test", cast.user(cast.OPERATOR).organisation, "https://example.com/in")[0].pk


def audited() -> ContactAudit:
    """A log of the officer's lender that was audited; its files are there again if they were deleted."""
    officer = cast.user(cast.OFFICER)
    said = {"asked_by": officer, "file_name": "log.csv", "size": 1, "asked_at": clock.wall()}
    row, _ = ContactAudit.objects.update_or_create(lender_id=officer.organisation_id, defaults=said | {"state": "DONE"})
    for folder in (row.log.parent, row.out):
        folder.mkdir(parents=True, exist_ok=True)
    row.log.write_text("debtor,at\nD1,2026-03-01 22:30\n", "utf-8")
    (row.out / "summary.json").write_text("{}", "utf-8")
    return row


@pytest.mark.parametrize("role", Role, ids=lambda r: r.name.lower())
def test_a_page_exists_for_its_roles_and_for_nobody_else(desk: World, role: Role) -> None:
    case = cast.case_of(cast.COLLECTOR)
    case.placed_with = cast.user(cast.AGENCY).organisation
    case.save()
    if role == A:
        heard_by_the_agency()
    for name, (method, roles) in TABLE.items():
        there = roles == ANYBODY or role in roles  # type: ignore[operator]  # a set where it is not the word
        own_task(role)
        found = Person(USER_OF[role]).status(path(name), post=method == "POST")
        if there and name not in {"release", "payment-hook"}:  # there is no contact to give back, and no secret is set
            assert found in {200, 302, 422}, (role, name, found)
        else:
            assert found == 404, (role, name, found)
        wrong = Person(USER_OF[role]).status(path(name), post=method == "GET")
        assert name == "login" or wrong == (405 if there else 404), (role, name, wrong)


def test_nobody_comes_in_without_login(desk: World) -> None:
    for name, (method, roles) in TABLE.items():
        address = path(name)
        answer = Person("").client.generic(method, address)
        if roles != ANYBODY and name != "logout":
            assert (answer.status_code, answer.headers["Location"]) == (302, f"/login/?next={address}"), name


OWN_ROW = [
    (cast.COLLECTOR, True), (cast.LEAD, True), (cast.OFFICER, True), (cast.FINANCE, True),
    (cast.COLLEAGUE, False), (cast.OTHER_TEAM, False), (cast.OTHER_LEAD, False), (cast.AGENCY, False),
    (cast.STRANGER, False), (cast.STRATEGIST, False), (cast.OPERATOR, False),
]  # fmt: skip


@pytest.mark.parametrize(("username", "sees"), OWN_ROW)
def test_a_case_is_there_for_its_owner_and_those_above_and_for_nobody_else(
    desk: World, username: str, sees: bool
) -> None:
    case = cast.case_of(cast.COLLECTOR)
    pages = [
        reverse("case", args=[case.pk]),
        reverse("statement", args=[case.pk]),
        reverse("decision", args=[case.decision_id]),
    ]
    assert [Person(username).status(page) for page in pages] == [200 if sees else 404] * 3


def test_an_agency_hears_its_own_contacts_while_the_case_is_placed_with_it_and_no_others(desk: World) -> None:
    recording, sample = heard()
    there = [reverse("contact", args=[sample.attempt_id]), reverse("recording-sound", args=[recording.pk]),
             reverse("sample", args=[sample.pk])]  # fmt: skip
    agency = cast.user(cast.AGENCY)
    Case.objects.filter(pk=recording.attempt.case_id).update(placed_with=agency.organisation)
    assert [Person(cast.AGENCY).status(page) for page in there] == [404] * 3  # a contact of the lender's own people
    heard_by_the_agency()
    assert [Person(cast.AGENCY).status(page) for page in there] == [200] * 3
    answered = {"answer": "I shall say so earlier."}
    assert Person(cast.AGENCY).status(reverse("sample-answer", args=[sample.pk]), post=True, **answered) == 302
    other = Organisation.objects.create(code="agency2", name_zh="另一机构", name_en="Agency two", is_lender=False)
    Case.objects.filter(pk=recording.attempt.case_id).update(placed_with=other)
    assert [Person(cast.AGENCY).status(page) for page in there] == [404] * 3
    books.hire("agent2", A, other)
    assert [Person("agent2").status(page) for page in there] == [404] * 3


def test_a_lead_reads_a_case_and_cannot_contact(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    contact = {"channel": 0, "mode": 1, "party": 0, "purpose": 0, "point_id": case.customer.points.get().pk}
    assert Person(cast.LEAD).status(reverse("reserve", args=[case.pk]), post=True, **contact) == 404
    assert Person(cast.COLLEAGUE).status(reverse("reserve", args=[case.pk]), post=True, **contact) == 404
    assert not Decision.objects.filter(kind="contact").exists()


def test_another_teams_files_are_not_a_strangers(desk: World) -> None:
    assert Person(cast.STRANGER).status(reverse("batch", args=[Batch.objects.get().pk])) == 404


def test_a_lead_gives_cases_of_the_own_team_only(desk: World) -> None:
    case = cast.case_of(cast.OTHER_TEAM)
    form: dict[str, str | int] = {"case": case.pk, "to": cast.user(cast.COLLEAGUE).pk, "reason": "holiday"}
    assert Person(cast.LEAD).status(reverse("reassign"), post=True, **form) == 404
    case.refresh_from_db()
    assert case.owner == cast.user(cast.OTHER_TEAM)
