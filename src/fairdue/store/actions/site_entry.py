"""Coming in to the customer's own site: an invitation and two facts, tried a few times only, answered alike whatever was wrong.

Every try is counted for what was presented (also where no such invitation exists), for the address, and for everybody;
each waits longer than the one before. What is kept of links and addresses is a keyed hash.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass
from enum import Enum

from django.db import transaction
from django.db.models import Q

from fairdue.core.codes import Channel, PointStatus, Role
from fairdue.store import audit, clock
from fairdue.store.actions.invitations import hashed, hashed_code
from fairdue.store.actions.tasks import About, Whom, open_task
from fairdue.store.models import Case, Invitation, Person, Point, SiteTry
from fairdue.store.seal import derive_key, sealer

ID_TAIL, PHONE_TAIL = 6, 4  # characters that are asked for
LINK_TRIES = 5  # then the link is dead and somebody looks at it
FREE = {
    "link": 2,
    "address": 10,
    "all": 60,
}  # failures that cost no wait; many people share an address of a mobile network
MEMORY = {"link": 86_400, "address": 3_600, "all": 600}  # seconds after which failures are forgotten
LONGEST = {"link": 900, "address": 900, "all": 30}  # seconds; nobody is kept out for long by what others do


class Answer(Enum):
    """How a try ended. NO is the same for a wrong link, a wrong fact, an old link and a used one."""

    IN = "in"
    NO = "no"
    WAIT = "wait"


@dataclass(frozen=True)
class Tried:
    """The answer, the invitation that was accepted, or the seconds to wait."""

    answer: Answer
    invitation: Invitation | None = None
    wait: int = 0


@dataclass(frozen=True)
class Presented:
    """The keyed hashes of what somebody holds in hand, read as a link and as a code: a visit keeps these, not the secret."""

    link: str
    code: str

    @classmethod
    def of(cls, typed: str) -> Presented:
        """What was opened or typed."""
        return cls(hashed(typed), hashed_code(typed))


@dataclass(frozen=True)
class Facts:
    """What somebody says to be recognised by."""

    id_tail: str
    phone_tail: str


def enter(presented: Presented, facts: Facts, address: str) -> Tried:
    """Try to come in with a link or a code. The count of a failure is kept whatever else happens."""
    with transaction.atomic():
        kept = _tries(presented, address)
        now = int(clock.wall().timestamp())
        wait = max(row.wait_until - now for row in kept.values())
        if wait > 0:
            return Tried(Answer.WAIT, wait=wait)
        invitation = _find(presented)
        if _right(invitation, facts) and invitation is not None:
            return Tried(Answer.IN, _accept(invitation))
        _count(kept, now)
        _refuse(invitation, kept["link"].failures, kept["all"])
        return Tried(Answer.NO)


def _find(presented: Presented) -> Invitation | None:
    either = Q(link_hash=presented.link) | Q(code_hash=presented.code)
    return Invitation.objects.select_for_update().filter(either).first()


def _right(invitation: Invitation | None, facts: Facts) -> bool:
    """Every comparison is made every time, and none ends early."""
    person = invitation.person if invitation else None
    wanted = (_id_tail(person), *_phone_tails(person))
    said = (_plain(facts.id_tail)[-ID_TAIL:], _plain(facts.phone_tail)[-PHONE_TAIL:])
    right_id = _same(said[0], wanted[0])
    right_phone = False
    for tail in wanted[1:]:
        right_phone |= _same(said[1], tail)
    now = clock.now_minute()
    good = invitation is not None and invitation.used_at < 0 and invitation.ended_at < 0 and now < invitation.expires_at
    return right_id & right_phone & good


def _same(said: str, wanted: str) -> bool:
    """Equal, and something: what is not on file equals nothing."""
    key = derive_key(os.environ.get("FAIRDUE_SECRET", ""), "site-facts")
    one, other = (hmac.new(key, text.encode(), hashlib.sha256).digest() for text in (said, wanted))
    return hmac.compare_digest(one, other) & bool(wanted)


def _plain(text: str) -> str:
    return "".join(sign for sign in text.upper() if sign.isascii() and sign.isalnum())


def _id_tail(person: Person | None) -> str:
    if person is None or not person.id_sealed:
        return ""
    tail = _plain(sealer().open(bytes(person.id_sealed)))[-ID_TAIL:]
    return tail if len(tail) == ID_TAIL else ""


def _phone_tails(person: Person | None) -> list[str]:
    """The last figures of the person's own numbers; a fixed number of places, so that none shows in the time it takes."""
    found: list[str] = []
    if person is not None:
        points = person.points.filter(channel__in=(Channel.CALL, Channel.SMS)).exclude(status=PointStatus.WRONG)
        found = [_plain(sealer().open(bytes(p.value_sealed)))[-PHONE_TAIL:] for p in points.order_by("pk")[:4]]
    return [*found, *[""] * (4 - len(found))]


