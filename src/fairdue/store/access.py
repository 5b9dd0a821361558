"""The one door out: what a user may see. Someone else's row does not exist for them (404)."""

from __future__ import annotations

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q, QuerySet

from fairdue.core.codes import UNKNOWN, Role
from fairdue.store.models import (
    Account,
    ApiKey,
    Approval,
    Attempt,
    BankStatement,
    Batch,
    BookUpload,
    Case,
    Certificate,
    ContactAudit,
    DailyStep,
    Decision,
    LegalClock,
    Letter,
    LetterBatch,
    Link,
    MailFile,
    Message,
    NightRun,
    Organisation,
    PaymentLine,
    Person,
    Plan,
    Proceeding,
    Promise,
    Recording,
    Sample,
    Settlement,
    Suspense,
    Task,
    Track,
    User,
    WebhookEndpoint,
    WorkItem,
    WriteOff,
)

SEES_ALL_CASES = frozenset({Role.COMPLIANCE, Role.FINANCE})
SEES_BATCHES = frozenset({Role.FINANCE, Role.OPERATOR, Role.COMPLIANCE})


class NotYours(ObjectDoesNotExist):
    """The row is not there, or not for this user; which of the two is not said."""


def site_login(lender: Organisation) -> str:
    """The name of the login under which a lender's site works; nobody can log in with it."""
    return f"site.{lender.code}"


def for_borrower(person: Person) -> User:
    """The person at the customer's own site: sees the own cases and nothing else, and acts under the own number.

    Raises `NotYours` where the site was never opened for the lender, or the person was erased.
    """
    user = User.objects.filter(username=site_login(person.lender)).select_related("organisation").first()
    if user is None or person.erased_on is not None:
        raise NotYours
    user.speaks_for, user.username, user.role = person.pk, f"borrower:{person.pk}", Role.COLLECTOR  # type: ignore[misc]
    return user


def cases_for(user: User) -> QuerySet[Case]:
    """Cases the user may read: a collector's own, a lead's team and what nobody owns, an agency's placements."""
    return Case.objects.filter(_readable(user))


def _readable(user: User) -> Q:
    if user.speaks_for is not None:
        return Q(customer_id=user.speaks_for)
    role = Role(user.role)
    if role == Role.AGENCY:
        return Q(placed_with_id=user.organisation_id)
    here = Q(lender_id=user.organisation_id)
    if role in SEES_ALL_CASES:
        return here
    if role == Role.LEAD:
        return here & (Q(team_id=user.team_id, team__isnull=False) | Q(owner=None))
    if role == Role.COLLECTOR:
        return here & Q(owner_id=user.pk)
    return Q(pk__in=[])


def get_case(user: User, case_id: int) -> Case:
    """One case. Raises `NotYours`."""
    case = cases_for(user).select_related("customer__wish", "lender", "decision", "owner").filter(pk=case_id).first()
    if case is None:
        raise NotYours
    return case


def may_contact(user: User, case: Case) -> bool:
    """Only the owner of an open case works it: one case, one owner, one voice. Who owes may always act for themselves."""
    if user.speaks_for is not None:
        return case.closed_on is None and case.customer_id == user.speaks_for
    return case.closed_on is None and case.owner_id == user.pk


def accounts_for(user: User) -> QuerySet[Account]:
    """Accounts of people one of whose cases the user may read."""
    return Account.objects.filter(customer__in=cases_for(user).values("customer_id"))


def attempts_for(user: User) -> QuerySet[Attempt]:
    """Contacts about cases the user may read."""
    return Attempt.objects.filter(case__in=cases_for(user))


def promises_for(user: User) -> QuerySet[Promise]:
    """Promises made in cases the user may read."""
    return Promise.objects.filter(case__in=cases_for(user))


def messages_for(user: User) -> QuerySet[Message]:
    """Messages about cases the user may read."""
    return Message.objects.filter(case__in=cases_for(user)).select_related(
        "case__lender", "case__customer", "person", "point"
    )


def get_message(user: User, message_id: int) -> Message:
    """One message. Raises `NotYours`."""
    found = messages_for(user).filter(pk=message_id).first()
    if found is None:
        raise NotYours
    return found


