"""Reads a JSON body and nothing that would hurt later: no endless nesting, no infinite numbers, no broken characters."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

from fairdue.web.api.faults import Malformed, WrongMediaType

MOST_BYTES = 1 << 20
DEEPEST = 32
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"')
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")


class JsonParser(Parser):
    """The JSON body of a request."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The value. Raises `WrongMediaType`, `Malformed`."""
        if request.content_type != "application/json":
            raise WrongMediaType(takes="application/json")
        return read(request.body)


def read(body: bytes) -> Any:
    """The value of a JSON text. Raises `Malformed`."""
    if _depth(body) > DEEPEST:
        raise Malformed(why=f"it is nested deeper than {DEEPEST}", why_zh=f"嵌套超过 {DEEPEST} 层")
    try:
        found = json.loads(body, parse_constant=_no_number, parse_float=_number)
        if _HALF.search(body):
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Malformed(why=f"it is no JSON ({error})", why_zh="不是有效的 JSON") from error
    if b"\\u0000" in body:
        raise Malformed(why="it contains the character U+0000", why_zh="含有字符 U+0000")
    return found


def _depth(body: bytes) -> int:
    deepest = depth = 0
    for sign in _STRINGS.sub(b"", body):
        if sign in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in b"]}":
            depth -= 1
    return deepest


def _no_number(said: str) -> NoReturn:
    raise ValueError(said)


def _number(said: str) -> float:
    found = float(said)
    if found in (float("inf"), float("-inf")):
        raise ValueError(said)
    return found
