"""How the words of a situation are read: codes in any case with everyday synonyms, times, dates and clocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from fairdue.core.codes import Code
from fairdue.core.guard_facts import UnknownFact, code_of

EPOCH = date(1970, 1, 1).toordinal()
SYNONYMS: Mapping[str, Mapping[str, str]] = {
    "Channel": {
        "PHONE": "CALL",
        "VOICE": "CALL",
        "TELEPHONE": "CALL",
        "TEXT": "SMS",
        "MESSAGE": "SMS",
        "MAIL": "LETTER",
        "POST": "LETTER",
        "E-MAIL": "EMAIL",
        "WECHAT": "IM",
        "FIELD": "VISIT",
        "APP_PUSH": "APP",
    },
    "Mode": {
        "INTERACTIVE": "TALK",
        "HUMAN": "TALK",
        "AI": "TALK",
        "NOTIFICATION": "NOTIFY",
        "ROBOT": "NOTIFY",
        "PRERECORDED": "NOTIFY",
    },
    "Direction": {"OUTBOUND": "OUT", "INBOUND": "IN"},
    "Party": {
        "DEBTOR": "BORROWER",
        "CONTACT_PERSON": "CONTACT",
        "COBORROWER": "CO_BORROWER",
        "COSIGNER": "CO_BORROWER",
        "LAWYER": "ATTORNEY",
        "EXECUTOR": "REPRESENTATIVE",
        "GUARDIAN": "REPRESENTATIVE",
        "THIRD_PARTY": "OTHER",
    },
    "Product": {
        "CREDIT_CARD": "CARD",
        "CONSUMER_LOAN": "CONSUMER",
        "PERSONAL_LOAN": "CONSUMER",
        "CAR": "AUTO",
        "BUSINESS_LOAN": "BUSINESS",
    },
    "LenderKind": {"CONSUMER_FINANCE_COMPANY": "CONSUMER_FINANCE", "MICROLENDER": "MICRO_LENDER"},
    "OrgRole": {"ORIGINAL_CREDITOR": "LENDER", "CREDITOR": "LENDER", "BUYER": "DEBT_BUYER", "OUTSOURCED": "AGENCY"},
    "Purpose": {"COLLECTION": "COLLECT", "LOCATE": "RESTORE_CONTACT", "REMINDER": "REMIND"},
    "PlanStatus": {"ACTIVE": "PERFORMING", "BROKEN": "BREACHED"},
    "PointSource": {"LENDER": "RESERVED", "UNKNOWN": "OTHER", "PURCHASED": "OTHER"},
    "PointStatus": {"VALID": "GOOD", "OK": "GOOD", "DEAD": "INVALID"},
    "PointKind": {"PHONE": "OTHER_PHONE", "HOME_PHONE": "HOME", "WORK_PHONE": "WORK"},
    "GuaranteeKind": {"UNKNOWN": "UNCLEAR", "JOINT_AND_SEVERAL": "JOINT"},
    "Poses": {"DEBT_BUYER": "BUYER", "NONE": "NOBODY"},
}


def code(name: str, values: type[Code], said: Any) -> int:
    """The number of a code. Raises `UnknownFact`."""
    if not isinstance(said, str):
        return code_of(name, values, said)
    word = said.strip().upper().replace(" ", "_").replace("-", "_")
    return code_of(name, values, SYNONYMS.get(values.__name__, {}).get(word, word))


def day(name: str, said: Any) -> int:
    """Days since 1970 of an ISO date; a time of day after it is cut. Raises `UnknownFact`."""
    try:
        return date.fromisoformat(str(said)[:10]).toordinal() - EPOCH
    except ValueError:
        raise UnknownFact(name=name, value=said) from None


def clock(name: str, said: Any) -> int:
    """The minute of the day. Raises `UnknownFact`."""
    try:
        hours, minutes = (int(part) for part in str(said).split(":")[:2])
    except ValueError:
        raise UnknownFact(name=name, value=said) from None
    found = hours * 60 + minutes
    if not (0 <= minutes < 60 and 0 <= found <= 24 * 60):  # noqa: PLR2004  # an hour, a day
        raise UnknownFact(name=name, value=said)
    return found


def minute(name: str, said: Any, zone: str) -> int:
    """The utc_minute of an ISO time; without an offset it is a time of the zone. Raises `UnknownFact`."""
    try:
        moment = datetime.fromisoformat(str(said))
    except ValueError:
        raise UnknownFact(name=name, value=said) from None
    if "T" not in str(said) and " " not in str(said).strip():  # a date alone is no time
        raise UnknownFact(name=name, value=said)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).timestamp()) // 60


def zones(said: Any) -> tuple[str, ...]:
    """The zones in which somebody may be. Raises `UnknownFact`."""
    named = tuple(map(str, said)) if isinstance(said, list) else (str(said),) if said else ()
    for zone in named:
        if not _is_zone(zone):
            raise UnknownFact(name="zone", value=zone)
    return named


@cache
def _is_zone(name: Any) -> bool:
    return name in available_timezones()  # it reads a directory: once for each name