def work_for(user: User) -> QuerySet[WorkItem]:
    """Places on lists: a collector's own; a lead's whole team."""
    if user.role == Role.LEAD and user.team_id is not None:
        return WorkItem.objects.filter(owner__team_id=user.team_id)
    return WorkItem.objects.filter(owner_id=user.pk, case__in=cases_for(user))


def decisions_for(user: User) -> QuerySet[Decision]:
    """Decisions about cases the user may read."""
    return Decision.objects.filter(case__in=cases_for(user))


def batches_for(user: User) -> QuerySet[Batch]:
    """Files loaded for the user's lender; only finance, compliance and operators see them."""
    if Role(user.role) not in SEES_BATCHES:
        return Batch.objects.none()
    return Batch.objects.filter(lender_id=user.organisation_id)


def uploads_for(user: User) -> QuerySet[BookUpload]:
    """Files that came in by the API for the user's lender; whoever sees files sees those."""
    if Role(user.role) not in SEES_BATCHES:
        return BookUpload.objects.none()
    return BookUpload.objects.filter(lender_id=user.organisation_id)


def nights_for(user: User) -> QuerySet[NightRun]:
    """Nights of the user's lender; operators, strategists and leads see them."""
    if Role(user.role) not in {Role.OPERATOR, Role.STRATEGIST, Role.LEAD}:
        return NightRun.objects.none()
    return NightRun.objects.filter(lender_id=user.organisation_id)


def daily_for(user: User) -> QuerySet[DailyStep]:
    """The work of the days of the user's lender; whoever sees nights sees it."""
    if Role(user.role) not in {Role.OPERATOR, Role.STRATEGIST, Role.LEAD}:
        return DailyStep.objects.none()
    return DailyStep.objects.filter(lender_id=user.organisation_id)


def colleagues_for(user: User) -> QuerySet[User]:
    """Collectors a lead may give cases to: those of the same team."""
    if user.role != Role.LEAD or user.team_id is None:
        return User.objects.none()
    return User.objects.filter(team_id=user.team_id, role=Role.COLLECTOR, is_active=True)


def tasks_for(user: User) -> QuerySet[Task]:
    """Tasks the user may see: the own ones, those free for the role or team, a lead's team's, compliance all of them."""
    if user.speaks_for is not None:
        return Task.objects.none()
    here = Q(organisation_id=user.organisation_id)
    if Role(user.role) == Role.COMPLIANCE:
        return Task.objects.filter(here)
    of_team = Q(team=None) if user.team_id is None else Q(team=None) | Q(team_id=user.team_id)
    free = Q(owner=None) & of_team & Q(role__in=(UNKNOWN, user.role))
    seen = Q(owner_id=user.pk) | free
    if Role(user.role) == Role.LEAD and user.team_id is not None:
        seen |= Q(team_id=user.team_id) | Q(owner__team_id=user.team_id) | Q(case__team_id=user.team_id, owner=None)
    return Task.objects.filter(here & seen)


def get_task(user: User, task_id: int) -> Task:
    """One task. Raises `NotYours`."""
    task = tasks_for(user).filter(pk=task_id).first()
    if task is None:
        raise NotYours
    return task


def plans_for(user: User) -> QuerySet[Plan]:
    """Plans of people one of whose cases the user may read: a plan outlives the case it was agreed in."""
    people = cases_for(user).values("customer_id")
    return Plan.objects.filter(case__customer__in=people).select_related("account", "case__lender", "case__customer")


def approvals_for(user: User) -> QuerySet[Approval]:
    """Requests one of whose roles is the user's, about cases the user may read."""
    if user.speaks_for is not None:
        return Approval.objects.none()
    mine = Approval.objects.filter(organisation_id=user.organisation_id, roles__contains=Role(user.role).name)
    return mine.filter(Q(case=None) | Q(case__in=cases_for(user)))


def links_for(user: User) -> QuerySet[Link]:
    """People linked to customers one of whose cases the user may read."""
    people = cases_for(user).values("customer_id")
    return Link.objects.filter(customer__in=people).select_related("customer__lender", "person")


def tracks_for(user: User) -> QuerySet[Track]:
    """Tracks of cases the user may read."""
    return Track.objects.filter(case__in=cases_for(user))


