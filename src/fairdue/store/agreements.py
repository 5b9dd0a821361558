"""The agreement of a plan on the book: its facts from the rows, its text for the consent, its page."""

from __future__ import annotations

from django.db import transaction

from fairdue.core.codes import Component, Product
from fairdue.core.consent import Consent
from fairdue.core.errors import Lang
from fairdue.documents import agreement
from fairdue.documents.agreement import Facts, Line
from fairdue.rules.plans import load_terms
from fairdue.store import audit
from fairdue.store.models import Plan, User
from fairdue.store.seal import sealer


def facts(plan: Plan, borrower: str) -> Facts:
    """What the agreement of this plan names. `borrower`: the name as it shall stand there."""
    account, lender = plan.account, plan.case.lender
    rows = plan.payments.order_by("number")
    return Facts(
        number=plan.pk, on=plan.proposed_on, lender={"zh": lender.name_zh, "en": lender.name_en}, borrower=borrower,
        identity=plan.case.customer.id_masked, account=f"····{account.account_no[-4:]}", product=Product(account.product),
        currency=account.currency, exponent=account.exponent, balances=tuple(plan.balances), waived=tuple(plan.waived),
        at_end=plan.at_end, title=dict(load_terms(plan.terms).titles[plan.code]),
        payments=tuple(Line(p.number, p.due_on, p.amount, p.interest) for p in rows), total=plan.total,
        interest=plan.interest, annual_ppm=plan.annual_ppm, eac_ppm=plan.eac_ppm,
        order=tuple(Component[name] for name in plan.order.split(",")), grace=plan.grace_days, breaks=plan.break_days,
        review_on=plan.review_on, accepted_on=plan.accepted_on, consent=_consent(plan),
    )  # fmt: skip


def _consent(plan: Plan) -> dict[Lang, str] | None:
    return None if plan.consent_how < 0 else {"zh": Consent(plan.consent_how).zh, "en": Consent(plan.consent_how).en}


def _name(plan: Plan) -> str:
    person = plan.case.customer
    return sealer().open(bytes(person.name_sealed)) if person.name_sealed else person.ref


def digest(plan: Plan) -> str:
    """The hash of the text the borrower agrees to."""
    return agreement.digest(facts(plan, _name(plan)))


def text(plan: Plan, lang: Lang) -> tuple[agreement.Clause, ...]:
    """The clauses as they are read out; the borrower's name is not among them."""
    return agreement.clauses(facts(plan, ""), lang)


@transaction.atomic
def pdf(user: User, plan: Plan, lang: Lang) -> bytes:
    """The agreement as a page; that it was taken out is in the audit trail. Raises `NoChineseFont`."""
    made = agreement.pdf(facts(plan, _name(plan)), lang)
    audit.write(user.username, "plan.agreement", "plan", plan.pk, language=lang, sha256=digest(plan))
    return made
