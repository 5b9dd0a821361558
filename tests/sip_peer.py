"""A SIP peer from Debian (sipp), which plays the telephone system by a scenario and checks what we say to it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fairdue.connectors.sip import Phone

SCENARIOS = Path(__file__).parent / "voice" / "sip"
SECRET = "secret of the test"
NUMBER = "13812340001"


@dataclass
class Peer:
    """A running peer."""

    port: int
    transport: str
    process: subprocess.Popen[bytes]
    log: Path

    def satisfied(self) -> bool:
        """Whether its scenario went to its end as it is written."""
        return self.process.wait(20) == 0

    def heard(self) -> str:
        """Everything that went over the line, as the peer saw it."""
        return self.log.read_text() if self.log.exists() else ""

    def phone(self, **said: float) -> Phone:
        """How to reach it, with the patience of a test."""
        quick = {"desk_seconds": 2.0, "ring_seconds": 2.0, "answer_seconds": 3.0, "alive_seconds": 30.0} | said
        return Phone("127.0.0.1", self.port, self.transport, "bank.example", "fairdue", SECRET, "", **quick)


@contextmanager
def peer(scenario: str, folder: Path, transport: str = "udp") -> Iterator[Peer]:
    """A peer that plays one call."""
    program = shutil.which("sipp")
    assert program, "the tests need sipp: apt install sip-tester"
    port, log = _free(transport), folder / "sipp.log"
    play = str(SCENARIOS / f"{scenario}.xml")
    told = ["-sf", play, "-i", "127.0.0.1", "-p", str(port), "-m", "1", "-nostdin", "-timeout", "60",
            "-trace_msg", "-message_file", str(log), "-t", {"udp": "u1", "tcp": "t1"}[transport]]  # fmt: skip
    process = subprocess.Popen([program, *told], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    try:
        _listening(port, transport)
        yield Peer(port, transport, process, log)
    finally:
        process.kill()
        process.wait()


def _free(transport: str) -> int:
    with socket.socket(type=socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _listening(port: int, transport: str) -> None:
    """Wait until the port is taken, as the system's own table says."""
    wanted, until = f":{port:04X} ", time.monotonic() + 10
    while wanted not in Path(f"/proc/net/{transport}").read_text():
        assert time.monotonic() < until, "the peer does not start"
        time.sleep(0.02)
