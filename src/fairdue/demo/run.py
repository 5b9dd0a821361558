"""Loads the demo's book, runs its night, and serves the desk. A second run continues with what was recorded."""

from __future__ import annotations

import os
import secrets
import socket
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fairdue.core.errors import Fault, Lang

if TYPE_CHECKING:
    from fairdue.store.models import Organisation

AS_OF = date(2026, 9, 30)  # the book is of September 2005; its dates are moved 21 years forward
MORNING = 10 * 60


class PortTaken(Fault):
    """Something else listens there."""

    code = "demo.port-taken"
    en, en_remedy = "Port {port} is in use.", "Stop what uses it, or choose another: make demo PORT=8051."
    zh, zh_remedy = "端口 {port} 已被占用。", "请停止占用它的程序，或换一个端口：make demo PORT=8051。"


def prepare_environment(port: int | None = None) -> None:
    """Demo mode, its own folder, a secret of its own that is kept beside the data, and the customers' site a port further."""
    if port is not None:
        os.environ.setdefault("FAIRDUE_SITE_ADDRESS", f"http://127.0.0.1:{port + 1}")
    home = Path(os.environ.setdefault("FAIRDUE_HOME", str(Path("var/demo").absolute())))
    home.mkdir(parents=True, exist_ok=True)
    os.environ["FAIRDUE_DEMO"] = "1"
    if "FAIRDUE_SECRET" not in os.environ:
        os.environ["FAIRDUE_SECRET"] = _secret(home / "demo-secret")


def _secret(file: Path) -> str:
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(48))
    return file.read_text("utf-8")


def run(port: int, *, serve: bool, lang: Lang) -> None:
    """Everything `make demo` does after the packages are in. Raises `PortTaken` before any work."""
    if serve:
        _check_port(port)
        _check_port(port + 1)
    _load(lang)
    if serve:
        _greet(port)
        from fairdue.web.serve import beside

        with (
            beside("127.0.0.1", port + 1, "portal"),
            beside("127.0.0.1", port, "desk") as desk,
            suppress(KeyboardInterrupt),
        ):
            desk.wait()
        click.echo("\n演示已停止，记录已保存。 / The demo has stopped; what was recorded is kept.")


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise PortTaken(port=port) from None


def _load(lang: Lang) -> None:
    from django.core.management import call_command

    from fairdue.core.dates import MINUTES, utc_of_local
    from fairdue.demo import book, cast, connections, floor, legal, people, talks
    from fairdue.jobs import imports, night
    from fairdue.jobs.progress import on_terminal
    from fairdue.store import clock
    from fairdue.store.models import DemoClock, NightRun

    call_command("migrate", verbosity=0)
    lender = cast.engage()
    if not DemoClock.objects.exists():
        clock.set_demo(utc_of_local((AS_OF - date(1970, 1, 1)).days * MINUTES + MORNING, lender.zone))
    with on_terminal() as progress:
        loaded = imports.import_file(
            lender, book.path(), book.MAPPING, kind="book", as_of=AS_OF, actor="demo", progress=progress
        )
        imports.import_file(
            lender, _crowd(lender), people.MAPPING, kind="people", as_of=None, actor="demo", progress=progress
        )
        if not NightRun.objects.filter(lender=lender, state="PUBLISHED").exists():
            night.run_night(lender, AS_OF, actor="demo", progress=progress)
    connections.make(lender)
    legal.show(lender, AS_OF)
    talks.show(lender, AS_OF)
    floor.show(lender, AS_OF)
    click.echo(imports.as_text(loaded, lang))
    last = NightRun.objects.filter(lender=lender, state="PUBLISHED").latest("pk")
    click.echo(night.table(last, last.summary, lang))


def _crowd(lender: Organisation) -> Path:
    """The file of invented people around the book; the same people every time."""
    from fairdue.demo import people
    from fairdue.store.models import Account

    file = Path(os.environ["FAIRDUE_HOME"]) / "people.csv"
    refs = Account.objects.filter(lender=lender).order_by("account_no").values_list("customer__ref", flat=True)
    people.write(file, refs)
    return file


def _greet(port: int) -> None:
    from fairdue.demo import cast, site

    click.echo(f"\n  http://127.0.0.1:{port}/\n")
    for persona in cast.CAST:
        click.echo(f"  {persona.username:10} {cast.PASSWORD}   {persona.role.zh} / {persona.role.en}")
    site.greet()
    click.echo("\n  Ctrl-C 停止 / stops. 人名、电话、地址均为虚构 / people, numbers and addresses are invented.\n")
