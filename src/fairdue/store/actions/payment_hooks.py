"""Payment messages from outside: believed only with a signature, only while fresh, and booked once.

Two schemes: Standard Webhooks (webhook-id, webhook-timestamp, webhook-signature: v1,BASE64 over id.timestamp.body) and Stripe's
(Stripe-Signature: t=…,v1=HEX over timestamp.body).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from fairdue.core.errors import Fault
from fairdue.store import clock
from fairdue.store.actions import payments
from fairdue.store.matching import Incoming
from fairdue.store.models import Organisation, PaymentLine

WINDOW = 300  # seconds: an older or newer message is a replay
PAID = frozenset({"payment_intent.succeeded", "charge.succeeded"})
BACK = frozenset({"charge.refunded", "charge.dispute.funds_withdrawn"})


class NotSigned(Fault):
    """Not from whom it should be, or not fresh."""

    code = "hook.not-signed"
    en, en_remedy = "The message is not signed, or is too old.", "Check the secret and the clock of the sender."
    zh, zh_remedy = "消息签名无效或已过期。", "请核对密钥和发送方时钟。"


class NotAMessage(Fault):
    """Signed, but no payment."""

    code = "hook.not-a-message"
    en, en_remedy = "The message lacks {field}.", "Send ref, amount (minor units), currency and paid_on."
    zh, zh_remedy = "消息缺少 {field}。", "请提供 ref、amount（最小货币单位）、currency 和 paid_on。"


def check(secret: str, headers: Mapping[str, str], body: bytes, now: int) -> None:
    """Raises `NotSigned` unless one of the two schemes fits; `now` in seconds."""
    stripe = headers.get("Stripe-Signature", "")
    if stripe:
        parts = [part.split("=", 1) for part in stripe.split(",") if "=" in part]
        at, given = next((v for k, v in parts if k.strip() == "t"), ""), [v for k, v in parts if k.strip() == "v1"]
        right = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    else:
        at, number = headers.get("Webhook-Timestamp", ""), headers.get("Webhook-Id", "")
        given = [one[3:] for one in headers.get("Webhook-Signature", "").split() if one.startswith("v1,")]
        mac = hmac.new(secret.encode(), f"{number}.{at}.".encode() + body, hashlib.sha256).digest()
        right = base64.b64encode(mac).decode()
    signed = any(hmac.compare_digest(right.encode(), one.encode()) for one in given)
    if not signed or not at.isdecimal() or abs(now - int(at)) > WINDOW:
        raise NotSigned


def take(lender: Organisation, body: bytes) -> PaymentLine | None:
    """Book a message whose signature was checked; None: it is about nothing of ours. Raises `NotAMessage`, `NotMoney`."""
    try:
        told = json.loads(body)
    except ValueError:
        raise NotAMessage(field="JSON") from None
    if not isinstance(told, dict):
        raise NotAMessage(field="object")
    event, data = told.get("type", ""), told.get("data", {})
    if isinstance(data, dict) and isinstance(data.get("object"), dict):
        return _stripe(lender, str(event), data["object"], told)
    if told.get("event") == "reversed":
        return _back(lender, str(_need(told, "ref")), _day(told), str(told.get("reason", "")))
    return payments.receive("hook", lender, _incoming(told)).line


def _stripe(lender: Organisation, event: str, thing: dict[str, Any], told: dict[str, Any]) -> PaymentLine | None:
    about = thing.get("metadata") or {}
    ref = str(thing.get("payment_intent") or thing.get("id") or "")
    made = datetime.fromtimestamp(int(told.get("created", 0)), UTC)
    on = clock.business_date(clock.to_minute(made), lender.zone)
    if event in BACK:
        return _back(lender, ref, on, event)
    if event not in PAID:
        return None
    said = {"ref": ref, "amount": thing.get("amount_received") or thing.get("amount"), "currency": thing.get("currency"),
            "paid_on": on.isoformat(), "account_no": about.get("account_no", ""), "said": thing.get("description") or "",
            "payer": about.get("payer", "")}  # fmt: skip
    return payments.receive("hook", lender, _incoming(said)).line


def _incoming(told: dict[str, Any]) -> Incoming:
    amount = _need(told, "amount")
    if not isinstance(amount, int) or isinstance(amount, bool):
        raise NotAMessage(field="amount")
    number = str(told.get("account_no") or "")
    return Incoming(
        "WEBHOOK", amount, str(_need(told, "currency")).upper(), _day(told), ref=str(_need(told, "ref")),
        payer=str(told.get("payer") or ""), payer_account=str(told.get("payer_account") or ""),
        virtual_account=str(told.get("virtual_account") or ""), said=str(told.get("said") or ""),
        to=((number, amount),) if number else (),
    )  # fmt: skip


def _back(lender: Organisation, ref: str, on: date, reason: str) -> PaymentLine:
    line = PaymentLine.objects.filter(lender=lender, bank_ref=ref, amount__gt=0).order_by("-pk").first()
    if line is None:
        raise payments.NoSuchLine(ref=ref)
    return payments.take_back("hook", line, on, reason or "taken back")


def _need(told: dict[str, Any], field: str) -> Any:
    if told.get(field) in (None, ""):
        raise NotAMessage(field=field)
    return told[field]


def _day(told: dict[str, Any]) -> date:
    try:
        return date.fromisoformat(str(_need(told, "paid_on")))
    except ValueError:
        raise NotAMessage(field="paid_on") from None