def get_track(user: User, track_id: int) -> Track:
    """One track. Raises `NotYours`."""
    found = (
        tracks_for(user).select_related("case__customer", "case__lender", "case__owner", "lender").filter(pk=track_id)
    )
    track = found.first()
    if track is None:
        raise NotYours
    return track


def contact_audits_for(user: User) -> QuerySet[ContactAudit]:
    """Audits of contact logs of the user's lender; compliance sees them."""
    if Role(user.role) != Role.COMPLIANCE:
        return ContactAudit.objects.none()
    return ContactAudit.objects.filter(lender_id=user.organisation_id).select_related("asked_by", "lender")


def get_contact_audit(user: User, audit_id: int) -> ContactAudit:
    """One audit of a contact log. Raises `NotYours`."""
    found = contact_audits_for(user).filter(pk=audit_id).first()
    if found is None:
        raise NotYours
    return found


HEARS = frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE, Role.AGENCY})
REVIEWS = frozenset({Role.LEAD, Role.COMPLIANCE})


def contacts_for(user: User) -> QuerySet[Attempt]:
    """Contacts whose recordings the user may hear: a collector's own, a lead's people's and cases', compliance all of them.

    An agency's people hear those of their own agency, while the case is placed with it: then the data go back (PIPL art. 21).
    """
    role = Role(user.role)
    if role not in HEARS or user.speaks_for is not None:
        return Attempt.objects.none()
    if role == Role.AGENCY:
        return Attempt.objects.filter(organisation_id=user.organisation_id, case__in=cases_for(user))
    seen = Q(case__in=cases_for(user))
    if role == Role.COLLECTOR:
        seen |= Q(operator_id=user.pk)
    if role == Role.LEAD and user.team_id is not None:
        seen |= Q(operator__team_id=user.team_id)
    return Attempt.objects.filter(seen, case__lender_id=user.organisation_id)


def get_contact(user: User, attempt_id: int) -> Attempt:
    """One contact. Raises `NotYours`."""
    found = (
        contacts_for(user).select_related("case__lender", "customer", "operator", "point").filter(pk=attempt_id).first()
    )
    if found is None:
        raise NotYours
    return found


def get_recording(user: User, recording_id: int) -> Recording:
    """One recording of a contact the user may hear. Raises `NotYours`."""
    mine = Recording.objects.filter(attempt__in=contacts_for(user))
    found = mine.select_related("attempt__case__lender", "sound", "transcript").filter(pk=recording_id).first()
    if found is None:
        raise NotYours
    return found


def samples_for(user: User) -> QuerySet[Sample]:
    """Samples the user may see: a collector's own once they are shown, a lead's team's, compliance all of them.

    Somebody of an agency sees the own ones once they are shown, while the case is placed with the agency.
    """
    role = Role(user.role)
    if role == Role.AGENCY:
        return Sample.objects.filter(collector_id=user.pk, shown_at__gte=0, attempt__case__in=cases_for(user))
    here = Sample.objects.filter(organisation_id=user.organisation_id)
    if role == Role.COMPLIANCE:
        return here
    if role == Role.LEAD and user.team_id is not None:
        return here.filter(collector__team_id=user.team_id)
    if role == Role.COLLECTOR:
        return here.filter(collector_id=user.pk, shown_at__gte=0)
    return Sample.objects.none()


def get_sample(user: User, sample_id: int) -> Sample:
    """One sample. Raises `NotYours`."""
    found = (
        samples_for(user).select_related("attempt__case__lender", "attempt__customer", "collector").filter(pk=sample_id)
    )
    sample = found.first()
    if sample is None:
        raise NotYours
    return sample


def keys_for(user: User) -> QuerySet[ApiKey]:
    """Keys of the user's organisation; operators make them, compliance looks at them."""
    if Role(user.role) not in {Role.OPERATOR, Role.COMPLIANCE}:
        return ApiKey.objects.none()
    return ApiKey.objects.filter(organisation_id=user.organisation_id)


LETTER_ROOM = frozenset({Role.LEAD, Role.COMPLIANCE, Role.OPERATOR})


def letters_for(user: User) -> QuerySet[Letter]:
    """Letters of cases the user may read; an agency sees none: they are the lender's."""
    if Role(user.role) == Role.AGENCY:
        return Letter.objects.none()
    return Letter.objects.filter(case__in=cases_for(user))


