"""The audit trail."""

from __future__ import annotations

import json
import sys

import click

from fairdue.commands import django, json_flag, language, says_faults


@click.group()
def audit() -> None:
    """The audit trail."""


@audit.command("verify")
@json_flag
@says_faults
def audit_verify(as_json: bool) -> None:
    """Walk the hash chain and name the first row that was altered, removed or moved."""
    django()
    from fairdue.store import audit as trail

    found = trail.verify()
    if as_json:
        click.echo(json.dumps({"holds": found is None, "row": found and found.row_id, "why": found and found.why}))
    elif found is None:
        click.echo("审计链完整。" if language() == "zh" else "The audit chain holds.")
    else:
        click.echo(f"{found.row_id}: {found.why}", err=True)
    sys.exit(0 if found is None else 1)


COMMANDS = (audit,)
CHINESE = {
    "audit": "审计链。",
    "audit verify": "逐行核对哈希链，指出第一处被改动、删除或移位的记录。",
}
