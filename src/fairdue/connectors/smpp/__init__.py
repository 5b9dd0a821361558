"""Texts over SMPP 3.4, as a transceiver: UCS-2 where it is needed, long ones in parts, receipts and replies on the same line.

Between a submit and its answer nobody can tell: SMPP has no question by our key, so a break there is uncertain.
"""

from __future__ import annotations

import re
import time
from typing import Any

from fairdue.connectors import Connector, Fate, Incoming, Outgoing, Receipt, Report, Settings
from fairdue.connectors.missing import need
from fairdue.core.codes import Channel

CHANNELS = (Channel.SMS,)
NEEDS = ("host", "port", "system_id", "password")
STAFF_ONLY = False
TIMEOUT = 15
LISTEN_SECONDS = 0.05
RECEIPT = 0x04  # esm_class: this delivery is a receipt
LATER = {0x08, 0x14, 0x58}  # system error before taking, queue full, throttled (SMPP 3.4, 5.1.3)
BAD_NUMBER = {0x0A, 0x0B}  # invalid source is ours, but nothing can be sent either way; invalid destination
STATES = {"DELIVRD": "DELIVERED", "EXPIRED": "FAILED", "DELETED": "FAILED", "UNDELIV": "FAILED", "REJECTD": "FAILED"}
FIELD = re.compile(r"(\w+(?: date)?):(\S*)")


def connect(settings: Settings) -> Connector:
    """A line to the message centre; it is opened and bound with the first message. Raises `ExtraMissing`."""
    return Smpp(settings)


class Smpp:
    """One bound line, opened when it is needed and again when it broke."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.client, self.gsm, self.consts = need("smpplib.client"), need("smpplib.gsm"), need("smpplib.consts")
        self.broken: tuple[type[Exception], ...] = (
            OSError, need("smpplib.exceptions").ConnectionError, need("smpplib.exceptions").PDUError,
        )  # fmt: skip
        self.line: Any = None
        self.waiting: list[Any] = []  # deliveries that came and nobody has asked for yet
        self.given: list[
            Any
        ] = []  # deliveries that were handed on; they are acknowledged when that has been written down

    def send(self, message: Outgoing) -> Receipt:
        """Every part in order; the receipt is asked for with the last."""
        try:
            line = self._bound()
        except self.broken as error:
            self.close()
            return Receipt(Fate.LATER, code=type(error).__name__, detail="the message centre could not be reached")
        parts, coding, esm_class = self.gsm.make_parts(message.text)
        ref = ""
        for number, part in enumerate(parts, start=1):
            answer = self._submit(line, message.to, part, coding, esm_class, last=number == len(parts))
            if answer is None:
                return Receipt(Fate.UNCERTAIN, code="no answer", detail=f"part {number} of {len(parts)}")
            if answer.status:
                return _refused(int(answer.status), first=number == 1)
            ref = _text(answer.message_id)
        return Receipt(Fate.TAKEN, ref=ref, code="0", parts=len(parts))

    def _submit(self, line: Any, to: str, part: bytes, coding: int, esm_class: int, *, last: bool) -> Any:
        """The answer to one part; None where none came."""
        try:
            sent = line.send_message(
                source_addr_ton=int(self.settings.get("source_ton", "5")), source_addr=self.settings.get("source", "fairdue"),
                dest_addr_ton=1, dest_addr_npi=1, destination_addr=to.removeprefix("+"), short_message=part,
                data_coding=coding, esm_class=esm_class, registered_delivery=last,
            )  # fmt: skip
            return self._answer(line, sent.sequence)
        except self.broken:
            self.close()
            return None

    def _answer(self, line: Any, sequence: int) -> Any:
        until = time.monotonic() + TIMEOUT
        while time.monotonic() < until:
            pdu = line.read_pdu()
            if pdu.command == "submit_sm_resp" and pdu.sequence == sequence:
                return pdu
            self._other(line, pdu)
        raise TimeoutError

    def _other(self, line: Any, pdu: Any) -> None:
        """What comes unasked: deliveries are kept, a question whether we live is answered."""
        if pdu.command == "deliver_sm":
            self.waiting.append(pdu)
        elif pdu.command == "enquire_link":
            line._enquire_link_received(pdu)  # noqa: SLF001 - as above

    def find(self, _message: Outgoing) -> Receipt | None:
        """There is no such question."""
        return None

    def arrived(self) -> tuple[list[Report], list[Incoming]]:
        """Receipts and replies that are waiting on the line. Asking again says that the last ones are in safe hands."""
        try:
            self._acknowledge()
            self._listen(self._bound())
        except self.broken:
            self.close()
        found, self.waiting = self.waiting, []
        self.given = found
        reports = [_report(pdu) for pdu in found if pdu.esm_class & RECEIPT]
        replies = [_reply(pdu) for pdu in found if not pdu.esm_class & RECEIPT]
        return [report for report in reports if report is not None], replies

    def _acknowledge(self) -> None:
        done, self.given = self.given, []
        for pdu in done if self.line is not None else ():
            self.line.message_received_handler = lambda **_: None
            self.line._message_received(pdu)  # noqa: SLF001 - the library answers a delivery under this name only

    def _listen(self, line: Any) -> None:
        line._socket.settimeout(LISTEN_SECONDS)  # noqa: SLF001 - there is no other way to look without waiting
        try:
            while True:
                self._other(line, line.read_pdu())
        except TimeoutError:
            pass
        finally:
            if line._socket is not None:  # noqa: SLF001 - as above
                line._socket.settimeout(TIMEOUT)  # noqa: SLF001 - as above

    def close(self) -> None:
        """Unbind where the other side still listens, and hang up."""
        if self.line is None:
            return
        try:
            self._acknowledge()
            self.line.unbind()
        except self.broken:
            pass
        finally:
            self.line.disconnect()
            self.line, self.given, self.waiting = None, [], []

    def _bound(self) -> Any:
        if self.line is None:
            said = self.settings
            self.line = self.client.Client(
                said.need("host"), int(said.need("port")), timeout=TIMEOUT, allow_unknown_opt_params=True
            )
            self.line.connect()
            self.line.bind_transceiver(system_id=said.need("system_id"), password=said.need("password"))
        return self.line


def _refused(status: int, *, first: bool) -> Receipt:
    code = f"0x{status:08x}"
    if not first:  # part of it is on its way
        return Receipt(Fate.UNCERTAIN, code=code, detail="a later part was refused")
    if status in LATER:
        return Receipt(Fate.LATER, code=code)
    return Receipt(Fate.REFUSED, code=code, bad_address=status in BAD_NUMBER)


def _text(value: object) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else str(value or "")


def _report(pdu: Any) -> Report | None:
    """id:… stat:… err:… (SMPP 3.4, appendix B)."""
    said = dict(FIELD.findall(_text(pdu.short_message)))
    kind = STATES.get(said.get("stat", ""))
    ref = _text(getattr(pdu, "receipted_message_id", None) or said.get("id", "")).rstrip("\0")
    if kind is None:
        return None  # on its way: no news
    return Report(kind, ref=ref, code=f"{said.get('stat')} {said.get('err', '')}".strip())


def _reply(pdu: Any) -> Incoming:
    coding = "utf-16-be" if pdu.data_coding == 8 else "latin-1"  # noqa: PLR2004 - SMPP 3.4, 5.2.19
    text = (pdu.short_message or b"").decode(coding, "replace")
    address = _text(pdu.source_addr)
    return Incoming(address, text, f"mo-{address}-{pdu.sequence}-{int(time.monotonic_ns())}")