def letter_batches_for(user: User) -> QuerySet[LetterBatch]:
    """Print batches of the user's lender."""
    if Role(user.role) not in LETTER_ROOM:
        return LetterBatch.objects.none()
    return LetterBatch.objects.filter(lender_id=user.organisation_id)


def mail_files_for(user: User) -> QuerySet[MailFile]:
    """Files of registered mail of the user's lender."""
    if Role(user.role) not in LETTER_ROOM:
        return MailFile.objects.none()
    return MailFile.objects.filter(lender_id=user.organisation_id)


def get_key(user: User, key_id: int) -> ApiKey:
    """One key. Raises `NotYours`."""
    found = keys_for(user).filter(pk=key_id).first()
    if found is None:
        raise NotYours
    return found


def endpoints_for(user: User) -> QuerySet[WebhookEndpoint]:
    """Where events of the user's organisation are sent; operators see to it, compliance looks at it."""
    if Role(user.role) not in {Role.OPERATOR, Role.COMPLIANCE}:
        return WebhookEndpoint.objects.none()
    return WebhookEndpoint.objects.filter(organisation_id=user.organisation_id)


def lines_for(user: User) -> QuerySet[PaymentLine]:
    """Payments of the user's lender, with where they were booked; whoever sees files sees those."""
    if Role(user.role) not in SEES_BATCHES:
        return PaymentLine.objects.none()
    rows = PaymentLine.objects.filter(lender_id=user.organisation_id)
    return rows.select_related("suspense").prefetch_related("matches__account")


def certificates_for(user: User) -> QuerySet[Certificate]:
    """Certificates of people one of whose cases the user may read."""
    people = cases_for(user).values("customer_id")
    return Certificate.objects.filter(account__customer__in=people).select_related("account", "lender")


def settlements_for(user: User) -> QuerySet[Settlement]:
    """Settlements of people one of whose cases the user may read."""
    people = cases_for(user).values("customer_id")
    found = Settlement.objects.filter(account__customer__in=people)
    return found.select_related("account__customer", "account__lender", "case__lender", "proposed_by")


def write_offs_for(user: User) -> QuerySet[WriteOff]:
    """Debts written off in the books of the user's lender; only finance sees them: they are no message to a borrower."""
    found = WriteOff.objects.filter(lender=money_of(user)) if money_of(user) else WriteOff.objects.none()
    return found.select_related("account__customer", "account__lender", "lender", "asked_by")


def legal_clocks_for(user: User) -> QuerySet[LegalClock]:
    """Legal clocks of debts of people one of whose cases the user may read."""
    people = cases_for(user).values("customer_id")
    found = LegalClock.objects.filter(account__customer__in=people)
    return found.select_related("account__customer", "account__lender", "lender", "person")


def get_legal_clock(user: User, clock_id: int) -> LegalClock:
    """One legal clock. Raises `NotYours`."""
    found = legal_clocks_for(user).filter(pk=clock_id).first()
    if found is None:
        raise NotYours
    return found


def proceedings_for(user: User) -> QuerySet[Proceeding]:
    """Procedures about cases the user may read; a law firm's people see those handed over to them."""
    mine = Q(case__in=cases_for(user))
    if Role(user.role) == Role.AGENCY:
        mine |= Q(firm_id=user.organisation_id, returned_on=None)
    return Proceeding.objects.filter(mine).select_related("case__customer", "case__lender", "lender", "firm")


def get_proceeding(user: User, proceeding_id: int) -> Proceeding:
    """One procedure. Raises `NotYours`."""
    found = proceedings_for(user).filter(pk=proceeding_id).first()
    if found is None:
        raise NotYours
    return found


def money_of(user: User) -> Organisation | None:
    """The lender whose incoming money the user works on; only finance does."""
    return user.organisation if Role(user.role) == Role.FINANCE and user.organisation.is_lender else None


def suspense_for(user: User) -> QuerySet[Suspense]:
    """Money that waits, of the user's lender; only finance sees it."""
    return Suspense.objects.filter(lender=money_of(user)) if money_of(user) else Suspense.objects.none()


def statements_for(user: User) -> QuerySet[BankStatement]:
    """Statements of the user's lender; only finance sees them."""
    return BankStatement.objects.filter(lender=money_of(user)) if money_of(user) else BankStatement.objects.none()
