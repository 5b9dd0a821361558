"""Reservations of contacts."""

from __future__ import annotations

import json

import click

from fairdue.commands import django, json_flag, language, says_faults


@click.group()
def reservations() -> None:
    """Reservations of contacts in the attempt ledger."""


@reservations.command("lapse")
@json_flag
@says_faults
def lapse(as_json: bool) -> None:
    """Mark reservations whose time is over. The night does it too; they had ceased to count when it was over."""
    django()
    from fairdue.store.actions import contacts

    count = 0
    while marked := contacts.lapse("cli"):
        count += marked
    if as_json:
        click.echo(json.dumps({"lapsed": count}))
    else:
        click.echo(f"已失效：{count}" if language() == "zh" else f"lapsed: {count}")


COMMANDS = (reservations,)
CHINESE = {
    "reservations": "联系台账中的预占。",
    "reservations lapse": "将到期未用的预占标记为失效；夜间跑批也会处理。到期之时起即不再计数。",
}
