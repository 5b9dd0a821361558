"""The catalogue of events as AsyncAPI 3.0: what is sent to other systems, and what each event says."""

from __future__ import annotations

import json
from typing import Any

from fairdue.commands import django

NAMES = {"on": "string", "paid_on": "string", "due": "string", "late": "boolean"}
WORDS = frozenset({"outcome", "before", "after", "code", "kind", "state", "source"})


def text() -> str:
    """The document as it is stored."""
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


def document() -> dict[str, Any]:
    """AsyncAPI 3.0: one channel, one message a type."""
    django()
    from fairdue.store import events  # noqa: PLC0415 - Django is set up first

    messages: dict[str, Any] = {}
    for one in events.catalogue().values():
        known = messages.setdefault(one.type, _message(one.type, one.about, one.subject))
        for field in one.fields:
            known["payload"]["allOf"][1]["properties"]["data"]["properties"][field] = {"type": _type(field)}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "fairdue events", "version": "1.0.0", "description": ABOUT},
        "defaultContentType": "application/json",
        "channels": {"events": {
            "title": "Your endpoint", "description": "POST to the address that was added, see the how-to on webhooks.",
            "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in sorted(messages)},
        }},
        "operations": {"event": {"action": "send", "channel": {"$ref": "#/channels/events"}}},
        "components": {"messages": dict(sorted(messages.items())), "schemas": {"Event": EVENT}, "messageTraits": {
            "signed": {"headers": HEADERS},
        }},
    }  # fmt: skip


def _message(name: str, about: Any, subject: str) -> dict[str, Any]:
    data = {"type": "object", "properties": {}, "additionalProperties": False}
    return {
        "name": name, "title": about["en"], "summary": f"{about['en']} / {about['zh']}",
        "traits": [{"$ref": "#/components/messageTraits/signed"}],
        "payload": {"allOf": [{"$ref": "#/components/schemas/Event"}, {
            "type": "object", "properties": {"type": {"const": name}, "subject": {"const": subject}, "data": data},
        }]},
    }  # fmt: skip


def _type(field: str) -> str:
    return NAMES.get(field, "string" if field in WORDS else "integer")


ABOUT = """What happens, as it is sent to endpoints: at least once, signed as Standard Webhooks describe, references only.
The same id may come twice; order events by the number in it. Amounts are whole minor units, days YYYY-MM-DD."""
EVENT = {
    "type": "object", "required": ["id", "type", "timestamp", "subject", "subject_id", "case", "data"],
    "properties": {
        "id": {"type": "string", "pattern": "^evt_[0-9]+$", "description": "The same for every try and every endpoint."},
        "type": {"type": "string"}, "timestamp": {"type": "string", "format": "date-time"},
        "subject": {"type": "string", "description": "What kind of row it is about."}, "subject_id": {"type": "integer"},
        "case": {"type": ["integer", "null"]}, "data": {"type": "object"},
    },
}  # fmt: skip
HEADERS = {
    "type": "object", "required": ["webhook-id", "webhook-timestamp", "webhook-signature"],
    "properties": {
        "webhook-id": {"type": "string"},
        "webhook-timestamp": {"type": "string", "description": "Seconds since 1970."},
        "webhook-signature": {"type": "string", "description": "`v1,` and the base64 of HMAC-SHA256 of id.timestamp.body."},
    },
}  # fmt: skip
