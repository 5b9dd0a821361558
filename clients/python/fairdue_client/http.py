"""How the client talks: the key, idempotency keys, waiting where there are too many requests, problems as exceptions."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from fairdue_client.data import decoded, encoded

RETRIED = (httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError, httpx.ReadError)
TOO_MANY = 429


class Problem(Exception):
    """The API said no, and why: a stable `code`, a sentence, what to do, and all it said."""

    def __init__(self, status: int, said: Mapping[str, Any]) -> None:
        self.status, self.said = status, said
        self.code, self.detail = str(said.get("code", "")), str(said.get("detail", ""))
        self.remedy = str(said.get("remedy", ""))
        super().__init__(f"{status} {self.code}: {self.detail} {self.remedy}".strip())


class Caller:
    """A line to one installation with one key."""

    def __init__(
        self, address: str, key: str, *, language: str = "en", tries: int = 4, timeout: float = 30.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:  # fmt: skip
        self.tries = tries
        self.line = httpx.Client(
            base_url=f"{address.rstrip('/')}/api/v1", timeout=timeout, transport=transport,
            headers={"Authorization": f"Bearer {key}", "Accept-Language": language},
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the line."""
        self.line.close()

    def ask(
        self, method: str, path: str, gives: Any, *, query: Mapping[str, Any] | None = None, body: Any = None,
        form: Mapping[str, Any] | None = None, file: tuple[str, bytes] | None = None, once: str | None = None,
        writes: bool = False,
    ) -> Any:  # fmt: skip
        """The answer of one operation as `gives`; raises `Problem`. `once`: your own Idempotency-Key for a write."""
        headers = {"Idempotency-Key": once or uuid.uuid4().hex} if writes else {}
        said: dict[str, Any] = {"params": {k: encoded(v) for k, v in (query or {}).items() if v is not None}}
        if body is not None:
            said["json"] = encoded(body)
        if file is not None:
            said |= {
                "data": {k: str(encoded(v)) for k, v in (form or {}).items() if v is not None},
                "files": {"file": file},
            }
        answer = self._sent(method, path, headers, said, again=method == "GET" or writes)
        if answer.status_code >= 400:  # noqa: PLR2004 - HTTP's own numbers
            raise Problem(answer.status_code, answer.json())
        return answer.content if gives is bytes else decoded(gives, answer.json())

    def _sent(
        self, method: str, path: str, headers: dict[str, str], said: dict[str, Any], *, again: bool
    ) -> httpx.Response:
        """Sent, and sent again where that can do no harm."""
        for left in range(self.tries - 1, -1, -1):
            try:
                answer = self.line.request(method, path, headers=headers, **said)
            except RETRIED:
                if not (left and again):
                    raise
                time.sleep(0.2 * (self.tries - left))
                continue
            if answer.status_code != TOO_MANY or not left:
                return answer
            time.sleep(float(answer.headers.get("Retry-After", "1")))
        raise AssertionError("the last try returns or raises")
