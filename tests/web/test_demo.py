"""The first command of the README: the demo is loaded, worked and served, and its pages answer."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest

from browsing import free_port

pytestmark = pytest.mark.slow
PATIENCE = 600  # seconds for loading the whole book on a machine that is busy
AT_MOST = 60  # for one page


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demo, in an empty folder of its own."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FAIRDUE_", "DJANGO_"))}
    environment |= {"FAIRDUE_HOME": str(tmp_path_factory.mktemp("demo")), "FAIRDUE_LANG": "en"}
    said = [sys.executable, "-m", "fairdue.cli", "--demo", "demo", "--port", str(port)]
    process = subprocess.Popen(said, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        _answers(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)


def _answers(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/login/", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(1)
    raise TimeoutError("the demo does not answer")


def test_the_demo_answers_on_every_page_a_collector_opens_first(demo: str) -> None:
    with httpx.Client(base_url=demo, follow_redirects=True, timeout=AT_MOST) as collector:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', collector.get("/login/").text)
        assert token
        typed = {"username": "lin", "password": "fairdue-demo", "csrfmiddlewaretoken": token[1]}
        listed = collector.post("/login/", data=typed, headers={"Referer": f"{demo}/login/"}).text
        first = re.search(r'href="(/cases/\d+/)"', listed)
        assert first
        for page in ("", "people/", "messages/", "plans/", "letters/", "clocks/"):
            assert collector.get(first[1] + page).status_code == 200, page


def test_the_customers_site_stands_beside_it(demo: str) -> None:
    port = int(demo.rpartition(":")[2]) + 1
    assert httpx.get(f"http://127.0.0.1:{port}/", timeout=AT_MOST).status_code == 200