def _accept(invitation: Invitation) -> Invitation:
    invitation.used_at = clock.now_minute()
    invitation.save(update_fields=["used_at"])
    audit.write(f"borrower:{invitation.person_id}", "site.enter", "invitation", invitation.pk, case=invitation.case_id)
    return invitation


def _tries(presented: Presented, address: str) -> dict[str, SiteTry]:
    """The three counters, locked in one order; what is old counts no more."""
    now = int(clock.wall().timestamp())
    keys = {"all": "all", "address": f"address {address}", "link": f"link {presented.code}"}
    found = {}
    for kind, said in keys.items():
        row, _ = SiteTry.objects.select_for_update().get_or_create(key=hashed_code(said), defaults={"since": now})
        if row.since + MEMORY[kind] < now and row.wait_until < now:
            row.failures, row.since = 0, now
        found[kind] = row
    return found


def _count(kept: dict[str, SiteTry], now: int) -> None:
    for kind, row in kept.items():
        row.failures += 1
        over = row.failures - FREE[kind]
        if over > 0:
            row.wait_until = now + min(LONGEST[kind], 2 ** min(over, 12))
        row.save()
    SiteTry.objects.filter(since__lt=now - 2 * max(MEMORY.values()), wait_until__lt=now).delete()


def _refuse(invitation: Invitation | None, failures: int, everybody: SiteTry) -> None:
    """A link that was tried too often is dead, and somebody is told; so are the operators when all doors are tried."""
    if invitation is None or invitation.used_at >= 0 or invitation.ended_at >= 0:
        return
    audit.write("site", "site.refuse", "invitation", invitation.pk, failures=failures)
    if failures >= LINK_TRIES:
        _end(invitation, "LOCKED")
        _tell(invitation.case, "site", {"zh": "客户服务链接多次核实失败，已停用。请核实是否为本人操作，必要时重新邀请。",
                                        "en": "A link to the customer site was locked after wrong answers. Find out whether it "
                                        "was the customer, and invite again if so."})  # fmt: skip
    if everybody.failures == FREE["all"]:
        open_task("site", invitation.lender, "OTHER", Whom(role=Role.OPERATOR),
                  detail={"zh": "客户服务网站短时间内出现大量核实失败，请检查是否遭到攻击。",
                          "en": "Many failed to be recognised on the customer site within minutes: an attack?"})  # fmt: skip


def _end(invitation: Invitation, why: str) -> None:
    invitation.ended_at, invitation.ended_why = clock.now_minute(), why
    invitation.save(update_fields=["ended_at", "ended_why"])


def _tell(case: Case, actor: str, detail: dict[str, str]) -> None:
    whom = Whom(owner=case.owner) if case.owner else Whom(team=case.team, role=Role.LEAD)
    open_task(actor, case.lender, "TELL", whom, about=About(case), detail=detail)  # type: ignore[arg-type]  # zh and en


@transaction.atomic
def not_me(presented: Presented) -> None:
    """Whoever holds the link says that it is not for them: the link ends, the number rests, somebody looks. Nothing is told."""
    invitation = _find(presented)
    if invitation is None or invitation.used_at >= 0 or invitation.ended_at >= 0:
        return
    _end(invitation, "NOT_ME")
    if invitation.point_id is not None:
        today = clock.business_date(clock.now_minute(), invitation.lender.zone)
        Point.objects.filter(pk=invitation.point_id).update(status=int(PointStatus.WRONG), status_on=today)
    audit.write("site", "site.not-me", "invitation", invitation.pk, case=invitation.case_id, point=invitation.point_id)
    _tell(invitation.case, "site", {"zh": "收到客户服务链接的人表示“不是本人”。请核实联系方式；核实前不要再使用该号码。",
                                    "en": "Whoever received the link to the customer site says: not me. Check the number; do not "
                                    "use it before."})  # fmt: skip
