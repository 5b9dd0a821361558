"""Addresses that others give us to call: never into our own network, whatever a name resolves to by then."""

from __future__ import annotations

import ipaddress
import os
import socket
from urllib.parse import SplitResult, urlsplit

from fairdue.core.errors import Fault

ALLOWED = "FAIRDUE_WEBHOOK_HOSTS"
LONGEST = 500


class BadAddress(Fault):
    """Nothing is sent there."""

    code = "webhook.bad-address"
    en, en_remedy = (
        "Nothing can be sent to this address: {why}.",
        "Give an https address that is reachable from outside.",
    )
    zh, zh_remedy = "不能发送到该地址：{why_zh}。", "请填写可从公网访问的 https 地址。"


def checked_url(url: str) -> str:
    """An address that may be called as far as can be seen without asking for its name. Raises `BadAddress`."""
    said = _split(url)
    if _is_allowed(said):
        return url
    if said.scheme != "https":
        raise BadAddress(why="it is not https", why_zh="不是 https")
    try:
        address = ipaddress.ip_address(said.hostname or "")
    except ValueError:
        return url
    _require_public(str(address))
    return url


def resolved(url: str) -> tuple[SplitResult, str]:
    """The address and the number to connect to, all numbers of its name being public. Raises `BadAddress`."""
    said = _split(checked_url(url))
    try:
        found = socket.getaddrinfo(said.hostname, said.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise BadAddress(why="its name is not known", why_zh="域名无法解析") from error
    numbers = [str(one[4][0]) for one in found]
    if not _is_allowed(said):
        for number in numbers:
            _require_public(number)
    return said, numbers[0]


def _split(url: str) -> SplitResult:
    try:
        said = urlsplit(url)
        port = said.port
    except ValueError as error:
        raise BadAddress(why="it is no address", why_zh="不是有效地址") from error
    if not said.hostname or said.username or said.password or port == 0 or len(url) > LONGEST:
        raise BadAddress(why="it is no plain address", why_zh="地址格式不合规")
    if said.fragment or any(ord(c) <= 32 or ord(c) > 126 for c in url):  # noqa: PLR2004 - printable ASCII
        raise BadAddress(why="it has characters that do not belong there", why_zh="含有不允许的字符")
    if said.scheme not in ("https", "http"):
        raise BadAddress(why="it is not https", why_zh="不是 https")
    return said


def _is_allowed(said: SplitResult) -> bool:
    """A host and port inside that the operator has named."""
    named = {one.strip() for one in os.environ.get(ALLOWED, "").split(",") if one.strip()}
    return f"{said.hostname}:{said.port or (443 if said.scheme == 'https' else 80)}" in named


def _require_public(number: str) -> None:
    address = ipaddress.ip_address(number.split("%", maxsplit=1)[0])
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    for one in (address, mapped) if mapped else (address,):
        if not one.is_global or one.is_multicast:
            raise BadAddress(why="it lies inside a network", why_zh="指向内部网络")
