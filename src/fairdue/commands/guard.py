"""Ask the guard from outside: for lawyers, testers and other systems."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from fairdue.commands import json_flag, language, opened, says_faults


@click.group()
def guard() -> None:
    """The guard: what may lawfully be done."""


@guard.command("check")
@click.argument("file", type=click.Path(allow_dash=True), default="-")
@click.option("--schema", is_flag=True, help="Print the JSON schema of a situation and stop.")
@click.option("--example", is_flag=True, help="Print an example of a situation and stop.")
@json_flag
@says_faults
def check(file: str, *, schema: bool, example: bool, as_json: bool) -> None:
    """Judge situations, one JSON object a line, from a file or standard input: one verdict a line.

    A line that cannot be read gets a line that says why; the others are answered, and the command ends with 1.
    """
    from fairdue.rules import situations

    if schema or example:
        said = situations.json_schema() if schema else situations.EXAMPLE
        click.echo(json.dumps(said, ensure_ascii=False, indent=2 if schema else None))
        return
    all_read = True
    with opened(file) as lines:
        for line in lines:
            if line.strip():
                found, is_read = situations.answer_line(line)
                all_read &= is_read
                click.echo(json.dumps(found, ensure_ascii=False) if as_json else _text(found))
    sys.exit(0 if all_read else 1)


def _text(found: dict[str, Any]) -> str:
    """For a person: the answer and a line for each rule that speaks."""
    lang = language()
    name = f"{found['id']}: " if found.get("id") is not None else ""
    if "error" in found:
        return f"{name}{found['error'][lang]}"
    word = WORDS[lang][found["allowed"]]
    then = f" {THEN[lang]} {found['next_lawful']}" if not found["allowed"] and found["next_lawful"] else ""
    rows = [f"  {one['rule']} {one['sentence'][lang]} [{one['article'][lang]}; {one['confidence']}]"
            for one in (*found["reasons"], *found["advice"])]  # fmt: skip
    return "\n".join([f"{name}{word}{then}", *rows])


WORDS = {"en": {True: "allowed.", False: "refused."}, "zh": {True: "可以。", False: "不得。"}}
THEN = {"en": "Next lawful time:", "zh": "下一合法时间："}
COMMANDS = (guard,)
CHINESE = {
    "guard": "合规闸门：判断能否依法进行。",
    "guard check": "逐行判断情形（每行一个 JSON 对象，来自文件或标准输入），每行输出一个结论。"
    "无法读取的行会说明原因，其余照常判断，命令以 1 结束。",
    "guard check --schema": "输出情形的 JSON Schema 后退出。",
    "guard check --example": "输出一个示例情形后退出。",
}
ARGUMENTS = {
    "guard check FILE": {
        "en": "File of situations; `-` is standard input.",
        "zh": "情形文件；`-` 表示标准输入。",
    },
}
