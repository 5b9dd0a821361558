"""The page that writes to the people of a case, the outbox, and what a message would say before it is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum

from fairdue.connectors.configured import NoSender
from fairdue.core.codes import Channel, Party
from fairdue.core.dates import MINUTES, utc_of_local
from fairdue.core.errors import Fault, Lang
from fairdue.rules.frames import THIRD, Frame, MissingFact, load_frames
from fairdue.steps.decide import verdicts
from fairdue.store import access, clock, decide
from fairdue.store import message_words as wording
from fairdue.store.actions import outbox
from fairdue.store.actions.contacts import Proposed
from fairdue.store.message_words import Words
from fairdue.store.models import Case, Link, Message, OptOut, Point, Reply, User
from fairdue.store.quiet import Quiet
from fairdue.store.reasons import Why, whys
from fairdue.store.seal import sealer
from fairdue.store.silence import REASONS, why_silent
from fairdue.wording.finding import Finding, Verdict

KINDS = {Channel.SMS: Channel.CALL, Channel.EMAIL: Channel.EMAIL}
SHOWN = 100
DAYS_SHOWN = 14
EPOCH = date(1970, 1, 1)
FREE = "-"
WHY: dict[str, Mapping[Lang, str]] = {
    **{code: {"zh": quiet.zh, "en": quiet.en} for code, quiet in REASONS.items()},
    "GUARD": {"zh": "离开时规则不允许", "en": "Refused by a rule when it was to leave"},
    "WORDING": {"zh": "措辞须经他人查看", "en": "A second person must look at the words"},
    "FREE_TEXT": {"zh": "自由文本须由他人放行", "en": "Free text waits for a second person"},
    "NOT_RELEASED": {"zh": "未获放行", "en": "It was not released"},
    "TOO_OLD": {"zh": "已过时效，不再发送", "en": "Too old to be of use"},
    "FACT_GONE": {"zh": "所需信息已不成立", "en": "A fact it states is not known any more"},
    "LETTER_GONE": {
        "zh": "所附信函已撤回或金额已变动",
        "en": "The letter with it was withdrawn, or its figures have changed",
    },
    "REFUSED": {"zh": "通道拒收", "en": "The provider refused it"},
    "NOT_DELIVERED": {"zh": "未送达", "en": "It did not arrive"},
    "TRIED_ENOUGH": {"zh": "多次尝试未成功", "en": "Tried often enough"},
    "LATER": {"zh": "通道暂不可用，稍后重试", "en": "The provider could not take it; tried again later"},
    "NO_ANSWER": {
        "zh": "通道没有答复，是否发出不明",
        "en": "The provider gave no answer; nobody knows whether it left",
    },
    "BY_HAND": {"zh": "人工处理", "en": "Decided by hand"},
}


STATES: dict[str, Mapping[Lang, str]] = {
    Message.HELD: {"zh": "待放行", "en": "Waits for release"},
    Message.QUEUED: {"zh": "待发", "en": "Waits to leave"},
    Message.LEAVING: {"zh": "正在交付", "en": "Being handed over"},
    Message.LEFT: {"zh": "已发出", "en": "Has left"},
    Message.DELIVERED: {"zh": "已送达", "en": "Delivered"},
    Message.READ: {"zh": "已读", "en": "Has been read"},
    Message.FAILED: {"zh": "未送达", "en": "Did not arrive"},
    Message.UNKNOWN: {"zh": "是否发出不明", "en": "Left or not: unknown"},
    Message.STOPPED: {"zh": "不得发出", "en": "May not leave"},
    Message.CANCELLED: {"zh": "已撤回", "en": "Taken back"},
    Message.EXPIRED: {"zh": "已过时效", "en": "Too old"},
}


@dataclass(frozen=True)
class Choice:
    """One approved message as it may be chosen: with what it lacks where it cannot be filled."""

    id: str
    title: Mapping[Lang, str]
    lacks: str = ""


@dataclass(frozen=True)
class Preview:
    """The words as they would be sent, and everything that is said about sending them now."""

    text: str
    fault: Fault | None
    finding: Finding | None
    silent: Quiet | None
    allowed: bool
    reasons: tuple[Why, ...]
    next_lawful: datetime | None
    free: bool

    @property
    def blocked(self) -> bool:
        """Nobody can release these words."""
        return self.finding is not None and self.finding.verdict is Verdict.BLOCK

    @property
    def sendable(self) -> bool:
        """Whether it may be put into the outbox: now, for later, or for a second person."""
        lawful = self.allowed or self.next_lawful is not None
        return bool(self.text) and self.fault is None and self.silent is None and not self.blocked and lawful


@dataclass(frozen=True)
class MessageRow:
    """A message as a list shows it."""

    message: Message
    text: str
    why: Mapping[Lang, str] | None


@dataclass(frozen=True)
class WritePage:
    """What may be written to the borrower of a case, what was, and what came back."""

    case: Case
    mine: bool
    points: tuple[tuple[Point, Party], ...]
    point: Point | None
    party: Party
    channel: int
    choices: tuple[Choice, ...]
    frame: str
    text: str
    lang: Lang
    preview: Preview | None
    rows: tuple[MessageRow, ...]
    replies: tuple[tuple[Reply, str], ...]
    opted_out: tuple[OptOut, ...]

    @property
    def own_words(self) -> bool:
        """Third persons get approved words only."""
        return self.party not in THIRD


@dataclass(frozen=True)
class Asked:
    """What somebody has chosen so far."""

    point_id: int | None = None
    frame: str = ""
    text: str = ""
    lang: Lang | None = None


def write_page(user: User, case_id: int, asked: Asked) -> WritePage:
    """The page for one case. Raises `NotYours`."""
    case = access.get_case(user, case_id)
    points = tuple(_points(case))
    none = (None, Party.BORROWER)
    point, party = next((one for one in points if one[0].pk == asked.point_id), points[0] if points else none)
    channel = _channel(point)
    lang = asked.lang or wording.language(point.person if point else case.customer)
    words = Words("", {}, "", lang, party, point.person_id if point else None)
    choices = _choices(case, user, channel, words)
    frame = asked.frame or next((choice.id for choice in choices if not choice.lacks), "")
    return WritePage(
        case, access.may_contact(user, case), points, point, party, channel, choices, frame, asked.text, lang,
        preview(user, case, point, frame, asked.text, words) if frame and point else None,
        tuple(_row(one) for one in _of_case(user, case)),
        tuple((one, opened(one)) for one in case.replies.order_by("-at", "-pk")[:SHOWN]),
        tuple(OptOut.objects.filter(person=case.customer, ended_at=-1)),
    )  # fmt: skip


def _points(case: Case) -> list[tuple[Point, Party]]:
    """Where a message may go and who is reached there: the borrower first, then those who stand by the debt."""
    fitting = (
        Point.objects.filter(channel__in=KINDS.values()).select_related("person").order_by("channel", "status", "pk")
    )
    found = [(point, Party.BORROWER) for point in fitting.filter(person=case.customer)]
    for link in Link.objects.filter(customer=case.customer, refused_on=None).order_by("party", "pk"):
        found += [(point, Party(link.party)) for point in fitting.filter(person=link.person_id)]
    return found


def party_at(case: Case, point: Point) -> Party | None:
    """Who is reached at a number or address of the case; None: nobody of it."""
    return next((party for one, party in _points(case) if one.pk == point.pk), None)


def _channel(point: Point | None) -> int:
    return int(Channel.EMAIL if point is not None and point.channel == Channel.EMAIL else Channel.SMS)


def _choices(case: Case, user: User, channel: int, words: Words) -> tuple[Choice, ...]:
    fitting = [f for f in load_frames().values() if words.party in f.audience and channel in f.channel]
    fitting = [frame for frame in fitting if frame.id != outbox.ENCLOSING]
    fitting.sort(key=lambda frame: (frame.purpose != "remind", len(frame.audience)))  # then those made for this reader
    facts, known = wording.facts(case, user, words.lang, words), wording.known(case)
    fitting = [frame for frame in fitting if wording.says_age(frame, known)]
    return tuple(sorted((_choice(frame, facts, known) for frame in fitting), key=lambda choice: bool(choice.lacks)))


def _choice(frame: Frame, facts: Mapping[str, str], known: Mapping[str, bool]) -> Choice:
    lacks = [name for name in (*frame.slots, *frame.known) if name not in facts and name not in known]
    return Choice(frame.id, frame.title, ", ".join(lacks))


def preview(user: User, case: Case, point: Point | None, frame: str, text: str, to: Words) -> Preview:
    """What would be sent, and whether it may be; nothing is recorded."""
    free = frame == FREE
    words, channel = replace(to, frame="" if free else frame, text=text if free else ""), _channel(point)
    try:
        found = None if free else wording.find_frame(frame, words.party, channel)
        made = wording.put_together(case, user, words)
        sender = wording.senders().of(case.lender.code, Channel(channel))
    except (MissingFact, NoSender) as fault:
        return Preview("", fault, None, None, allowed=False, reasons=(), next_lawful=None, free=free)
    purpose = int(wording.purpose_of(found, case))
    now = clock.now_minute()
    asked = decide.ask(case, now)
    wanted = Proposed(channel, point.pk if point else None, 0, words.party, purpose,
                      offers_opt_out=outbox.way_out(made, sender))  # fmt: skip
    judged = decide.judge_all(asked, [wanted], user)
    after = int(judged.next_lawful[0])
    lawful_from = clock.from_minute(after, case.lender.zone) if after >= 0 else None
    return Preview(
        made, None, wording.judged(case, user, words, made) if made else None,
        why_silent(case, point.person if point else case.customer, point, channel, purpose), bool(judged.verdict.allowed[0]),
        whys(case.lender, verdicts(judged, asked.config)[0]), lawful_from,
        free,
    )  # fmt: skip


def checked(user: User, case_id: int, text: str, lang: Lang) -> Finding | None:
    """What the wording check says of words while they are typed. Raises `NotYours`."""
    case = access.get_case(user, case_id)
    words = Words("", {}, text, lang)
    return wording.judged(case, user, words, text.strip()) if text.strip() else None


def opened(reply: Reply) -> str:
    """What somebody wrote; empty once it was erased."""
    return sealer().open(bytes(reply.text_sealed)) if reply.text_sealed else ""


def _of_case(user: User, case: Case) -> list[Message]:
    found = access.messages_for(user).filter(case=case).order_by("-queued_at", "-pk")
    return list(found.select_related("actor", "person", "point")[:SHOWN])


def _row(message: Message) -> MessageRow:
    return MessageRow(message, outbox.text_of(message), WHY.get(message.why))


@dataclass(frozen=True)
class DayCost:
    """What one sender sent on one day, and what that cost; -1: of none the price is known."""

    on: date
    sender: str
    messages: int
    parts: int
    cost: int
    unknown: int


@dataclass(frozen=True)
class OutboxPage:
    """The outbox: how many messages stand where, what they cost, and those of one state."""

    counts: tuple[tuple[str, Mapping[Lang, str], int], ...]
    state: str
    rows: tuple[MessageRow, ...]
    total: int
    page: int
    pages: int
    cost: int
    unknown_cost: int
    parts: int
    currency: str
    exponent: int
    days: tuple[DayCost, ...]


def outbox_page(user: User, state: str, page: int) -> OutboxPage:
    """The messages the user may read; those that need a person stand first."""
    mine = access.messages_for(user)
    counted = dict(mine.order_by().values_list("state").annotate(n=Count("pk")))
    state = state if state in dict(Message.STATES) else ""
    fitting = mine.filter(state=state) if state else mine
    total = fitting.count()
    pages = max(1, -(-total // SHOWN))
    page = min(max(page, 1), pages)
    rows = fitting.select_related("actor").order_by("-queued_at", "-pk")[(page - 1) * SHOWN : page * SHOWN]
    sums = mine.filter(left_at__gte=0).aggregate(
        paid=Sum("cost", filter=Q(cost__gte=0)), pieces=Sum("parts"), unknown=Count("pk", filter=Q(cost__lt=0))
    )
    lender = user.organisation
    return OutboxPage(
        tuple((name, words, counted.get(name, 0)) for name, words in STATES.items()), state,
        tuple(_row(one) for one in rows), total, page, pages,
        sums["paid"] or 0, sums["unknown"], sums["pieces"] or 0, lender.currency, lender.exponent,
        tuple(_days(mine, lender.zone)),
    )  # fmt: skip


def _days(mine: QuerySet[Message], zone: str) -> Iterator[DayCost]:
    """The last days on which something left, by sender, the newest first."""
    now = clock.now_minute()
    today = clock.business_date(now, zone)
    start = utc_of_local((today - EPOCH).days * MINUTES, zone)  # each day is counted back from this midnight
    found = (
        mine.filter(left_at__gte=start - (DAYS_SHOWN - 1) * MINUTES)
        .annotate(back=(start - F("left_at") + MINUTES - 1) / MINUTES).order_by("back", "sender").values("back", "sender")
        .annotate(n=Count("pk"), pieces=Sum("parts"), paid=Sum("cost", filter=Q(cost__gte=0)),
                  unknown=Count("pk", filter=Q(cost__lt=0)))
    )  # fmt: skip
    for one in found:
        on = today - timedelta(days=max(0, int(one["back"])))
        paid = -1 if one["paid"] is None else one["paid"]
        yield DayCost(on, one["sender"], one["n"], one["pieces"] or 0, paid, one["unknown"])
