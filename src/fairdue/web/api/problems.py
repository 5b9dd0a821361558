"""Every error is a problem (RFC 9457): a stable code, a sentence in the asker's language, what to do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import ConfigDict, Field

from fairdue.core.errors import Fault, Lang
from fairdue.web.api.faults import status_of

MEDIA_TYPE = "application/problem+json"
SPACE = "urn:fairdue:problem:"


class FieldProblem(Schema):
    """One field that is missing or wrong."""

    model_config = ConfigDict(extra="forbid")
    at: str = Field(description="Where: `body/promise/amount`, `query/limit` …", examples=["body/channel"])
    detail: str = Field(description="Why.", examples=["Field required"])


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{
        "type": "urn:fairdue:problem:api.not-there", "title": "Not Found", "status": 404, "code": "api.not-there",
        "detail": "There is nothing at this address.", "remedy": "Check the address and whose rights the key has.",
    }]})  # fmt: skip
    type: str = Field(description="`urn:fairdue:problem:` and the code.")
    title: str = Field(description="The HTTP status in words.")
    status: int
    code: str = Field(description="Stable: programs may rely on it.")
    detail: str = Field(description="What is wrong and why, in the language of Accept-Language (en or zh).")
    remedy: str = Field("", description="What to do about it.")
    errors: list[FieldProblem] = Field([], description="The fields that are wrong, where the fault lies in some.")


def language(request: HttpRequest) -> Lang:
    """The first of Chinese and English that Accept-Language names; English where it names neither."""
    said = request.headers.get("Accept-Language", "")
    weighed = [_weighed(part, place) for place, part in enumerate(said.split(","))]
    for _, tag in sorted(weighed):
        if tag.startswith("zh"):
            return "zh"
        if tag.startswith("en"):
            return "en"
    return "en"


def _weighed(part: str, place: int) -> tuple[tuple[float, int], str]:
    tag, _, weight = part.partition(";q=")
    try:
        found = float(weight) if weight else 1.0
    except ValueError:
        found = 0.0
    return (-found, place), tag.strip().lower()


def of_fault(request: HttpRequest, fault: Fault, errors: Sequence[FieldProblem] = (), **more: Any) -> HttpResponse:
    """The answer to a fault."""
    lang, status = language(request), status_of(fault)
    said = {
        "type": SPACE + fault.code, "title": HTTPStatus(status).phrase, "status": status, "code": fault.code,
        "detail": fault.what(lang), "remedy": fault.remedy(lang),
        "errors": [error.model_dump() for error in errors], **more,
    }  # fmt: skip
    answer = HttpResponse(json.dumps(said, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
    answer.headers["Content-Language"] = "zh-Hans" if lang == "zh" else "en"
    return answer
