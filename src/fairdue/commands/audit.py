"""The audit trail."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from fairdue.commands import django, json_flag, language, progress, says_faults


@click.group()
def audit() -> None:
    """The audit trail."""


@audit.command("verify")
@click.option("--anchor", "file", type=click.Path(dir_okay=False, path_type=Path),
              help="File of anchors: the chain must go through every one of them.")  # fmt: skip
@click.option("--decisions", is_flag=True, help="Also compare every decision with the hash in the row that proves it.")
@json_flag
@says_faults
def audit_verify(file: Path | None, as_json: bool, *, decisions: bool) -> None:
    """Walk the hash chain and name the first row that was altered, removed or moved."""
    django()
    from fairdue.store import chain

    anchors = chain.read_anchors(file) if file else ()
    with progress(as_json) as report:
        found = chain.verify(anchors, lambda done, total: report("verify", done, total), decisions=decisions)
    text = chain.as_json(found, anchors) if as_json else chain.said(found, language())
    click.echo(text, err=found is not None and not as_json)
    sys.exit(0 if found is None else 1)


@audit.command("anchor")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@says_faults
def audit_anchor(file: Path) -> None:
    """Append where the chain ends now to a file, sealed; keep the file where the database cannot be written from."""
    django()
    from fairdue.store import chain

    made = chain.append_anchor(file)
    click.echo(f"{made.last_id} {made.digest}")


COMMANDS = (audit,)
CHINESE = {
    "audit": "审计链。",
    "audit verify": "逐行核对哈希链，指出第一处被改动、删除或移位的记录。",
    "audit verify --anchor": "锚点文件：审计链必须经过其中每一个锚点。",
    "audit verify --decisions": "同时把每个决定与证明它的记录中的哈希逐一核对。",
    "audit anchor": "把审计链当前末端加封后追加到文件；请将文件存放在无法从数据库侧写入的地方。",
}
ARGUMENTS = {"audit anchor FILE": {"zh": "锚点文件。", "en": "The file of anchors."}}
