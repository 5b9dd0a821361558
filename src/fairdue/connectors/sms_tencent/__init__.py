"""Texts through Tencent Cloud SMS (2021-01-11) and its own library: registered templates only.

Our key travels as SessionContext. It offers no question by that key: after a break nobody can tell, and a person decides.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fairdue.connectors import Connector, Fate, Incoming, Outgoing, Receipt, Report, Settings
from fairdue.connectors.missing import need
from fairdue.core.codes import Channel

CHANNELS = (Channel.SMS,)
NEEDS = ("secret_id", "secret_key", "app_id")
STAFF_ONLY = False
TIMEOUT = 15
LATER = ("LimitExceeded", "RequestLimitExceeded", "FailedOperation.InsufficientBalanceInSmsPackage")
UNSURE = ("InternalError", "ClientNetworkError", "ClientError")
BAD_NUMBER = ("InvalidParameterValue.IncorrectPhoneNumber",)
GONE = ("MK:0001", "MK:0012", "UNDELIV_NO_NUMBER")


def connect(settings: Settings) -> Connector:
    """A client with the keys of the settings. Raises `ExtraMissing`."""
    return Tencent(settings)


class Tencent:
    """The vendor's client; it signs each request itself."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.models = need("tencentcloud.sms.v20210111.models")
        keys = need("tencentcloud.common.credential").Credential(
            settings.need("secret_id"), settings.need("secret_key")
        )
        http = need("tencentcloud.common.profile.http_profile").HttpProfile(
            protocol=settings.get("protocol", "https"), endpoint=settings.get("endpoint") or None, reqTimeout=TIMEOUT
        )
        profile = need("tencentcloud.common.profile.client_profile").ClientProfile(httpProfile=http)
        region = settings.get("region", "ap-guangzhou")
        self.client = need("tencentcloud.sms.v20210111.sms_client").SmsClient(keys, region, profile)

    def send(self, message: Outgoing) -> Receipt:
        """Once."""
        template = message.template
        if template is None:
            return Receipt(
                Fate.REFUSED, code="NO_TEMPLATE", detail="no approved template is registered for these words"
            )
        number = message.to if message.to.startswith("+") else f"+{self.settings.get('country', '86')}{message.to}"
        request = self.models.SendSmsRequest()
        request.SmsSdkAppId, request.TemplateId, request.SignName = (
            self.settings.need("app_id"),
            template.id,
            template.sign,
        )
        request.PhoneNumberSet, request.SessionContext = [number], message.key
        request.TemplateParamSet = [message.values.get(slot, "") for slot in template.variables.values()]
        try:
            status = self.client.SendSms(request).SendStatusSet[0]
        except Exception as error:  # noqa: BLE001 - the library raises its own kind, and what lies below it
            return _broken(error)
        return _receipt(str(status.Code), str(status.SerialNo or ""), int(status.Fee or 1))

    def find(self, _message: Outgoing) -> Receipt | None:
        """There is no such question."""
        return None

    def arrived(self) -> tuple[list[Report], list[Incoming]]:
        """Reports are told over HTTP."""
        return [], []

    def close(self) -> None:
        """Each request is its own."""


def _broken(error: Exception) -> Receipt:
    code = str(getattr(error, "code", None) or type(error).__name__)
    refused = "refused" in str(error).lower() or "resolve" in str(error).lower()
    return Receipt(Fate.LATER, code=code, detail="no connection") if refused else _receipt(code, "", 1)


def _receipt(code: str, ref: str, parts: int) -> Receipt:
    if code == "Ok":
        return Receipt(Fate.TAKEN, ref=ref, code=code, parts=parts)
    if code.startswith(LATER):
        return Receipt(Fate.LATER, code=code)
    known = "." in code or code.startswith(("AuthFailure", "InvalidParameter", "UnauthorizedOperation"))
    if code.startswith(UNSURE) or not known:
        return Receipt(Fate.UNCERTAIN, code=code[:60])
    return Receipt(Fate.REFUSED, code=code, bad_address=code in BAD_NUMBER)


def told(
    _settings: Settings, _headers: Mapping[str, str], body: bytes, _now: int
) -> tuple[list[Report], list[Incoming]]:
    """Status and replies as they are pushed. Who pushes proves it by the secret in the address."""
    said = json.loads(body)
    rows: list[dict[str, Any]] = said if isinstance(said, list) else [said]
    reports = [_report(row) for row in rows if "report_status" in row]
    replies = [
        Incoming(f"+{row.get('nationcode', '86')}{row['mobile']}", str(row["text"]), f"up-{row['mobile']}-{row['time']}")
        for row in rows if "text" in row
    ]  # fmt: skip
    return reports, replies


def _report(row: Mapping[str, Any]) -> Report:
    code = str(row.get("errmsg", ""))[:60]
    kind = "DELIVERED" if row["report_status"] == "SUCCESS" else "FAILED"
    return Report(kind, ref=str(row.get("sid", "")), code=code, bad_address=code in GONE)


ANSWER = (b'{"result": 0, "errmsg": "OK"}', "application/json")
