"""A real browser at a served desk: what the browser tests share."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

import cast
from worlds import Worlds, opened

CHROMIUM = next((p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(p).exists()), None)
SIZES = {"desk": (1440, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@contextmanager
def serving(worlds: Worlds) -> Iterator[str]:
    """The address of a desk that is served from a database of its own, ten in the morning."""
    with opened(worlds, "sqlite", cast.engage) as world:
        port = free_port()
        process = world.start("fairdue.cli", "serve", "--port", str(port))
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)


@pytest.fixture
def served(worlds: Worlds) -> Iterator[str]:
    """A served desk for one test; `serving` is for those that share one."""
    with serving(worlds) as address:
        yield address


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the desk does not answer")


@pytest.fixture
def visit(browser: Browser, served: str) -> Iterator["Visit"]:  # noqa: UP037 - defined below
    made = Visit(browser, served)
    yield made
    made.close()


class Visit:
    """Somebody of the cast at the desk. A script error, or anything the security policy blocks, fails the test."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.complaints: list[str] = []
        self.contexts: list[BrowserContext] = []

    def __call__(self, username: str, language: str = "en", size: str = "desk", scheme: str = "light") -> Page:
        width, height = SIZES[size]
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light"
        )
        self.contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": self.address}])
        page = context.new_page()
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{self.address}/login/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", cast.PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/login/" not in url)
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        assert self.complaints == []
