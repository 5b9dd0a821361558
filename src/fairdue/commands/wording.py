"""The wording check, for people, for tests and for other systems."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from fairdue.commands import language, says_faults
from fairdue.core.errors import Fault


@click.group()
def wording() -> None:
    """What may be written or said to whom."""


@wording.command("check")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False)
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a line.")
@click.option("--schema", is_flag=True, help="Print the JSON schema of a line of input and stop.")
@says_faults
def wording_check(path: Path | None, as_json: bool, schema: bool) -> None:
    """Check words, one JSON object a line, from a file or standard input: pass, review or block, with codes and places.

    Exit code 0: all may be said; 1: something is blocked or a line cannot be read. A bad line does not stop the others.
    """
    from fairdue.wording.said import SCHEMA

    if schema:
        click.echo(json.dumps(SCHEMA, ensure_ascii=False, indent=2))
        return
    bad = False
    with click.open_file(str(path or "-"), encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                bad |= _answer(number, line, as_json=as_json)
    sys.exit(1 if bad and not as_json else 0)


def _answer(number: int, line: str, *, as_json: bool) -> bool:
    """Answer one line; whether it is blocked or could not be read."""
    from fairdue.wording import Verdict, check, read

    row: Any = None
    try:
        row = _parse(line)
        finding = check(read(row))
    except Fault as fault:
        given = row.get("id") if isinstance(row, dict) else None
        answer = {"id": given, "line": number, "error": fault.as_dict()}
        click.echo(
            json.dumps(answer, ensure_ascii=False) if as_json else f"{number}: {fault.sentence(language())}",
            err=not as_json,
        )
        return True
    click.echo(json.dumps(finding.as_dict(), ensure_ascii=False) if as_json else finding.as_text(language()))
    return finding.verdict is Verdict.BLOCK


def _parse(line: str) -> Any:
    from fairdue.wording import NotReadable

    try:
        return json.loads(line)
    except ValueError as error:
        raise NotReadable(why=f"it is not JSON ({error})", why_zh=f"不是有效的 JSON（{error}）") from error


COMMANDS = (wording,)
CHINESE = {
    "wording": "哪些话可以对谁说。",
    "wording check": "逐行（每行一个 JSON 对象）检查文件或标准输入中的话术：通过、须复核或禁止，并给出代码和位置。",
    "wording check --json": "每行输出一个 JSON 对象。",
    "wording check --schema": "输出单行输入的 JSON 结构说明后退出。",
}
ARGUMENTS = {
    "wording check PATH": {
        "zh": "JSON 行文件；不写则读标准输入。",
        "en": "A file of JSON lines; standard input where missing.",
    },
}
