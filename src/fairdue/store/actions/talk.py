"""One step of a talk along its script: the answer that was heard leads on; identity is confirmed in no other way."""

from __future__ import annotations

from django.db import transaction

from fairdue.core.errors import Fault
from fairdue.rules.talk.asides import load_asides
from fairdue.rules.talk.graph import load_graph, start_of
from fairdue.rules.talk.path import BACK, FRAME, Standing, Step, follow
from fairdue.store import audit, clock
from fairdue.store.access import NotYours
from fairdue.store.models import Attempt, TalkStep, User
from fairdue.store.situation import situation, slots


class NoSuchAnswer(Fault):
    """The talk is somewhere else, or the answer is not one of this node."""

    code = "talk.no-such-answer"
    en, en_remedy = "The talk is no longer at that point.", "Go on from the words shown now."
    zh, zh_remedy = "通话已不在该步骤。", "请从当前显示的内容继续。"


class TalkOver(Fault):
    """The contact has its outcome already."""

    code = "talk.over"
    en, en_remedy = "This contact is no longer open.", "Open the case again and choose a contact."
    zh, zh_remedy = "本次联系已结束或已释放。", "请重新打开案件并选择联系方式。"


def standing(attempt: Attempt) -> Standing:
    """Where the talk of a contact stands."""
    steps = [Step(s.node, s.answer, s.to) for s in attempt.steps.order_by("number")]
    today = clock.business_date(clock.now_minute(), attempt.case.lender.zone)
    return follow(load_graph(), start_of(attempt.channel, attempt.direction), steps, today.isoformat())


@transaction.atomic
def step(user: User, attempt_id: int, node: str, answer: str) -> Standing:
    """Leave a node by an answer, take the last step back, or note a way of asking that was used.

    Raises `NotYours`, `TalkOver`, `NoSuchAnswer`.
    """
    attempt = _mine(user, attempt_id)
    now = standing(attempt)
    if node != now.node:
        raise NoSuchAnswer
    to = _leads_to(attempt, now, answer)
    TalkStep.objects.create(attempt=attempt, number=attempt.steps.count(), node=node, answer=answer, to=to,
                            at=clock.now_minute())  # fmt: skip
    then = standing(attempt)
    if then.confirmed != (attempt.identity_at >= 0):
        _identity(user, attempt, confirmed=then.confirmed)
    return then


def _mine(user: User, attempt_id: int) -> Attempt:
    attempt = (
        Attempt.objects.select_for_update(of=("self",))
        .select_related("case__lender", "case__customer")
        .filter(pk=attempt_id, operator=user)
        .first()
    )
    if attempt is None:
        raise NotYours
    if attempt.state != Attempt.RESERVED:
        raise TalkOver
    return attempt


def _leads_to(attempt: Attempt, now: Standing, said: str) -> str:
    if said == BACK and now.passed:
        return ""
    if said.startswith(FRAME) and said.removeprefix(FRAME) in {frame.id for frame in load_asides().frames}:
        return ""
    answer = load_graph().nodes[now.node].answer(said)
    if answer is None:
        raise NoSuchAnswer
    return load_graph().enter(situation(attempt.case), slots(attempt.case)) if answer.confirms else answer.to


def _identity(user: User, attempt: Attempt, *, confirmed: bool) -> None:
    attempt.identity_at = clock.now_minute() if confirmed else -1
    attempt.save(update_fields=["identity_at"])
    verb = "identity.confirm" if confirmed else "identity.undo"
    audit.write(user.username, verb, "attempt", attempt.pk, case=attempt.case_id)
