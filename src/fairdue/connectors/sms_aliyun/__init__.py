"""Texts through Alibaba Cloud SMS (dysmsapi 2017-05-25) and its own library: registered templates only.

Our key travels as OutId. Whether an answer that did not come meant a message that left, its query of details can tell.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fairdue.connectors import Connector, Fate, Incoming, Outgoing, Receipt, Report, Settings
from fairdue.connectors.missing import need
from fairdue.core.codes import Channel

CHANNELS = (Channel.SMS,)
NEEDS = ("access_key_id", "access_key_secret")
STAFF_ONLY = False
TIMEOUT_MS = 15_000
LATER = (
    "isv.BUSINESS_LIMIT_CONTROL",
    "isv.DAY_LIMIT_CONTROL",
    "isv.OUT_OF_SERVICE",
    "isv.AMOUNT_NOT_ENOUGH",
    "Throttling",
)
UNSURE = ("isp.", "InternalError", "ServiceUnavailable", "SignatureNonceUsed")
BAD_NUMBER = ("isv.MOBILE_NUMBER_ILLEGAL",)
GONE = ("MOBILE_NOT_ON_SERVICE", "PHONE_NOT_EXIST", "MK:0001", "MK:0012")  # the network knows no such number


def connect(settings: Settings) -> Connector:
    """A client with the keys of the settings. Raises `ExtraMissing`."""
    return Aliyun(settings)


class Aliyun:
    """The vendor's client; it signs each request itself."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.models = need("alibabacloud_dysmsapi20170525.models")
        config = need("alibabacloud_tea_openapi.models").Config(
            access_key_id=settings.need("access_key_id"), access_key_secret=settings.need("access_key_secret"),
            endpoint=settings.get("endpoint", "dysmsapi.aliyuncs.com"), protocol=settings.get("protocol", "https"),
            connect_timeout=TIMEOUT_MS, read_timeout=TIMEOUT_MS,
        )  # fmt: skip
        self.client = need("alibabacloud_dysmsapi20170525.client").Client(config)
        self.once = need("darabonba.runtime").RuntimeOptions(autoretry=False, max_attempts=1)

    def send(self, message: Outgoing) -> Receipt:
        """Once; the library is told not to try again by itself."""
        template = message.template
        if template is None:
            return Receipt(
                Fate.REFUSED, code="NO_TEMPLATE", detail="no approved template is registered for these words"
            )
        said = {name: message.values.get(slot, "") for name, slot in template.variables.items()}
        request = self.models.SendSmsRequest(
            phone_numbers=message.to, sign_name=template.sign, template_code=template.id, out_id=message.key,
            template_param=json.dumps(said, ensure_ascii=False),
        )  # fmt: skip
        try:
            body = self.client.send_sms_with_options(request, self.once).body
        except Exception as error:  # noqa: BLE001 - the library raises its own kinds and those of three others
            return _broken(error)
        return _receipt(str(body.code), body.biz_id or "", "")

    def find(self, message: Outgoing) -> Receipt | None:
        """The details of the day; a message that is not among them may still come, so its absence says nothing."""
        request = self.models.QuerySendDetailsRequest(
            phone_number=message.to, send_date=message.on.replace("-", ""), page_size=50, current_page=1
        )
        try:
            body = self.client.query_send_details_with_options(request, self.once).body
            rows = body.sms_send_detail_dtos.sms_send_detail_dto or []
        except Exception:  # noqa: BLE001 - an answer that does not come tells nothing
            return None
        mine = [row for row in rows if row.out_id == message.key]
        return Receipt(Fate.TAKEN, ref=message.key, code="found") if mine else None

    def arrived(self) -> tuple[list[Report], list[Incoming]]:
        """Reports are told over HTTP."""
        return [], []

    def close(self) -> None:
        """Each request is its own."""


def _broken(error: Exception) -> Receipt:
    code = str(getattr(error, "code", None) or type(error).__name__)
    if getattr(error, "code", None):
        return _receipt(code, "", "")
    refused = "refused" in str(error).lower() or "resolve" in str(error).lower()
    return Receipt(Fate.LATER if refused else Fate.UNCERTAIN, code=code[:60], detail="no answer")


def _receipt(code: str, ref: str, detail: str) -> Receipt:
    if code == "OK":
        return Receipt(Fate.TAKEN, ref=ref, code=code)
    if code.startswith(UNSURE):
        return Receipt(Fate.UNCERTAIN, code=code, detail=detail)
    if code.startswith(LATER):
        return Receipt(Fate.LATER, code=code, detail=detail)
    return Receipt(Fate.REFUSED, code=code, detail=detail, bad_address=code in BAD_NUMBER)


def told(
    _settings: Settings, _headers: Mapping[str, str], body: bytes, _now: int
) -> tuple[list[Report], list[Incoming]]:
    """SmsReport and SmsUp as they are pushed: a list of objects. Who pushes proves it by the secret in the address."""
    rows: list[dict[str, Any]] = json.loads(body)
    reports = [_report(row) for row in rows if "success" in row]
    replies = [
        Incoming(str(row["phone_number"]), str(row["content"]), f"up-{row.get('sequence_id') or row['send_time']}")
        for row in rows if "content" in row and "success" not in row
    ]  # fmt: skip
    return reports, replies


def _report(row: Mapping[str, Any]) -> Report:
    code = str(row.get("err_code", ""))
    kind = "DELIVERED" if row["success"] else "FAILED"
    return Report(
        kind, key=str(row.get("out_id") or ""), ref=str(row.get("biz_id", "")), code=code, bad_address=code in GONE
    )


ANSWER = (b'{"code": 0, "msg": "ok"}', "application/json")
