"""The operations of the API. Written by tools/make_client.py from docs/reference/openapi.json: do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from fairdue_client.http import Caller
from fairdue_client.models import (
    AcceptIn,
    AccountOut,
    AccountOutPage,
    BookOut,
    BookOutPage,
    CancelIn,
    CaseOffers,
    CaseOut,
    CaseOutPage,
    CertificateOut,
    CertificateOutPage,
    ContactOut,
    ContactOutPage,
    DecisionLine,
    DecisionLinePage,
    DecisionOut,
    EventOut,
    EventPage,
    GuardVerdict,
    LetterOut,
    LetterOutPage,
    ListIn,
    ListOut,
    MeansIn,
    MeansOut,
    MessageOut,
    MessageOutPage,
    MovedOut,
    OfferAnswer,
    OutcomeCodes,
    OutcomeIn,
    PaymentIn,
    PaymentOut,
    PaymentOutPage,
    PlaceIn,
    PlacementOut,
    PlacementOutPage,
    PlanLine,
    PlanLinePage,
    PlanOut,
    PossibleList,
    PromiseOut,
    PromiseOutPage,
    ProposeIn,
    RecallIn,
    RecordedOut,
    ReservedOut,
    ReserveIn,
    ResultIn,
    ResultOut,
    ReversalIn,
    StatementOut,
    WordingFinding,
)


class Client(Caller):
    """One method an operation; a list has an iterator over all its pages besides."""

    def list_accounts(
        self, *, number: str | None = None, customer: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> AccountOutPage:
        """List the accounts behind the cases the key may see."""
        found: AccountOutPage = self.ask(
            "GET",
            "/accounts",
            AccountOutPage,
            query={"number": number, "customer": customer, "cursor": cursor, "limit": limit},
        )
        return found

    def iter_list_accounts(self, *, number: str | None = None, customer: str | None = None) -> Iterator[AccountOut]:
        """Every row of `list_accounts`, page by page."""
        cursor: str | None = None
        while True:
            page = self.list_accounts(number=number, customer=customer, cursor=cursor, limit=200)
            yield from page.items
            if page.next is None:
                return
            cursor = page.next

    def get_account(self, account_id: int) -> AccountOut:
        """One account."""
        found: AccountOut = self.ask("GET", f"/accounts/{account_id}", AccountOut)
        return found

    def get_account_statement(self, account_id: int, *, on: date | None = None) -> StatementOut:
        """What is owed on an account at the end of a day, line by line."""
        found: StatementOut = self.ask("GET", f"/accounts/{account_id}/statement", StatementOut, query={"on": on})
        return found

    def get_case_statement(self, case_id: int, *, on: date | None = None) -> StatementOut:
        """What is owed on all accounts of a case at the end of a day, line by line."""
        found: StatementOut = self.ask("GET", f"/cases/{case_id}/statement", StatementOut, query={"on": on})
        return found

    def send_book(
        self,
        *,
        kind: Literal["book", "people", "schedule", "payments"],
        mapping: str,
        as_of: date | None = None,
        expect_rows: int | None = None,
        expect_total: int | None = None,
        file: tuple[str, bytes],
        once: str | None = None,
    ) -> BookOut:
        """Send a file: a loan book, people, schedules or payments."""
        found: BookOut = self.ask(
            "POST",
            "/books",
            BookOut,
            form={
                "kind": kind,
                "mapping": mapping,
                "as_of": as_of,
                "expect_rows": expect_rows,
                "expect_total": expect_total,
            },
            file=file,
            once=once,
            writes=True,
        )
        return found

    def list_books(self, *, cursor: str | None = None, limit: int = 50) -> BookOutPage:
        """List the files that were sent."""
        found: BookOutPage = self.ask("GET", "/books", BookOutPage, query={"cursor": cursor, "limit": limit})
        return found

    def iter_list_books(self) -> Iterator[BookOut]:
        """Every row of `list_books`, page by page."""
        cursor: str | None = None
        while True:
            page = self.list_books(cursor=cursor, limit=200)
            yield from page.items
            if page.next is None:
                return
            cursor = page.next

    def get_book(self, book_id: int) -> BookOut:
        """One file and what became of it."""
        found: BookOut = self.ask("GET", f"/books/{book_id}", BookOut)
        return found

    def get_rejects(self, book_id: int) -> bytes:
        """The rows that were rejected, with the reasons, as CSV: mend them and send them again. Empty where there are none."""
        found: bytes = self.ask("GET", f"/books/{book_id}/rejects", bytes)
        return found

    def list_cases(
        self,
        *,
        status: Literal["open", "closed", "all"] = "open",
        customer: str | None = None,
        stage: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> CaseOutPage:
        """List the cases the key may see."""
        found: CaseOutPage = self.ask(
            "GET",
            "/cases",
            CaseOutPage,
            query={"status": status, "customer": customer, "stage": stage, "cursor": cursor, "limit": limit},
        )
        return found

    def iter_list_cases(
        self,
        *,
        status: Literal["open", "closed", "all"] = "open",
        customer: str | None = None,
        stage: str | None = None,
    ) -> Iterator[CaseOut]:
        """Every row of `list_cases`, page by page."""
        cursor: str | None = None
        while True:
            page = self.list_cases(status=status, customer=customer, stage=stage, cursor=cursor, limit=200)
            yield from page.items
            if page.next is None:
                return
            cursor = page.next

    def get_case(self, case_id: int) -> CaseOut:
        """One case."""
        found: CaseOut = self.ask("GET", f"/cases/{case_id}", CaseOut)
        return found

    def list_possible_contacts(self, case_id: int) -> PossibleList:
        """What could be done about a case now, each way judged by the guard."""
        found: PossibleList = self.ask("GET", f"/cases/{case_id}/possible-contacts", PossibleList)
        return found

    def list_contacts(self, case_id: int, *, cursor: str | None = None, limit: int = 50) -> ContactOutPage:
        """List the contacts about a case."""
        found: ContactOutPage = self.ask(
            "GET", f"/cases/{case_id}/contacts", ContactOutPage, query={"cursor": cursor, "limit": limit}
        )
        return found

    def iter_list_contacts(self, case_id: int) -> Iterator[ContactOut]:
        """Every row of `list_contacts`, page by page."""
        cursor: str | None = None
        while True:
            page = self.list_contacts(case_id, cursor=cursor, limit=200)
            yield from page.items
            if page.next is None:
                return
            cursor = page.next

    def reserve_contact(self, case_id: int, body: ReserveIn, *, once: str | None = None) -> ReservedOut:
        """Ask the guard for one contact and take its place in the attempt ledger."""
        found: ReservedOut = self.ask(
            "POST", f"/cases/{case_id}/contacts", ReservedOut, body=body, once=once, writes=True
        )
        return found

    def get_contact(self, contact_id: int) -> ContactOut:
        """One contact; with name and number in clear while the key holds its reservation."""
        found: ContactOut = self.ask("GET", f"/contacts/{contact_id}", ContactOut)
        return found

    def record_outcome(self, contact_id: int, body: OutcomeIn, *, once: str | None = None) -> RecordedOut:
        """Confirm a contact by its outcome: consequences, promise, facts and the next decision in one transaction."""
        found: RecordedOut = self.ask(
            "POST", f"/contacts/{contact_id}/outcome", RecordedOut, body=body, once=once, writes=True
        )
        return found

    def release_contact(self, contact_id: int, *, once: str | None = None) -> ContactOut:
        """Give back a contact that was not made; it no longer counts."""
        found: ContactOut = self.ask("POST", f"/contacts/{contact_id}/release", ContactOut, once=once, writes=True)
        return found

    def list_outcomes(self) -> OutcomeCodes:
        """List the codes a contact may come to."""
        found: OutcomeCodes = self.ask("GET", "/outcomes", OutcomeCodes)
        return found

    def list_decisions(self, case_id: int, *, cursor: str | None = None, limit: int = 50) -> DecisionLinePage:
        """List the decisions about a case."""
        found: DecisionLinePage = self.ask(
            "GET", f"/cases/{case_id}/decisions", DecisionLinePage, query={"cursor": cursor, "limit": limit}
        )
        return found

    def iter_list_decisions(self, case_id: int) -> Iterator[DecisionLine]:
        """Every row of `list_decisions`, page by page."""
        cursor: str | None = None
        while True:
            page = self.list_decisions(case_id, cursor=cursor, limit=200)
            yield from page.items
            if page.next is None:
                return
            cursor = page.next

    def get_decision(self, decision_id: int) -> DecisionOut:
        """One decision explained: what was known, what the law said, what was decided."""
        found: DecisionOut = self.ask("GET", f"/decisions/{decision_id}", DecisionOut)
        return found

    def make_dialler_list(self, body: ListIn, *, once: str | None = None) -> ListOut:
        """Take the numbers that may be dialled now, with the window of each and its place in the ledger."""
        found: ListOut = self.ask("POST", "/dialler/lists", ListOut, body=body, once=once, writes=True)
        return found

    def report_dialled(self, line_id: int, body: ResultIn, *, once: str | None = None) -> ResultOut:
        """Record what came of a line at the moment it was dialled. The same report twice changes nothing."""
        found: ResultOut = self.ask(
            "POST", f"/dialler/lines/{line_id}/result", ResultOut, body=body, once=once, writes=True
        )
        return found

    def list_events(self, *, cursor: str | None = None, limit: int = 100, after: int | None = None) -> EventPage:
        """List the events of the key's organisation, in their order."""
        found: EventPage = self.ask(
            "GET", "/events", EventPage, query={"cursor": cursor, "limit": limit, "after": after}
        )
        return found

    def iter_list_events(self, *, after: int | None = None) -> Iterator[EventOut]:
        """Every row of `list_events`, page by page."""
        cursor: str | None = None
        while True:
            page = self.list_events(after=after, cursor=cursor, limit=200)
            yield from page.items
            if not page.items:
                return
            cursor = page.next

    def check_guard(self, body: dict[str, Any]) -> GuardVerdict:
        """Judge a situation."""
        found: GuardVerdict = self.ask("POST", "/guard/checks", GuardVerdict, body=body)
        return found

    def list_letters(self, case_id: int, *, cursor: str | None = None, limit: int = 50) -> LetterOutPage:
        """List the letters of a case."""
        found: LetterOutPage = self.ask(
            "GET", f"/cases/{case_id}/letters", LetterOutPage, query={"cursor": cursor, "limit": limit}
        )
        return found

    def iter_list_letters(self, case_id: int) -> Iterator[LetterOut]:
        """Every row of `list_letters`, page by page."""
        cursor: str | None = None
        while True:
            page = self.list_letters(case_id, cursor=cursor, limit=200)
            yield from page.items
            if page.next is None:
                return
            cursor = page.next

    def get_letter(self, letter_id: int) -> LetterOut:
        """One letter."""
        found: LetterOut = self.ask("GET", f"/letters/{letter_id}", LetterOut)
        return found

    def get_letter_pdf(self, letter_id: int) -> bytes:
        """The letter as it was posted, as PDF; a letter that was only drafted has none."""
        found: bytes = self.ask("GET", f"/letters/{letter_id}/pdf", bytes)
        return found

    def list_messages(self, case_id: int, *, cursor: str | None = None, limit: int = 50) -> MessageOutPage:
        """List the messages about a case."""
        found: MessageOutPage = self.ask(
            "GET", f"/cases/{case_id}/messages", MessageOutPage, query={"cursor": cursor, "limit": limit}
        )
        return found

    def iter_list_messages(self, case_id: int) -> Iterator[MessageOut]:
        """Every row of `list_messages`, page by page."""
        cursor: str | None = None
        while True:
            page = self.list_messages(case_id, cursor=cursor, limit=200)
            yield from page.items
            if page.next is None:
                return
            cursor = page.next

    def get_message(self, message_id: int) -> MessageOut:
        """One message."""
        found: MessageOut = self.ask("GET", f"/messages/{message_id}", MessageOut)
        return found

    def check_offers(self, body: dict[str, Any]) -> OfferAnswer:
        """Ask what may be offered in a situation, and why not the rest."""
        found: OfferAnswer = self.ask("POST", "/offers/checks", OfferAnswer, body=body)
        return found

    def list_offers(self, case_id: int) -> CaseOffers:
        """List what may be offered on each debt of a case, and why not the rest."""
        found: CaseOffers = self.ask("GET", f"/cases/{case_id}/offers", CaseOffers)
        return found

    def receive_payment(self, body: PaymentIn, *, once: str | None = None) -> PaymentOut:
        """Report money that came in: it is matched, booked, and everything that would still ask for it goes quiet at once."""
        found: PaymentOut = self.ask("POST", "/payments", PaymentOut, body=body, once=once, writes=True)
        return found

    def list_payments(self, *, cursor: str | None = None, limit: int = 50) -> PaymentOutPage:
        """List the payments of the key's lender, from whatever source."""
        found: PaymentOutPage = self.ask("GET", "/payments", PaymentOutPage, query={"cursor": cursor, "limit": limit})
        return found

    def iter_list_payments(self) -> Iterator[PaymentOut]:
        """Every row of `list_payments`, page by page."""
        cursor: str | None = None
        while True:
            page = self.list_payments(cursor=cursor, limit=200)
            yield from page.items
            if page.next is None:
                return
            cursor = page.next

    def get_payment(self, payment_id: int) -> PaymentOut:
        """One payment and where it was booked."""
        found: PaymentOut = self.ask("GET", f"/payments/{payment_id}", PaymentOut)
        return found

    def reverse_payment(self, payment_id: int, body: ReversalIn, *, once: str | None = None) -> PaymentOut:
        """Report that the bank took a payment back: what it had closed opens again. Twice changes nothing."""
        found: PaymentOut = self.ask(
            "POST", f"/payments/{payment_id}/reversal", PaymentOut, body=body, once=once, writes=True
        )
        return found

    def list_certificates(self, *, cursor: str | None = None, limit: int = 50) -> CertificateOutPage:
        """List the certificates of debts that are settled."""
        found: CertificateOutPage = self.ask(
            "GET", "/certificates", CertificateOutPage, query={"cursor": cursor, "limit": limit}
        )
        return found

    def iter_list_certificates(self) -> Iterator[CertificateOut]:
        """Every row of `list_certificates`, page by page."""
        cursor: str | None = None
        while True:
            page = self.list_certificates(cursor=cursor, limit=200)
            yield from page.items
            if page.next is None:
                return
            cursor = page.next

    def get_certificate(self, certificate_id: int) -> CertificateOut:
        """One certificate."""
        found: CertificateOut = self.ask("GET", f"/certificates/{certificate_id}", CertificateOut)
        return found

    def get_certificate_pdf(self, certificate_id: int, *, language: Literal["zh", "en"] = "zh") -> bytes:
        """The certificate as it was issued, as PDF. A void one has no paper."""
        found: bytes = self.ask("GET", f"/certificates/{certificate_id}/pdf", bytes, query={"language": language})
        return found

    def list_placements(self, *, cursor: str | None = None, limit: int = 50) -> PlacementOutPage:
        """List the cases that are placed with an agency."""
        found: PlacementOutPage = self.ask(
            "GET", "/placements", PlacementOutPage, query={"cursor": cursor, "limit": limit}
        )
        return found

    def iter_list_placements(self) -> Iterator[PlacementOut]:
        """Every row of `list_placements`, page by page."""
        cursor: str | None = None
        while True:
            page = self.list_placements(cursor=cursor, limit=200)
            yield from page.items
            if page.next is None:
                return
            cursor = page.next

    def place_cases(self, body: PlaceIn, *, once: str | None = None) -> MovedOut:
        """Place open cases with an agency: all or none. They leave every list of the lender's own people at once."""
        found: MovedOut = self.ask("POST", "/placements", MovedOut, body=body, once=once, writes=True)
        return found

    def recall_cases(self, body: RecallIn, *, once: str | None = None) -> MovedOut:
        """Take placed cases back: all or none. The agency sees them no longer."""
        found: MovedOut = self.ask("POST", "/placements/recall", MovedOut, body=body, once=once, writes=True)
        return found

    def list_promises(
        self,
        *,
        case: int | None = None,
        status: Literal["OPEN", "KEPT", "PARTLY_KEPT", "BROKEN", "SUPERSEDED"] | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> PromiseOutPage:
        """List promises to pay. They are made with the outcome of a contact."""
        found: PromiseOutPage = self.ask(
            "GET", "/promises", PromiseOutPage, query={"case": case, "status": status, "cursor": cursor, "limit": limit}
        )
        return found

    def iter_list_promises(
        self,
        *,
        case: int | None = None,
        status: Literal["OPEN", "KEPT", "PARTLY_KEPT", "BROKEN", "SUPERSEDED"] | None = None,
    ) -> Iterator[PromiseOut]:
        """Every row of `list_promises`, page by page."""
        cursor: str | None = None
        while True:
            page = self.list_promises(case=case, status=status, cursor=cursor, limit=200)
            yield from page.items
            if page.next is None:
                return
            cursor = page.next

    def get_promise(self, promise_id: int) -> PromiseOut:
        """One promise to pay."""
        found: PromiseOut = self.ask("GET", f"/promises/{promise_id}", PromiseOut)
        return found

    def say_means(self, case_id: int, body: MeansIn, *, once: str | None = None) -> MeansOut:
        """Keep what a person said of income and outgoings, beside what was said before."""
        found: MeansOut = self.ask("POST", f"/cases/{case_id}/means", MeansOut, body=body, once=once, writes=True)
        return found

    def list_plans(self, *, case: int | None = None, cursor: str | None = None, limit: int = 50) -> PlanLinePage:
        """List plans, from proposals to those that ended."""
        found: PlanLinePage = self.ask(
            "GET", "/plans", PlanLinePage, query={"case": case, "cursor": cursor, "limit": limit}
        )
        return found

    def iter_list_plans(self, *, case: int | None = None) -> Iterator[PlanLine]:
        """Every row of `list_plans`, page by page."""
        cursor: str | None = None
        while True:
            page = self.list_plans(case=case, cursor=cursor, limit=200)
            yield from page.items
            if page.next is None:
                return
            cursor = page.next

    def propose_plan(self, case_id: int, body: ProposeIn, *, once: str | None = None) -> PlanOut:
        """Propose one of the options that are offered; beyond the authority of the key's user it waits for approval."""
        found: PlanOut = self.ask("POST", f"/cases/{case_id}/plans", PlanOut, body=body, once=once, writes=True)
        return found

    def get_plan(self, plan_id: int) -> PlanOut:
        """One plan with its figures and schedule."""
        found: PlanOut = self.ask("GET", f"/plans/{plan_id}", PlanOut)
        return found

    def accept_plan(self, plan_id: int, body: AcceptIn, *, once: str | None = None) -> PlanOut:
        """Record the borrower's consent; from now on the plan performs, and collection on the debt rests."""
        found: PlanOut = self.ask("POST", f"/plans/{plan_id}/acceptance", PlanOut, body=body, once=once, writes=True)
        return found

    def cancel_plan(self, plan_id: int, body: CancelIn, *, once: str | None = None) -> PlanOut:
        """Take a proposal back. A plan that was accepted is not cancelled: it is replaced, kept or broken."""
        found: PlanOut = self.ask("POST", f"/plans/{plan_id}/cancellation", PlanOut, body=body, once=once, writes=True)
        return found

    def get_agreement(self, plan_id: int, *, language: Literal["zh", "en"] = "zh") -> bytes:
        """The agreement as PDF, in Chinese or English."""
        found: bytes = self.ask("GET", f"/plans/{plan_id}/agreement", bytes, query={"language": language})
        return found

    def check_wording(self, body: dict[str, Any]) -> WordingFinding:
        """Check words."""
        found: WordingFinding = self.ask("POST", "/wording/checks", WordingFinding, body=body)
        return found
