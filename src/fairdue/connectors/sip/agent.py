"""One call, from the collector's phone ringing to its end: the states of RFC 3261 and RFC 3515 that click-to-dial needs."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from fairdue.connectors.sip import digest
from fairdue.connectors.sip.line import Line, LineBroken, opened
from fairdue.connectors.sip.message import Message, told_status

T1, T2 = 0.5, 4.0  # RFC 3261, 17.1.1.1: the first wait before sending again, and the longest
CHALLENGED = (401, 407)
TRYING, OK, MULTIPLE = 100, 200, 300


class Moment(StrEnum):
    """What is told while it happens."""

    DESK = "DESK"  # the collector's phone rings
    RINGING = "RINGING"  # the number rings
    ANSWERED = "ANSWERED"


class Ends(StrEnum):
    """How a call ended."""

    DESK_FAILED = "DESK_FAILED"  # the collector's phone was not answered: no number left
    STOPPED = "STOPPED"  # the caller said no at the last moment: no number left
    REFUSED = "REFUSED"  # the server would not dial: the number did not ring
    FAILED = "FAILED"  # the second leg ended with `code`
    OVER = "OVER"  # answered, and over
    NOT_ANSWERED = "NOT_ANSWERED"  # nobody answered before somebody gave up
    LOST = "LOST"  # the line broke after the number had left: nobody knows


@dataclass(frozen=True)
class Ended:
    """How it ended, and the last status the server told."""

    how: Ends
    code: int = 0


@dataclass(frozen=True)
class Phone:
    """The SIP server and who we are to it."""

    host: str
    port: int
    transport: str
    domain: str
    user: str
    password: str = field(repr=False)
    ca_file: str = ""
    desk_seconds: float = 30  # how long the collector's phone rings
    ring_seconds: float = 60  # how long the number rings
    answer_seconds: float = 32  # how long a request waits for its answer (timers B and F)
    alive_seconds: float = 20  # how often the other side is asked whether it is still there


Tell = Callable[[Moment], None]


def click_to_dial(
    phone: Phone, extension: str, number: Callable[[], str | None], tell: Tell, go_on: Callable[[], bool]
) -> Ended:
    """Ring the extension, then refer it to the number. `number` is asked at the last moment and says None to stop.

    `go_on` is asked about once a second; when it says no, the call is ended. Never raises for what line or server do.
    """
    try:
        line = opened(phone.host, phone.port, phone.transport, phone.ca_file, phone.answer_seconds)
    except LineBroken:
        return Ended(Ends.DESK_FAILED)
    call = _Call(phone, extension, line, tell, go_on)
    try:
        return call.run(number)
    except LineBroken:
        return Ended(Ends.LOST if call.left else Ends.DESK_FAILED, call.code)
    finally:
        line.close()


class _Call:
    """The dialog with the collector's phone and the subscription to what becomes of the second leg."""

    def __init__(self, phone: Phone, extension: str, line: Line, tell: Tell, go_on: Callable[[], bool]) -> None:
        self.phone, self.line, self.tell, self.go_on = phone, line, tell, go_on
        self.id, self.tag, self.sequence = f"{secrets.token_hex(12)}@{phone.domain}", secrets.token_hex(6), 0
        self.target = self.to = f"sip:{extension}@{phone.domain}"
        self.to_tag, self.route = "", list[str]()
        self.left, self.code = False, 0  # whether the number has left; the last status of the second leg
        self.notified, self.over, self.told = list[int](), False, set[Moment]()
        self.ack: Message | None = None

    def run(self, number: Callable[[], str | None]) -> Ended:
        """The whole call."""
        code = self._ring_desk()
        if code is None or code >= MULTIPLE:
            return Ended(Ends.DESK_FAILED, code or 0)
        wanted = number()
        if wanted is None or self.over:
            self._bye()
            return Ended(Ends.STOPPED if wanted is None else Ends.DESK_FAILED)
        self.left = True
        answer = self._ask("REFER", (("refer-to", f"<sip:{wanted}@{self.phone.domain}>"),
                                     ("referred-by", f"<sip:{self.phone.user}@{self.phone.domain}>")))  # fmt: skip
        if answer is None:
            self._bye()
            return Ended(Ends.LOST, self.code)
        if answer.status >= MULTIPLE:
            self._bye()
            return Ended(Ends.REFUSED, answer.status)
        return self._follow()

    # The collector's phone.

    def _ring_desk(self) -> int | None:
        """Invite the collector's phone; its final status, None where it did not answer."""
        invite = self._request("INVITE", (("content-type", "application/sdp"),), _on_hold(self.line.own))
        final = self._invited(invite)
        challenge = digest.best(final.all(_asking(final.status))) if final and final.status in CHALLENGED else None
        if final is not None and challenge is not None:
            invite = self._signed(invite, final.status, challenge)
            final = self._invited(invite)
        if final is None:
            return None
        if final.status < MULTIPLE:
            self._confirmed(invite, final)
        return final.status

    def _invited(self, invite: Message) -> Message | None:
        """Send an INVITE until somebody answers; its final answer. Given up in time, with CANCEL."""
        began, wait, rings = time.monotonic(), T1, False
        again = began + wait
        self.line.send(invite)
        while True:
            now = time.monotonic()
            limit = self.phone.desk_seconds if rings else self.phone.answer_seconds
            if now - began > limit or not self.go_on():
                return self._cancelled(invite) if rings else None
            if not rings and not self.line.reliable and now >= again:
                self.line.send(invite)
                wait *= 2
                again = now + wait
            heard = self.line.hear(min(0.25, T1))
            if heard is None or not self._answers(heard, invite):
                continue
            if heard.status < OK:
                rings = True
                if heard.status != TRYING:
                    self._say(Moment.DESK)
                continue
            if heard.status >= MULTIPLE:
                self._refused(invite, heard)
            return heard

    def _cancelled(self, invite: Message) -> Message | None:
        """Take an INVITE back; where the phone was answered in that very moment, hang up."""
        cancel = Message("CANCEL", invite.uri, headers=tuple(
            (name, value.replace("INVITE", "CANCEL") if name == "cseq" else value) for name, value in invite.headers
            if name in {"via", "max-forwards", "from", "to", "call-id", "cseq", "route"}
        ))  # fmt: skip
        self.line.send(cancel)
        until = time.monotonic() + self.phone.answer_seconds
        while time.monotonic() < until:
            heard = self.line.hear(0.25)
            if heard is None or not self._answers(heard, invite) or heard.status < OK:
                continue
            if heard.status < MULTIPLE:
                self._confirmed(invite, heard)
                self._bye()
            else:
                self._refused(invite, heard)
            return None
        return None

    def _refused(self, invite: Message, final: Message) -> None:
        """Acknowledge a final answer that is no success, in the INVITE's own transaction (17.1.1.3)."""
        kept = [(n, v) for n, v in invite.headers if n in {"via", "max-forwards", "from", "call-id", "route"}]
        number = invite.sequence[0]
        self.line.send(Message("ACK", invite.uri, headers=(*kept, ("to", final.one("to")), ("cseq", f"{number} ACK"))))

    def _confirmed(self, invite: Message, final: Message) -> None:
        """The dialog stands: remember whom it is with, and acknowledge."""
        self.to_tag, self.target = final.tag("to"), final.address("contact") or self.target
        self.route = list(reversed(final.all("record-route")))
        self.sequence = invite.sequence[0]
        self.ack = self._request("ACK", sequence=self.sequence)
        self.line.send(self.ack)

    # The number.

    def _follow(self) -> Ended:
        """Hear what becomes of the second leg until it is over."""
        began = asked = time.monotonic()
        while True:
            if (found := self._judged()) is not None:
                return found
            now = time.monotonic()
            if Moment.ANSWERED not in self.told and now - began > self.phone.ring_seconds:
                self._bye()
                return Ended(Ends.NOT_ANSWERED, self.code)
            if not self.go_on():
                self._bye()
                return Ended(Ends.OVER if Moment.ANSWERED in self.told else Ends.NOT_ANSWERED, self.code)
            if now - asked > self.phone.alive_seconds:
                if self._ask("OPTIONS") is None and not self.over:
                    return Ended(Ends.LOST, self.code)
                asked = time.monotonic()
            self._heard(self.line.hear(0.25))

    def _judged(self) -> Ended | None:
        """What the statuses that were told amount to."""
        while self.notified:
            self.code = self.notified.pop(0)
            if self.code in {180, 183}:
                self._say(Moment.RINGING)
            elif OK <= self.code < MULTIPLE:
                self._say(Moment.ANSWERED)
            elif self.code >= MULTIPLE:
                self._bye()
                return Ended(Ends.FAILED, self.code)
        if not self.over:
            return None
        return Ended(Ends.OVER if Moment.ANSWERED in self.told else Ends.NOT_ANSWERED, self.code)

    def _say(self, moment: Moment) -> None:
        if moment not in self.told:
            self.told.add(moment)
            self.tell(moment)

    # Requests in the dialog, both ways.

    def _ask(self, method: str, headers: tuple[tuple[str, str], ...] = ()) -> Message | None:
        """Send a request until it is answered, signed where that is asked for; None where it never is."""
        request = self._request(method, headers)
        answer = self._answered(request)
        challenge = digest.best(answer.all(_asking(answer.status))) if answer and answer.status in CHALLENGED else None
        if answer is not None and challenge is not None:
            answer = self._answered(self._signed(request, answer.status, challenge))
        return answer

    def _answered(self, request: Message) -> Message | None:
        began, wait = time.monotonic(), T1
        again = began + wait
        self.line.send(request)
        while (now := time.monotonic()) - began <= self.phone.answer_seconds:
            if not self.line.reliable and now >= again:
                self.line.send(request)
                wait = min(wait * 2, T2)
                again = now + wait
            heard = self.line.hear(0.1)
            if heard is not None and self._answers(heard, request) and heard.status >= OK:
                return heard
            self._heard(heard)
        return None

    def _bye(self) -> None:
        """End the dialog, if it still stands."""
        if not self.over:
            self.over = True
            self._ask("BYE")

    def _answers(self, heard: Message, request: Message) -> bool:
        """Whether a message is the answer to our request and to no other."""
        mine = bool(heard.status) and heard.one("call-id") == self.id and heard.tag("from") == self.tag
        return mine and heard.sequence == request.sequence

    def _heard(self, heard: Message | None) -> None:
        """A message that is no answer to what was just asked: a request of the other side, or something sent again."""
        if heard is None or heard.one("call-id") != self.id:
            return
        if heard.status:
            if heard.sequence[1] == "INVITE" and OK <= heard.status < MULTIPLE and self.ack is not None:
                self.line.send(self.ack)  # our ACK was lost
            return
        if heard.method == "ACK":
            return
        if heard.tag("to") != self.tag or (self.to_tag and heard.tag("from") != self.to_tag):
            self._reply(heard, 481, "Call/Transaction Does Not Exist")
            return
        self._served(heard)

    def _served(self, heard: Message) -> None:
        if heard.method == "NOTIFY" and heard.one("event").split(";")[0].strip().casefold() == "refer":
            self._reply(heard, 200, "OK")
            self.notified += [status] if (status := told_status(heard.body)) else []
        elif heard.method == "BYE":
            self._reply(heard, 200, "OK")
            self.over = True
        elif heard.method == "OPTIONS":
            self._reply(heard, 200, "OK")
        elif heard.method == "INVITE":
            self._reply(heard, 488, "Not Acceptable Here")
        else:
            self._reply(heard, 405, "Method Not Allowed")

    def _reply(self, heard: Message, status: int, reason: str) -> None:
        kept = tuple((n, v) for n, v in heard.headers if n in {"via", "from", "to", "call-id", "cseq"})
        self.line.send(Message(status=status, reason=reason, headers=(*kept, ("allow", "BYE, NOTIFY, OPTIONS"))))

    # Writing.

    def _request(
        self, method: str, headers: tuple[tuple[str, str], ...] = (), body: str = "", sequence: int | None = None
    ) -> Message:
        if sequence is None:
            self.sequence += 1
            sequence = self.sequence
        to = f"<{self.to}>" + (f";tag={self.to_tag}" if self.to_tag else "")
        here = f"sip:{self.phone.user}@{self.line.own};transport={self.line.transport}"
        return Message(method, self.target, headers=(
            ("via", self._via()), *(("route", one) for one in self.route), ("max-forwards", "70"),
            ("from", f"<sip:{self.phone.user}@{self.phone.domain}>;tag={self.tag}"), ("to", to), ("call-id", self.id),
            ("cseq", f"{sequence} {method}"), ("contact", f"<{here}>"),
            ("allow", "INVITE, ACK, BYE, CANCEL, REFER, NOTIFY, OPTIONS"), ("user-agent", "fairdue"), *headers,
        ), body=body)  # fmt: skip

    def _via(self) -> str:
        return f"SIP/2.0/{self.line.transport.upper()} {self.line.own};branch=z9hG4bK{secrets.token_hex(8)};rport"

    def _signed(self, request: Message, status: int, challenge: dict[str, str]) -> Message:
        """The request once more with an answer to the challenge: a new number, a new branch (22.2)."""
        self.sequence += 1
        name = "authorization" if status == CHALLENGED[0] else "proxy-authorization"
        said = digest.answer(challenge, self.phone.user, self.phone.password, request.method, request.uri)
        changed = {"via": self._via(), "cseq": f"{self.sequence} {request.method}"}
        headers = (*((n, changed.get(n, v)) for n, v in request.headers), (name, said))
        return Message(request.method, request.uri, headers=headers, body=request.body)


def _asking(status: int) -> str:
    return "www-authenticate" if status == CHALLENGED[0] else "proxy-authenticate"


def _on_hold(own: str) -> str:
    """We hear and say nothing ourselves: the phone waits, on hold, to be referred."""
    host = own.rpartition(":")[0].strip("[]")
    kind = "IP6" if ":" in host else "IP4"
    lines = (
        "v=0",
        f"o=- 1 1 IN {kind} {host}",
        "s=-",
        f"c=IN {kind} {host}",
        "t=0 0",
        "m=audio 9 RTP/AVP 0 8",
        "a=inactive",
    )
    return "".join(f"{one}\r\n" for one in lines)
