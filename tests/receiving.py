"""A server of somebody else's, to which events are sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from fairdue.store import addresses


class Post:
    """A server of somebody else's that takes what it is sent, or not."""

    def __init__(self, answers: list[int] | None = None) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers = answers or []
        post = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                post.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
                status = post.answers.pop(0) if post.answers else 204
                self.send_response(status)
                self.send_header("Location", "http://169.254.169.254/")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_said: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/in?from=fairdue"

    @contextmanager
    def open(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
        monkeypatch.setenv(addresses.ALLOWED, f"127.0.0.1:{self.server.server_port}")
        thread = Thread(target=self.server.serve_forever)
        thread.start()
        try:
            yield self
        finally:
            self.server.shutdown()
            thread.join()
            self.server.server_close()

    def said(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]
